-- Which companies this installation was opened for is told to every transaction.
ALTER TABLE accounts.installation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON accounts.installation USING (true);
