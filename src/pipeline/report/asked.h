#pragma once
// A question that was checked, and the snapshot that answers it. For report.cpp and what else has
// the report's operations.

#include "pipeline/report/report.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

struct Report::Asked {
    Question question;
    std::unique_ptr<store::Snapshot> snapshot;
    store::Company company;
    std::vector<measure::Attachment> attachments;
    Instant now;
};

}  // namespace mobilytics::report
