-- Our own staff look across companies by a role of their own: it sees a table's rows only where the
-- table says so, by
--
--     CREATE POLICY staff ON t FOR SELECT TO mobilytics_staff USING (true);
--     GRANT SELECT ON t TO mobilytics_staff;
--
-- What staff change, they change within the company that it belongs to, as mobilytics_app.
DO $$ BEGIN
    CREATE ROLE mobilytics_staff LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA app TO mobilytics_staff;

-- Who owns the functions that find something before its company is known: a session by its token, a
-- person by their e-mail. Nobody connects as it; it sees what a policy TO mobilytics_door shows.
DO $$ BEGIN
    CREATE ROLE mobilytics_door NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA app TO mobilytics_door;
-- So that who migrates may give them to it, superuser or not.
DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'mobilytics_door', 'MEMBER') THEN
        EXECUTE format('GRANT mobilytics_door TO %I', current_user);
    END IF;
END $$;

-- Whose own things a transaction may see, beside its company's; null until it has said so. A table of
-- what is a person's alone has USING (person_id = app.person_id()).
CREATE FUNCTION app.person_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.person_id', true), '')::uuid;
