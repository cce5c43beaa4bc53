#include "platform/idempotency/idempotency.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "platform/crypto/digest.h"

namespace mobilytics::idempotency {

namespace {

// Of a key that is there, it touches a row only where that has had its day, or where the same
// request has been carried out for so long that nobody does any more.
constexpr pg::Query kBegin{"idempotency.begin", R"sql(
    INSERT INTO idempotency.reply AS r (company_id, person_id, key, request_sha256, begun_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (company_id, person_id, key) DO UPDATE
        SET request_sha256 = EXCLUDED.request_sha256, begun_at = EXCLUDED.begun_at,
            status = NULL, sealed = NULL
        WHERE r.begun_at < $6
           OR (r.status IS NULL AND r.begun_at < $7 AND r.request_sha256 = EXCLUDED.request_sha256)
)sql"};

constexpr pg::Query kFind{"idempotency.find", R"sql(
    SELECT request_sha256, begun_at, status, sealed FROM idempotency.reply
    WHERE company_id = $1 AND person_id = $2 AND key = $3
)sql"};

constexpr pg::Query kKeep{"idempotency.keep", R"sql(
    UPDATE idempotency.reply SET status = $5, sealed = $6
    WHERE company_id = $1 AND person_id = $2 AND key = $3 AND begun_at = $4
)sql"};

constexpr pg::Query kForget{"idempotency.forget", R"sql(
    DELETE FROM idempotency.reply
    WHERE company_id = $1 AND person_id = $2 AND key = $3 AND begun_at = $4 AND status IS NULL
)sql"};

constexpr pg::Query kForgetOld{"idempotency.forget_old", R"sql(
    DELETE FROM idempotency.reply WHERE company_id = $1 AND begun_at < $2
)sql"};

std::string digest_of(const http::Repeatable& asked) {
    std::string text(to_string(asked.method));
    text.append(" ").append(asked.target).append("\n").append(asked.body);
    return crypto::sha256_hex(text);
}

/// What a sealed reply belongs to.
std::string about(const http::Repeatable& asked) {
    return asked.caller.company.uuid() + " " + asked.caller.actor().uuid() + " " + asked.key;
}

struct Kept {
    std::string request_sha256;
    Instant begun_at;
    std::optional<int> status;
    std::optional<std::string> sealed;
};

Kept kept_from(const pg::Row& row) {
    return {
        row.get<std::string>("request_sha256"), row.get<Instant>("begun_at"),
        row.optional<int>("status"), row.optional<std::string>("sealed")};
}

}  // namespace

Result<http::Repeats::Begun> Replies::begin(const http::Repeatable& asked) {
    const auto now = clock_.now();
    const auto company = asked.caller.company;
    const auto person = asked.caller.actor();
    const auto digest = digest_of(asked);
    auto tx = pool_.begin(company);
    const bool ours = tx.run(
                            kBegin, company, person, asked.key, digest, now, now - limits_.kept,
                            now - limits_.running_max)
                          .touched() == 1;
    if (ours) {
        tx.commit();
        return Begun{std::nullopt, now};
    }
    const auto kept = tx.run(kFind, company, person, asked.key).first(kept_from);
    if (kept && kept->request_sha256 != digest) {
        return fail(
            ErrorKind::invalid, "key_taken",
            "this Idempotency-Key was said with another request: take a new one");
    }
    // One that is not there any more came to nothing a moment ago.
    if (!kept || !kept->status) {
        return fail(
            ErrorKind::conflict, "still_running",
            "the first request with this Idempotency-Key is being carried out: ask again later");
    }
    const auto plain = seal_.open(*kept->sealed, about(asked));
    if (!plain) throw std::runtime_error("a reply that was kept cannot be opened");
    http::Reply reply;
    reply.status = static_cast<unsigned>(*kept->status);
    reply.body = boost::json::parse(plain->reveal());
    return Begun{std::move(reply), kept->begun_at};
}

void Replies::keep(const http::Repeatable& asked, Instant begun_at, const http::Reply& reply) {
    VERIFY(!reply.content && !reply.events);  // The contract's POSTs answer in JSON.
    const auto sealed = seal_.seal(Secret(boost::json::serialize(reply.body)), about(asked));
    auto tx = pool_.begin(asked.caller.company);
    tx.run(
        kKeep, asked.caller.company, asked.caller.actor(), asked.key, begun_at, reply.status,
        sealed);
    tx.commit();
}

void Replies::forget(const http::Repeatable& asked, Instant begun_at) {
    auto tx = pool_.begin(asked.caller.company);
    tx.run(kForget, asked.caller.company, asked.caller.actor(), asked.key, begun_at);
    tx.commit();
}

std::int64_t Replies::forget_old(CompanyId company) {
    auto tx = pool_.begin(company);
    const auto gone = tx.run(kForgetOld, company, clock_.now() - limits_.kept).touched();
    tx.commit();
    return gone;
}

}  // namespace mobilytics::idempotency
