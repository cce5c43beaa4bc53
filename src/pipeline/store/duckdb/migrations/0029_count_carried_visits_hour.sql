-- Visits that had begun before, and were still there; 0 in rows of older files, where it is not known.
ALTER TABLE exposure_hour ADD COLUMN visits_carried BIGINT DEFAULT 0;
