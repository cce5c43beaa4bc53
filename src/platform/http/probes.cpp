#include "platform/http/probes.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "foundation/log.h"

namespace mobilytics::http {

namespace {

/// A check that throws is one that failed.
std::optional<std::string> outcome(const ReadinessCheck& check) {
    try {
        return check();
    } catch (const std::exception& failure) {
        return failure.what();
    }
}

/// As long for whatever is shown: digests are compared, all of their bytes.
bool same_secret(std::string_view shown, std::string_view known) {
    const auto digest = [](std::string_view text) {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
        SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data());
        return out;
    };
    const auto a = digest(shown), b = digest(known);
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Error insiders_only() {
    return {
        ErrorKind::unauthenticated, "insiders_only",
        "ask on the server's machine, or show the token of metrics.token"};
}

}  // namespace

bool Probes::is_insider(const Request& request) const {
    if (insiders_.this_machine && request.of_this_machine) return true;
    return !insiders_.token.empty() && request.token_from == TokenFrom::bearer &&
           same_secret(request.token, insiders_.token.reveal());
}

void Probes::check(std::string name, ReadinessCheck check) {
    checks_.emplace_back(std::move(name), std::move(check));
}

Reply Probes::readiness(bool verbose) const {
    bool ready = !draining_;
    boost::json::object all{{"draining", draining_.load()}};
    for (const auto& [name, check] : checks_) {
        const auto wrong = outcome(check);
        if (wrong) log::warning("not_ready", {{"check", name}, {"why", *wrong}});
        ready = ready && !wrong;
        all[name] = wrong ? *wrong : "ok";
    }
    boost::json::object body{{"ready", ready}};
    if (verbose) body["checks"] = std::move(all);
    return {ready ? 200U : 503U, std::move(body)};
}

void Probes::mount_starting(Router& router) {
    const auto starting = [](const Call&) -> Result<Reply> {
        auto reply = problem(503, {ErrorKind::unavailable, "starting", "migrations are under way"});
        reply.headers.add("Retry-After", "1");
        return reply;
    };
    router.on_raw(verb::get, "/livez", kOpen, [](const Call&) -> Result<Reply> {
        return Reply{200, {{"live", true}}};
    });
    router.on_raw(verb::get, "/startupz", kOpen, starting);
    router.on_raw(verb::get, "/readyz", kOpen, starting);
    router.otherwise_anyhow(starting);
}

void Probes::mount(Router& router) const {
    router.on_raw(verb::get, "/metrics", kOpen, [this](const Call& call) -> Result<Reply> {
        if (!is_insider(call.request)) return problem_of(insiders_only());
        return bytes(200, "text/plain; version=0.0.4; charset=utf-8", registry_.text());
    });
    router.on_raw(verb::get, "/livez", kOpen, [](const Call&) -> Result<Reply> {
        return Reply{200, {{"live", true}}};
    });
    router.on_raw(verb::get, "/startupz", kOpen, [](const Call&) -> Result<Reply> {
        return Reply{200, {{"started", true}}};
    });
    router.on_raw(verb::get, "/readyz", kOpen, [this](const Call& call) -> Result<Reply> {
        return readiness(call.query.contains("verbose") && is_insider(call.request));
    });
}

}  // namespace mobilytics::http
