#include "domains/gdpr/gdpr.h"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "domains/gdpr/gdpr_store.h"
#include "foundation/json.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/signing.h"
#include "platform/events/events.h"
#include "platform/http/router.h"
#include "platform/jobs/workers.h"
#include "platform/objects/objects.h"

namespace mobilytics::gdpr {

namespace {

using std::chrono::days;
using namespace std::chrono_literals;

constexpr const char* kExportsKind = "person_exports";

struct MakeExport {
    static constexpr std::string_view kName = "gdpr.make_export.v1";
    ExportId id;
    boost::json::value to_json() const { return {{"export", id.str()}}; }
    static MakeExport from_json(const boost::json::value& json) {
        return {pg::verified(ExportId::parse(json.at("export").as_string()))};
    }
};

struct EnforceRetention {
    static constexpr std::string_view kName = "gdpr.enforce_retention.v1";
    boost::json::value to_json() const { return boost::json::object(); }
    static EnforceRetention from_json(const boost::json::value&) { return {}; }
};

privacy::RetentionRule exports_rule() {
    return {
        .kind = kExportsKind,
        .what = "Files with all that is kept of a person",
        .usual = days(7),
        .least = days(1),
        .most = days(30),
        .enforce = [](pg::Transaction& tx, Instant older_than, Instant) {
            return remove_exports(tx, older_than);
        }};
}

Result<privacy::Subject> subject_of(const NewRequest& wanted) {
    if (wanted.person_id.has_value() == wanted.contact_id.has_value()) {
        return fail(
            ErrorKind::invalid, "subject_wanted", "say person_id or contact_id: one of them");
    }
    privacy::Subject out;
    if (wanted.person_id) out.person = *wanted.person_id;
    out.contact = wanted.contact_id;
    return out;
}

audit::Target target_of(const privacy::Subject& subject) {
    return {subject.contact ? "contact" : "person", subject.id()};
}

privacy::Subject subject_of(const Export& one) {
    return {one.person_id.value_or(PersonId()), {}, one.contact_id};
}

std::string object_of(CompanyId company, ExportId id) {
    return "privacy/exports/" + company.uuid() + "/" + id.str() + ".jsonl";
}

/// What this domain keeps of somebody, as any holder has it.
void give_own(
    pg::Transaction& tx, const privacy::Subject& subject, const privacy::Holder::Give& give) {
    for (const auto& one : consents_of(tx, subject.id())) {
        give(boost::json::object{
            {"place", "gdpr.consent"},
            {"purpose", one.purpose},
            {"version", one.version},
            {"state", word(one.state)},
            {"at", to_iso8601(one.at)},
            {"how", one.how}});
    }
    for (const auto& one : exports_of(tx, subject)) {
        if (one.state != ExportState::ready) continue;  // This one, and what nobody has seen.
        give(boost::json::object{
            {"place", "gdpr.export"}, {"requested_at", to_iso8601(one.requested_at)}});
    }
}

/// The text that is signed.
std::string certificate_of(CompanyId company, const Erasure& erasure, const std::string& reason) {
    return "mobilytics.erasure.v1\n" +
           json::text(boost::json::object{
               {"id", erasure.id.str()},
               {"company", company.str()},
               {erasure.contact_id ? "contact" : "person",
                erasure.contact_id ? erasure.contact_id->str() : erasure.person_id->str()},
               {"erased_at", to_iso8601(erasure.erased_at)},
               {"reason", reason},
               {"from", json_of(erasure.from)}}) +
           "\n";
}

auto no_such_export(ExportId id) { return fail(ErrorKind::not_found, "no_such_export", id.str()); }

}  // namespace

boost::json::value ExportReady::to_json() const {
    return {
        {"company", company.str()},
        {"export", id.str()},
        {"requested_by", requested_by.str()},
        {"expires_at", to_iso8601(expires_at)}};
}

ExportReady ExportReady::from_json(const boost::json::value& json) {
    const auto text = [&json](const char* name) { return json.at(name).as_string(); };
    return {
        pg::verified(CompanyId::parse(text("company"))),
        pg::verified(ExportId::parse(text("export"))),
        pg::verified(PersonId::parse(text("requested_by"))),
        pg::verified(parse_iso8601(text("expires_at")))};
}

Privacy::Privacy(const Needs& needs, Modules modules)
    : needs_(needs), modules_(std::move(modules)) {
    modules_.rules.push_back(exports_rule());
}

void Privacy::serve(jobs::Workers& workers, std::function<std::vector<CompanyId>()> companies) {
    workers.handle<MakeExport>(
        [this](jobs::JobRun& run, const MakeExport& job) { return make_export(run, job.id); },
        {.retry = {.attempts_max = 5, .wait_min = 5s, .growth = 3, .wait_max = 10min},
         .run_max = 30min,
         .concurrency_max = 2});
    workers.handle_as_system<EnforceRetention>(
        [this, companies = std::move(companies)](
            jobs::JobRun& run, const EnforceRetention&) -> jobs::SystemOutcome {
            for (const auto& company : companies()) {
                if (run.should_stop()) return jobs::Snooze{1min};
                enforce_retention(company);
            }
            return jobs::SystemDone{};
        },
        {.run_max = 20min, .concurrency_max = 1});
    workers.schedule({"gdpr_retention", "*/30 * * * *", "UTC"}, EnforceRetention{});
}

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
             rule.least.count(), rule.most.count(), rule.settable(), policy.last_enforced_at,
             policy.last_gone, policy.total_gone, std::nullopt});
        const auto minutes = rule.minutes ? rule.minutes(tx) : std::nullopt;
        if (minutes) out.items.back().kept_minutes = minutes->count();
    }
    return out;
}

