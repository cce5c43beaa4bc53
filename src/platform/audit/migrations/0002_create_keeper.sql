-- What may move and let go entries, each a function of its own.

-- The partition of the month that begins on `month`; made where it is not there.
CREATE FUNCTION audit.add_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE part text := 'sealed_' || to_char(month, 'YYYY_MM');
BEGIN
    IF extract(day FROM month) <> 1 THEN RAISE EXCEPTION 'a month begins on its first'; END IF;
    IF to_regclass('audit.' || part) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.sealed FOR VALUES FROM (%L) TO (%L)',
                   part, month::timestamp AT TIME ZONE 'UTC',
                   (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    -- A partition that is asked by its own name has the wall as well.
    EXECUTE format('ALTER TABLE audit.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY keeper ON audit.%I TO mobilytics_audit USING (true)', part);
    EXECUTE format('CREATE TRIGGER kept_whole BEFORE TRUNCATE ON audit.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', part);
END $$;

-- Moves entries to the ends of their chains. Whether the hashes are right is for verify to say.
CREATE FUNCTION audit.seal(
    at timestamptz, numbers bigint[], positions bigint[], previous bytea[], hashes bytea[],
    details_hashes bytea[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE moved bigint;
BEGIN
    WITH taken AS (
        DELETE FROM audit.entry WHERE number = ANY (numbers) RETURNING *
    )
    INSERT INTO audit.sealed (
        company_id, position, sealed_at, previous_sha256, sha256, id, number, transaction_id,
        occurred_at, action, outcome, actor_kind, actor_id, impersonator, target_types, target_ids,
        request_id, trace_id, details_sha256, details, salt)
    SELECT t.company_id, u.position, at, u.previous, u.hash, t.id, t.number, t.transaction_id,
           t.occurred_at, t.action, t.outcome, t.actor_kind, t.actor_id, t.impersonator,
           t.target_types, t.target_ids, t.request_id, t.trace_id, u.details_hash, t.details, t.salt
    FROM taken t
    JOIN unnest(numbers, positions, previous, hashes, details_hashes)
         AS u (number, position, previous, hash, details_hash) ON u.number = t.number;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;

CREATE FUNCTION audit.move_heads(
    at timestamptz, companies uuid[], positions bigint[], hashes bytea[], signatures bytea[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO audit.head (company_id, position, sha256, sealed_at, signature)
    SELECT company, place, hash, at, signature
    FROM unnest(companies, positions, hashes, signatures) AS u (company, place, hash, signature)
    ON CONFLICT (company_id) DO UPDATE
        SET position = EXCLUDED.position, sha256 = EXCLUDED.sha256,
            sealed_at = EXCLUDED.sealed_at, signature = EXCLUDED.signature;
$$;

-- Lets a month go. Each entry of it must be under a signed root, and each company's retirement of
-- it be written: then what is missing can be told from what was taken.
CREATE FUNCTION audit.drop_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part text := 'sealed_' || to_char(month, 'YYYY_MM');
    open bigint;
BEGIN
    IF to_regclass('audit.' || part) IS NULL THEN RETURN; END IF;
    EXECUTE format(
        'SELECT count(*) FROM audit.%I s WHERE NOT EXISTS ('
        '    SELECT FROM audit.root r WHERE r.company_id = s.company_id'
        '        AND s.position BETWEEN r.first_position AND r.last_position)'
        ' OR NOT EXISTS ('
        '    SELECT FROM audit.retirement t WHERE t.company_id = s.company_id AND t.month = $1'
        '        AND s.position BETWEEN t.first_position AND t.last_position)', part)
        INTO open USING month;
    IF open > 0 THEN
        RAISE EXCEPTION '% entries of % have no signed root or no retirement', open, part;
    END IF;
    EXECUTE format('ALTER TABLE audit.sealed DETACH PARTITION audit.%I', part);
    EXECUTE format('DROP TABLE audit.%I', part);
END $$;

-- Blacks out what entries say about a person. Who, what and when stays, and so does the chain. The
-- application may, for the company whose transaction it is; each time is an entry of its own, which
-- is written with it: see platform/audit/redaction.h.
CREATE FUNCTION audit.black_out(company uuid, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE touched bigint;
BEGIN
    IF company <> app.company_id() THEN
        RAISE EXCEPTION 'of another company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE audit.sealed SET details = NULL, salt = NULL
    WHERE company_id = company AND id = ANY (ids) AND details IS NOT NULL;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;

ALTER TABLE audit.sealed OWNER TO mobilytics_audit;
ALTER FUNCTION audit.add_month OWNER TO mobilytics_audit;
ALTER FUNCTION audit.seal OWNER TO mobilytics_audit;
ALTER FUNCTION audit.move_heads OWNER TO mobilytics_audit;
ALTER FUNCTION audit.drop_month OWNER TO mobilytics_audit;
ALTER FUNCTION audit.black_out OWNER TO mobilytics_audit;
REVOKE ALL ON FUNCTION audit.add_month, audit.seal, audit.move_heads, audit.drop_month,
    audit.black_out FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.add_month, audit.seal, audit.move_heads, audit.drop_month
    TO mobilytics_system;
GRANT EXECUTE ON FUNCTION audit.black_out TO mobilytics_app;
