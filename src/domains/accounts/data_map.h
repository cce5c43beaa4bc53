#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::accounts {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "accounts.company",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the customers",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.contract",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what a company shares with the one above it",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.installation",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which company was first",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.person",
        .about = privacy::About::people,
        .data = "name, e-mail, language",
        .purpose = "to know who signs in",
        .kept = "until they belong to no company",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.membership",
        .about = privacy::About::people,
        .data = "id, role",
        .purpose = "to know what they may",
        .kept = "until they leave",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.credential",
        .about = privacy::About::people,
        .data = "hash of the password, sealed second factor",
        .purpose = "to let them in",
        .kept = "until they belong to no company",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.recovery_code",
        .about = privacy::About::people,
        .data = "hashes of codes",
        .purpose = "to let them in without their second factor",
        .kept = "until used or they belong to no company",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.passkey",
        .about = privacy::About::people,
        .data = "public key, what they call it, when it was used",
        .purpose = "to let them in",
        .kept = "until they remove it or belong to no company",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.passkey_challenge",
        .about = privacy::About::people,
        .data = "id",
        .purpose = "to ask a passkey once",
        .kept = "five minutes",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "accounts.email_change",
        .about = privacy::About::people,
        .data = "id, the e-mail that they want",
        .purpose = "to see that it is theirs",
        .kept = "an hour",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.password_reset",
        .about = privacy::About::people,
        .data = "id",
        .purpose = "to give them a new password",
        .kept = "an hour",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "accounts.session",
        .about = privacy::About::people,
        .data = "id, address, user agent, when",
        .purpose = "to keep them signed in, and to show them where",
        .kept = "until it expires",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.identity",
        .about = privacy::About::people,
        .data = "digest of who a provider says that they are, which provider, id",
        .purpose = "to let them in by that provider",
        .kept = "until they belong to no company",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.provider_attempt",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to know a browser again that comes back from a provider",
        .kept = "five minutes",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.signing_keys",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to sign tokens",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.invitation",
        .about = privacy::About::people,
        .data = "e-mail",
        .purpose = "to invite them",
        .kept = "until it is taken or expires",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.contact",
        .about = privacy::About::contacts,
        .data = "name, e-mail, telephone, title, note",
        .purpose = "to reach somebody of the company",
        .kept = "until the company takes them out",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.api_key",
        .about = privacy::About::people,
        .data = "id of who made it",
        .purpose = "to know who answers for it",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::kept_as_audit},
    privacy::Kept{
        .place = "accounts.impersonation",
        .about = privacy::About::people,
        .data = "name and id of whom our staff acted for, and of whom of our staff",
        .purpose = "to show who acted for whom",
        .kept = "as long as the company; the name goes with an erasure",
        .on_erasure = privacy::OnErasure::kept_as_audit},
};

}  // namespace mobilytics::accounts
