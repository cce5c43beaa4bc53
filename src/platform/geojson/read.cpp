#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include <boost/json.hpp>

#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {

constexpr int kDepthMax = 32;
constexpr std::size_t kFaultsTold = 3;  // Of one feature.
constexpr std::int32_t kHalfTurn = 1'800'000'000;

/// Goes through JSON without keeping it. What it is asked for it says once; after a fault of the
/// file it gives nothing more.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

    char peek() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
        return at_ == end_ ? '\0' : *at_;
    }
    bool eat(char wanted) {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }
    bool at_end() { return peek() == '\0' && at_ == end_; }

    /// A text as it is written, without its marks. None where there is none.
    std::optional<std::string_view> text() {
        if (!eat('"')) return std::nullopt;
        const char* const from = at_;
        for (; at_ != end_; ++at_) {
            if (*at_ == '"') return std::string_view(from, static_cast<std::size_t>(at_++ - from));
            if (static_cast<unsigned char>(*at_) < 0x20) return std::nullopt;
            if (*at_ == '\\' && ++at_ == end_) return std::nullopt;
        }
        return std::nullopt;
    }

    std::optional<double> number() {
        const char next = peek();
        if (next != '-' && (next < '0' || next > '9')) return std::nullopt;
        double out = 0;
        const auto [rest, error] = std::from_chars(at_, end_, out);
        if (error != std::errc()) return std::nullopt;
        at_ = rest;
        return std::isfinite(out) ? std::optional(out) : std::nullopt;
    }

    /// What is there, whole.
    std::optional<std::string_view> value(int depth = 0) {
        const char next = peek();
        const char* const from = at_;
        const auto seen = [&] {
            return std::string_view(from, static_cast<std::size_t>(at_ - from));
        };
        if (depth > kDepthMax) return std::nullopt;
        if (next == '"') return text() ? std::optional(seen()) : std::nullopt;
        if (next == '{' || next == '[')
            return nested(next, depth) ? std::optional(seen()) : std::nullopt;
        if (next == '-' || (next >= '0' && next <= '9'))
            return number() ? std::optional(seen()) : std::nullopt;
        for (const std::string_view literal : {"true", "false", "null"}) {
            if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(literal))
                continue;
            at_ += literal.size();
            return seen();
        }
        return std::nullopt;
    }

    /// Calls `take(name)` before each member of an object, which it must read. False where that is
    /// no object, or `take` says so.
    template <class Take>
    bool members(Take take) {
        if (!eat('{')) return false;
        if (eat('}')) return true;
        do {
            const auto name = text();
            if (!name || !eat(':') || !take(*name)) return false;
        } while (eat(','));
        return eat('}');
    }
    template <class Take>
    bool items(Take take) {
        if (!eat('[')) return false;
        if (eat(']')) return true;
        do {
            if (!take()) return false;
        } while (eat(','));
        return eat(']');
    }

  private:
    bool nested(char open, int depth) {
        const auto skip = [&](auto&&...) { return value(depth + 1).has_value(); };
        return open == '{' ? members(skip) : items(skip);
    }

    const char* at_;
    const char* end_;
};

tl::unexpected<Error> bad(const char* code, std::string detail) {
    return fail(ErrorKind::invalid, code, std::move(detail));
}

tl::unexpected<Error> not_geojson(std::string detail) {
    return bad("not_geojson", std::move(detail));
}

tl::unexpected<Error> bad_coordinates() {
    return bad(
        "bad_coordinates",
        "its coordinates are to be numbers, longitude before latitude, nested as RFC 7946 says");
}

/// Of a file.
struct Budgets {
    Budget reading = 100'000'000;
    MendBudget mending;
};

/// Reads the coordinates of one geometry.
class Coordinates {
  public:
    Coordinates(std::string_view text, std::size_t& points_left, Budgets& budgets)
        : in_(text), points_left_(points_left), budgets_(budgets) {}

    Result<Shape> polygon() {
        CHECK(part());
        return whole();
    }
    Result<Shape> polygons() {
        CHECK(each([&] { return part(); }));
        if (shape_.parts.empty() && faults_.empty()) {
            return bad("no_geometry", "it has no polygon: leave it out");
        }
        return whole();
    }
    Result<std::vector<Point>> line() {
        std::vector<Point> out;
        CHECK(positions(out));
        out.erase(std::unique(out.begin(), out.end()), out.end());
        if (out.size() < 2)
            return bad("ring_too_short", "a line has two different points at least");
        return out;
    }

    /// What is wrong with rings of what was read, a fault a polygon: it was mended.
    const std::vector<RingFault>& faults() const { return faults_; }
    /// Of its rings as they were written, more than of what became of them.
    double lost_m2() const { return lost_m2_; }

  private:
    template <class Take>
    Result<> each(Take take) {
        Result<> failure;
        const bool whole = in_.items([&] {
            failure = take();
            return failure.has_value();
        });
        if (!failure) return failure;
        if (!whole) return bad_coordinates();
        return {};
    }

