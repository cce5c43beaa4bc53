CREATE VIEW counted AS
SELECT *, 1 AS quarters, (basis = 'grid')::BIGINT AS grid_quarters,
       (basis = 'blind')::BIGINT AS blind_quarters
FROM (SELECT * FROM counted_recent UNION ALL SELECT * FROM counted_settled);
