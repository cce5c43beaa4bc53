#include "domains/optouts/optouts.h"

#include <algorithm>

#include "domains/fleet/fleet.h"
#include "domains/optouts/optout_rules.h"
#include "domains/optouts/optout_store.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"

namespace mobilytics::optouts {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kVersionBytes = 8;
constexpr std::size_t kMarkDigits = 8;
constexpr std::size_t kSensorsShown = 200;
constexpr std::string_view kNoList = "none";  // The version while nobody was ever on it.

std::string about_key(CompanyId company) { return company.uuid() + "/opt-outs"; }

std::string fresh_version() { return crypto::to_hex(crypto::random_bytes(kVersionBytes)); }

OptOut told(const EntryRow& row) {
    return {row.id, row.digest.substr(0, kMarkDigits), row.added_at};
}

Secret<std::string> opened(
    const crypto::SealedBox& seal, CompanyId company, const std::string& sealed) {
    auto key = seal.open(sealed, about_key(company));
    if (!key) throw std::runtime_error("a list was sealed with another key than pki/salt.key");
    return *std::move(key);
}

/// With the mark of the digest alone: who has the key can find it again.
void record(
    pg::Transaction& tx, const Caller& by, Instant now, const char* action, OptOutId id,
    std::int64_t count) {
    audit::append(
        tx, now,
        {.action = action,
         .actor = audit::actor_of(by),
         .targets = {{"opt_out", id.str()}},
         .after = boost::json::object{{"count", count}}});
}

/// Those that do not follow first, each by name.
bool is_told_before(const OptOutSensor& a, const OptOutSensor& b) {
    if (a.follows != b.follows) return !a.follows;
    return std::pair(a.name, a.device_id) < std::pair(b.name, b.device_id);
}

}  // namespace

Result<OptOutList> OptOuts::list_opt_outs(const Caller& caller, const PageRequest& page) {
    TRY(const auto after, page.after<OptOutId>());
    std::vector<fleet::Device> devices;
    PageRequest each{.cursor = {}, .limit = PageRequest::kLimitMax};
    for (;;) {
        TRY(auto some, needs_.fleet.list_devices(caller, each));
        for (auto& device : some.items) {
            if (device.state == fleet::DeviceState::active) devices.push_back(std::move(device));
        }
        if (!some.next_cursor) break;
        each.cursor = *some.next_cursor;
    }
    OptOutList out;
    auto tx = needs_.pool.begin(caller.company);
    const auto list = select_list(tx);
    const auto rows = select_after(tx, after, page.limit + 1);
    const auto known = followers(tx);
    out.count = count_entries(tx);
    for (const auto& row : rows) {
        if (std::ssize(out.items) == page.limit) {
            out.next_cursor = out.items.back().id.str();
            break;
        }
        out.items.push_back(told(row));
    }
    if (list) out.changed_at = list->changed_at;
    const auto newest = list ? list->version : std::string(kNoList);
    for (const auto& device : devices) {
        const auto it = known.find(device.id);
        const bool follows = it != known.end() && it->second.version == newest;
        out.sensors.push_back(
            {device.id, device.name, follows,
             follows ? std::optional(it->second.since) : std::nullopt});
        if (follows) ++out.sensors_following;
    }
    out.sensors_in_all = std::ssize(out.sensors);
    std::sort(out.sensors.begin(), out.sensors.end(), is_told_before);
    if (out.sensors.size() > kSensorsShown) out.sensors.resize(kSensorsShown);
    return out;
}

Result<OptOut> OptOuts::add_opt_out(const Caller& caller, const OptOutAddress& wanted) {
    TRY(const auto address, address_to_opt_out(wanted.address));
    const auto now = needs_.clock.now();
    const Secret fresh(crypto::to_hex(crypto::random_bytes(kKeyBytes)));
    auto tx = needs_.pool.begin(caller.company);
    const auto list = insert_or_lock(
        tx, {.sealed_key = needs_.seal.seal(fresh, about_key(caller.company)),
             .version = fresh_version(),
             .changed_at = now});
    const auto key = opened(needs_.seal, caller.company, list.sealed_key);
    const auto digest = digest_of(key, address);
    if (const auto there = select_by_digest(tx, digest)) return told(*there);
    const auto count = count_entries(tx);
    if (count >= kOptOutsMax) {
        return fail(
            ErrorKind::conflict, "opt_outs_full",
            "the list has 10 000 addresses, which is all that sensors keep: take off some that are "
            "not wanted any more");
    }
    const EntryRow entry{OptOutId::fresh(now), digest, now};
    insert(tx, entry);
    update_version(tx, fresh_version(), now);
    record(tx, caller, now, "optouts.opt_out_added", entry.id, count + 1);
    tx.commit();
    return told(entry);
}

Result<OptOutCheck> OptOuts::check_opt_out(const Caller& caller, const OptOutAddress& wanted) {
    TRY(const auto address, address_to_opt_out(wanted.address));
    auto tx = needs_.pool.begin(caller.company);
    const auto list = select_list(tx);
    if (!list) return OptOutCheck{};
    const auto key = opened(needs_.seal, caller.company, list->sealed_key);
    const auto there = select_by_digest(tx, digest_of(key, address));
    if (!there) return OptOutCheck{};
    return OptOutCheck{true, told(*there)};
}

Result<> OptOuts::remove_opt_out(const Caller& caller, OptOutId id) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    if (!remove(tx, id)) return fail(ErrorKind::not_found, "no_such_opt_out", id.str());
    update_version(tx, fresh_version(), now);
    record(tx, caller, now, "optouts.opt_out_removed", id, count_entries(tx));
    tx.commit();
    return {};
}

Result<std::optional<ListForSensors>> OptOuts::list_for(
    CompanyId company, DeviceId device, const std::string& has_version) {
    CHECK(needs_.fleet.check_device(company, device));
    auto tx = needs_.pool.begin(company);
    const auto list = select_list(tx);
    const auto newest = list ? list->version : std::string(kNoList);
    if (has_version == newest) {
        note_follower(tx, device, newest, needs_.clock.now());
        tx.commit();
        return std::optional<ListForSensors>();
    }
    ListForSensors out{newest, {}, {}};
    if (list) {
        out.key = opened(needs_.seal, company, list->sealed_key);
        out.digests = all_digests(tx);
    }
    return std::optional(std::move(out));
}

}  // namespace mobilytics::optouts
