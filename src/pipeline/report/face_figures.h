#pragma once
// What was heard at a face's asset while it was there, and the metrics of the registry that are
// made of it. Pure functions.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/report/disclosure.h"
#include "pipeline/report/face_rules.h"
#include "pipeline/report/metrics/reach.h"

namespace mobilytics::report {

/// What may be told of some visits to an asset: of blocks alone, and so also what is made of it.
struct FaceTold {
    std::vector<Opportunities> met;  // Of each slot: of those of `whole`, a part each.
    std::vector<bool> hide;          // Of each slot: something was there that may not be shown.
    /// Visits, devices and single sightings as they are shown. `dwell_bins` but the first two are
    /// for a median alone.
    store::Figures whole;
    std::vector<store::Figures> by_day;
    bool held_back = false;

    bool is_hidden() const { return held_back && whole.devices == 0; }
};
/// Of each slot, of each day, and which day a slot is of. What a day is told of that its hours are
/// not, is spread over its slots: nobody can say of whom, and so not when.
FaceTold face_told(
    std::span<const Published> slots, std::span<const Published> days,
    std::span<const std::size_t> day_of, std::int64_t floor);

struct FaceHeard : FaceTold {
    std::vector<store::Face> versions;  // In their order; at least one.
    std::vector<Instant> slots;         // face_slots().
    std::vector<Instant> days;          // The company's, from the first slot to the last.
    std::optional<metrics::Calibration> calibration;
    std::optional<metrics::Spot> where;
    std::string zone;

    const store::Face& last() const { return versions.back(); }
    bool there() const { return slots.size() > 1; }
    store::Period slot(std::size_t i) const { return {slots[i], slots[i + 1]}; }
};

/// Puts figures and reasons into an answer: each metric once.
class FaceTeller {
  public:
    explicit FaceTeller(FaceReport& out) : out_(out) {}
    void figure(const metrics::Value& value) { out_.figures.push_back(shown_figure(value)); }
    /// Of one that is not counted, as it is shown.
    void figure(metrics::MetricId metric, std::optional<double> value, const char* why);
    void price(const std::optional<FaceFigure>& price, metrics::MetricId metric);
    void absent(metrics::MetricId metric, std::string why) {
        out_.absent.push_back({metric, std::move(why)});
    }
    FaceReport& out() { return out_; }

  private:
    FaceReport& out_;
};

metrics::Value face_ots(const FaceHeard& heard);

/// How the face was seen in a slot; none, with the reason, where something is not known.
struct Seen {
    std::optional<metrics::Visibility> visibility;
    std::string why;
};
Seen seen_in(const FaceHeard& heard, std::size_t slot);

/// What stands still: the value and its factors; or why there is none.
struct Likely {
    std::optional<metrics::Value> value;
    std::vector<FaceFactor> factors;
    std::string why;
};
Likely face_lts(const FaceHeard& heard);

/// Of a vehicle, by how it moved; of each slot.
struct Moved {
    std::vector<Opportunities> driving, parked;
    double vehicle_m_s = 0;     // On average, while driving.
    double oncoming_share = 0;  // Of those whom it met while driving.
};
struct MovedLikely {
    std::optional<metrics::MovingExposure> exposure;
    std::vector<FaceFactor> factors;  // Of moving impressions.
    std::string why;
};
MovedLikely face_moved(const FaceHeard& heard, const Moved& moved);

void tell_dwell(const FaceHeard& heard, FaceTeller& tell);
void tell_points(
    const metrics::Value& ots, const std::optional<Population>& market, const FaceQuery& query,
    FaceTeller& tell);

}  // namespace mobilytics::report
