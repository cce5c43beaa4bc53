#include "apps/server/privacy.h"

#include "domains/accounts/companies.h"
#include "domains/accounts/contact_data.h"
#include "domains/accounts/data_map.h"
#include "domains/accounts/personal_data.h"
#include "domains/annotations/data_map.h"
#include "domains/assets/data_map.h"
#include "domains/calibration/data_map.h"
#include "domains/fleet/data_map.h"
#include "domains/gdpr/data_map.h"
#include "domains/notices/data_map.h"
#include "domains/notices/notices.h"
#include "domains/optouts/data_map.h"
#include "domains/plays/data_map.h"
#include "domains/regions/data_map.h"
#include "domains/webhooks/data_map.h"
#include "domains/webhooks/retention.h"
#include "pipeline/ingest/data_map.h"
#include "pipeline/store/data_map.h"
#include "platform/audit/data_map.h"
#include "platform/audit/redaction.h"
#include "platform/events/data_map.h"
#include "platform/idempotency/data_map.h"
#include "platform/idempotency/personal_data.h"
#include "platform/jobs/data_map.h"
#include "platform/jobs/personal_data.h"
#include "platform/mail/data_map.h"
#include "platform/mail/personal_data.h"
#include "platform/pg/data_map.h"

namespace mobilytics::server {

namespace {

template <class... Maps>
std::vector<privacy::Kept> joined(const Maps&... maps) {
    std::vector<privacy::Kept> out;
    (out.insert(out.end(), maps.begin(), maps.end()), ...);
    return out;
}

/// What a module does of itself, the same for every company.
privacy::RetentionRule fixed(std::string kind, std::string what, std::chrono::days kept) {
    return {std::move(kind), std::move(what), kept, kept, kept, {}};
}

/// Of a strict company they go within half an hour: see store::Limits.
privacy::RetentionRule visits_rule() {
    auto out =
        fixed("visits", "Rows about one device, by its pseudonym of a day", std::chrono::days(1));
    out.minutes = [](pg::Transaction& tx) -> std::optional<std::chrono::minutes> {
        if (accounts::privacy_mode_of(tx) != accounts::PrivacyMode::strict) return std::nullopt;
        return std::chrono::minutes(30);
    };
    return out;
}

}  // namespace

gdpr::Modules privacy_of_modules() {
    using std::chrono::days;
    return {
        .data_map = joined(
            pg::kDataMap, jobs::kDataMap, mail::kDataMap, webhooks::kDataMap, events::kDataMap,
            idempotency::kDataMap, audit::kDataMap, accounts::kDataMap, annotations::kDataMap,
            assets::kDataMap, calibration::kDataMap, fleet::kDataMap, gdpr::kDataMap,
            notices::kDataMap, ingest::kDataMap, store::kDataMap, plays::kDataMap,
            regions::kDataMap, optouts::kDataMap),
        .email_of =
            [](pg::Transaction& tx, const privacy::Subject& subject) {
                return subject.contact ? accounts::email_of(tx, *subject.contact)
                                       : accounts::email_of(tx, subject.person);
            },
        .holders =
            {accounts::holder(), accounts::contacts_holder(), mail::holder(), jobs::holder(),
             notices::holder(), idempotency::holder(), audit::holder()},
        .rules = {
            audit::details_rule(), mail::letters_rule(), webhooks::messages_rule(),
            fixed("audit_entries", "Who did what, in the audit trail", days(730)),
            fixed("repeated_requests", "Answers to requests that may be repeated", days(1)),
            fixed("salts", "What pseudonyms of a day are made with", days(2)), visits_rule()}};
}

}  // namespace mobilytics::server
