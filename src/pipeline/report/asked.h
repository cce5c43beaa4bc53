#pragma once
// A question that was checked, and the snapshot that answers it. For report.cpp and what else has
// the report's operations.

#include "pipeline/report/face_figures.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

/// Of a ReachSketch, relative.
inline constexpr double kStandardError = 0.0081;

struct Report::Asked {
    Question question;
    std::unique_ptr<store::Snapshot> snapshot;
    store::Company company;
    std::vector<measure::Attachment> attachments;
    Instant now;
};

/// A question about one face.
struct Report::AskedFace {
    Asked asked;
    store::Asset asset;
    FaceHeard heard;
};

}  // namespace mobilytics::report
