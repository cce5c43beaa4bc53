#pragma once
// Entries as others read them: a line of CSV, or a CloudEvent.

#include <string>
#include <string_view>

#include "domains/history/history.h"
#include "platform/audit/history.h"

namespace mobilytics::history {

std::string_view type_of(Format format);
/// What stands before the first entry.
std::string_view head_of(Format format);

/// csv: RFC 4180; what a spreadsheet would take for a formula has an apostrophe before it.
/// cloudevents: CloudEvents 1.0 in its JSON format; source and id together are unique.
std::string text_of(Format format, const audit::Record& record);

}  // namespace mobilytics::history
