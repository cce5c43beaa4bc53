DROP VIEW coverage;
