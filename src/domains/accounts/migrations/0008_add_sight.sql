-- The company of one's own from which a session looks into one below it, by that one's contract.
ALTER TABLE accounts.session ADD COLUMN sight_from uuid;
