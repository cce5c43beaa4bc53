#pragma once
// A question that was checked, and the snapshot that answers it. For report.cpp and what else has
// the report's operations.

#include "pipeline/report/disclosure.h"
#include "pipeline/report/face_figures.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_rules.h"
#include "pipeline/report/uncounted.h"

namespace mobilytics::report {

/// Of a ReachSketch, relative.
inline constexpr double kStandardError = 0.0081;

struct Report::Asked {
    Question question;
    std::unique_ptr<store::Snapshot> snapshot;
    store::Company company;
    std::vector<measure::Attachment> attachments;
    Instant now;
    std::int64_t floor = 0;  // Of the company: figures that rest on fewer devices are held back.
    Uncounted uncounted;

    bool is_uncounted() const { return uncounted.is_all(question.filter); }
    /// Between neighbours of `ends`: see disclosure.h.
    std::vector<Published> published(
        std::span<const Instant> ends, Fineness fineness = Fineness::hours) {
        return published_of(question.filter, ends, fineness);
    }
    std::vector<Published> published_of(
        const store::Filter& filter, std::span<const Instant> ends,
        Fineness fineness = Fineness::hours) {
        if (is_uncounted()) return std::vector(ends.size() - 1, Published::nothing());
        return report::published(*snapshot, company.id, filter, ends, how(fineness));
    }
    Telling how(Fineness fineness = Fineness::hours) const {
        return {company.time_zone, now, floor, fineness};
    }
};

/// A question about one face.
struct Report::AskedFace {
    Asked asked;
    store::Asset asset;
    FaceHeard heard;
};

}  // namespace mobilytics::report
