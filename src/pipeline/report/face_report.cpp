// What a face was worth, what a play of it meets, and from where it is seen.

#include <algorithm>

#include "pipeline/report/asked.h"
#include "pipeline/report/face_plays.h"
#include "pipeline/report/metrics/digital.h"

namespace mobilytics::report {

namespace {

using metrics::MetricId;

std::optional<metrics::Spot> spot_of(const store::Asset& asset) {
    if (!asset.dimension.position) return std::nullopt;
    return metrics::Spot{
        asset.dimension.position->latitude_e7 / 1e7, asset.dimension.position->longitude_e7 / 1e7};
}

/// The company's days from the first slot to the last.
std::vector<Instant> days_of(std::span<const Instant> slots, const std::string& zone) {
    auto out = boundaries(slots.front(), slots.back(), Grain::day, zone);
    out.front() = slots.front();
    out.back() = slots.back();
    return out;
}

std::vector<std::size_t> day_by_slot(
    std::span<const Instant> slots, std::span<const Instant> days) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i + 1 < slots.size(); ++i) {
        const auto after = std::ranges::upper_bound(days, slots[i]);
        out.push_back(static_cast<std::size_t>(after - days.begin()) - 1);
    }
    return out;
}

bool is_digital(const store::Face& face) { return face.loop_s && face.spot_s && face.slots; }

tl::unexpected<Error> bad_query(const char* field, const char* detail) {
    return tl::unexpected(Error{
        ErrorKind::invalid,
        "bad_query",
        "what was asked has faults",
        {{std::string("/query/") + field, detail}}});
}

}  // namespace

Result<Report::AskedFace> Report::ask_face(
    const Caller& caller, FaceId id, const FaceQuery& query) {
    CHECK(check(query, {query.from, query.to}));
    ReportQuery plain;
    plain.from = query.from;
    plain.to = query.to;
    plain.time_zone = query.time_zone;
    plain.source = query.source;
    TRY(auto asked, ask(caller, plain));
    FaceHeard heard;
    for (auto& face : asked.snapshot->faces(caller.company)) {
        if (face.id == id) heard.versions.push_back(std::move(face));
    }
    if (heard.versions.empty()) return fail(ErrorKind::not_found, "no_such_face", id.str());
    asked.question.filter.assets = {heard.last().asset};
    const auto assets = asked.snapshot->assets(caller.company);
    const auto asset = std::ranges::find(
        assets, heard.last().asset, [](const auto& one) { return one.dimension.asset; });
    if (asset == assets.end()) return fail(ErrorKind::not_found, "no_such_face", id.str());

    // Blocks are of whole hours of the company's clock.
    auto& [period, filter, zone] = asked.question;
    period = whole_hours(period, asked.company.time_zone);
    heard.zone = zone;
    heard.slots = face_slots(period, asked.company.time_zone, heard.versions);
    heard.where = spot_of(*asset);
    if (heard.there()) {
        const store::Period there{heard.slots.front(), heard.slots.back()};
        heard.days = days_of(heard.slots, asked.company.time_zone);
        static_cast<FaceTold&>(heard) = told_of(asked, filter, heard);
        if (asset->dimension.moving) {
            const auto trips =
                asked.snapshot->trips(caller.company, {there, filter.assets, std::nullopt}, 1);
            if (!trips.empty() && !trips[0].route.path.empty()) {
                const auto& point = trips[0].route.path.front();
                heard.where = metrics::Spot{point.latitude_e7 / 1e7, point.longitude_e7 / 1e7};
            }
        }
        if (business_.calibration) {
            heard.calibration =
                business_.calibration(caller.company, asset->dimension.asset, there);
        }
    }
    return AskedFace{std::move(asked), *asset, std::move(heard)};
}

FaceTold Report::told_of(Asked& asked, const store::Filter& filter, const FaceHeard& heard) {
    return face_told(
        asked.published_of(filter, heard.slots), asked.published_of(filter, heard.days),
        day_by_slot(heard.slots, heard.days), asked.floor);
}

