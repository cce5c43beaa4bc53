// The quality of each asset's days: reads what its rules ask for, and says no more of it than may
// be said.

#include <algorithm>
#include <cmath>
#include <map>

#include <date/date.h>

#include "pipeline/report/disclosure.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

constexpr std::chrono::hours kSpanMax{35 * 24 + 2};  // Of 35 days, and clocks are put back.
constexpr std::chrono::days kWeeksBefore{8 * 7};
constexpr std::size_t kSistersMax = 200;  // Of a kind, looked at.

/// When sensors were on each asset, each moment once.
class Attached {
  public:
    Attached(std::vector<measure::Attachment> attachments, Instant now) : now_(now) {
        std::ranges::sort(attachments, {}, &measure::Attachment::from);
        for (const auto& attachment : attachments) {
            auto& spans = of_[attachment.asset];
            const auto to = std::min(now, attachment.to.value_or(now));
            if (to <= attachment.from) continue;
            if (!spans.empty() && attachment.from <= spans.back().to) {
                spans.back().to = std::max(spans.back().to, to);
            } else {
                spans.push_back({attachment.from, to});
            }
        }
    }

    std::int64_t expected_us(AssetId asset, Instant from, Instant to) const {
        const auto found = of_.find(asset);
        if (found == of_.end()) return 0;
        std::chrono::microseconds sum{0};
        for (const auto& span : found->second) {
            sum += std::max(
                std::chrono::microseconds(0), std::min(to, span.to) - std::max(from, span.from));
        }
        return sum.count();
    }
    Instant now() const { return now_; }

  private:
    std::map<AssetId, std::vector<store::Period>> of_;
    Instant now_;
};

/// Days or hours of a wall clock, and what was heard of assets in them.
class Times {
  public:
    Times(Instant from, Instant to, Grain grain, const std::string& zone)
        : ends(boundaries(from, to, grain, zone)) {
        for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
            quality::Heard one{.from = ends[i], .to = ends[i + 1]};
            const auto day = local_day(ends[i], zone);
            const date::weekday weekday{date::sys_days(std::chrono::sys_days(day.date))};
            one.weekend = weekday == date::Saturday || weekday == date::Sunday;
            one.hour = static_cast<int>((ends[i] - start_of(day, zone)) / std::chrono::hours(1));
            blank_.push_back(one);
        }
    }

    std::map<AssetId, std::vector<quality::Heard>> heard(
        store::Snapshot& snapshot, CompanyId company, const std::vector<AssetId>& assets,
        const Attached& attached) const {
        std::map<AssetId, std::vector<quality::Heard>> out;
        for (const auto& asset : assets) {
            auto& times = out[asset] = blank_;
            for (auto& one : times) one.expected_us = attached.expected_us(asset, one.from, one.to);
        }
        for (const auto& slot : snapshot.slots_by_asset(company, {assets, {}, {}}, ends)) {
            auto& one = out.at(slot.asset)[slot.slot];
            one.visits = slot.visits;
            one.observations = slot.observations;
            one.corrected = slot.corrected;
            // Two sensors of one asset hear at the same time.
            one.covered_us = std::min(slot.covered_us, one.expected_us);
        }
        return out;
    }

    const std::vector<Instant> ends;

  private:
    std::vector<quality::Heard> blank_;
};

/// The part of `times` that lies in [from, to).
std::span<const quality::Heard> within(
    const std::vector<quality::Heard>& times, Instant from, Instant to) {
    const auto first = std::ranges::lower_bound(times, from, {}, &quality::Heard::from);
    const auto last = std::ranges::lower_bound(times, to, {}, &quality::Heard::from);
    return {first, last};
}

/// By day, of the assets of one kind.
using Changes = std::map<Instant, std::vector<std::pair<AssetId, double>>>;

std::optional<quality::Sisters> sisters_on(const Changes& changes, AssetId asset, Instant day) {
    std::vector<double> others;
    if (const auto found = changes.find(day); found != changes.end()) {
        for (const auto& [sister, change] : found->second) {
            if (sister != asset) others.push_back(change);
        }
    }
    return quality::sisters_of(others);
}

