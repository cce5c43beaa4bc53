#include "domains/accounts/logos.h"

#include "domains/accounts/company_store.h"
#include "domains/accounts/image_header.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"
#include "platform/objects/objects.h"

namespace mobilytics::accounts {

namespace {

constexpr std::string_view kPath = "/api/v1/company/logo?version=";
constexpr std::size_t kVersionCharacters = 32;  // 128 bits of its digest.

std::string media_type(ImageKind kind) { return "image/" + std::string(word(kind)); }

/// logos/COMPANY/VERSION.png
std::string object_of(CompanyId company, const std::string& bytes, ImageKind kind) {
    return "logos/" + company.uuid() + "/" +
           crypto::sha256_hex(bytes).substr(0, kVersionCharacters) + "." + std::string(word(kind));
}

std::string version_of(const std::string& object) {
    return object.substr(object.rfind('/') + 1, kVersionCharacters);
}

}  // namespace

std::optional<std::string> logo_path(const std::optional<std::string>& object) {
    if (!object || !object->starts_with("logos/")) return std::nullopt;
    return std::string(kPath) + version_of(*object);
}

void Logos::replace(const Caller& caller, const std::optional<std::string>& object) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = lock_company(tx);
    VERIFY(company);
    const auto before = select_logo(tx);
    if (before == object) return;
    update_logo(tx, object);
    const auto version = [](const std::optional<std::string>& of) -> boost::json::value {
        if (!of) return boost::json::object();
        return {{"version", version_of(*of)}};
    };
    audit::append(
        tx, ground_.clock.now(),
        {.action = object ? "accounts.logo_changed" : "accounts.logo_removed",
         .actor = audit::actor_of(caller),
         .targets = {{"company", company->id.str(), company->name}},
         .before = version(before),
         .after = version(object)});
    tx.commit();
    if (before) VERIFY(objects_.remove(*before));
}

Result<http::Reply> Logos::put_logo(const http::Call& call) {
    const auto& bytes = call.request.body;
    if (bytes.size() > kLogoBytesMax) {
        return http::problem(
            413, {ErrorKind::invalid, "body_too_large", "a logo is of 512 KiB at most"});
    }
    const auto type = call.request.headers.get("Content-Type");
    if (type != "image/png" && type != "image/jpeg" && type != "image/webp") {
        return http::problem(
            415, {ErrorKind::invalid, "bad_media_type",
                  "say Content-Type: image/png, image/jpeg or image/webp"});
    }
    TRY(const auto header, read_image_header(bytes));
    if (type != media_type(header.kind)) {
        return fail(
            ErrorKind::invalid, "bad_image",
            "it is " + media_type(header.kind) + ", and says something else");
    }
    if (header.width > kLogoSideMax || header.height > kLogoSideMax) {
        return fail(ErrorKind::invalid, "image_too_large", "a logo has 2048 pixels a side at most");
    }
    const auto object = object_of(call.caller.company, bytes, header.kind);
    CHECK(objects_.put(object, bytes));
    replace(call.caller, object);
    return http::Reply{.status = 200, .body = {{"logo", *logo_path(object)}}};
}

Result<http::Reply> Logos::find_logo(const http::Call& call, const FindLogoQuery& query) {
    std::optional<std::string> object;
    {
        auto tx = ground_.pool.begin(call.caller.company);
        object = select_logo(tx);
    }
    if (!object) return fail(ErrorKind::not_found, "no_logo", "this company has no logo");
    TRY(auto bytes, objects_.get(*object));
    const auto kind = from_word<ImageKind>(object->substr(object->rfind('.') + 1));
    VERIFY(kind);
    auto reply = http::bytes(200, media_type(*kind), std::move(bytes));
    // Each company's own, so no proxy keeps it; the same version is the same bytes for good.
    reply.headers.add(
        "Cache-Control", query.version == version_of(*object)
                             ? "private, max-age=31536000, immutable"
                             : "private, no-cache");
    return reply;
}

Result<> Logos::remove_logo(const Caller& caller) {
    replace(caller, std::nullopt);
    return {};
}

}  // namespace mobilytics::accounts
