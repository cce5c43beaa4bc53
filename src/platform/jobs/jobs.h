#pragma once
// Work to be done later, kept in PostgreSQL: this is what those include who give it, and who do it.
// A job is enqueued in the transaction that it belongs to, so that it is there exactly when that
// is. It is done at least once and its effect happens once: what a handler changes in the database
// is one transaction with its completion, which only the holder of the job's lease can commit. What
// it does elsewhere (mail, an HTTP request) may be repeated when a process dies meanwhile: give the
// other side JobRun::idempotency_key(), which is the same each time.
//
//   workers.h   runs them        queue.h   shows, retries and cancels them        cron.h   when

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"
#include "platform/pg/pg.h"

namespace mobilytics::jobs {

struct JobIdentity {
    static constexpr std::string_view kIdPrefix = "job";
};
using JobId = Id<JobIdentity>;

/// scheduled: later; retryable: failed, and later again; discarded: a dead letter, kept until it is
/// redriven or forgotten. The last three are final.
BOOST_DEFINE_ENUM_CLASS(
    State, available, scheduled, retryable, running, completed, cancelled, discarded)

/// Within a kind, none is taken while one of an earlier word waits.
BOOST_DEFINE_ENUM_CLASS(Priority, urgent, high, normal, low)

/// A set of states.
using States = std::uint32_t;
constexpr States states(std::initializer_list<State> list) {
    States out = 0;
    for (const auto state : list) out |= 1U << static_cast<unsigned>(state);
    return out;
}
inline constexpr States kWaiting = states({State::available, State::scheduled, State::retryable});
inline constexpr States kUnfinished = kWaiting | states({State::running});
inline constexpr States kFinished = states({State::completed, State::cancelled, State::discarded});

/// A struct in its owner's face: kName, "mail.send.v1", to_json() and static from_json().
template <class T>
concept Payload = requires(const T& payload, const boost::json::value& json) {
    { T::kName } -> std::convertible_to<std::string_view>;
    { payload.to_json() } -> std::convertible_to<boost::json::value>;
    { T::from_json(json) } -> std::same_as<T>;
};

inline constexpr std::size_t kPayloadBytesMax = 64 << 10;  // More belongs into a table or a file.
inline constexpr std::size_t kUniqueKeyBytesMax = 200;

struct Options {
    Priority priority = Priority::normal;
    std::optional<Instant> due = {};       // None: as soon as may be.
    std::optional<Instant> deadline = {};  // Not begun, or begun again, after it: discarded.
    int attempts_max = 0;                  // 0: as many as its kind's handler says.
    /// None other of this company, kind and key is enqueued while one is in `unique_in`: kWaiting
    /// at least, and running too where it has a final state.
    std::string unique_key = {};
    States unique_in = kUnfinished;
};

struct Enqueued {
    JobId id;
    bool fresh = true;  // False: this is the one that was there, of the same unique key.
};

/// One job, not typed. VERIFYs the limits above.
Enqueued enqueue(
    pg::AnyTransaction& tx, CompanyId company, Instant now, std::string_view kind,
    const boost::json::value& payload, const Options& options);
/// Many at once, without unique keys.
std::vector<JobId> enqueue_all(
    pg::AnyTransaction& tx, CompanyId company, Instant now, std::string_view kind,
    const std::vector<boost::json::value>& payloads, const Options& options);

/// In a transaction of a company.
template <Payload T>
Enqueued enqueue(pg::Transaction& tx, Instant now, const T& payload, const Options& options = {}) {
    return enqueue(tx, tx.company(), now, T::kName, payload.to_json(), options);
}
/// In one of the system: for a company, or for none, CompanyId().
template <Payload T>
Enqueued enqueue(
    pg::SystemTransaction& tx, CompanyId company, Instant now, const T& payload,
    const Options& options = {}) {
    return enqueue(tx, company, now, T::kName, payload.to_json(), options);
}
template <Payload T>
std::vector<JobId> enqueue_all(
    pg::AnyTransaction& tx, CompanyId company, Instant now, const std::vector<T>& payloads,
    const Options& options = {}) {
    std::vector<boost::json::value> json;
    for (const auto& payload : payloads) json.push_back(payload.to_json());
    return enqueue_all(tx, company, now, T::kName, json, options);
}

/// Why a handler should end soon; what it has done until then is not lost: it says what it wants.
BOOST_DEFINE_ENUM_CLASS(StopReason, none, cancelled, run_too_long, too_late, draining, lease_lost)

/// What a handler knows of the job that it does, and tells of it. Of one thread, but for stop().
class JobRun {
  public:
    CompanyId company;
    JobId id;
    int attempt = 1;  // From 1.
    int attempts_max = 1;
    Instant enqueued_at;

    /// The same at every attempt of this job, and of no other: for others to know it again by.
    std::string idempotency_key() const { return id.str(); }
    /// Asked now and then by what takes long. True: end soon, with Cancelled or by an exception.
    bool should_stop() const { return stop_reason() != StopReason::none; }
    StopReason stop_reason() const { return stop_->load(); }
    /// Shown to staff some seconds later. `percent` is 0 to 100.
    void progress(int percent, std::string note = {});

  private:
    friend struct RunAccess;
    struct Told;
    std::shared_ptr<std::atomic<StopReason>> stop_ =
        std::make_shared<std::atomic<StopReason>>(StopReason::none);
    std::shared_ptr<Told> told_;
};

/// It is done. `effects` are run in the transaction that completes it, after the lease was proven:
/// all of it stands, or none. They may enqueue, publish and write; they must not wait for others.
template <class Tx>
struct DoneIn {
    std::function<void(Tx&)> effects = {};
};
using Done = DoneIn<pg::Transaction>;
using SystemDone = DoneIn<pg::SystemTransaction>;

/// Not now: again after `wait`, at no cost of an attempt.
struct Snooze {
    std::chrono::milliseconds wait;
};
/// It did not work. Again with back-off, or after `wait` where that is longer; or never.
struct Failed {
    std::string code;     // For programs and lists: "mail_refused".
    std::string message;  // For staff. No secrets, no personal data.
    bool permanent = false;
    std::optional<std::chrono::milliseconds> wait = {};
    /// Written with the failure, where the database can be reached: what the owner keeps of it.
    std::function<void(pg::Transaction&)> effects = {};
};
/// It ends here, and that is nobody's fault.
struct Cancelled {
    std::string why;
};

using Outcome = std::variant<Done, Snooze, Failed, Cancelled>;
using SystemOutcome = std::variant<SystemDone, Snooze, Failed, Cancelled>;

}  // namespace mobilytics::jobs
