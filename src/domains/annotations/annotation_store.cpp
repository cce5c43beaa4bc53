#include "domains/annotations/annotation_store.h"

namespace mobilytics::annotations {

namespace {

constexpr pg::Query kInsert{"annotations.insert", R"sql(
    INSERT INTO annotations.annotation (company_id, id, kind, text, from_at, to_at, asset_ids,
                                        made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7::uuid[], $8)
)sql"};

constexpr pg::Query kSelectLocked{"annotations.select_locked", R"sql(
    SELECT id, kind, text, from_at, to_at, asset_ids, made_at
    FROM annotations.annotation WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kSelectAfter{"annotations.select_after", R"sql(
    SELECT id, kind, text, from_at, to_at, asset_ids, made_at
    FROM annotations.annotation
    WHERE company_id = $1 AND id > $2
      AND ($3::timestamptz IS NULL OR to_at > $3) AND ($4::timestamptz IS NULL OR from_at < $4)
    ORDER BY id LIMIT $5
)sql"};

constexpr pg::Query kUpdate{"annotations.update", R"sql(
    UPDATE annotations.annotation
    SET kind = $3, text = $4, from_at = $5, to_at = $6, asset_ids = $7::uuid[]
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kRemove{"annotations.remove", R"sql(
    DELETE FROM annotations.annotation WHERE company_id = $1 AND id = $2
)sql"};

Annotation annotation_from(const pg::Row& row) {
    return {
        .id = row.get<AnnotationId>("id"),
        .kind = row.get<AnnotationKind>("kind"),
        .text = row.get<std::string>("text"),
        .from = row.get<Instant>("from_at"),
        .to = row.get<Instant>("to_at"),
        .asset_ids = row.get<std::vector<AssetId>>("asset_ids"),
        .made_at = row.get<Instant>("made_at"),
    };
}

}  // namespace

void insert(pg::Transaction& tx, const Annotation& annotation) {
    tx.run(
        kInsert, tx.company(), annotation.id, annotation.kind, annotation.text, annotation.from,
        annotation.to, annotation.asset_ids, annotation.made_at);
}

std::optional<Annotation> select_locked(pg::Transaction& tx, AnnotationId id) {
    return tx.run(kSelectLocked, tx.company(), id).first(annotation_from);
}

std::vector<Annotation> select_after(
    pg::Transaction& tx, const AnnotationQuery& query, AnnotationId after, std::int64_t count) {
    return tx.run(kSelectAfter, tx.company(), after, query.from, query.to, count)
        .all(annotation_from);
}

void update(pg::Transaction& tx, const Annotation& annotation) {
    tx.run(
        kUpdate, tx.company(), annotation.id, annotation.kind, annotation.text, annotation.from,
        annotation.to, annotation.asset_ids);
}

void remove(pg::Transaction& tx, AnnotationId id) { tx.run(kRemove, tx.company(), id); }

}  // namespace mobilytics::annotations
