#include "apps/server/identity_settings.h"

#include <algorithm>

#include "foundation/enum_words.h"
#include "platform/crypto/files.h"

namespace mobilytics::server {

namespace {

/// What stands between spaces or commas.
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c != ' ' && c != ',') {
            out.back() += c;
        } else if (!out.back().empty()) {
            out.emplace_back();
        }
    }
    if (out.back().empty()) out.pop_back();
    return out;
}

bool is_https(const std::string& url) {
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1") ||
           url.starts_with("http://localhost") || url.starts_with("http://[::1]");
}

}  // namespace

void IdentitySettings::list_in(config::Book& book) {
    book.section("identity.oidc", "Single sign-on, by any provider of OpenID Connect.")
        .field("issuer", oidc.issuer, "As the provider writes it, https://…; empty: there is none.")
        .field("client_id", oidc.client_id, "How the provider knows us.")
        .field("client_secret", oidc.client_secret, "What it has given us; or client_secret_file.")
        .field("client_secret_file", oidc.client_secret_file, "A file with it, and nothing else.")
        .field(
            "client_authentication", oidc.client_authentication,
            "client_secret_basic or client_secret_post.")
        .field("name", oidc.name, "What the button says: Sign in with …")
        .field("scopes", oidc.scopes, "What is asked for: openid, and where the e-mail is.")
        .field(
            "second_factor", oidc.second_factor,
            "Words of amr or acr, mfa,hwk, that count as one; empty: ours is asked for.")
        .field("authority_file", oidc.authority_file, "PEM; empty: the system's authorities.");
}

Secret<std::string> IdentitySettings::secret() const {
    if (oidc.client_secret_file.empty()) return oidc.client_secret;
    auto text = crypto::read_file(oidc.client_secret_file).value_or("");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return Secret(std::move(text));
}

std::vector<Fault> IdentitySettings::faults() const {
    std::vector<Fault> out;
    if (oidc.issuer.empty()) return out;
    if (!is_https(oidc.issuer)) {
        out.push_back({"identity.oidc.issuer", "is to be https, or on this machine"});
    }
    if (oidc.client_id.empty()) out.push_back({"identity.oidc.client_id", "is missing"});
    const bool both = !oidc.client_secret.empty() && !oidc.client_secret_file.empty();
    if (both || secret().empty()) {
        out.push_back(
            {"identity.oidc.client_secret",
             "is to be there, or in client_secret_file: one of them"});
    }
    if (!from_word<identity::ClientAuthentication>(oidc.client_authentication)) {
        out.push_back(
            {"identity.oidc.client_authentication",
             "is to be client_secret_basic or client_secret_post"});
    }
    if (std::ranges::count(words_of(oidc.scopes), "openid") != 1) {
        out.push_back({"identity.oidc.scopes", "is to have openid among them"});
    }
    return out;
}

std::optional<std::string> IdentitySettings::provider_name() const {
    return oidc.issuer.empty() ? std::nullopt : std::optional(oidc.name);
}

std::optional<accounts::Provider> IdentitySettings::provider(const std::string& public_url) const {
    if (oidc.issuer.empty()) return std::nullopt;
    accounts::Provider out{
        .oidc =
            {.issuer = oidc.issuer,
             .client_id = oidc.client_id,
             .client_secret = secret(),
             .redirect_uri = public_url + std::string(accounts::Oidc::kCallback),
             .authentication =
                 *from_word<identity::ClientAuthentication>(oidc.client_authentication),
             .scopes = words_of(oidc.scopes)},
        .name = oidc.name,
        .strong = words_of(oidc.second_factor)};
    out.oidc.trust.authority_file = oidc.authority_file;
    return out;
}

}  // namespace mobilytics::server
