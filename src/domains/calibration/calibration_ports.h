#pragma once
// What this domain asks of the pipeline, which it does not know: apps/server joins them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domains/calibration/model_types.h"

namespace mobilytics::calibration {

/// A quarter of an hour of UTC in which an asset was heard.
struct HeardQuarter {
    Instant start;
    std::vector<double> devices;  // Present on average, by gate.
};
struct HeardQuarters {
    std::vector<std::int64_t> gates_dbm;  // Ascending.
    std::vector<HeardQuarter> items;      // In the order of time; of those hardly heard none.
};

/// How many devices were where, of what the store knows.
class DevicesPresent {
  public:
    virtual ~DevicesPresent() = default;
    /// The best that there is of this asset in [from, to).
    virtual Input input(CompanyId company, AssetId asset, Instant from, Instant to) = 0;
    virtual HeardQuarters heard(
        CompanyId company, AssetId asset, Input input, Instant from, Instant to) = 0;
    /// What makes the facts of today.
    virtual CountingModel counted_by() const = 0;
};

/// People and devices of one quarter of an hour.
struct Pair {
    std::chrono::sys_days day;  // Of the asset's zone.
    double people = 0;
    std::vector<double> devices;  // By gate.
};

struct Recounted {
    std::chrono::sys_days day;  // Of the asset's zone.
    double devices = 0;         // At the model's gate.
    double people = 0;
};

/// The arithmetic, which is pure.
class FactorFit {
  public:
    virtual ~FactorFit() = default;
    /// `pairs` are ordered by day; residuals come in their order, without `at`. None where there
    /// is nothing to fit.
    virtual std::optional<Fitted> fit(
        std::span<const std::int64_t> gates_dbm, std::span<const Pair> pairs) const = 0;
    /// None where it cannot be said: the model has too few days.
    virtual std::optional<Drift> drift(
        const Fitted& model, std::span<const Recounted> later) const = 0;
    virtual std::string method() const = 0;
};

}  // namespace mobilytics::calibration