    Result<> part() {
        Polygon out;
        std::optional<RingFault> fault;
        bool first = true;
        CHECK(each([&]() -> Result<> {
            auto& ring = first ? out.outer : out.holes.emplace_back();
            first = false;
            CHECK(positions(ring));
            auto wrong = take_end(ring);
            if (!fault) fault = std::move(wrong);
            return {};
        }));
        if (first) return bad("no_geometry", "one of its polygons has no ring: leave it out");
        if (!fault) fault = normalise(out, budgets_.reading);
        if (fault) return mend(std::move(out), *std::move(fault));
        shape_.parts.push_back(std::move(out));
        return {};
    }

    Result<> mend(Polygon polygon, RingFault fault) {
        std::vector<Ring> rings{std::move(polygon.outer)};
        std::ranges::move(polygon.holes, std::back_inserter(rings));
        const double written_m2 = written_area_m2(rings);
        auto parts = mended(std::move(rings), budgets_.mending);
        if (!parts) return bad(fault.code, fault.what + ": " + fault.remedy);
        Shape out{*std::move(parts)};
        lost_m2_ += written_m2 - area_m2(out);
        std::ranges::move(out.parts, std::back_inserter(shape_.parts));
        faults_.push_back(std::move(fault));
        return {};
    }

    /// All that was read, if any of it is left.
    Result<Shape> whole() {
        if (!shape_.parts.empty()) return std::move(shape_);
        return bad(faults_[0].code, faults_[0].what + ", and it goes around nothing: leave it out");
    }

    Result<> positions(std::vector<Point>& out) {
        return each([&]() -> Result<> {
            TRY(const auto point, position());
            if (!out.empty() &&
                std::abs(std::int64_t{out.back().longitude_e7} - point.longitude_e7) > kHalfTurn) {
                return bad(
                    "crosses_antimeridian",
                    "it crosses the 180th meridian: cut it there into two polygons, as RFC 7946, "
                    "3.1.9, says");
            }
            out.push_back(point);
            return {};
        });
    }

    Result<Point> position() {
        std::array<double, 2> degrees{};
        std::size_t count = 0;
        const bool whole = in_.items([&] {
            const auto number = in_.number();
            if (number && count < 2) degrees[count] = *number;
            ++count;
            return number.has_value() && count <= 4;  // Height, and what some write behind it.
        });
        if (!whole || count < 2) return bad_coordinates();
        if (std::abs(degrees[0]) > 180 || std::abs(degrees[1]) > 90) {
            return bad(
                "out_of_range",
                "longitudes go from -180 to 180 and latitudes from -90 to 90: convert it to WGS 84 "
                "(EPSG:4326), longitude first");
        }
        if (points_left_ == 0) return bad("too_many_points", "");
        --points_left_;
        const auto e7 = [](double of) { return static_cast<std::int32_t>(std::llround(of * 1e7)); };
        return Point{e7(degrees[0]), e7(degrees[1])};
    }

    Cursor in_;
    std::size_t& points_left_;
    Budgets& budgets_;
    Shape shape_;
    std::vector<RingFault> faults_;
    double lost_m2_ = 0;
};

/// Of those of a feature.
Mending mending_of(const Coordinates& read, const Shape& shape) {
    Mending out;
    const auto& faults = read.faults();
    for (std::size_t i = 0; i < std::min(faults.size(), kFaultsTold); ++i) {
        out.what += (i > 0 ? "; " : "") + faults[i].what;
    }
    if (faults.size() > kFaultsTold) {
        out.what += "; and " + std::to_string(faults.size() - kFaultsTold) + " polygons more";
    }
    out.area_m2 = area_m2(shape);
    out.written_m2 = out.area_m2 + read.lost_m2();
    return out;
}

/// Where the parts of a feature are written.
struct Written {
    std::string_view type, properties, geometry_type, coordinates;
    bool has_geometry = false;
};

class FileReader {
  public:
    FileReader(std::string_view text, const Limits& limits)
        : in_(text), limits_(limits), points_left_(limits.points_max) {}

    Result<Collection> read() {
        std::string_view type;
        Written alone;
        bool listed = false;
        Result<> failure;
        const bool whole = in_.members([&](std::string_view name) {
            if (name == "features") {
                listed = true;
                return in_.items([&] { return next_feature(failure); });
            }
            const auto value = in_.value();
            if (!value) return false;
            if (name == "type") type = *value;
            if (name == "crs" && !is_wgs84(*value)) {
                failure =
                    bad("other_coordinates",
                        "its coordinates are not WGS 84 (member crs): convert it to EPSG:4326");
                return false;
            }
            if (name == "properties") alone.properties = *value;
            if (name == "geometry") note_geometry(*value, alone);
            return true;
        });
        if (!failure) return tl::unexpected(failure.error());
        if (!whole || !in_.at_end()) {
            return not_geojson("the file is not JSON, or it ends early: export it again");
        }
        if (type == R"("Feature")" && !listed) {
            CHECK(take(alone));
        } else if (type != R"("FeatureCollection")" || !listed) {
            return not_geojson(
                "the file is to be a GeoJSON FeatureCollection, or a Feature (RFC 7946)");
        }
        return std::move(out_);
    }

