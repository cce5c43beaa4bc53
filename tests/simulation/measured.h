#pragma once
// The whole way of one asset's radio in one process: the city's frames through decoding,
// pseudonyms, reports as octets and measuring, to facts. Beside them, what its air carried.

#include <map>
#include <vector>

#include "foundation/clock_test.h"
#include "pipeline/measure/measure_test.h"
#include "simulation/simulated_radio.h"

namespace mobilytics::simulation {

inline constexpr const char* kCityZone = "America/Chicago";

/// One frame of Wi-Fi that was heard whole.
struct Heard {
    Instant at;
    int rssi_dbm = 0;
    Origin origin;
};
using Air = std::map<std::uint64_t, std::vector<Heard>>;  // By pseudonym, in the order of time.

/// A visit, as docs/metrics.md defines it.
struct Stayed {
    Instant first, last;
    std::uint32_t sightings = 0;
    int strongest_dbm = 0;
    friend bool operator==(const Stayed&, const Stayed&) = default;
};

/// The visits that frames of one sender are.
std::vector<Stayed> visits_of(const std::vector<Heard>& heard);

class Measured {
  public:
    Measured(const City& city, std::uint32_t number, Instant from, Instant to);

    const Air& air() const { return air_; }
    const std::map<Instant, measure::BucketFacts>& buckets() { return facts_.assets[id_].buckets; }
    const std::map<Instant, measure::Route>& routes() { return facts_.assets[id_].routes; }
    /// Visits by Wi-Fi, by pseudonym, in the order of time.
    std::map<std::uint64_t, std::vector<measure::Visit>> visits();

  private:
    void listen(const City& city);
    /// As octets and back.
    void accept(wire::Report& report);

    const Asset asset_;
    const Instant from_, to_;
    const CompanyId company_ = CompanyId::from_bytes({1});
    const AssetId id_ = AssetId::from_bytes({2});
    const DeviceId device_ = DeviceId::from_bytes({3});
    std::uint64_t seq_ = 0;
    Air air_;
    measure::MemoryReports reports_;
    measure::MemoryFacts facts_;
    ManualClock clock_;
};

}  // namespace mobilytics::simulation
