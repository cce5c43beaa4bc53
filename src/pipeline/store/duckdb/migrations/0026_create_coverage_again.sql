CREATE VIEW coverage AS
SELECT * FROM coverage_recent UNION ALL SELECT * FROM coverage_settled;
