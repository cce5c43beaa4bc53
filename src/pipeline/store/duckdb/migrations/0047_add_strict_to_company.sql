-- Whether rows about one device go within minutes.
ALTER TABLE company ADD COLUMN strict BOOLEAN DEFAULT false;
