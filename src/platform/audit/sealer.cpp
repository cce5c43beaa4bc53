#include "platform/audit/sealer.h"

#include <algorithm>
#include <map>
#include <set>

#include <boost/json/serialize.hpp>

#include "foundation/log.h"
#include "platform/audit/trail_store.h"
#include "platform/crypto/signing.h"
#include "platform/objects/objects.h"

namespace mobilytics::audit {

namespace {

using std::chrono::hours;

constexpr std::int64_t kHashesAtOnce = 20'000;

constexpr pg::Query kLatest{"audit.latest", R"sql(
    SELECT greatest((SELECT max(sealed_at) FROM audit.head),
                    (SELECT max(hour) + interval '1 hour' FROM audit.root)) AS at
)sql"};

constexpr pg::Query kAddMonth{"audit.add_month", "SELECT audit.add_month($1::text::date)"};

constexpr pg::Query kSeal{"audit.seal", R"sql(
    SELECT audit.seal($1, $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[]) AS moved
)sql"};

constexpr pg::Query kMoveHeads{"audit.move_heads", R"sql(
    SELECT audit.move_heads($1, $2::uuid[], $3::bigint[], $4::bytea[], $5::bytea[])
)sql"};

constexpr pg::Query kWaitingSince{"audit.waiting_since", R"sql(
    SELECT count(*) AS count, min(occurred_at) AS since
    FROM (SELECT occurred_at FROM audit.entry ORDER BY transaction_id, number LIMIT 100000) e
)sql"};

constexpr pg::Query kUnrooted{"audit.unrooted", R"sql(
    SELECT h.company_id FROM audit.head h
    WHERE h.position > coalesce((SELECT max(r.last_position) FROM audit.root r
                                 WHERE r.company_id = h.company_id), 0)
    ORDER BY h.company_id
)sql"};

constexpr pg::Query kLastRoot{"audit.last_root", R"sql(
    SELECT last_position, last_sha256 FROM audit.root WHERE company_id = $1
    ORDER BY first_position DESC LIMIT 1
)sql"};

constexpr pg::Query kHashes{"audit.hashes", R"sql(
    SELECT position, sealed_at, sha256 FROM audit.sealed
    WHERE company_id = $1 AND position > $2 AND sealed_at < $3
    ORDER BY position LIMIT $4
)sql"};

// The first is the oldest; partitions are named by their months.
constexpr pg::Query kMonthsBefore{"audit.months_before", R"sql(
    SELECT replace(substr(c.relname, 8), '_', '-') || '-01' AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit.sealed'::regclass
      AND replace(substr(c.relname, 8), '_', '-') || '-01' < $1
    ORDER BY 1
)sql"};

constexpr pg::Query kOfMonth{"audit.of_month", R"sql(
    SELECT DISTINCT ON (s.company_id) s.company_id, s.position AS last, s.sha256,
           min(s.position) OVER (PARTITION BY s.company_id) AS first
    FROM audit.sealed s WHERE s.sealed_at >= $1 AND s.sealed_at < $2
    ORDER BY s.company_id, s.position DESC
)sql"};

constexpr pg::Query kDropMonth{"audit.drop_month", "SELECT audit.drop_month($1::text::date)"};

std::string month_of(Instant at) { return to_iso8601(at).substr(0, 7) + "-01"; }

Instant first_of(std::chrono::year_month month) {
    return std::chrono::sys_days(month / std::chrono::day(1));
}

std::string hour_name(Instant hour) { return to_iso8601(hour).substr(0, 13); }

struct Hash {
    std::int64_t position;
    Instant sealed_at;
    Sha256 sha256;
};

Hash hash_from(const pg::Row& row) {
    return {
        row.get<std::int64_t>("position"), row.get<Instant>("sealed_at"),
        row.get<Sha256>("sha256")};
}

/// A batch, in the form in which it is sent.
struct Batch {
    std::vector<std::int64_t> numbers, positions;
    std::vector<Sha256> previous, hashes, details;
};

Batch chained(
    const std::vector<KeptEntry>& waiting, std::map<CompanyId, Head>& ends, Instant sealed_at) {
    Batch out;
    for (const auto& entry : waiting) {
        auto& end =
            ends.try_emplace(entry.company, Head{entry.company, 0, kNothingBefore}).first->second;
        out.numbers.push_back(entry.number);
        out.previous.push_back(end.sha256);
        out.details.push_back(entry.details_sha256);
        end.sha256 = digest_of(end.sha256, entry, sealed_at);
        out.hashes.push_back(end.sha256);
        out.positions.push_back(++end.position);
    }
    return out;
}

}  // namespace

Sealer::Sealer(
    pg::SystemPool& pool, objects::Objects& objects, const crypto::SigningKey& key,
    const Clock& clock, metrics::Registry& metrics, SealerConfig config)
    : pool_(pool),
      objects_(objects),
      key_(key),
      clock_(clock),
      config_(config),
      sealed_(metrics.counter(
          "mobilytics_audit_sealed_total", "Entries that were put into their chains.")),
      roots_(metrics.counter("mobilytics_audit_roots_total", "Hourly roots that were signed.")),
      failures_(metrics.counter(
          "mobilytics_audit_failures_total", "Rounds of the sealer that came to nothing.")),
      waiting_(metrics.gauge("mobilytics_audit_waiting", "Entries that are in no chain yet.")),
      lag_(metrics.gauge(
          "mobilytics_audit_lag_seconds", "Age of the oldest entry that is in no chain yet.")) {}

Sealer::~Sealer() { stop(); }

void Sealer::start() {
    VERIFY(!thread_);
    thread_.emplace([this] { run(); });
}

void Sealer::stop() {
    if (!thread_) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_->join();
    thread_.reset();
}

void Sealer::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        try {
            once();
        } catch (const std::exception& failure) {
            failures_.Increment();
            log::warning("audit_waits", {{"why", failure.what()}});
        }
        lock.lock();
        changed_.wait_for(lock, config_.every, [this] { return stopping_; });
    }
}

