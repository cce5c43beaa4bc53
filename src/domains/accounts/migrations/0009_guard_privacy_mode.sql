-- Below how many devices a company's figures are held back (none: the installation's), and when a strict
-- company that was allowed to loosen becomes a standard one.
ALTER TABLE accounts.company
    ADD COLUMN suppress_below smallint CHECK (suppress_below BETWEEN 5 AND 50),
    ADD COLUMN standard_from timestamptz;
