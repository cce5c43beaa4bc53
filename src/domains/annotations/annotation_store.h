#pragma once
// Annotations in Postgres. All of this domain's SQL is in annotation_store.cpp.

#include <cstdint>
#include <optional>
#include <vector>

#include "domains/annotations/annotations.h"
#include "platform/pg/pg.h"

namespace mobilytics::annotations {

void insert(pg::Transaction& tx, const Annotation& annotation);
/// Other transactions that ask for it wait.
std::optional<Annotation> select_locked(pg::Transaction& tx, AnnotationId id);
/// At most `count`, in the order of their ids, of those behind `after`.
std::vector<Annotation> select_after(
    pg::Transaction& tx, const AnnotationQuery& query, AnnotationId after, std::int64_t count);
void update(pg::Transaction& tx, const Annotation& annotation);
void remove(pg::Transaction& tx, AnnotationId id);

}  // namespace mobilytics::annotations