QualityFinding told(const quality::Finding& finding, bool may_show_counts) {
    QualityFinding out{finding.kind, finding.severity, finding.from, finding.to,
                       {},           finding.shared};
    using enum quality::FindingKind;
    const bool counts = finding.kind == jump || finding.kind == spike ||
                        finding.kind == unlike_sisters || finding.kind == stuck;
    // A count of one hour is the exposure report's to show, which knows on how many devices it
    // rests.
    if (finding.kind == stuck || (counts && !may_show_counts) || !finding.value) return out;
    if (finding.kind == spike) {  // Nor may it be had of how many times the usual it is.
        out.value = std::exp2(std::floor(std::log2(*finding.value)));
        return out;
    }
    const bool is_seconds = finding.kind == silent || finding.kind == gap;
    out.value = rounded(*finding.value, is_seconds ? 0 : 3);
    return out;
}

struct Known {
    const Attached& attached;
    const Times& days;
    std::map<AssetId, std::vector<quality::Heard>> by_day, by_hour;
    std::map<std::pair<AssetId, std::size_t>, store::AssetDropped> dropped;
    std::map<std::string, Changes> changes;  // By kind.
    std::int64_t floor;

    /// The day that begins with slot `i` of the days asked for.
    QualityDay day_of(
        const store::Asset& asset, const quality::Heard& day, std::size_t slot,
        const std::string& zone) const {
        const auto id = asset.dimension.asset;
        const auto& days_of_it = by_day.at(id);
        const auto before = within(days_of_it, day.from - kWeeksBefore, day.from);
        const auto& hours = by_hour.at(id);
        quality::DayQuestion question{
            .day = day,
            .hours = within(hours, day.from, std::min(day.to, attached.now())),
            .hours_before = within(hours, day.from - kWeeksBefore, day.from),
            .usual = quality::usual_day(before, day),
            .change = {},
            .sisters = {},
            .dropped = {},
            .now = attached.now()};
        question.change = quality::change_of(question.usual, day, question.now);
        if (const auto kind = changes.find(asset.kind); kind != changes.end()) {
            question.sisters = sisters_on(kind->second, id, day.from);
        }
        if (const auto found = dropped.find({id, slot}); found != dropped.end()) {
            question.dropped = found->second.dropped;
        }
        const auto answer = quality::judge(question);
        const auto usual_visits =
            question.usual ? question.usual->rate() * static_cast<double>(day.covered_us) / 3600e6
                           : 0;
        const bool may_show_counts =
            day.visits >= floor && usual_visits >= static_cast<double>(floor);
        QualityDay out{
            .day = local_day(day.from, zone).str(),
            .from = day.from,
            .to = day.to,
            .grade = answer.grade,
            .completeness = completeness_of(day.covered_us, day.expected_us),
            .corrected = day.corrected,
            .change = {},
            .usual_days = static_cast<std::int64_t>(question.usual ? question.usual->days : 0),
            .sisters_change = {},
            .findings = {}};
        if (question.change && may_show_counts) {
            out.change = rounded(std::exp(*question.change), 3);
        }
        if (question.sisters && may_show_counts) {
            out.sisters_change = rounded(std::exp(question.sisters->change), 3);
        }
        for (const auto& finding : answer.findings) {
            out.findings.push_back(told(finding, may_show_counts));
        }
        return out;
    }
};

/// Of every kind that an asset of the page has, those and others, for comparison.
std::vector<AssetId> with_sisters(
    const std::vector<store::Asset>& all, const std::vector<const store::Asset*>& shown) {
    std::map<std::string, std::size_t> others;
    std::vector<AssetId> out;
    for (const auto* asset : shown) {
        out.push_back(asset->dimension.asset);
        others.try_emplace(asset->kind, 0);
    }
    const auto of_page = out.size();
    for (const auto& asset : all) {
        const auto id = asset.dimension.asset;
        const auto kind = others.find(asset.kind);
        if (asset.retired || kind == others.end() || kind->second == kSistersMax) continue;
        if (std::find(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(of_page), id) !=
            out.begin() + static_cast<std::ptrdiff_t>(of_page)) {
            continue;
        }
        out.push_back(id);
        ++kind->second;
    }
    return out;
}

}  // namespace

