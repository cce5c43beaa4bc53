-- What is asked for twice is written once: what it is known by, of a company.
ALTER TABLE mail.outbox ADD COLUMN once_key text;
