#include "domains/accounts/told.h"

#include "foundation/origin.h"
#include "platform/crypto/files.h"
#include "platform/events/events.h"

namespace mobilytics::accounts {

namespace {

constexpr std::string_view kAboutMail = "accounts.mail";
constexpr std::string_view kAboutConfirmation = "accounts.confirmation";

std::string text(const boost::json::value& json, const char* name) {
    return std::string(json.at(name).as_string());
}

/// What we wrote ourselves reads back.
template <class Read>
auto verified(Read read) {
    VERIFY(read);
    return *std::move(read);
}

Secret<std::string> opened(
    const crypto::SealedBox& seal, const std::string& sealed, std::string_view about) {
    auto token = seal.open(sealed, about);
    if (!token) throw std::runtime_error("a token for a mail was sealed with another key");
    return *std::move(token);
}

}  // namespace

boost::json::value CompanyChanged::to_json() const {
    return {
        {"company", company.str()},
        {"time_zone", time_zone},
        {"synthetic", synthetic},
        {"state", word(state)},
        {"privacy_mode", word(privacy_mode)},
        {"suppress_below", suppress_below}};
}

CompanyChanged CompanyChanged::from_json(const boost::json::value& json) {
    // Programs before told neither the mode nor the floor.
    const auto& told = json.as_object();
    const bool knows = told.contains("privacy_mode");
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .time_zone = text(json, "time_zone"),
        .synthetic = json.at("synthetic").as_bool(),
        .state = verified(from_word<CompanyState>(text(json, "state"))),
        .privacy_mode = knows ? verified(from_word<PrivacyMode>(text(json, "privacy_mode")))
                              : PrivacyMode::standard,
        .suppress_below = knows ? json.at("suppress_below").as_int64() : 0,
    };
}

boost::json::value PrivacyModeChanged::to_json() const {
    return {
        {"company", company.str()},
        {"to", word(to)},
        {"effective_at", to_iso8601(effective_at)},
        {"reason", reason},
        {"at", to_iso8601(at)}};
}

PrivacyModeChanged PrivacyModeChanged::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .to = verified(from_word<PrivacyMode>(text(json, "to"))),
        .effective_at = verified(parse_iso8601(text(json, "effective_at"))),
        .reason = text(json, "reason"),
        .at = verified(parse_iso8601(text(json, "at"))),
    };
}

boost::json::value MemberJoined::to_json() const {
    return {{"company", company.str()}, {"person", person.str()}, {"role", word(role)}};
}

MemberJoined MemberJoined::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .person = verified(PersonId::parse(text(json, "person"))),
        .role = verified(from_word<Role>(text(json, "role"))),
    };
}

boost::json::value MailWanted::to_json() const {
    return {
        {"kind", word(kind)},
        {"to", to},
        {"name", name},
        {"company_name", company_name},
        {"token_sealed", token_sealed},
        {"expires_at", to_iso8601(expires_at)}};
}

MailWanted MailWanted::from_json(const boost::json::value& json) {
    return {
        .kind = verified(from_word<MailKind>(text(json, "kind"))),
        .to = text(json, "to"),
        .name = text(json, "name"),
        .company_name = text(json, "company_name"),
        .token_sealed = text(json, "token_sealed"),
        .expires_at = verified(parse_iso8601(text(json, "expires_at"))),
    };
}

Secret<std::string> MailWanted::open_token(const crypto::SealedBox& seal) const {
    return opened(seal, token_sealed, kAboutMail);
}

boost::json::value NoticeWanted::to_json() const {
    return {{"kind", word(kind)}, {"to", to},           {"name", name},
            {"about", about},     {"address", address}, {"at", to_iso8601(at)}};
}

NoticeWanted NoticeWanted::from_json(const boost::json::value& json) {
    return {
        .kind = verified(from_word<NoticeKind>(text(json, "kind"))),
        .to = text(json, "to"),
        .name = text(json, "name"),
        .about = text(json, "about"),
        .address = text(json, "address"),
        .at = verified(parse_iso8601(text(json, "at"))),
    };
}

boost::json::value ConfirmationWanted::to_json() const {
    return {
        {"to", to},
        {"name", name},
        {"token_sealed", token_sealed},
        {"expires_at", to_iso8601(expires_at)}};
}

ConfirmationWanted ConfirmationWanted::from_json(const boost::json::value& json) {
    return {
        .to = text(json, "to"),
        .name = text(json, "name"),
        .token_sealed = text(json, "token_sealed"),
        .expires_at = verified(parse_iso8601(text(json, "expires_at"))),
    };
}

Secret<std::string> ConfirmationWanted::open_token(const crypto::SealedBox& seal) const {
    return opened(seal, token_sealed, kAboutConfirmation);
}

void want_mail(
    pg::Transaction& tx, const crypto::SealedBox& seal, MailWanted mail,
    const Secret<std::string>& token) {
    mail.token_sealed = seal.seal(token, kAboutMail);
    events::publish(tx, mail);
}

void want_confirmation(
    pg::Transaction& tx, const crypto::SealedBox& seal, ConfirmationWanted wanted,
    const Secret<std::string>& token) {
    wanted.token_sealed = seal.seal(token, kAboutConfirmation);
    events::publish(tx, wanted);
}

void notify(
    pg::Transaction& tx, Instant now, const PersonRow& person, NoticeKind kind, std::string about) {
    events::publish(
        tx, NoticeWanted{kind, person.email, person.name, std::move(about), origin().address, now});
}

void tell(pg::Transaction& tx, const Company& company) {
    events::publish(
        tx, CompanyChanged{
                company.id, company.time_zone, company.synthetic, company.state,
                company.privacy_mode, company.suppress_below.value_or(0)});
}

}  // namespace mobilytics::accounts
