#pragma once
// Which tables lack the wall between companies: for migrate.cpp and survey.cpp.

#include "platform/pg/rows.h"

namespace mobilytics::pg {

// A table that knows its company, or that people's requests or our staff can touch.
inline constexpr Query kUnwalled{"pg.unwalled", R"sql(
    SELECT c.oid::regclass::text AS name
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace <> 'pg_catalog'::regnamespace
      AND c.relnamespace <> 'information_schema'::regnamespace
      AND (EXISTS (SELECT FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped)
           OR EXISTS (SELECT FROM aclexplode(c.relacl) AS given
                      WHERE given.grantee IN (0, to_regrole('mobilytics_app'),
                                              to_regrole('mobilytics_staff'))))
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity
               AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY name
)sql"};

}  // namespace mobilytics::pg