Result<FaceReport> Report::face_report(const Caller& caller, FaceId id, const FaceQuery& query) {
    TRY(auto asked, ask_face(caller, id, query));
    std::optional<Population> market;
    if (query.market_id) {
        if (!business_.market) {
            return fail(ErrorKind::not_found, "no_such_market", query.market_id->str());
        }
        TRY(market, business_.market(caller.company, *query.market_id));
    }
    FaceReport out;
    tell_provenance(asked.asked, out);
    const auto& heard = asked.heard;
    out.face_id = id;
    out.asset_id = heard.last().asset;
    out.name = heard.last().name;
    out.from = asked.asked.question.period.from;
    out.to = asked.asked.question.period.to;
    if (heard.held_back) out.held_back = true;
    FaceTeller tell(out);
    if (!heard.there()) {
        tell.absent(MetricId::ots, "the face was not there in this period");
        return out;
    }
    out.versions = std::ranges::count_if(heard.versions, [&](const store::Face& face) {
        return face.from < heard.slots.back() && (!face.to || *face.to > heard.slots.front());
    });
    if (heard.is_hidden()) {
        out.suppressed = {"figures", "factors", "distribution"};
        return out;
    }
    const auto ots = face_ots(heard);
    tell.figure(ots);
    if (asked.asset.dimension.moving) {
        tell.absent(MetricId::lts, "a vehicle's are told apart: moving and parked");
        tell_moving(asked, query, tell);
    } else {
        auto likely = face_lts(heard);
        if (likely.value) {
            tell.figure(*likely.value);
            out.factors = std::move(likely.factors);
        } else {
            tell.absent(MetricId::lts, likely.why);
        }
        for (const auto metric : {MetricId::moving_impressions, MetricId::parked_impressions}) {
            tell.absent(metric, "this asset stands still");
        }
    }
    tell_reach(asked, query, market, tell);
    tell_points(ots, market, query, tell);
    tell_dwell(heard, tell);
    const auto plays = plays_in(
        heard, business_.plays && is_digital(heard.last())
                   ? business_.plays(caller.company, id, heard.slots)
                   : LoggedPlays{});
    tell_loop(heard, plays, heard.hide, tell);
    if (is_digital(heard.last())) {
        out.plays =
            told_plays(heard, plays, weights_of(heard, asked.asset.dimension.moving), heard.hide);
        if (std::ranges::count(heard.hide, true) > 0) out.suppressed.emplace_back("plays");
    }
    return out;
}

void Report::tell_moving(AskedFace& asked, const FaceQuery& query, FaceTeller& tell) const {
    const auto& heard = asked.heard;
    const auto absent = [&](const std::string& why) {
        tell.absent(MetricId::moving_impressions, why);
        tell.absent(MetricId::parked_impressions, why);
    };
    if (!query.oncoming_share) {
        return absent(
            "sensors do not hear which way somebody goes: give the share of oncoming traffic "
            "(oncoming_share)");
    }
    auto filter = asked.asked.question.filter;
    const auto company = asked.asked.company.id;
    auto& snapshot = *asked.asked.snapshot;
    Moved moved;
    moved.oncoming_share = *query.oncoming_share;
    filter.motion = measure::Motion::driving;
    auto driving = told_of(asked.asked, filter, heard);
    filter.motion = measure::Motion::parked;
    auto parked = told_of(asked.asked, filter, heard);
    const bool is_hidden = driving.is_hidden() || parked.is_hidden();
    moved.driving = std::move(driving.met);
    moved.parked = std::move(parked.met);
    const auto trips = snapshot.trip_sums(
        company, {{heard.slots.front(), heard.slots.back()}, filter.assets, std::nullopt});
    if (trips.driving_us > 0) {
        moved.vehicle_m_s =
            static_cast<double>(trips.distance_m) / (static_cast<double>(trips.driving_us) / 1e6);
    }
    auto likely = face_moved(heard, moved);
    if (!likely.exposure) return absent(likely.why);
    // Both are of one whole: of one alone it would be told that there is no more.
    if (is_hidden) {
        tell.out().suppressed = {"moving_impressions", "parked_impressions"};
        return;
    }
    tell.figure(likely.exposure->moving);
    tell.figure(likely.exposure->parked);
    tell.out().factors = std::move(likely.factors);
}

