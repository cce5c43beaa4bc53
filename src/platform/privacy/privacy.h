#pragma once
// What a module says of the personal data that it keeps, so that who answers for privacy
// (domains/gdpr) need not know it: what there is (its data map), how a person's is taken along and
// erased (its Holder), how long it is kept (its RetentionRules). apps/server holds the lists. See
// docs/decisions/0009-each-module-answers-for-its-data.md.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::pg {
class AnyTransaction;
class Transaction;
}  // namespace mobilytics::pg

namespace mobilytics::privacy {

/// people: who sign in. contacts: of companies, who do not. passers_by: whose devices were heard.
BOOST_DEFINE_ENUM_CLASS(About, nobody, people, contacts, passers_by)
/// What an erasure does to it. ends_by_itself: it names nobody, and goes when its time is over.
BOOST_DEFINE_ENUM_CLASS(
    OnErasure, nothing_personal, erased, kept_by_law, kept_as_audit, ends_by_itself)

/// One line of a data map: a table of ours by its name, or what is kept elsewhere. A module has a
/// list of them, kDataMap, in data_map.h beside its migrations; a test fails where a table of the
/// database is on none.
struct Kept {
    std::string_view place;  // "assets.asset"
    About about = About::nobody;
    std::string_view data;     // "name, e-mail"; empty where it is about nobody.
    std::string_view purpose;  // "to show who changed what"
    std::string_view kept;     // "until the person leaves"
    OnErasure on_erasure = OnErasure::nothing_personal;
};

struct ContactIdentity {
    static constexpr std::string_view kIdPrefix = "contact";
};
/// Of somebody who does not sign in.
using ContactId = Id<ContactIdentity>;

/// Whose data are meant, and in which company: the transaction's.
struct Subject {
    PersonId person = {};
    std::string email = {};  // For those who know people by it; empty where there is none.
    std::optional<ContactId> contact = {};  // Then it is this one, and no person.

    /// As what they are known by everywhere: "person_…", "contact_…".
    std::string id() const { return contact ? contact->str() : person.str(); }
};

/// What an erasure did in one place.
struct Erased {
    std::string place;          // As in the data map.
    std::int64_t erased = 0;    // How many rows, or entries.
    std::int64_t kept = 0;      // How many that still name the person by their id.
    std::string why_kept = {};  // Empty where nothing is.
};

/// How a module answers for a person. Its functions work within the transaction that they are
/// given, so that an erasure is everywhere or nowhere.
struct Holder {
    using Give = std::function<void(const boost::json::value&)>;

    std::string name;                            // Of the module: "accounts".
    bool of_people = true, of_contacts = false;  // Of whom it keeps anything.
    /// Each a thing that is kept, as an object with its `place`.
    std::function<std::vector<boost::json::value>(pg::Transaction&, const Subject&)> take_along;
    /// A refusal undoes the whole erasure: conflict, where the person must first be replaced.
    std::function<Result<std::vector<Erased>>(pg::Transaction&, const Subject&, Instant now)> erase;
    /// Instead of take_along, of a module that may keep much of one: it gives each as it reads it.
    std::function<void(pg::Transaction&, const Subject&, const Give&)> give_along = {};

    void each(pg::Transaction& tx, const Subject& subject, const Give& give) const {
        if (give_along) return give_along(tx, subject, give);
        for (const auto& thing : take_along(tx, subject)) give(thing);
    }
};

/// How long a kind of data is kept.
struct RetentionRule {
    std::string kind;                            // "audit_details"
    std::string what;                            // For people.
    std::chrono::days usual{}, least{}, most{};  // Settable by a company where least is not most.
    /// Does away with what is older, of the transaction's company; how many that were. None where
    /// the module does it of itself, the same for every company.
    std::function<std::int64_t(pg::Transaction&, Instant older_than, Instant now)> enforce = {};
    /// Of a company for which it is less than a day; none: it is not.
    std::function<std::optional<std::chrono::minutes>(pg::Transaction&)> minutes = {};

    bool settable() const { return enforce != nullptr && least < most; }
};

/// Tables of the database that no line of `map` is of, and lines "schema.table" that are of no
/// table; partitions are their table's. Empty when all is told.
std::vector<std::string> untold(pg::AnyTransaction& tx, const std::vector<Kept>& map);

}  // namespace mobilytics::privacy
