-- A code is looked for before anybody knows whose it is, and tells only that. It has a policy that
-- says so: without one, no table may be touched by requests.
ALTER TABLE fleet.claim_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_its_code ON fleet.claim_code USING (true);
