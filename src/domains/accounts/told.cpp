#include "domains/accounts/told.h"

#include "platform/crypto/files.h"
#include "platform/events/events.h"

namespace mobilytics::accounts {

namespace {

constexpr std::string_view kAboutMail = "accounts.mail";

std::string text(const boost::json::value& json, const char* name) {
    return std::string(json.at(name).as_string());
}

/// What we wrote ourselves reads back.
template <class Read>
auto verified(Read read) {
    VERIFY(read);
    return *std::move(read);
}

}  // namespace

boost::json::value CompanyChanged::to_json() const {
    return {
        {"company", company.str()},
        {"time_zone", time_zone},
        {"synthetic", synthetic},
        {"state", word(state)}};
}

CompanyChanged CompanyChanged::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .time_zone = text(json, "time_zone"),
        .synthetic = json.at("synthetic").as_bool(),
        .state = verified(from_word<CompanyState>(text(json, "state"))),
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
    auto token = seal.open(token_sealed, kAboutMail);
    if (!token) throw std::runtime_error("a token for a mail was sealed with another key");
    return *std::move(token);
}

void want_mail(
    pg::Transaction& tx, const crypto::SealedBox& seal, MailWanted mail,
    const Secret<std::string>& token) {
    mail.token_sealed = seal.seal(token, kAboutMail);
    events::publish(tx, mail);
}

void tell(pg::Transaction& tx, const Company& company) {
    events::publish(
        tx, CompanyChanged{company.id, company.time_zone, company.synthetic, company.state});
}

}  // namespace mobilytics::accounts
