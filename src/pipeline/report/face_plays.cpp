#include "pipeline/report/face_plays.h"

#include <algorithm>
#include <map>

#include "pipeline/report/metrics/digital.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

using metrics::MetricId;

double seconds_of(const store::Period& slot) {
    return std::chrono::duration<double>(slot.to - slot.from).count();
}

double people_per_device(const FaceHeard& heard) {
    return heard.calibration ? heard.calibration->people_per_device : 1;
}

}  // namespace

PlaysSource PlaysHeard::source() const {
    if (log_hours <= 0) return PlaysSource::loop;
    return loop_hours <= 0 ? PlaysSource::play_log : PlaysSource::mixed;
}

PlaysHeard plays_in(const FaceHeard& heard, const LoggedPlays& logged) {
    PlaysHeard out;
    out.imported_at = logged.imported_at;
    out.slots.resize(heard.slots.size() - 1);
    auto given = logged.plays.begin();
    for (std::size_t i = 0; i < out.slots.size(); ++i) {
        auto& slot = out.slots[i];
        const auto period = heard.slot(i);
        const auto hours = seconds_of(period) / 3600;
        slot.logged = std::ranges::any_of(logged.covered, [&](const store::Period& one) {
            return one.from <= period.from && period.to <= one.to;
        });
        for (; given != logged.plays.end() && given->slot <= i; ++given) {
            if (given->slot == i && slot.logged) slot.creatives.push_back(*given);
        }
        if (slot.logged) {
            out.log_hours += hours;
            for (const auto& one : slot.creatives) {
                slot.plays += static_cast<double>(one.plays);
                slot.airtime_s += one.airtime_s;
            }
            continue;
        }
        out.loop_hours += hours;
        const auto* const face = version_at(heard.versions, period.from);
        VERIFY(face != nullptr);
        if (!face->loop_s || !face->spot_s || !face->slots) continue;
        slot.plays = seconds_of(period) / *face->loop_s * static_cast<double>(*face->slots);
        slot.airtime_s = slot.plays * *face->spot_s;
    }
    return out;
}

double contacts_in(const FaceHeard& heard, std::size_t slot, double plays, double airtime_s) {
    if (plays <= 0) return 0;
    const auto mean_s = airtime_s / plays;
    return plays * overlap_s(heard.met[slot], mean_s) / seconds_of(heard.slot(slot));
}

Weights weights_of(const FaceHeard& heard, bool moving) {
    Weights out;
    out.lts = !moving && face_lts(heard).value.has_value();
    for (std::size_t i = 0; i < heard.met.size(); ++i) {
        out.of.push_back(out.lts ? seen_in(heard, i).visibility->weight() : 1);
    }
    return out;
}

FacePlays told_plays(
    const FaceHeard& heard, const PlaysHeard& plays, const Weights& weights,
    const std::vector<bool>& hide) {
    FacePlays out;
    out.source = plays.source();
    out.log_hours = rounded(plays.log_hours, 2);
    out.loop_hours = rounded(plays.loop_hours, 2);
    out.imported_at = plays.imported_at;
    out.weighted_as = weights.metric();
    const auto k = people_per_device(heard);
    std::map<std::string, FaceCreative> creatives;
    for (std::size_t i = 0; i < plays.slots.size(); ++i) {
        const auto& slot = plays.slots[i];
        out.plays += slot.plays;
        const auto met = [&](double count, double airtime_s) {
            return hide[i] ? 0 : k * weights.of[i] * contacts_in(heard, i, count, airtime_s);
        };
        out.contacts += met(slot.plays, slot.airtime_s);
        for (const auto& one : slot.creatives) {
            auto& sum = creatives[one.creative];
            sum.creative = one.creative;
            sum.plays += one.plays;
            sum.airtime_s += one.airtime_s;
            sum.contacts += met(static_cast<double>(one.plays), one.airtime_s);
        }
    }
    for (auto& [name, sum] : creatives) {
        sum.airtime_s = rounded(sum.airtime_s, 1);
        sum.contacts = rounded(sum.contacts, 1);
        out.creatives.push_back(std::move(sum));
    }
    std::ranges::sort(out.creatives, {}, [](const FaceCreative& one) {
        return std::pair(-one.plays, std::string_view(one.creative));
    });
    if (out.creatives.size() > kFaceCreativesMax) {
        out.creatives_more = static_cast<std::int64_t>(out.creatives.size() - kFaceCreativesMax);
        out.creatives.resize(kFaceCreativesMax);
    }
    out.plays = rounded(out.plays, 1);
    out.contacts = rounded(out.contacts, 1);
    return out;
}

void tell_loop(
    const FaceHeard& heard, const PlaysHeard& plays, const std::vector<bool>& hide,
    FaceTeller& tell) {
    const auto& face = heard.last();
    if (!face.loop_s || !face.spot_s || !face.slots) {
        return tell.absent(MetricId::loop_contacts, "this face is not digital: it has no loop");
    }
    double met = 0;
    if (plays.log_hours <= 0) {
        met = overlap_s(opportunities_of(heard.whole), *face.spot_s) / *face.loop_s;
    } else {
        for (std::size_t i = 0; i < plays.slots.size(); ++i) {
            if (hide[i]) continue;
            const auto& slot = plays.slots[i];
            met += contacts_in(heard, i, slot.plays, slot.airtime_s) /
                   static_cast<double>(*face.slots);
        }
    }
    tell.figure(
        metrics::counted_value(MetricId::loop_contacts, met, std::nullopt, heard.calibration));
}

}  // namespace mobilytics::report
