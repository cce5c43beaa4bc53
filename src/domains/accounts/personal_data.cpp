#include "domains/accounts/personal_data.h"

#include "platform/pg/pg.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kPerson{"accounts.person_along", R"sql(
    SELECT p.email, p.name, p.locale, p.added_at, m.role, m.state, m.joined_at
    FROM accounts.membership m JOIN accounts.person p ON p.id = m.person_id
    WHERE m.company_id = $1 AND m.person_id = $2
)sql"};

constexpr pg::Query kSessions{"accounts.sessions_along", R"sql(
    SELECT begun_at, seen_at, address, user_agent FROM accounts.session
    WHERE company_id = $1 AND person_id = $2 ORDER BY begun_at
)sql"};

constexpr pg::Query kImpersonations{"accounts.impersonations_along", R"sql(
    SELECT begun_at, expires_at, reason, ticket, staff_name FROM accounts.impersonation
    WHERE company_id = $1 AND person_id = $2 ORDER BY begun_at
)sql"};

constexpr pg::Query kOtherOwners{"accounts.other_owners", R"sql(
    SELECT count(*) FILTER (WHERE person_id <> $2) AS others,
           count(*) FILTER (WHERE person_id = $2) AS them
    FROM accounts.membership
    WHERE company_id = $1 AND role IN ('owner', 'superuser') AND state = 'active'
)sql"};

constexpr pg::Query kLockCompany{"accounts.lock_members", R"sql(
    SELECT 1 AS one FROM accounts.company WHERE company_id = $1 FOR UPDATE
)sql"};

