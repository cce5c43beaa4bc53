#include "domains/gdpr/gdpr.h"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "domains/gdpr/gdpr_store.h"
#include "foundation/json.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/signing.h"
#include "platform/http/router.h"
#include "platform/objects/objects.h"

namespace mobilytics::gdpr {

namespace {

using std::chrono::days;

std::string object_of(CompanyId company, ExportId id) {
    return "privacy/exports/" + company.uuid() + "/" + id.str() + ".jsonl";
}

/// What of a person's consents there is, as any holder has it.
std::vector<boost::json::value> own_things(pg::Transaction& tx, PersonId person) {
    std::vector<boost::json::value> out;
    for (const auto& one : select_consents(tx, {person.str(), {}}, {}, 10'000)) {
        out.push_back(boost::json::object{
            {"place", "gdpr.consent"},
            {"purpose", one.purpose},
            {"version", one.version},
            {"state", word(one.state)},
            {"at", to_iso8601(one.at)},
            {"how", one.how}});
    }
    for (const auto& one : exports_of(tx, person)) {
        out.push_back(boost::json::object{
            {"place", "gdpr.export"}, {"requested_at", to_iso8601(one.requested_at)}});
    }
    return out;
}

/// The text that is signed.
std::string certificate_of(CompanyId company, const Erasure& erasure, const std::string& reason) {
    return "mobilytics.erasure.v1\n" +
           json::text(boost::json::object{
               {"id", erasure.id.str()},
               {"company", company.str()},
               {"person", erasure.person_id.str()},
               {"erased_at", to_iso8601(erasure.erased_at)},
               {"reason", reason},
               {"from", json_of(erasure.from)}}) +
           "\n";
}

auto no_such_export(ExportId id) { return fail(ErrorKind::not_found, "no_such_export", id.str()); }

}  // namespace

Privacy::Privacy(const Needs& needs, Modules modules, GdprConfig config)
    : needs_(needs), modules_(std::move(modules)), config_(config) {}

Result<DataMapList> Privacy::data_map(const Caller&) {
    DataMapList out;
    for (const auto& kept : modules_.data_map) {
        out.items.push_back(
            {std::string(kept.place), kept.about, std::string(kept.data), std::string(kept.purpose),
             std::string(kept.kept), kept.on_erasure});
    }
    std::ranges::sort(out.items, {}, &DataMapEntry::place);
    return out;
}

const privacy::RetentionRule* Privacy::rule(const std::string& kind) const {
    const auto found = std::ranges::find(modules_.rules, kind, &privacy::RetentionRule::kind);
    return found == modules_.rules.end() ? nullptr : &*found;
}

Result<RetentionList> Privacy::list_retention(const Caller& caller) {
    auto tx = needs_.pool.begin(caller.company);
    const auto policies = select_policies(tx);
    RetentionList out;
    for (const auto& rule : modules_.rules) {
        const auto found = policies.find(rule.kind);
        const auto policy = found == policies.end() ? Policy() : found->second;
        out.items.push_back(
            {rule.kind, rule.what, policy.kept_days.value_or(rule.usual.count()),
             rule.least.count(), rule.most.count(), rule.enforce != nullptr,
             policy.last_enforced_at, policy.last_gone});
    }
    return out;
}

Result<RetentionList> Privacy::set_retention(const Caller& caller, const NewRetention& wanted) {
    const auto* found = rule(wanted.kind);
    if (found == nullptr) return fail(ErrorKind::not_found, "no_such_kind", wanted.kind);
    if (!found->enforce) {
        return fail(ErrorKind::conflict, "not_settable", "this is the same for every company");
    }
    if (wanted.kept_days < found->least.count() || wanted.kept_days > found->most.count()) {
        return fail(
            ErrorKind::invalid, "out_of_range",
            "kept_days is from " + std::to_string(found->least.count()) + " to " +
                std::to_string(found->most.count()));
    }
    {
        auto tx = needs_.pool.begin(caller.company);
        const auto policies = select_policies(tx);
        const auto before = policies.find(wanted.kind);
        const auto was = before == policies.end() ? std::nullopt : before->second.kept_days;
        upsert_policy(tx, wanted);
        audit::append(
            tx, needs_.clock.now(),
            {.action = "gdpr.retention_set",
             .actor = audit::actor_of(caller),
             .targets = {{"retention", wanted.kind}},
             .before = boost::json::object{{"kept_days", was.value_or(found->usual.count())}},
             .after = boost::json::object{{"kept_days", wanted.kept_days}}});
        tx.commit();
    }
    return list_retention(caller);
}

std::int64_t Privacy::enforce_retention(CompanyId company) {
    const auto now = needs_.clock.now();
    std::map<std::string, Policy> policies;
    {
        auto tx = needs_.pool.begin(company);
        policies = select_policies(tx);
    }
    std::int64_t all = 0;
    for (const auto& rule : modules_.rules) {
        if (!rule.enforce) continue;
        try {
            const days kept(policies[rule.kind].kept_days.value_or(rule.usual.count()));
            auto tx = needs_.pool.begin(company);
            const auto gone = rule.enforce(tx, now - kept, now);
            upsert_round(tx, rule.kind, now, gone);
            if (gone > 0) {
                audit::append(
                    tx, now,
                    {.action = "gdpr.retention_enforced",
                     .actor = {audit::ActorKind::system, "housekeeping"},
                     .targets = {{"retention", rule.kind}},
                     .after = boost::json::object{{"gone", gone}, {"kept_days", kept.count()}}});
            }
            tx.commit();
            all += gone;
        } catch (const std::exception& failure) {
            log::warning("retention_not_enforced", {{"kind", rule.kind}, {"why", failure.what()}});
        }
    }
    // Files go after their rows: one whose row is gone is found by nobody.
    auto tx = needs_.pool.begin(company);
    for (const auto& old : remove_exports(tx, now - config_.exports_kept)) {
        VERIFY(needs_.objects.remove(object_of(company, old.id)));
        ++all;
    }
    tx.commit();
    return all;
}

Result<Export> Privacy::request_export(const Caller& caller, const NewRequest& wanted) {
    const auto now = needs_.clock.now();
    Export out{ExportId::fresh(now), wanted.person_id, now, now + config_.exports_kept, 0, 0, {}};
    auto tx = needs_.pool.begin(caller.company);
    std::string text;
    const auto add = [&](const std::vector<boost::json::value>& things) {
        for (const auto& thing : things) text += json::text(thing) + "\n";
        out.items += std::ssize(things);
    };
    const privacy::Subject subject{wanted.person_id, modules_.email_of(tx, wanted.person_id)};
    for (const auto& holder : modules_.holders) add(holder.take_along(tx, subject));
    add(own_things(tx, wanted.person_id));
    TRY(const auto info, needs_.objects.put(object_of(caller.company, out.id), text));
    out.bytes = static_cast<std::int64_t>(info.bytes);
    out.sha256 = info.sha256;
    insert(tx, out);
    audit::append(
        tx, now,
        {.action = "gdpr.person_exported",
         .actor = audit::actor_of(caller),
         .targets = {{"person", wanted.person_id.str()}, {"export", out.id.str()}},
         .after = boost::json::object{{"items", out.items}, {"sha256", out.sha256}},
         .reason = wanted.reason});
    tx.commit();
    return out;
}

Result<Export> Privacy::find_export(const Caller& caller, ExportId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto found = select(tx, id);
    if (!found || found->expires_at <= needs_.clock.now()) return no_such_export(id);
    return *std::move(found);
}

Result<http::Reply> Privacy::export_file(const http::Call& call, ExportId id) {
    TRY(const auto one, find_export(call.caller, id));
    TRY(auto content, needs_.objects.get(object_of(call.caller.company, id)));
    auto tx = needs_.pool.begin(call.caller.company);
    audit::append(
        tx, needs_.clock.now(),
        {.action = "gdpr.export_read",
         .actor = audit::actor_of(call.caller),
         .targets = {{"person", one.person_id.str()}, {"export", id.str()}}});
    tx.commit();
    auto reply = http::bytes(200, "application/x-ndjson", std::move(content));
    reply.headers.add("Content-Disposition", "attachment; filename=\"" + id.str() + ".jsonl\"");
    return reply;
}

Result<Erasure> Privacy::request_erasure(const Caller& caller, const NewRequest& wanted) {
    if (wanted.person_id == caller.person) {
        return fail(ErrorKind::invalid, "yourself", "somebody else is to erase you");
    }
    const auto now = needs_.clock.now();
    Erasure out{ErasureId::fresh(now), wanted.person_id, now, {}, {}, {}, {}};
    auto tx = needs_.pool.begin(caller.company);
    const auto files = exports_of(tx, wanted.person_id);
    const privacy::Subject subject{wanted.person_id, modules_.email_of(tx, wanted.person_id)};
    for (const auto& holder : modules_.holders) {
        TRY(const auto from, holder.erase(tx, subject, now));
        out.from.insert(out.from.end(), from.begin(), from.end());
    }
    const auto blind = "erased:" + out.id.str();
    const auto consents = blind_consents(tx, wanted.person_id.str(), blind);
    out.from.push_back(
        {"gdpr.consent", consents, 0,
         consents == 0 ? "" : "that there was consent, without whose: GDPR art. 7(1)"});
    out.from.push_back({"gdpr.export", remove_exports_of(tx, wanted.person_id), 0, ""});
    out.from.push_back(
        {"gdpr.erasure", 0, 1, "the person's id in this certificate: GDPR art. 5(2)"});

    out.certificate = certificate_of(caller.company, out, wanted.reason);
    out.signature = crypto::to_hex(needs_.key.sign(out.certificate));
    out.key_id = needs_.key.public_key().id();
    insert(tx, out);
    audit::append(
        tx, now,
        {.action = "gdpr.person_erased",
         .actor = audit::actor_of(caller),
         .targets = {{"person", wanted.person_id.str()}, {"erasure", out.id.str()}},
         .after =
             boost::json::object{{"certificate_sha256", crypto::sha256_hex(out.certificate)}}});
    tx.commit();
    for (const auto& file : files) {
        CHECK(needs_.objects.remove(object_of(caller.company, file.id)));
    }
    return out;
}

Result<Erasure> Privacy::find_erasure(const Caller& caller, ErasureId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto found = select(tx, id);
    if (!found) return fail(ErrorKind::not_found, "no_such_erasure", id.str());
    return *std::move(found);
}

Result<Consent> Privacy::record_consent(const Caller& caller, const NewConsent& wanted) {
    const auto now = needs_.clock.now();
    if (wanted.at && *wanted.at > now) {
        return fail(ErrorKind::invalid, "in_the_future", "at is when they said so, and not later");
    }
    const Consent out{
        ConsentId::fresh(now), wanted.subject,          wanted.purpose, wanted.version,
        wanted.state,          wanted.at.value_or(now), wanted.how,     now};
    auto tx = needs_.pool.begin(caller.company);
    insert(tx, out);
    audit::append(
        tx, now,
        {.action =
             out.state == ConsentState::given ? "gdpr.consent_given" : "gdpr.consent_withdrawn",
         .actor = audit::actor_of(caller),
         .targets = {{"consent", out.id.str()}, {"subject", out.subject}},
         .after = boost::json::object{
             {"purpose", out.purpose}, {"version", out.version}, {"at", to_iso8601(out.at)}}});
    tx.commit();
    return out;
}

Result<ConsentPage> Privacy::list_consents(
    const Caller& caller, const PageRequest& page, const ConsentQuery& query) {
    std::optional<ConsentId> before;
    if (!page.cursor.empty()) {
        TRY(before, ConsentId::parse(page.cursor));
    }
    auto tx = needs_.pool.begin(caller.company);
    return page_of(select_consents(tx, query, before, page.limit + 1), page.limit);
}

}  // namespace mobilytics::gdpr
