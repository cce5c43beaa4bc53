#include "domains/calibration/model_rules.h"

#include <algorithm>

#include "foundation/zone.h"

namespace mobilytics::calibration {

namespace {

constexpr Instant kNever = Instant::max();

Instant end_of(const Applied& span) { return span.to.value_or(kNever); }

/// The part of a span in [from, to); none where there is none.
std::optional<Applied> part_of(Applied span, Instant from, Instant to) {
    const auto end = std::min(end_of(span), to);
    span.from = std::max(span.from, from);
    if (span.from >= end) return std::nullopt;
    span.to = end == kNever ? std::nullopt : std::optional(end);
    return span;
}

}  // namespace

Result<> sound(const NewFit& wanted) {
    std::vector<Fault> faults;
    const auto only_of = [&](const char* field, bool given, bool wants) {
        if (given && !wants) faults.push_back({field, "is not of this scope: leave it out"});
        if (!given && wants) faults.push_back({field, "is to be there for this scope"});
    };
    only_of("/asset_id", wanted.asset_id.has_value(), wanted.scope == Scope::asset);
    only_of("/class_id", wanted.class_id.has_value(), wanted.scope == Scope::class_);
    if (wanted.count_ids && wanted.count_ids->empty()) {
        faults.push_back({"/count_ids", "names no count: leave it out for all of them"});
    }
    if (faults.empty()) return {};
    return tl::unexpected(
        Error{ErrorKind::invalid, "bad_fit", "what is to be fitted has faults", std::move(faults)});
}

Result<Model> published(
    Model draft, const Caller& by, bool second_person, Instant from, Instant now) {
    if (draft.state != ModelState::draft) {
        return fail(
            ErrorKind::conflict, "not_a_draft",
            "only a draft is published: this model is " + std::string(word(draft.state)));
    }
    if (second_person && draft.fitted_by == by.actor()) {
        return fail(
            ErrorKind::conflict, "second_person",
            "whoever fitted a model does not publish it here: ask somebody else to");
    }
    draft.state = ModelState::published;
    draft.published_at = now;
    draft.published_by = by.actor();
    draft.valid_from = from;
    return draft;
}

Result<Model> retired(Model model, const Caller& by, std::string reason, Instant now) {
    if (model.state == ModelState::retired) {
        return fail(ErrorKind::conflict, "retired", "this model is retired already");
    }
    model.state = ModelState::retired;
    model.retired_at = now;
    model.retired_by = by.actor();
    model.reason = std::move(reason);
    return model;
}

Model aged(Model model, Instant now) {
    const auto newest = LocalDay::parse(model.newest_day);
    VERIFY(newest);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    model.age_days =
        std::max<std::int64_t>(0, (today - std::chrono::sys_days(newest->date)).count());
    if (model.drift && model.drift->alarm) {
        model.quality = Quality::drifting;
    } else if (model.age_days <= kFreshDays) {
        model.quality = Quality::fresh;
    } else {
        model.quality = model.age_days <= kAgeingDays ? Quality::ageing : Quality::old;
    }
    return model;
}

std::vector<Applied> followed_by(std::vector<Applied> spans, const Applied& next) {
    std::vector<Applied> out;
    for (auto& span : spans) {
        if (auto before = part_of(std::move(span), Instant::min(), next.from)) {
            out.push_back(*std::move(before));
        }
    }
    out.push_back(next);
    return out;
}

std::vector<Applied> without(std::vector<Applied> spans, ModelId model, Instant now) {
    std::vector<Applied> out;
    for (auto& span : spans) {
        const bool ends = span.model == model && !span.to;
        auto kept = part_of(std::move(span), Instant::min(), ends ? now : kNever);
        if (kept) out.push_back(*std::move(kept));
    }
    return out;
}

std::vector<Applied> laid_over(std::span<const Applied> own, std::span<const Applied> of_class) {
    std::vector<Applied> out(own.begin(), own.end());
    for (const auto& below : of_class) {
        auto from = below.from;
        for (const auto& above : own) {
            if (auto gap = part_of(below, from, above.from)) out.push_back(*std::move(gap));
            from = std::max(from, end_of(above));
        }
        if (from == kNever) continue;
        if (auto rest = part_of(below, from, kNever)) out.push_back(*std::move(rest));
    }
    std::ranges::sort(out, {}, &Applied::from);
    return out;
}

Applied applied_of(const Model& model, Instant from, std::optional<Instant> to) {
    return {
        .model = model.id,
        .version = model.version,
        .scope = model.scope,
        .input = model.input,
        .gate_dbm = model.gate_dbm,
        .factor = model.factor,
        .low = model.factor_low,
        .high = model.factor_high,
        .dispersion = model.dispersion,
        .error = model.error,
        .quarters = model.quarters,
        .days = model.days,
        .newest_day = model.newest_day,
        .drifting = model.drift && model.drift->alarm,
        .from = from,
        .to = to,
    };
}

}  // namespace mobilytics::calibration