constexpr pg::Query kEraseSessions{"accounts.erase_sessions", R"sql(
    DELETE FROM accounts.session WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kEraseInvitations{"accounts.erase_invitations", R"sql(
    DELETE FROM accounts.invitation i USING accounts.person p
    WHERE i.company_id = $1 AND p.id = $2 AND lower(i.email) = lower(p.email)
)sql"};

constexpr pg::Query kEraseName{"accounts.erase_impersonated", R"sql(
    UPDATE accounts.impersonation SET person_name = '' WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kEraseMembership{"accounts.erase_membership", R"sql(
    DELETE FROM accounts.membership WHERE company_id = $1 AND person_id = $2
)sql"};

// What follows is the person's own, and asked as theirs.
constexpr pg::Query kAsPerson{"accounts.as_person", R"sql(
    SELECT set_config('app.person_id', $1, true)  -- every company's: of the transaction alone.
)sql"};

constexpr pg::Query kElsewhere{"accounts.elsewhere", R"sql(
    SELECT count(*) AS count FROM accounts.membership
    WHERE person_id = $1 AND company_id <> $2
)sql"};

constexpr pg::Query kErasePerson{"accounts.erase_person", R"sql(
    -- every company's: they belong to none any more.
    UPDATE accounts.person
    SET email = 'erased-' || id || '@erased.invalid', name = '', locale = NULL,
        has_second_factor = false
    WHERE id = $1
)sql"};

constexpr pg::Query kEraseCredential{"accounts.erase_credential", R"sql(
    -- every company's: they belong to none any more.
    UPDATE accounts.credential
    SET password_hash = NULL, has_one_time_password = false, one_time_until = NULL,
        totp_sealed = NULL, totp_pending_sealed = NULL
    WHERE person_id = $1
)sql"};

constexpr pg::Query kEndSessions{"accounts.end_sessions", R"sql(
    DELETE FROM accounts.session WHERE person_id = $1  -- every company's: see above.
)sql"};

constexpr pg::Query kErasePasskeys{"accounts.erase_passkeys", R"sql(
    DELETE FROM accounts.passkey WHERE person_id = $1  -- every company's: see above.
)sql"};

constexpr pg::Query kEraseEmailChange{"accounts.erase_email_change", R"sql(
    DELETE FROM accounts.email_change WHERE person_id = $1  -- every company's: see above.
)sql"};

constexpr pg::Query kPasskeys{"accounts.passkeys_along", R"sql(
    SELECT k.name, k.added_at, k.used_at FROM accounts.passkey k
    JOIN accounts.membership m ON m.person_id = k.person_id AND m.company_id = $1
    WHERE k.person_id = $2 ORDER BY k.added_at, k.id
)sql"};

constexpr pg::Query kEraseIdentities{"accounts.erase_identities", R"sql(
    DELETE FROM accounts.identity WHERE person_id = $1  -- every company's: see above.
)sql"};

constexpr pg::Query kEraseCodes{"accounts.erase_codes", R"sql(
    DELETE FROM accounts.recovery_code WHERE person_id = $1  -- every company's: see above.
)sql"};

std::int64_t count_of(const pg::Rows& rows, const char* column) {
    return rows.first([column](const pg::Row& row) { return row.get<std::int64_t>(column); })
        .value_or(0);
}

boost::json::value or_null(const std::optional<std::string>& text) {
    return text ? boost::json::value(*text) : nullptr;
}

std::vector<boost::json::value> along(pg::Transaction& tx, const privacy::Subject& subject) {
    std::vector<boost::json::value> out;
    const auto add = [&out](boost::json::value thing) {
        out.push_back(std::move(thing));
        return 0;
    };
    const auto company = tx.company();
    tx.run(kPerson, company, subject.person).all([&add](const pg::Row& row) {
        add(boost::json::object{
            {"place", "accounts.person"},
            {"email", row.get<std::string>("email")},
            {"name", row.get<std::string>("name")},
            {"locale", or_null(row.optional<std::string>("locale"))},
            {"added_at", to_iso8601(row.get<Instant>("added_at"))}});
        return add(boost::json::object{
            {"place", "accounts.membership"},
            {"role", row.get<std::string>("role")},
            {"state", row.get<std::string>("state")},
            {"joined_at", to_iso8601(row.get<Instant>("joined_at"))}});
    });
    tx.run(kSessions, company, subject.person).all([&add](const pg::Row& row) {
        return add(boost::json::object{
            {"place", "accounts.session"},
            {"begun_at", to_iso8601(row.get<Instant>("begun_at"))},
            {"seen_at", to_iso8601(row.get<Instant>("seen_at"))},
            {"address", row.get<std::string>("address")},
            {"user_agent", row.get<std::string>("user_agent")}});
    });
    tx.run(kAsPerson, subject.person.uuid());
    tx.run(kPasskeys, company, subject.person).all([&add](const pg::Row& row) {
        const auto used = row.optional<Instant>("used_at");
        return add(boost::json::object{
            {"place", "accounts.passkey"},
            {"name", row.get<std::string>("name")},
            {"added_at", to_iso8601(row.get<Instant>("added_at"))},
            {"used_at", used ? boost::json::value(to_iso8601(*used)) : nullptr}});
    });
    tx.run(kAsPerson, "");
    tx.run(kImpersonations, company, subject.person).all([&add](const pg::Row& row) {
        return add(boost::json::object{
            {"place", "accounts.impersonation"},
            {"begun_at", to_iso8601(row.get<Instant>("begun_at"))},
            {"expires_at", to_iso8601(row.get<Instant>("expires_at"))},
            {"reason", row.get<std::string>("reason")},
            {"ticket", row.get<std::string>("ticket")}});
    });
    return out;
}

/// Of who belongs to no company any more: the row stays, for others name it by its id.
std::int64_t erase_person(pg::Transaction& tx, PersonId person) {
    tx.run(kAsPerson, person.uuid());
    const bool elsewhere = count_of(tx.run(kElsewhere, person, tx.company()), "count") > 0;
    std::int64_t gone = 0;
    if (!elsewhere) {
        tx.run(kEndSessions, person);
        tx.run(kEraseCodes, person);
        tx.run(kErasePasskeys, person);
        tx.run(kEraseEmailChange, person);
        tx.run(kEraseIdentities, person);
        tx.run(kEraseCredential, person);
        gone = tx.run(kErasePerson, person).touched();
    }
    tx.run(kAsPerson, "");
    return gone;
}

Result<std::vector<privacy::Erased>> erased(
    pg::Transaction& tx, const privacy::Subject& subject, Instant) {
    const auto company = tx.company();
    const auto person = subject.person;
    tx.run(kLockCompany, company);  // Two owners must not erase each other at once.
    const auto owners = tx.run(kOtherOwners, company, person);
    if (count_of(owners, "them") > 0 && count_of(owners, "others") == 0) {
        return fail(
            ErrorKind::conflict, "last_owner", "they own the company alone: name another first");
    }
    std::vector<privacy::Erased> out;
    out.push_back({"accounts.session", tx.run(kEraseSessions, company, person).touched(), 0, ""});
    out.push_back(
        {"accounts.invitation", tx.run(kEraseInvitations, company, person).touched(), 0, ""});
    const auto seen_as = tx.run(kEraseName, company, person).touched();
    out.push_back(
        {"accounts.impersonation", seen_as, seen_as,
         seen_as == 0 ? "" : "that our staff acted in their place, by id: GDPR art. 5(2)"});
    const auto members = tx.run(kEraseMembership, company, person).touched();
    out.push_back({"accounts.membership", members, 0, ""});
    const auto gone = members > 0 ? erase_person(tx, person) : 0;
    out.push_back(
        {"accounts.person", gone, members > 0 && gone == 0 ? 1 : 0,
         members > 0 && gone == 0 ? "they belong to another company, which answers for them" : ""});
    return out;
}

}  // namespace

std::string email_of(pg::Transaction& tx, PersonId person) {
    const auto email = tx.run(kPerson, tx.company(), person).first([](const pg::Row& row) {
        return row.get<std::string>("email");
    });
    return email.value_or("");
}

privacy::Holder holder() { return {.name = "accounts", .take_along = along, .erase = erased}; }

}  // namespace mobilytics::accounts
