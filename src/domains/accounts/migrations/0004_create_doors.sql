-- What has to be found before it is known whose it is: narrow functions that run as mobilytics_door,
-- each by a secret or an e-mail, and what staff may read.
GRANT USAGE ON SCHEMA accounts TO mobilytics_door, mobilytics_staff;
GRANT CREATE ON SCHEMA accounts TO mobilytics_door;  -- While it is given its functions.
GRANT SELECT ON accounts.company, accounts.person, accounts.membership, accounts.credential,
    accounts.session, accounts.invitation, accounts.contract, accounts.api_key,
    accounts.impersonation TO mobilytics_door;
CREATE POLICY door ON accounts.company FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.person FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.membership FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.credential FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.session FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.invitation FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.contract FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.api_key FOR SELECT TO mobilytics_door USING (true);
CREATE POLICY door ON accounts.impersonation FOR SELECT TO mobilytics_door USING (true);

-- A session by its token, with all that says what it may.
CREATE FUNCTION accounts.session_of(token text) RETURNS TABLE (
    id uuid, person_id uuid, company_id uuid, begun_at timestamptz, seen_at timestamptz,
    expires_at timestamptz, second_factor_at timestamptz, role text, has_totp boolean,
    has_one_time_password boolean, acting_id uuid, acting_company uuid, acting_person uuid,
    acting_role text, acting_rights text[], acting_state text, acting_may_write boolean,
    acting_until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN RETURN QUERY
    SELECT s.id, s.person_id, s.company_id, s.begun_at, s.seen_at, s.expires_at, s.second_factor_at,
           m.role, r.totp_sealed IS NOT NULL, r.has_one_time_password,
           i.id, i.company_id, i.person_id, im.role, i.rights, i.state, i.may_write, i.expires_at
    FROM accounts.session s
    JOIN accounts.credential r ON r.person_id = s.person_id
    LEFT JOIN accounts.company c ON c.company_id = s.company_id AND c.state = 'active'
    LEFT JOIN accounts.membership m ON m.company_id = c.company_id AND m.person_id = s.person_id
                                   AND m.state = 'active'
    LEFT JOIN accounts.impersonation i ON i.id = s.impersonation_id
    LEFT JOIN accounts.membership im ON im.company_id = i.company_id AND im.person_id = i.person_id
                                    AND im.state = 'active'
    WHERE s.token_sha256 = token;
END $$;

CREATE FUNCTION accounts.person_of(address text) RETURNS TABLE (
    id uuid, name text, password_hash text, one_time_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.id, p.name, r.password_hash, r.one_time_until
    FROM accounts.person p JOIN accounts.credential r ON r.person_id = p.id
    WHERE lower(p.email) = lower(address)
$$;

-- Of the transaction's person: the companies that they may work for.
CREATE FUNCTION accounts.belongings() RETURNS TABLE (
    company_id uuid, name text, kind text, role text, joined_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.company_id, c.name, c.kind, m.role, m.joined_at
    FROM accounts.membership m JOIN accounts.company c ON c.company_id = m.company_id
    WHERE m.person_id = app.person_id() AND m.state = 'active' AND c.state = 'active'
$$;

CREATE FUNCTION accounts.invitation_of(token text) RETURNS TABLE (
    id uuid, company_id uuid, company_name text, email text, role text, expires_at timestamptz,
    person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT i.id, i.company_id, c.name, i.email, i.role, i.expires_at, p.id
    FROM accounts.invitation i JOIN accounts.company c ON c.company_id = i.company_id
    LEFT JOIN accounts.person p ON lower(p.email) = lower(i.email)
    WHERE i.token_sha256 = token AND c.state = 'active'
$$;

CREATE FUNCTION accounts.api_key_of(digest text, at timestamptz) RETURNS TABLE (
    id uuid, company_id uuid, role text, scopes text[], networks text[], expires_at timestamptz,
    used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT k.id, k.company_id, k.role, k.scopes, k.networks, k.expires_at, k.used_at
    FROM accounts.api_key k JOIN accounts.company c ON c.company_id = k.company_id
    WHERE (k.secret_sha256 = digest OR (k.previous_sha256 = digest AND k.previous_until > at))
      AND k.revoked_at IS NULL AND c.state = 'active'
$$;

-- The companies below the transaction's: of each what its contract lets see, and no more.
CREATE FUNCTION accounts.children() RETURNS TABLE (
    id uuid, label text, kind text, state text, shares text[], added_at timestamptz, name text,
    time_zone text, currency text, privacy_mode text, synthetic boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.company_id, t.label, c.kind, c.state, t.shares, t.added_at,
           CASE WHEN 'profile' = ANY (t.shares) THEN c.name END,
           CASE WHEN 'profile' = ANY (t.shares) THEN c.time_zone END,
           CASE WHEN 'profile' = ANY (t.shares) THEN c.currency::text END,
           CASE WHEN 'profile' = ANY (t.shares) THEN c.privacy_mode END,
           CASE WHEN 'profile' = ANY (t.shares) THEN c.synthetic END
    FROM accounts.contract t JOIN accounts.company c ON c.company_id = t.company_id
    WHERE t.parent_id = app.company_id()
$$;
CREATE FUNCTION accounts.parent_name() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.name FROM accounts.contract t JOIN accounts.company p ON p.company_id = t.parent_id
    WHERE t.company_id = app.company_id()
$$;
-- A company begins below the transaction's, with a contract that shares nothing.
CREATE FUNCTION accounts.begin_contract(child uuid, label text, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO accounts.contract (company_id, parent_id, label, added_at)
    SELECT child, app.company_id(), label, at
    WHERE EXISTS (SELECT FROM accounts.company WHERE company_id = child
                  AND parent_id = app.company_id())
$$;
GRANT INSERT ON accounts.contract TO mobilytics_door;
CREATE POLICY door_begins ON accounts.contract FOR INSERT TO mobilytics_door WITH CHECK (true);
-- contract: no program before made use of it
REVOKE INSERT ON accounts.contract FROM mobilytics_app;

-- The first start, all of it or nothing. False when another start was faster.
CREATE FUNCTION accounts.begin_installation(
    house uuid, first uuid, called text, zone text, of_kind text, money text, mode text,
    simulated boolean, person uuid, address text, hash text, until timestamptz, at timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
    INSERT INTO accounts.installation (first_company, house_company) VALUES (first, house)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO accounts.company (company_id, parent_id, name, kind, time_zone, currency,
        privacy_mode, synthetic, created_at)
    VALUES (house, NULL, 'House', 'house', 'UTC', 'USD', 'standard', false, at),
           (first, house, called, of_kind, zone, money, mode, simulated, at);
    INSERT INTO accounts.person (id, email, name, added_at) VALUES (person, address, 'Owner', at);
    INSERT INTO accounts.credential (person_id, password_hash, has_one_time_password, one_time_until)
    VALUES (person, hash, true, until);
    INSERT INTO accounts.membership (company_id, person_id, role, joined_at)
    VALUES (house, person, 'superuser', at), (first, person, 'owner', at);
    INSERT INTO accounts.contract (company_id, parent_id, label, added_at)
    VALUES (first, house, called, at);
    RETURN true;
END $$;
GRANT INSERT ON accounts.installation, accounts.company, accounts.person, accounts.credential,
    accounts.membership TO mobilytics_door;
GRANT SELECT ON accounts.installation TO mobilytics_door;
CREATE POLICY door_begins ON accounts.company FOR INSERT TO mobilytics_door WITH CHECK (true);
CREATE POLICY door_begins ON accounts.person FOR INSERT TO mobilytics_door WITH CHECK (true);
CREATE POLICY door_begins ON accounts.credential FOR INSERT TO mobilytics_door WITH CHECK (true);
CREATE POLICY door_begins ON accounts.membership FOR INSERT TO mobilytics_door WITH CHECK (true);
-- contract: as sign-in, which the program before does otherwise
REVOKE INSERT ON accounts.installation FROM mobilytics_app;

CREATE FUNCTION accounts.domain_is_anothers(mine uuid, domain text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM accounts.company
                   WHERE brand_domain = domain AND company_id <> mine)
$$;

-- Every company that is active, for what is done for each.
CREATE FUNCTION accounts.active_companies() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT company_id FROM accounts.company WHERE state = 'active' ORDER BY company_id
$$;

ALTER FUNCTION accounts.session_of(text) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.person_of(text) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.belongings() OWNER TO mobilytics_door;
ALTER FUNCTION accounts.invitation_of(text) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.api_key_of(text, timestamptz) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.children() OWNER TO mobilytics_door;
ALTER FUNCTION accounts.parent_name() OWNER TO mobilytics_door;
ALTER FUNCTION accounts.begin_contract(uuid, text, timestamptz) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.begin_installation(uuid, uuid, text, text, text, text, text, boolean, uuid,
    text, text, timestamptz, timestamptz) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.domain_is_anothers(uuid, text) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.active_companies() OWNER TO mobilytics_door;
-- contract: no program before made use of it
REVOKE CREATE ON SCHEMA accounts FROM mobilytics_door;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA accounts FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA accounts TO mobilytics_app;

CREATE POLICY staff ON accounts.company FOR SELECT TO mobilytics_staff USING (true);
CREATE POLICY staff ON accounts.person FOR SELECT TO mobilytics_staff USING (true);
CREATE POLICY staff ON accounts.membership FOR SELECT TO mobilytics_staff USING (true);
CREATE POLICY staff ON accounts.session FOR SELECT TO mobilytics_staff USING (true);
CREATE POLICY staff ON accounts.contact FOR SELECT TO mobilytics_staff USING (true);
CREATE POLICY staff ON accounts.impersonation FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT ON accounts.company, accounts.person, accounts.membership, accounts.contact,
    accounts.impersonation TO mobilytics_staff;
-- Never the digests of tokens.
GRANT SELECT (id, person_id, company_id, begun_at, seen_at, expires_at, address, user_agent)
    ON accounts.session TO mobilytics_staff;
