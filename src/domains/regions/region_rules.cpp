#include "domains/regions/region_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include <boost/json.hpp>

#include "foundation/json.h"
#include "platform/geojson/cover.h"

namespace mobilytics::regions {

namespace {

constexpr std::size_t kCodeBytesMax = 64;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::int64_t kPopulationMax = 10'000'000'000;
constexpr std::size_t kFaultsMax = 100;
constexpr double kBufferMaxM = 10'000;

/// Text, or a whole number as text; none of anything else.
std::optional<std::string> text_of(const boost::json::object& properties, const std::string& name) {
    const auto* found = properties.if_contains(name);
    if (found == nullptr) return std::nullopt;
    if (const auto* text = found->if_string()) {
        std::string out(*text);
        const auto from = out.find_first_not_of(" \t\r\n");
        if (from == out.npos) return std::nullopt;
        return out.substr(from, out.find_last_not_of(" \t\r\n") - from + 1);
    }
    if (found->is_int64() || found->is_uint64()) return boost::json::serialize(*found);
    return std::nullopt;
}

bool may_be_kept(const std::string& text, std::size_t bytes_max) {
    return text.size() <= bytes_max && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

std::string pointer(std::size_t feature, std::string_view place) {
    return "/features/" + std::to_string(feature) + "/" + std::string(place);
}

std::optional<std::int64_t> whole_number(const boost::json::value& value) {
    if (value.is_double()) {
        const double number = value.as_double();
        if (number != std::floor(number) || std::abs(number) > double(kPopulationMax)) return {};
        return static_cast<std::int64_t>(number);
    }
    boost::system::error_code error;
    const auto number = value.to_number<std::int64_t>(error);
    return error ? std::nullopt : std::optional(number);
}

double length_m(std::span<const geojson::Point> line) {
    double sum = 0;
    for (std::size_t i = 1; i < line.size(); ++i) sum += geojson::distance_m(line[i - 1], line[i]);
    return sum;
}

/// Sets shape, area and points; says what is wrong.
std::optional<std::string> take_shape(
    Kept& out, const geojson::Feature& feature, std::optional<double> buffer_m) {
    auto shape = feature.shape;
    out.area_m2 = geojson::area_m2(shape);
    if (!feature.line.empty()) {
        if (!buffer_m) {
            return "a line is no area: say buffer_m, so many metres on both sides of it";
        }
        auto near = geojson::buffered(feature.line, *buffer_m);
        if (!near) {
            return "with its buffer it would reach over a pole or the 180th meridian: make it "
                   "shorter";
        }
        shape = *std::move(near);
        out.buffer_m = buffer_m;
        // What bends cover twice is counted once.
        out.area_m2 = length_m(feature.line) * 2 * *buffer_m + M_PI * *buffer_m * *buffer_m;
    }
    out.points = static_cast<std::int64_t>(geojson::points_of(shape));
    out.shape = geojson::pack(shape);
    return std::nullopt;
}

/// Sets how many cells a sensitive place touches; says when it is too large.
std::optional<std::string> take_cells(Kept& out, std::int64_t cells_max) {
    const auto shape = geojson::unpack(out.shape);
    VERIFY(shape);
    const auto runs = geojson::cover(
        *shape, geojson::kCoverZoomMax, geojson::CoverRule::touched,
        static_cast<std::size_t>(cells_max));
    if (runs) {
        for (const auto& run : *runs)
            out.cells += static_cast<std::int64_t>(run.last - run.first) + 1;
        if (out.cells <= cells_max) return std::nullopt;
    }
    return "touches more than " + std::to_string(cells_max) +
           " cells of the map: a sensitive place is a building or its grounds; draw it closer, or "
           "cut it in parts";
}

std::string kinds() {
    std::string out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<SensitiveKind>>(
        [&](auto kind) { out += (out.empty() ? "" : ", ") + std::string(word(kind.value)); });
    return out;
}

MendedRegion mended_region(const geojson::Feature& feature, const Kept& kept) {
    const auto& [fault, written_m2, area_m2] = *feature.mended;
    return {
        .feature = static_cast<std::int64_t>(feature.number),
        .code = kept.code,
        .name = kept.name,
        .fault = fault,
        .area_m2 = area_m2,
        .changed_m2 = area_m2 - written_m2,
        .changed_percent = 100 * (area_m2 - written_m2) / area_m2};
}

/// What repair=true would do, for who did not say it.
std::string offer(const geojson::Mending& mending) {
    const double change = mending.area_m2 - mending.written_m2;
    std::array<char, 80> area{};
    std::snprintf(
        area.data(), area.size(), "%+.0f m2 (%+.4f %%)", change, 100 * change / mending.area_m2);
    return "; or say repair=true, and its area changes by " + std::string(area.data());
}

tl::unexpected<Error> bad_features(
    std::vector<Fault> faults, std::size_t left_out, std::size_t can_be_mended) {
    const auto count = faults.size() + left_out;
    std::string detail = std::to_string(count) + (count == 1 ? " feature" : " features") +
                         " cannot be taken; nothing was changed";
    if (can_be_mended > 0) {
        detail += "; repair=true mends " +
                  (can_be_mended == count ? "all" : std::to_string(can_be_mended)) + " of them";
    }
    if (left_out > 0) detail += "; the first " + std::to_string(faults.size()) + " are named";
    return tl::unexpected(
        Error{ErrorKind::invalid, "bad_features", std::move(detail), std::move(faults)});
}

/// Reads features one after the other, and gathers what is wrong with them.
class Gathering {
  public:
    Gathering(const Mapping& mapping, const SensitiveQuotas& quotas)
        : mapping_(mapping), quotas_(quotas) {}

    void refuse(std::size_t feature, std::string_view place, std::string detail) {
        if (faults_.size() < kFaultsMax) {
            faults_.push_back({pointer(feature, place), std::move(detail)});
        } else {
            ++left_out_;
        }
    }
    void refuse(const geojson::FeatureFault& fault) {
        const bool offered = fault.can_be_mended && !mapping_.sensitive;
        if (offered && faults_.size() < kFaultsMax) ++can_be_mended_;
        refuse(
            fault.number, "geometry", fault.detail + (offered ? offer(*fault.can_be_mended) : ""));
    }
    void leave_out(std::size_t count) { left_out_ += count; }

    void take(const geojson::Feature& feature) {
        Kept out;
        const auto number = feature.number;
        const auto at = [](const std::string& name) { return "properties/" + name; };
        const auto code = text_of(feature.properties, mapping_.code_property);
        if (!code || !may_be_kept(*code, kCodeBytesMax)) {
            return refuse(
                number, at(mapping_.code_property),
                "is to be a text of 1 to 64 bytes, or a whole number: choose another property as "
                "the code");
        }
        out.code = *code;
        out.name = text_of(feature.properties, mapping_.name_property).value_or(out.code);
        if (!may_be_kept(out.name, kNameBytesMax)) {
            return refuse(number, at(mapping_.name_property), "is to have at most 200 bytes");
        }
        if (mapping_.population_property) {
            const auto* said = feature.properties.if_contains(*mapping_.population_property);
            if (said != nullptr && !said->is_null()) {
                out.population = whole_number(*said);
                if (!out.population || *out.population < 0 || *out.population > kPopulationMax) {
                    return refuse(
                        number, at(*mapping_.population_property),
                        "is to be a whole number from 0 on, or to be left out");
                }
                out.population_source = mapping_.population_source;
            }
        }
        if (const auto wrong = take_shape(out, feature, mapping_.buffer_m)) {
            return refuse(number, "geometry", *wrong);
        }
        if (mapping_.sensitive && !take_sensitive(out, feature)) return;
        const auto [before, fresh] = seen_.emplace(out.code, number);
        if (!fresh) {
            return refuse(
                number, at(mapping_.code_property),
                "is \"" + out.code + "\", as that of feature " + std::to_string(before->second) +
                    ": join both into one MultiPolygon, or give them different codes");
        }
        if (feature.mended) mended_.push_back(mended_region(feature, out));
        kept_.push_back(std::move(out));
    }

    /// Those that changed most first.
    std::vector<MendedRegion> mended() {
        std::ranges::sort(mended_, {}, [](const MendedRegion& one) {
            return std::pair(-std::abs(one.changed_m2), one.feature);
        });
        return std::move(mended_);
    }
    Result<std::vector<Kept>> finish() {
        if (!faults_.empty()) return bad_features(std::move(faults_), left_out_, can_be_mended_);
        std::ranges::sort(kept_, {}, &Kept::code);
        return std::move(kept_);
    }

  private:
    /// Sets its kind and its cells; false where they are refused.
    bool take_sensitive(Kept& out, const geojson::Feature& feature) {
        const auto& [property, usual] = *mapping_.sensitive;
        const auto said = text_of(feature.properties, property);
        out.kind = said ? from_word<SensitiveKind>(*said) : usual;
        if (!out.kind) {
            refuse(
                feature.number, "properties/" + property,
                "is to be one of " + kinds() + "; or is to be left out, and one said for all");
            return false;
        }
        const auto wrong = take_cells(out, quotas_.cells_of_one_max);
        if (wrong) refuse(feature.number, "geometry", *wrong);
        return !wrong;
    }

    const Mapping& mapping_;
    const SensitiveQuotas& quotas_;
    std::vector<Fault> faults_;
    std::size_t left_out_ = 0;
    std::size_t can_be_mended_ = 0;  // Of those that are named.
    std::map<std::string, std::size_t> seen_;
    std::vector<Kept> kept_;
    std::vector<MendedRegion> mended_;
};

Result<> check_buffer(std::optional<double> metres) {
    if (metres && !(*metres >= 1 && *metres <= kBufferMaxM)) {
        return fail(ErrorKind::invalid, "bad_buffer", "buffer_m is to be from 1 to 10000 metres");
    }
    return {};
}

}  // namespace

Result<std::vector<Kept>> regions_of(
    std::string_view file, const Mapping& mapping, const Quotas& quotas,
    std::vector<MendedRegion>* mended) {
    CHECK(check_buffer(mapping.buffer_m));
    const geojson::Limits limits{
        .features_max = static_cast<std::size_t>(quotas.regions_max),
        .points_max = static_cast<std::size_t>(quotas.points_max),
        .faults_max = kFaultsMax,
        .mend = mapping.repair};
    TRY(const auto found, geojson::read(file, limits));
    if (found.features.empty() && found.faults.empty()) {
        return fail(ErrorKind::invalid, "no_features", "the file has no features: export it again");
    }
    Gathering gathering(mapping, quotas.sensitive);
    for (const auto& fault : found.faults) gathering.refuse(fault);
    gathering.leave_out(found.faults_left_out);
    for (const auto& feature : found.features) gathering.take(feature);
    if (mended != nullptr) *mended = gathering.mended();
    return gathering.finish();
}

Result<Kept> region_of(const NewZone& wanted) {
    const auto bad = [](std::string pointer, std::string detail) {
        return tl::unexpected(
            Error{ErrorKind::invalid, "bad_zone", detail, {{std::move(pointer), detail}}});
    };
    CHECK(check_buffer(wanted.buffer_m));
    const auto given = geojson::read(wanted.geojson, {.bytes_max = 1 << 20, .features_max = 1});
    auto found = given;
    if (!given) {  // A geometry alone: a feature is put around it.
        found = geojson::read(
            R"({"type":"Feature","properties":null,"geometry":)" + wanted.geojson + "}",
            {.bytes_max = (1 << 20) + 100, .features_max = 1});
    }
    if (!found) return bad("/geojson", given.error().message);
    if (!found->faults.empty()) return bad("/geojson", found->faults[0].detail);
    if (found->features.empty()) return bad("/geojson", "has no feature: draw one");
    Kept out;
    out.code = wanted.code;
    out.name = wanted.name;
    if (!may_be_kept(out.code, kCodeBytesMax)) return bad("/code", "is to be plain text");
    if (!may_be_kept(out.name, kNameBytesMax)) return bad("/name", "is to be plain text");
    if (auto wrong = take_shape(out, found->features[0], wanted.buffer_m)) {
        return bad("/geojson", *std::move(wrong));
    }
    return out;
}

Result<Kept> sensitive_of(const NewSensitivePlace& wanted, const SensitiveQuotas& quotas) {
    TRY(auto out, region_of({wanted.code, wanted.name, wanted.geojson, std::nullopt}));
    out.kind = wanted.kind;
    if (const auto wrong = take_cells(out, quotas.cells_of_one_max)) {
        return tl::unexpected(
            Error{ErrorKind::invalid, "bad_zone", *wrong, {{"/geojson", *wrong}}});
    }
    return out;
}

Difference difference(std::span<const Kept> before, std::span<const Kept> after) {
    Difference out;
    auto old = before.begin();
    for (const auto& next : after) {
        for (; old != before.end() && old->code < next.code; ++old)
            out.removed.push_back(old->code);
        if (old == before.end() || old->code != next.code) {
            out.added.push_back(&next);
            continue;
        }
        if (*old != next) out.changed.push_back(&next);
        ++old;
    }
    for (; old != before.end(); ++old) out.removed.push_back(old->code);
    return out;
}

std::int32_t grid_of(std::int64_t zoom) {
    const double pixel = 360.0 / 512 / std::ldexp(1.0, static_cast<int>(zoom));
    return std::max(1, static_cast<std::int32_t>(std::lround(pixel / 2 * 1e7)));
}

}  // namespace mobilytics::regions
