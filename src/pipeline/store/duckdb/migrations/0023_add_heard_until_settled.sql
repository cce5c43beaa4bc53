ALTER TABLE coverage_settled ADD COLUMN heard_until TIMESTAMP;
