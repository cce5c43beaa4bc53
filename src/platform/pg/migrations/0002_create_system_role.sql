-- Who works for all companies at once: ingest, measure, the outbox. Neither a superuser nor
-- BYPASSRLS: it sees a row of another company only where the table's policy says so, by
--
--     CREATE POLICY company ON t USING (app.visible(company_id));
--
-- A table that only people's requests touch keeps USING (company_id = app.company_id()), and is
-- closed to it.
DO $$ BEGIN
    CREATE ROLE mobilytics_system LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA app TO mobilytics_system;

-- Whether the rows of this company are shown to this transaction. One expression, so that Postgres
-- puts it in the place of the call.
CREATE FUNCTION app.visible(company uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_user = 'mobilytics_system' THEN true
            ELSE company = current_setting('app.company_id')::uuid END;
