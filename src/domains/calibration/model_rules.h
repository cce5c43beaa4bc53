#pragma once
// What may become of a model, where it applies and how good it is: pure functions.

#include <span>
#include <vector>

#include "domains/calibration/calibration.h"

namespace mobilytics::calibration {

inline constexpr std::int64_t kFreshDays = 90;
inline constexpr std::int64_t kAgeingDays = 365;
inline constexpr std::size_t kQuartersMin = 4;  // An hour, to fit a factor to.
inline constexpr std::chrono::days kComparedMax{31};

/// Exactly what the scope asks for: invalid `bad_fit`, with every fault.
Result<> sound(const NewFit& wanted);

/// conflict `not_a_draft`, `second_person`.
Result<Model> published(
    Model draft, const Caller& by, bool second_person, Instant from, Instant now);
/// conflict `retired`.
Result<Model> retired(Model model, const Caller& by, std::string reason, Instant now);

/// With its age on this day, and what that and its drift say of it.
Model aged(Model model, Instant now);

/// What applies when `next` applies from its beginning on: what began later is gone, what was
/// there ends where it begins.
std::vector<Applied> followed_by(std::vector<Applied> spans, const Applied& next);
/// What applies when a model applies no more from `now` on.
std::vector<Applied> without(std::vector<Applied> spans, ModelId model, Instant now);
/// What applies to one asset: its own, and in its gaps its class's.
std::vector<Applied> laid_over(std::span<const Applied> own, std::span<const Applied> of_class);

Applied applied_of(const Model& model, Instant from, std::optional<Instant> to);

}  // namespace mobilytics::calibration
