#pragma once
// What domains/calibration asks of the pipeline: devices from the store, arithmetic from measure.

#include "domains/calibration/calibration.h"
#include "pipeline/store/store.h"

namespace mobilytics::server {

/// From the facts of the store, which must outlive it.
class StoredDevices final : public calibration::DevicesPresent {
  public:
    explicit StoredDevices(store::Store& store) : store_(store) {}
    calibration::Input input(CompanyId company, AssetId asset, Instant from, Instant to) override;
    calibration::HeardQuarters heard(
        CompanyId company, AssetId asset, calibration::Input input, Instant from,
        Instant to) override;
    calibration::CountingModel counted_by() const override;

  private:
    store::Store& store_;
};

/// Of pipeline/measure/tracks/calibration.h.
class MeasuredFit final : public calibration::FactorFit {
  public:
    std::optional<calibration::Fitted> fit(
        std::span<const std::int64_t> gates_dbm,
        std::span<const calibration::Pair> pairs) const override;
    std::optional<calibration::Drift> drift(
        const calibration::Fitted& model,
        std::span<const calibration::Recounted> later) const override;
    std::string method() const override;
};

/// What the store keeps of what a company's assets are calibrated by.
store::Calibrations calibrations_of(const calibration::CalibrationChanged& told);

}  // namespace mobilytics::server