void Sealer::once() {
    const auto stopping = [this] {
        const std::lock_guard lock(mutex_);
        return stopping_;
    };
    while (seal() == config_.batch_max && !stopping()) continue;
    sign_roots();
    if (clock_.now() < let_go_at_) return;
    let_go();
    let_go_at_ = clock_.now() + config_.let_go_every;
}

Instant Sealer::time_of_sealing(pg::SystemTransaction& tx) {
    // A clock that was set back must not put entries into an hour whose root is signed.
    const auto latest =
        tx.run(kLatest).first([](const pg::Row& row) { return row.optional<Instant>("at"); });
    const auto at = std::max(clock_.now(), latest->value_or(Instant::min()));
    if (const auto month = month_of(at); month != month_there_) {
        tx.run(kAddMonth, month);
        month_there_ = month;
    }
    return at;
}

void Sealer::measure(pg::SystemTransaction& tx) {
    tx.run(kWaitingSince).first([this](const pg::Row& row) {
        const auto since = row.optional<Instant>("since");
        waiting_.Set(row.get<double>("count"));
        lag_.Set(
            since ? std::chrono::duration<double>(std::max(clock_.now(), *since) - *since).count()
                  : 0.0);
        return 0;
    });
}

std::int64_t Sealer::seal() {
    auto tx = pool_.begin();
    lock_sealing(tx);
    const auto waiting = waiting_entries(tx, config_.batch_max);
    if (waiting.empty()) {
        measure(tx);
        return 0;
    }
    const auto at = time_of_sealing(tx);
    std::set<CompanyId> whose;
    for (const auto& entry : waiting) whose.insert(entry.company);
    std::map<CompanyId, Head> ends;
    for (const auto& known : heads(tx, std::vector(whose.begin(), whose.end()))) {
        ends.emplace(known.head.company, known.head);
    }
    const auto batch = chained(waiting, ends, at);
    const auto moved =
        tx.run(
              kSeal, at, batch.numbers, batch.positions, batch.previous, batch.hashes,
              batch.details)
            .first([](const pg::Row& row) { return row.get<std::int64_t>("moved"); });
    VERIFY(moved == std::ssize(waiting));

    std::vector<CompanyId> companies;
    std::vector<std::int64_t> positions;
    std::vector<Sha256> hashes;
    std::vector<std::vector<std::uint8_t>> signatures;
    for (const auto& [company, end] : ends) {
        const auto signature = key_.sign(statement(end));
        companies.push_back(company);
        positions.push_back(end.position);
        hashes.push_back(end.sha256);
        signatures.emplace_back(signature.begin(), signature.end());
    }
    tx.run(kMoveHeads, at, companies, positions, hashes, signatures);
    measure(tx);
    tx.commit();
    sealed_.Increment(static_cast<double>(waiting.size()));
    return std::ssize(waiting);
}

std::int64_t Sealer::sign_roots() {
    const auto until = std::chrono::floor<hours>(clock_.now());
    if (until <= rooted_until_) return 0;
    std::vector<CompanyId> companies;
    {
        auto tx = pool_.begin();
        companies = tx.run(kUnrooted).all(
            [](const pg::Row& row) { return row.get<CompanyId>("company_id"); });
    }
    std::int64_t count = 0;
    for (const auto company : companies) count += sign_roots_of(company, until);
    rooted_until_ = until;
    return count;
}

