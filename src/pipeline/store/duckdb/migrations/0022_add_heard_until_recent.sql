ALTER TABLE coverage_recent ADD COLUMN heard_until TIMESTAMP;
