#include "platform/http/probes.h"

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

}  // namespace

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
    router.on_raw(verb::get, "/metrics", kOpen, [this](const Call&) -> Result<Reply> {
        return bytes(200, "text/plain; version=0.0.4; charset=utf-8", registry_.text());
    });
    router.on_raw(verb::get, "/livez", kOpen, [](const Call&) -> Result<Reply> {
        return Reply{200, {{"live", true}}};
    });
    router.on_raw(verb::get, "/startupz", kOpen, [](const Call&) -> Result<Reply> {
        return Reply{200, {{"started", true}}};
    });
    router.on_raw(verb::get, "/readyz", kOpen, [this](const Call& call) -> Result<Reply> {
        return readiness(call.query.contains("verbose"));
    });
}

}  // namespace mobilytics::http
