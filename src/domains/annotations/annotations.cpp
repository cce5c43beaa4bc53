#include "domains/annotations/annotations.h"

#include "domains/annotations/annotation_store.h"
#include "domains/assets/assets.h"
#include "platform/audit/audit.h"

namespace mobilytics::annotations {

namespace {

constexpr std::chrono::days kSpanMax{366};

/// For the audit trail.
boost::json::value json_of(const std::optional<Annotation>& annotation) {
    if (!annotation) return nullptr;
    boost::json::array assets;
    for (const auto& id : annotation->asset_ids) assets.emplace_back(id.str());
    return {
        {"kind", word(annotation->kind)},
        {"text", annotation->text},
        {"from", to_iso8601(annotation->from)},
        {"to", to_iso8601(annotation->to)},
        {"asset_ids", std::move(assets)}};
}

void record(
    pg::Transaction& tx, const Caller& by, Instant now, const char* action,
    const std::optional<Annotation>& before, const std::optional<Annotation>& after) {
    const auto& one = after ? *after : *before;
    audit::append(
        tx, now,
        {.action = action,
         .actor = audit::actor_of(by),
         .targets = {{"annotation", one.id.str(), one.text}},
         .before = json_of(before),
         .after = json_of(after)});
}

Result<> check(const NewAnnotation& wanted) {
    std::vector<Fault> faults;
    if (wanted.text.find_first_not_of(" \t\r\n") == std::string::npos) {
        faults.push_back({"/text", "is to say what happened"});
    }
    if (wanted.from >= wanted.to) faults.push_back({"/to", "is to be later than from"});
    if (wanted.to - wanted.from > kSpanMax) {
        faults.push_back({"/to", "is to be at most 366 days later than from"});
    }
    if (faults.empty()) return {};
    return tl::unexpected(
        Error{ErrorKind::invalid, "bad_annotation", "the note has faults", std::move(faults)});
}

Annotation annotation_of(AnnotationId id, NewAnnotation wanted, Instant made_at) {
    return {id,          wanted.kind, std::move(wanted.text),
            wanted.from, wanted.to,   std::move(wanted.asset_ids),
            made_at};
}

tl::unexpected<Error> no_such(AnnotationId id) {
    return fail(ErrorKind::not_found, "no_such_annotation", id.str());
}

}  // namespace

Result<AnnotationPage> Annotations::list_annotations(
    const Caller& caller, const PageRequest& page, const AnnotationQuery& query) {
    TRY(const auto after, page.after<AnnotationId>());
    auto tx = pool_.begin(caller.company);
    return page_of(select_after(tx, query, after, page.limit + 1), page.limit);
}

Result<Annotation> Annotations::make_annotation(const Caller& caller, NewAnnotation wanted) {
    CHECK(check(wanted));
    CHECK(assets_.require_assets(caller, wanted.asset_ids));
    const auto now = clock_.now();
    auto made = annotation_of(AnnotationId::fresh(now), std::move(wanted), now);
    auto tx = pool_.begin(caller.company);
    insert(tx, made);
    record(tx, caller, now, "annotations.annotation_made", {}, made);
    tx.commit();
    return made;
}

Result<Annotation> Annotations::replace_annotation(
    const Caller& caller, AnnotationId id, NewAnnotation wanted) {
    CHECK(check(wanted));
    CHECK(assets_.require_assets(caller, wanted.asset_ids));
    auto tx = pool_.begin(caller.company);
    const auto before = select_locked(tx, id);
    if (!before) return no_such(id);
    auto after = annotation_of(id, std::move(wanted), before->made_at);
    update(tx, after);
    record(tx, caller, clock_.now(), "annotations.annotation_replaced", before, after);
    tx.commit();
    return after;
}

Result<> Annotations::remove_annotation(const Caller& caller, AnnotationId id) {
    auto tx = pool_.begin(caller.company);
    const auto before = select_locked(tx, id);
    if (!before) return no_such(id);
    remove(tx, id);
    record(tx, caller, clock_.now(), "annotations.annotation_removed", before, {});
    tx.commit();
    return {};
}

}  // namespace mobilytics::annotations