  private:
    static bool is_wgs84(std::string_view crs) {
        return crs == "null" || crs.find("CRS84") != crs.npos || crs.find("4326") != crs.npos;
    }

    static void note_geometry(std::string_view value, Written& out) {
        out.has_geometry = value.starts_with('{');
        Cursor in(value);
        in.members([&](std::string_view name) {
            const auto member = in.value();
            if (!member) return false;
            if (name == "type") out.geometry_type = *member;
            if (name == "coordinates") out.coordinates = *member;
            return true;
        });
    }

    bool next_feature(Result<>& failure) {
        Written feature;
        const bool whole = in_.members([&](std::string_view name) {
            const auto value = in_.value();
            if (!value) return false;
            if (name == "type") feature.type = *value;
            if (name == "properties") feature.properties = *value;
            if (name == "geometry") note_geometry(*value, feature);
            return true;
        });
        if (!whole) return false;
        if (feature.type != R"("Feature")") {
            failure = not_geojson("every one of features is to be of type Feature");
        } else {
            failure = take(feature);
        }
        return failure.has_value();
    }

    /// Keeps a feature, or what is wrong with it. Fails for what is wrong with the file.
    Result<> take(const Written& written) {
        const auto number = taken_++;
        if (taken_ > limits_.features_max) {
            return bad(
                "too_many_features",
                "a file has at most " + std::to_string(limits_.features_max) + " features: cut it");
        }
        std::optional<RingFault> broken;
        auto feature = feature_of(written, broken);
        if (feature && (!broken || limits_.mend)) {
            feature->number = number;
            out_.features.push_back(*std::move(feature));
            return {};
        }
        if (feature) {
            refuse({number, broken->code, broken->what + ": " + broken->remedy, feature->mended});
            return {};
        }
        const auto& error = feature.error();
        if (error.code == "too_many_points") {
            return bad(
                "too_many_points", "a file has at most " + std::to_string(limits_.points_max) +
                                       " points: simplify it, or cut it");
        }
        refuse({number, error.code, error.message});
        return {};
    }

    void refuse(FeatureFault fault) {
        if (out_.faults.size() < limits_.faults_max) {
            out_.faults.push_back(std::move(fault));
        } else {
            ++out_.faults_left_out;
        }
    }

    /// A feature, mended where it had to be: then `broken` says what was wrong with it first.
    Result<Feature> feature_of(const Written& written, std::optional<RingFault>& broken) {
        Feature out;
        TRY(out.properties, properties_of(written.properties));
        if (!written.has_geometry || written.coordinates.empty()) {
            return bad("no_geometry", "it has no geometry with coordinates: leave it out");
        }
        Coordinates in(written.coordinates, points_left_, budgets_);
        if (written.geometry_type == R"("Polygon")") {
            TRY(out.shape, in.polygon());
        } else if (written.geometry_type == R"("MultiPolygon")") {
            TRY(out.shape, in.polygons());
        } else if (written.geometry_type == R"("LineString")") {
            TRY(out.line, in.line());
        } else {
            return bad(
                "wrong_geometry", "its geometry is to be Polygon, MultiPolygon or LineString");
        }
        if (!in.faults().empty()) {
            broken = in.faults().front();
            out.mended = mending_of(in, out.shape);
        }
        return out;
    }

    Result<boost::json::object> properties_of(std::string_view text) const {
        if (text.empty() || text == "null") return boost::json::object();
        if (text.size() > limits_.property_bytes_max) {
            return bad(
                "properties_too_large", "its properties have more than " +
                                            std::to_string(limits_.property_bytes_max) +
                                            " bytes: leave out those that are not needed");
        }
        boost::system::error_code error;
        auto parsed = boost::json::parse({text.data(), text.size()}, error);
        if (error || !parsed.is_object()) {
            return bad("bad_properties", "its properties are to be a JSON object of UTF-8 text");
        }
        return std::move(parsed.get_object());
    }

    Cursor in_;
    const Limits& limits_;
    std::size_t points_left_;
    Budgets budgets_;
    std::size_t taken_ = 0;
    Collection out_;
};

}  // namespace

Result<Collection> read(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes_max) {
        return bad(
            "file_too_large", "a file has at most " + std::to_string(limits.bytes_max >> 20) +
                                  " MiB: simplify it, or cut it");
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // A mark that some editors write.
    return FileReader(text, limits).read();
}

}  // namespace mobilytics::geojson