Result<RetentionList> Privacy::set_retention(const Caller& caller, const NewRetention& wanted) {
    const auto* found = rule(wanted.kind);
    if (found == nullptr) return fail(ErrorKind::not_found, "no_such_kind", wanted.kind);
    if (!found->settable()) {
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
    std::map<std::string, Policy> policies;
    {
        auto tx = needs_.pool.begin(company);
        policies = select_policies(tx);
    }
    std::int64_t all = 0;
    for (const auto& rule : modules_.rules) {
        if (!rule.enforce) continue;
        const days wanted(policies[rule.kind].kept_days.value_or(rule.usual.count()));
        try {
            all += enforce(company, rule, std::clamp(wanted, rule.least, rule.most));
        } catch (const std::exception& failure) {
            log::warning("retention_not_enforced", {{"kind", rule.kind}, {"why", failure.what()}});
        }
    }
    return all;
}

std::int64_t Privacy::enforce(
    CompanyId company, const privacy::RetentionRule& rule, std::chrono::days kept) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(company);
    std::vector<Export> files;
    if (rule.kind == kExportsKind) files = exports_before(tx, now - kept);
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
    // Files go after their rows: one whose row is gone is found by nobody.
    for (const auto& old : files) VERIFY(needs_.objects.remove(object_of(company, old.id)));
    return gone;
}

privacy::Subject Privacy::with_email(pg::Transaction& tx, privacy::Subject subject) const {
    subject.email = modules_.email_of(tx, subject);
    return subject;
}

Result<Export> Privacy::request_export(const Caller& caller, const NewRequest& wanted) {
    TRY(const auto subject, subject_of(wanted));
    const auto now = needs_.clock.now();
    Export out;
    out.id = ExportId::fresh(now);
    out.person_id = wanted.person_id;
    out.contact_id = wanted.contact_id;
    out.state = ExportState::waiting;
    out.requested_at = now;
    auto tx = needs_.pool.begin(caller.company);
    insert(tx, out, caller.actor());
    jobs::enqueue(tx, now, MakeExport{out.id}, {.unique_key = out.id.str()});
    audit::append(
        tx, now,
        {.action = "gdpr.export_requested",
         .actor = audit::actor_of(caller),
         .targets = {target_of(subject), {"export", out.id.str()}},
         .reason = wanted.reason});
    tx.commit();
    return out;
}

/// One thing after the other into a file; what is kept of somebody need not fit into memory.
jobs::Outcome Privacy::make_export(const jobs::JobRun& run, ExportId id) {
    std::optional<Export> one;
    {
        auto tx = needs_.pool.begin(run.company);
        one = select(tx, id);
        if (!one || one->state == ExportState::ready) return jobs::Done{};
        one->state = ExportState::running;
        update(tx, *one);
        tx.commit();
    }
    try {
        auto file = pg::verified(needs_.objects.begin(object_of(run.company, id)));
        std::int64_t items = 0;
        const auto give = [&file, &items](const boost::json::value& thing) {
            file.write(json::text(thing) + "\n");
            ++items;
        };
        auto tx = needs_.pool.begin(run.company);
        const auto subject = with_email(tx, subject_of(*one));
        for (const auto& holder : modules_.holders) {
            if (subject.contact ? holder.of_contacts : holder.of_people) {
                holder.each(tx, subject, give);
            }
        }
        give_own(tx, subject, give);
        const auto policies = select_policies(tx);
        const auto policy = policies.find(kExportsKind);
        const auto kept = policy == policies.end() ? std::nullopt : policy->second.kept_days;
        const auto info = file.finish();
        one->state = ExportState::ready;
        one->finished_at = needs_.clock.now();
        one->expires_at =
            one->requested_at + days(kept.value_or(rule(kExportsKind)->usual.count()));
        one->items = items;
        one->bytes = static_cast<std::int64_t>(info.bytes);
        one->sha256 = info.sha256;
    } catch (const std::exception&) {
        if (run.attempt < run.attempts_max) throw;
        one->state = ExportState::failed;
        one->finished_at = needs_.clock.now();
        return jobs::Failed{
            .code = "export_failed",
            .message = "what is kept could not be put into a file",
            .permanent = true,
            .effects = [failed = *one](pg::Transaction& tx) { update(tx, failed); }};
    }
    return jobs::Done{[this, made = *one](pg::Transaction& tx) {
        // Erased meanwhile: then nothing is left of it, this file neither.
        if (!update(tx, made)) {
            VERIFY(needs_.objects.remove(object_of(tx.company(), made.id)));
            return;
        }
        audit::append(
            tx, *made.finished_at,
            {.action = "gdpr.person_exported",
             .actor = {audit::ActorKind::system, "jobs"},
             .targets = {target_of(subject_of(made)), {"export", made.id.str()}},
             .after = boost::json::object{{"items", *made.items}, {"sha256", *made.sha256}}});
        if (const auto by = requester_of(tx, made.id)) {
            events::publish(tx, ExportReady{tx.company(), made.id, *by, *made.expires_at});
        }
    }};
}

