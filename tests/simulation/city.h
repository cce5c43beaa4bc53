#pragma once
// A city that is simulated: streets of Chicago, people who go their ways with phones that behave as
// real ones do, trucks and billboards that carry sensors. Everything follows from the seed, so the
// truth can be asked for, and a frame is the same however and by whom it is asked for. All of it is
// synthetic, and whoever shows it says so.

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "foundation/zone.h"
#include "pipeline/sensor/sources/source.h"
#include "simulation/air.h"
#include "simulation/devices.h"
#include "simulation/encounters.h"

namespace mobilytics::simulation {

struct CityOptions {
    std::uint64_t seed = 1;
    std::uint32_t trucks = 12;
    std::uint32_t billboards = 8;
    std::uint32_t people = 100'000;
    double zone_m = 50;        // Who is as near is in an asset's zone.
    double beacons_hz = 0.05;  // Of each access point, as far as its sensor notes them.
    double scan_share = 0.3;   // Of the time a sensor listens for BLE.
    Sensitivity sensitivity = {};
    /// The share of people whose phones take a new address for each burst, while the others' keep
    /// the maker's. None: as their models do.
    std::optional<double> randomising = std::nullopt;
};

struct Asset {
    std::uint32_t number = 0;
    std::string code;  // "SIM-T01", "SIM-B03".
    std::string name;  // "Truck 1 (synthetic)", "Halsted & Fullerton (synthetic)".
    bool moving = false;
    Position position;  // Of a billboard; of a truck its depot.
};

/// In what way somebody was in an asset's zone.
BOOST_DEFINE_ENUM_CLASS(Role, passer, resident, co_traveller)

/// A true visit: one person, or one thing that stays, in one asset's zone.
struct Visit {
    std::uint32_t asset = 0;
    Role role = Role::passer;
    std::uint32_t person = 0;  // Of a resident: its number at the asset.
    Instant entered, left;
    double closest_m = 0;
    Mode mode = Mode::walk;
    bool asset_stood = true;  // When it was entered.
};

/// Something that stays with an asset: in a shop beside a billboard, in a truck's cabin.
struct Companion {
    Device device;
    Role role = Role::resident;
    double distance_m = 1;
    double obstruction_db = 0;
    double from_hour = 0, to_hour = 24;  // Local; of a co-traveller it is the shift instead.
};

/// What one asset meets on one local day.
struct AssetDay {
    Instant begin, end;                 // Its midnights.
    Track track;                        // Of the asset, for 31 h.
    std::vector<Encounter> encounters;  // By their beginning, of trips that begin on the day.
    std::vector<Shift> shifts;          // That begin on it.
};

/// When a companion is there on a day.
Shift presence_of(const Companion& companion, const AssetDay& day);

/// Immutable but for a cache; any number of threads. Must outlive what it gives.
class City {
  public:
    explicit City(CityOptions options = {});

    const CityOptions& options() const { return options_; }
    const std::vector<Asset>& assets() const { return assets_; }

    /// All frames that the asset's sensor hears in [from, to), Wi-Fi and BLE in one order.
    std::unique_ptr<sensor::FrameSource> radio(std::uint32_t asset, Instant from, Instant to) const;
    /// The same without an end, and nothing before its time: what is past by `clock` comes as fast
    /// as it is read, then it is live. The clock must outlive the source.
    std::unique_ptr<sensor::FrameSource> live_radio(
        std::uint32_t asset, Instant from, const Clock& clock) const;

    /// The asset's positions, every 2 s while it drives and every 20 s while it is parked; a
    /// billboard has no receiver: null.
    std::unique_ptr<sensor::FixSource> receiver(
        std::uint32_t asset, Instant from, Instant to) const;
    std::unique_ptr<sensor::FixSource> live_receiver(
        std::uint32_t asset, Instant from, const Clock& clock) const;

    /// Visits entered in [from, to), by their beginning.
    std::vector<Visit> visits(std::uint32_t asset, Instant from, Instant to) const;
    /// A person's devices: what a visit's person may have been heard by.
    std::vector<Device> devices(std::uint32_t person) const;
    /// In the order of their numbers.
    std::vector<Companion> companions(std::uint32_t asset) const;
    /// Access points near a billboard.
    std::vector<Companion> access_points(std::uint32_t asset) const;

    /// What the sources are made of.
    AssetDay asset_day(std::uint32_t asset, LocalDay day) const;

  private:
    std::shared_ptr<const DayOfTrips> trips_of(LocalDay day) const;
    Corner place_of_billboard(std::uint32_t number) const;

    CityOptions options_;
    std::vector<Asset> assets_;
    mutable std::mutex mutex_;
    /// The days asked for last: sensors that catch up together share them.
    mutable std::vector<std::pair<LocalDay, std::shared_ptr<const DayOfTrips>>> recent_;
};

}  // namespace mobilytics::simulation