Result<QualityReport> Report::data_quality(
    const Caller& caller, const PageRequest& page, const ReportQuery& query) {
    if (query.to - query.from > kSpanMax) {
        return fail(
            ErrorKind::invalid, "too_many_days",
            "the quality of at most 35 days is told at a time: take a shorter period");
    }
    TRY(const auto after, page.after<AssetId>());
    auto snapshot = store_.snapshot();
    const auto company = snapshot->company(caller.company);
    if (!company) return fail(ErrorKind::not_found, "no_such_company", caller.company.str());
    TRY(const auto question, checked(query, company->time_zone));
    const auto all = snapshot->assets(caller.company);
    std::vector<const store::Asset*> shown;
    for (const auto& id : query.asset_id) {
        if (std::ranges::find(all, id, [](const auto& a) { return a.dimension.asset; }) ==
            all.end())
            return fail(ErrorKind::not_found, "no_such_asset", id.str());
    }
    QualityReport out;
    const auto& only = query.asset_id;
    for (const auto& asset : all) {
        const auto id = asset.dimension.asset;
        const bool wanted =
            only.empty() ? !asset.retired : std::ranges::find(only, id) != only.end();
        if (!wanted || id <= after) continue;
        if (std::ssize(shown) == page.limit) {
            out.next_cursor = shown.back()->dimension.asset.str();
            break;
        }
        shown.push_back(&asset);
    }
    std::vector<AssetId> of_page;
    for (const auto* asset : shown) of_page.push_back(asset->dimension.asset);

    const auto& zone = question.zone;
    const Attached attached(snapshot->attachments(caller.company), clock_.now());
    const Times asked(query.from, query.to, Grain::day, zone);
    const auto first = asked.ends.front();
    const Times days(first - kWeeksBefore, asked.ends.back(), Grain::day, zone);
    const Times hours(first - kWeeksBefore, asked.ends.back(), Grain::hour, zone);
    Known known{attached, days, {}, {}, {}, {}, floor_of(*company)};
    if (!of_page.empty()) {
        known.by_day = days.heard(*snapshot, caller.company, with_sisters(all, shown), attached);
        known.by_hour = hours.heard(*snapshot, caller.company, of_page, attached);
        // What is said of days is made of their counts as they are shown: see disclosure.h.
        for (auto& [asset, its_days] : known.by_day) {
            for (auto& day : its_days) day.visits = to_grid(day.visits, known.floor);
        }
        for (auto& one :
             snapshot->dropped_by_asset(caller.company, {of_page, {}, {}}, asked.ends)) {
            known.dropped.insert({{one.asset, one.slot}, one});
        }
    }
    for (const auto& asset : all) {
        const auto found = known.by_day.find(asset.dimension.asset);
        if (found == known.by_day.end()) continue;
        for (const auto& day : within(found->second, first, asked.ends.back())) {
            const auto before = within(found->second, day.from - kWeeksBefore, day.from);
            const auto change =
                quality::change_of(quality::usual_day(before, day), day, attached.now());
            if (change) {
                known.changes[asset.kind][day.from].push_back({asset.dimension.asset, *change});
            }
        }
    }
    for (const auto* asset : shown) {
        AssetQuality item{asset->dimension.asset, {}};
        const auto its = within(known.by_day.at(item.asset_id), first, asked.ends.back());
        for (std::size_t i = 0; i < its.size(); ++i) {
            item.days.push_back(known.day_of(*asset, its[i], i, zone));
        }
        out.items.push_back(std::move(item));
    }
    out.as_of = snapshot->as_of(caller.company);
    out.time_zone = zone;
    out.synthetic = company->synthetic;
    out.suppress_below = floor_of(*company);
    return out;
}

}  // namespace mobilytics::report