Result<Export> Privacy::find_export(const Caller& caller, ExportId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto found = select(tx, id);
    if (!found || (found->expires_at && *found->expires_at <= needs_.clock.now())) {
        return no_such_export(id);
    }
    return *std::move(found);
}

Result<ExportPage> Privacy::list_exports(
    const Caller& caller, const PageRequest& page, const ExportQuery& query) {
    TRY(const auto sorting,
        pg::sorting_of(query.sort.value_or("-requested_at"), page, {"requested_at", "state"}));
    auto tx = needs_.pool.begin(caller.company);
    return pg::sorted_page(
        select_exports(tx, needs_.clock.now(), sorting, page.limit + 1), page.limit, sorting);
}

Result<http::Reply> Privacy::export_file(const http::Call& call, ExportId id) {
    TRY(const auto one, find_export(call.caller, id));
    if (one.state != ExportState::ready) {
        return fail(ErrorKind::conflict, "export_not_ready", "it is being made");
    }
    TRY(auto path, needs_.objects.file_of(object_of(call.caller.company, id)));
    auto tx = needs_.pool.begin(call.caller.company);
    audit::append(
        tx, needs_.clock.now(),
        {.action = "gdpr.export_read",
         .actor = audit::actor_of(call.caller),
         .targets = {target_of(subject_of(one)), {"export", id.str()}}});
    tx.commit();
    auto reply = http::file("application/x-ndjson", std::move(path));
    reply.headers.add("Content-Disposition", "attachment; filename=\"" + id.str() + ".jsonl\"");
    return reply;
}

Result<Erasure> Privacy::request_erasure(const Caller& caller, const NewRequest& wanted) {
    TRY(auto subject, subject_of(wanted));
    if (wanted.person_id == caller.person) {
        return fail(ErrorKind::invalid, "yourself", "somebody else is to erase you");
    }
    const auto now = needs_.clock.now();
    Erasure out{ErasureId::fresh(now), wanted.person_id, wanted.contact_id, now, {}, {}, {}, {}};
    auto tx = needs_.pool.begin(caller.company);
    const auto files = exports_of(tx, subject);
    subject = with_email(tx, std::move(subject));
    for (const auto& holder : modules_.holders) {
        if (!(subject.contact ? holder.of_contacts : holder.of_people)) continue;
        TRY(const auto from, holder.erase(tx, subject, now));
        out.from.insert(out.from.end(), from.begin(), from.end());
    }
    const auto blind = "erased:" + out.id.str();
    const auto consents = blind_consents(tx, subject.id(), blind);
    out.from.push_back(
        {"gdpr.consent", consents, 0,
         consents == 0 ? "" : "that there was consent, without whose: GDPR art. 7(1)"});
    out.from.push_back({"gdpr.export", remove_exports_of(tx, subject), 0, ""});
    out.from.push_back({"gdpr.erasure", 0, 1, "their id in this certificate: GDPR art. 5(2)"});

    out.certificate = certificate_of(caller.company, out, wanted.reason);
    out.signature = crypto::to_hex(needs_.key.sign(out.certificate));
    out.key_id = needs_.key.public_key().id();
    insert(tx, out);
    audit::append(
        tx, now,
        {.action = "gdpr.person_erased",
         .actor = audit::actor_of(caller),
         .targets = {target_of(subject), {"erasure", out.id.str()}},
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
    TRY(const auto sorting,
        pg::sorting_of(
            query.sort.value_or("-recorded_at"), page, {"recorded_at", "subject", "purpose"}));
    auto tx = needs_.pool.begin(caller.company);
    return pg::sorted_page(
        select_consents(tx, query, sorting, page.limit + 1), page.limit, sorting);
}

}  // namespace mobilytics::gdpr
