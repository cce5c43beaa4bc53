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
        const auto of = lattice(ends, company.time_zone, now, fineness, floor);
        if (is_uncounted()) return std::vector(ends.size() - 1, Published::nothing());
        const auto parts = snapshot->blocks(company.id, question.filter, of.question);
        return gathered(parts, of, ends.size() - 1, floor);
    }
};

/// A question about one face.
struct Report::AskedFace {
    Asked asked;
    store::Asset asset;
    FaceHeard heard;
};

}  // namespace mobilytics::report
