-- Below how many devices figures are held back; 0: as the installation has it.
ALTER TABLE company ADD COLUMN suppress_below BIGINT DEFAULT 0;