std::int64_t Sealer::sign_roots_of(CompanyId company, Instant until) {
    auto tx = pool_.begin();
    lock_sealing(tx);
    Root root{company, {}, 1, 0, kNothingBefore, kNothingBefore, {}};
    tx.run(kLastRoot, company).first([&root](const pg::Row& row) {
        root.last = row.get<std::int64_t>("last_position");
        root.first = root.last + 1;
        root.previous = root.last_sha256 = row.get<Sha256>("last_sha256");
        return 0;
    });
    std::vector<Sha256> leaves;
    std::int64_t count = 0;
    const auto close = [&] {
        if (leaves.empty()) return;
        root.merkle = merkle_root(leaves);
        const auto text = statement(root);
        const auto signature = key_.sign(text);
        publish("audit/roots/" + company.uuid() + "/" + hour_name(root.hour), text, signature);
        insert(tx, SignedRoot{root, key_.public_key().id(), signature});
        root.first = root.last + 1;
        root.previous = root.last_sha256;
        leaves.clear();
        ++count;
    };
    for (bool more = true; more;) {
        const auto hashes =
            tx.run(kHashes, company, root.last, until, kHashesAtOnce).all(hash_from);
        for (const auto& hash : hashes) {
            const Instant hour = std::chrono::floor<hours>(hash.sealed_at);
            if (hour != root.hour) close();
            root.hour = hour;
            root.last = hash.position;
            root.last_sha256 = hash.sha256;
            leaves.push_back(hash.sha256);
        }
        more = std::ssize(hashes) == kHashesAtOnce;
    }
    close();
    tx.commit();
    roots_.Increment(static_cast<double>(count));
    return count;
}

void Sealer::publish(
    const std::string& name, const std::string& text, const std::string& signature) {
    const boost::json::object copy{
        {"statement", text},
        {"key_id", key_.public_key().id()},
        {"signature", crypto::to_hex(signature)}};
    const auto put = objects_.put(name + ".json", boost::json::serialize(copy));
    if (!put) throw std::runtime_error(put.error().message);
    log::info(
        "audit_signed",
        {{"name", name}, {"statement", text}, {"signature", crypto::to_hex(signature)}});
}

std::int64_t Sealer::let_go() {
    sign_roots();
    const auto today = std::chrono::floor<std::chrono::days>(clock_.now());
    const std::chrono::year_month_day date(today);
    const auto oldest = date.year() / date.month() - config_.kept;
    auto tx = pool_.begin();
    lock_sealing(tx);
    lock_months(tx, Hold::alone);
    const auto months =
        tx.run(kMonthsBefore, month_of(first_of(oldest))).all([](const pg::Row& row) {
            return row.get<std::string>("month");
        });
    for (const auto& month : months) {
        const std::chrono::year_month of(
            std::chrono::year(std::stoi(month.substr(0, 4))),
            std::chrono::month(static_cast<unsigned>(std::stoi(month.substr(5, 2)))));
        retire(tx, month, first_of(of), first_of(of + std::chrono::months(1)));
    }
    tx.commit();
    if (!months.empty()) log::info("audit_months_let_go", {{"count", months.size()}});
    return std::ssize(months);
}

void Sealer::retire(pg::SystemTransaction& tx, const std::string& month, Instant from, Instant to) {
    const auto now = clock_.now();
    const auto all = tx.run(kOfMonth, from, to).all([&](const pg::Row& row) {
        return Retirement{row.get<CompanyId>("company_id"), month,
                          row.get<std::int64_t>("first"),   row.get<std::int64_t>("last"),
                          row.get<Sha256>("sha256"),        now};
    });
    for (const auto& one : all) {
        const auto text = statement(one);
        const auto signature = key_.sign(text);
        publish(
            "audit/retirements/" + one.company.uuid() + "/" + month.substr(0, 7), text, signature);
        insert(tx, SignedRetirement{one, key_.public_key().id(), signature});
        append(
            tx, one.company, now,
            {.action = "audit.month_let_go",
             .actor = {ActorKind::system, "audit"},
             .before = boost::json::object{
                 {"month", month.substr(0, 7)},
                 {"first_position", one.first},
                 {"last_position", one.last},
                 {"last_sha256", crypto::to_hex(one.last_sha256)}}});
    }
    tx.run(kDropMonth, month);
}

}  // namespace mobilytics::audit
