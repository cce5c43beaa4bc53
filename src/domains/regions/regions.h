#pragma once
// Areas by which a company looks at its figures: states, counties, postal codes, markets, zones and
// road segments of its own. They come as GeoJSON, in sets, and every change makes a version.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "domains/regions/sensitive.h"  // IWYU pragma: export
#include "foundation/region_ids.h"
#include "foundation/vocabulary.h"
#include "platform/geojson/geojson.h"

namespace mobilytics::http {
struct Call;
struct Reply;
class Router;
}  // namespace mobilytics::http
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::regions {

BOOST_DEFINE_ENUM_CLASS(RegionSetKind, state, county, postal, market, custom)
BOOST_DEFINE_ENUM_CLASS(RegionSetState, in_use, removed)

struct RegionSet {
    RegionSetId id;
    std::string name;  // Unique among those of the company that are in use.
    RegionSetKind kind;
    RegionSetState state;
    std::int64_t version;  // 0: nothing has been put into it yet.
    std::int64_t regions, points;
    Instant created_at, changed_at;
};
using RegionSetPage = Page<RegionSet>;

struct NewRegionSet {
    std::string name;
    RegionSetKind kind;
};

/// Of a set, as it is now.
struct Region {
    std::string code;  // Unique within its set: "17031".
    std::string name;
    std::optional<std::int64_t> population;
    std::string population_source;
    double area_km2;
    std::optional<double> buffer_m;  // Of a line that an area was made of.
    std::int64_t points;
    std::int64_t since_version;
};
struct RegionPage {
    std::vector<Region> items;  // By code.
    std::optional<std::string> next_cursor;
};

struct Version {
    std::int64_t number;
    Instant made_at;
    std::string source;
    std::int64_t regions, added, changed, removed;
};
struct Versions {
    std::vector<Version> items;  // The newest first.
};

/// How a file of GeoJSON is to be read.
struct Mapping {
    std::string code_property = "code";
    std::string name_property = "name";
    std::optional<std::string> population_property = {};
    std::string population_source = {};   // "US Census 2020".
    std::optional<double> buffer_m = {};  // Lines become what lies so near to them.
    std::string source = {};              // What the file is called.
    bool dry_run = false;                 // Says what would become of it, and changes nothing.
    bool repair = false;                  // Features whose rings can be mended are taken.
    std::optional<SensitiveMapping> sensitive = {};  // They are sensitive places.
};

/// A region whose rings had to be mended.
struct MendedRegion {
    std::int64_t feature;  // In the file, from 0.
    std::string code, name;
    std::string fault;       // What was wrong with it, and where.
    double area_m2;          // Of what became of it.
    double changed_m2;       // More than its rings as they were written, or less.
    double changed_percent;  // Of what became of it.
    friend bool operator==(const MendedRegion&, const MendedRegion&) = default;
};

/// What became of a set.
struct Imported {
    RegionSetId id;
    std::int64_t version;  // Of a dry run, the one that it would be.
    std::int64_t regions, points, added, changed, removed;
    double area_km2;
    bool dry_run;
    std::int64_t mended_regions = 0;
    std::vector<MendedRegion> mended = {};  // Those that changed most first, kMendedTold at most.
};
inline constexpr std::size_t kMendedTold = 100;

/// One zone, drawn or pasted.
struct NewZone {
    std::string code;
    std::string name;
    std::string geojson;  // A geometry, or a Feature with one.
    std::optional<double> buffer_m;
};
struct ZoneRemoval {
    std::string code;
};

struct RegionGeometryQuery {
    std::int64_t zoom = 22;               // Of the map.
    std::optional<std::int64_t> version;  // None: the newest.
};

/// All that a set holds in one version, for whoever measures by it.
struct Content {
    struct Entry {
        std::string code, name;
        std::optional<std::int64_t> population;
        std::string population_source;
        double area_m2 = 0;
        std::string shape;  // Packed.
    };
    std::vector<Entry> entries;  // By code.
};

/// Published as `regions.set_changed.v1`. What it holds is asked of content_of().
struct SetChanged {
    static constexpr std::string_view kName = "regions.set_changed.v1";
    CompanyId company;
    RegionSetId set;
    std::string name;
    RegionSetKind kind{};
    RegionSetState state{};
    std::int64_t version = 0;
    Instant at;

    boost::json::value to_json() const;
    static SetChanged from_json(const boost::json::value& json);
};

struct Quotas {
    std::int64_t sets_max = 50;
    std::int64_t regions_max = 50'000;            // Of one set.
    std::int64_t points_max = 2'000'000;          // Of one set.
    std::int64_t company_points_max = 8'000'000;  // Of all of them.
    std::int64_t versions_kept = 20;
    SensitiveQuotas sensitive = {};
};

/// Every operation is one transaction, and sees the rows of the caller's company only.
class Regions {
  public:
    /// What it is given must outlive this.
    Regions(pg::Pool& pool, const Clock& clock, Quotas quotas = {})
        : pool_(pool), clock_(clock), quotas_(quotas) {}

    /// conflict `region_set_name_taken`, `too_many_region_sets`; invalid `bad_name`.
    Result<RegionSet> make_region_set(const Caller& caller, NewRegionSet wanted);
    /// not_found `no_such_region_set`, as all below.
    Result<RegionSet> find_region_set(const Caller& caller, RegionSetId id);
    /// The oldest first; those in use.
    Result<RegionSetPage> list_region_sets(const Caller& caller, const PageRequest& page);
    /// Its areas are forgotten; what was measured stays.
    Result<> remove_region_set(const Caller& caller, RegionSetId id);

    Result<RegionPage> list_regions(const Caller& caller, RegionSetId id, const PageRequest& page);
    Result<Versions> list_region_versions(const Caller& caller, RegionSetId id);

    /// Puts what a file holds in the place of all that was there, at once. invalid as
    /// geojson::read(), and `bad_features`, with every fault of every feature; `too_many_regions`;
    /// `too_many_points`; conflict `too_many_points_in_all`. The same again changes nothing.
    /// With `repair` rings are mended, and each region of which that is true is told.
    Result<Imported> import_regions(
        const Caller& caller, RegionSetId id, const Mapping& mapping, std::string_view file);
    /// Adds one, or puts it in the place of the one of its code. The same faults.
    Result<Imported> put_zone(const Caller& caller, RegionSetId id, const NewZone& wanted);
    /// not_found `no_such_region`.
    Result<Imported> remove_zone(const Caller& caller, RegionSetId id, const ZoneRemoval& wanted);

    /// A GeoJSON FeatureCollection of a set, as fine as a map of a zoom shows. not_found
    /// `no_such_version`.
    Result<http::Reply> region_geometry(
        const http::Call& call, RegionSetId id, const RegionGeometryQuery& query);

    /// By code.
    Result<SensitivePlacePage> list_sensitive_places(const Caller& caller, const PageRequest& page);
    /// Adds what a file holds, in the place of those of the same codes; all of it or nothing, as
    /// import_regions(). conflict `too_many_sensitive_places`.
    Result<SensitiveImported> import_sensitive_places(
        const Caller& caller, const Mapping& mapping, std::string_view file);
    /// The same of one. invalid `bad_zone`.
    Result<SensitiveImported> put_sensitive_place(
        const Caller& caller, const NewSensitivePlace& wanted);
    /// not_found `no_such_sensitive_place`. It counts from then on; what was forgotten is gone.
    Result<SensitiveImported> remove_sensitive_place(
        const Caller& caller, const SensitiveRemoval& wanted);
    /// A GeoJSON FeatureCollection of them, as they are.
    Result<http::Reply> sensitive_geometry(const http::Call& call);
    /// Packed, for whoever is to leave them out.
    std::vector<std::string> sensitive_shapes(CompanyId company);

    /// As it was in that version; none of a version or a set that is not kept any more.
    std::optional<Content> content_of(CompanyId company, RegionSetId id, std::int64_t version);

  private:
    struct Change;
    Result<Imported> change(const Caller& caller, RegionSetId id, const Change& wanted);

    pg::Pool& pool_;
    const Clock& clock_;
    const Quotas quotas_;
};

/// The import of files, whose body is GeoJSON; the contract mounts the rest.
void mount_by_hand(http::Router& router, Regions& regions);

}  // namespace mobilytics::regions
