CREATE OR REPLACE VIEW exposure AS
SELECT * FROM exposure_recent UNION ALL SELECT * FROM exposure_settled;