Result<FaceMultipliers> Report::face_multipliers(
    const Caller& caller, FaceId id, const FaceQuery& query) {
    TRY(auto asked, ask_face(caller, id, query));
    const auto& heard = asked.heard;
    const auto& face = heard.last();
    FaceMultipliers out;
    tell_provenance(asked.asked, out);
    out.face_id = id;
    out.dooh = {id.str(), face.name, {}, {}};
    if (face.venue_type) {
        out.dooh.venuetype = std::vector{*face.venue_type};
        out.dooh.venuetypetax = metrics::kVenueTaxonomy11;
    }
    if (!is_digital(face) || !heard.there()) {
        out.absent.push_back(
            {MetricId::multiplier, heard.there() ? "this face is not digital: it has no plays"
                                                 : "the face was not there in this period"});
        return out;
    }
    const auto plays = plays_in(
        heard, business_.plays ? business_.plays(caller.company, id, heard.slots) : LoggedPlays{});
    out.plays_source = plays.source();
    out.log_hours = rounded(plays.log_hours, 2);
    out.loop_hours = rounded(plays.loop_hours, 2);
    out.imported_at = plays.imported_at;
    if (heard.held_back) out.held_back = true;
    const auto& hide = heard.hide;
    const auto source =
        query.vendor ? metrics::MultiplierSource::vendor : metrics::MultiplierSource::publisher;
    const auto weights = weights_of(heard, asked.asset.dimension.moving);
    out.weighted_as = weights.metric();
    const auto digits = metrics::definition(MetricId::multiplier).digits;
    for (std::size_t i = 0; i + 1 < heard.slots.size(); ++i) {
        const auto period = heard.slot(i);
        const auto& slot = plays.slots[i];
        FaceHour hour{
            .start = period.from,
            .end = period.to,
            .impressions = {},
            .plays_source = slot.logged ? PlaysSource::play_log : PlaysSource::loop,
            .plays = rounded(slot.plays, 1),
            .contacts = {},
            .qty = {}};
        if (!hide[i] && slot.plays > 0) {
            // Who is there while a play runs: on the mean of the hour's.
            const auto met =
                weights.of[i] * contacts_in(heard, i, slot.plays, slot.airtime_s) / slot.plays;
            const auto q =
                metrics::counted_value(MetricId::multiplier, met, std::nullopt, heard.calibration);
            TRY(const auto qty,
                metrics::qty(rounded(q.value, digits), source, query.vendor.value_or("")));
            hour.impressions = rounded(q.value * slot.plays, 1);
            if (slot.logged) hour.contacts = hour.impressions;
            hour.qty = FaceQty{
                qty.multiplier, qty.sourcetype,
                qty.vendor.empty() ? std::nullopt : std::optional(qty.vendor)};
        }
        out.items.push_back(std::move(hour));
    }
    if (std::ranges::count(hide, true) > 0) out.suppressed = {"items"};
    return out;
}

Result<FaceSight> Report::face_visibility(const Caller& caller, FaceId id, const FaceQuery& query) {
    const auto snapshot = store_.snapshot();
    std::vector<store::Face> versions;
    for (auto& face : snapshot->faces(caller.company)) {
        if (face.id == id) versions.push_back(std::move(face));
    }
    if (versions.empty()) return fail(ErrorKind::not_found, "no_such_face", id.str());
    const auto* face = version_at(versions, query.at.value_or(clock_.now()));
    if (face == nullptr) return bad_query("at", "is a moment at which the face was not there");
    const auto assets = snapshot->assets(caller.company);
    const auto asset =
        std::ranges::find(assets, face->asset, [](const auto& one) { return one.dimension.asset; });
    if (asset == assets.end()) return fail(ErrorKind::not_found, "no_such_face", id.str());
    auto where = spot_of(*asset);
    if (query.latitude && query.longitude) where = {*query.latitude, *query.longitude};
    if (!where)
        return bad_query("latitude", "is missing, with longitude: where it is is not known");
    const bool moving = asset->dimension.moving;
    const auto heading = query.heading_deg ? query.heading_deg : face->heading_deg;
    if (!heading) return bad_query("heading_deg", "is missing: where it looks is not known");

    const auto seen = viewing_distance(*face);
    const metrics::Viewing viewing{
        .traffic = face->drives_left ? metrics::TrafficSide::left : metrics::TrafficSide::right};
    // What stands still looks where its heading says; a vehicle's side out of the vehicle's.
    const metrics::Mounted mounted{
        moving ? side_of(*face) : metrics::Side::front,
        {.width_m = face->width_m,
         .height_m = face->height_m,
         .letter_height_m = seen.distance_m / viewing.rules.legible_m_per_letter_m}};
    const metrics::Pose pose{*where, *heading};
    FaceSight out{.type = "Feature", .geometry = {"Polygon", {}}, .properties = {}};
    std::vector<std::vector<double>> ring;
    for (const auto& point : metrics::visibility_polygon(pose, mounted, viewing)) {
        ring.push_back({rounded(point.longitude, 7), rounded(point.latitude, 7)});
    }
    out.geometry.coordinates.push_back(std::move(ring));
    out.properties = {
        id, rounded(metrics::facing_deg(pose, mounted.side, viewing.traffic), 1), viewing.half_deg,
        rounded(seen.distance_m, 1), seen.source};
    return out;
}

}  // namespace mobilytics::report
