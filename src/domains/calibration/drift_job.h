#pragma once
// Looks, some time after counts have ended, whether they still fit what is published: by then the
// facts of those quarters are there.

#include <string_view>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::pg {
class Transaction;
}

namespace mobilytics::calibration {

struct LookForDrift {
    static constexpr std::string_view kName = "calibration.look_for_drift.v1";
    boost::json::value to_json() const;
    static LookForDrift from_json(const boost::json::value&) { return {}; }
};

/// Of the transaction's company, in half an hour; once, however often it is said until then.
void look_later(pg::Transaction& tx, Instant now);

}  // namespace mobilytics::calibration
