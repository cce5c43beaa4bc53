#pragma once
// Who asked not to be counted: a company's list of addresses, which all its sensors follow. What is
// kept of an address is its digest, with a key that is sealed as salts are; the address itself is
// nowhere, and no answer, log or audit entry has it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/secret.h"
#include "foundation/vocabulary.h"

namespace mobilytics::crypto {
class SealedBox;
}
namespace mobilytics::fleet {
class Fleet;
}
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::optouts {

using OptOutId = Id<struct OptOut>;
inline constexpr std::int64_t kOptOutsMax = 10'000;  // Of a company: sensors keep it in memory.

struct OptOutAddress {
    std::string address;
};
struct OptOut {
    static constexpr std::string_view kIdPrefix = "optout";

    OptOutId id;
    std::string mark;  // Of its digest the first 8 digits.
    Instant added_at;
};
struct OptOutCheck {
    bool listed = false;
    std::optional<OptOut> opt_out;
};

struct OptOutSensor {
    DeviceId device_id;
    std::string name;
    bool follows = false;  // The newest list.
    std::optional<Instant> since;
};
struct OptOutList {
    std::vector<OptOut> items;
    std::optional<std::string> next_cursor;
    std::int64_t count = 0;  // In all.
    std::int64_t most = kOptOutsMax;
    std::optional<Instant> changed_at;  // None while nobody was ever on it.
    std::int64_t sensors_in_all = 0, sensors_following = 0;
    std::vector<OptOutSensor> sensors;  // At most 200, those that do not follow first.
};

/// What a sensor follows.
struct ListForSensors {
    std::string version;
    std::optional<Secret<std::string>> key;  // 64 hexadecimal digits; none while there is no list.
    std::vector<std::string> digests;        // 32 hexadecimal digits each.
};

/// Every operation is one transaction, and sees the rows of the caller's company only.
class OptOuts {
  public:
    struct Needs {
        pg::Pool& pool;
        const Clock& clock;
        fleet::Fleet& fleet;
        const crypto::SealedBox& seal;
    };
    /// What it is given must outlive this.
    explicit OptOuts(const Needs& needs) : needs_(needs) {}

    /// invalid `bad_id`, for a cursor that we did not give.
    Result<OptOutList> list_opt_outs(const Caller& caller, const PageRequest& page);
    /// invalid `bad_address`, `randomised_address`, `group_address`; conflict `opt_outs_full`.
    Result<OptOut> add_opt_out(const Caller& caller, const OptOutAddress& wanted);
    /// invalid, as above.
    Result<OptOutCheck> check_opt_out(const Caller& caller, const OptOutAddress& wanted);
    /// not_found `no_such_opt_out`.
    Result<> remove_opt_out(const Caller& caller, OptOutId id);

    /// For a sensor, which says what it has: none where that is the newest, and it is noted that it
    /// follows it. not_found `no_such_device`; conflict `device_revoked`.
    Result<std::optional<ListForSensors>> list_for(
        CompanyId company, DeviceId device, const std::string& has_version);

  private:
    Needs needs_;
};

}  // namespace mobilytics::optouts
