-- Since when nothing that was made with it is taken any more: its company turned strict.
ALTER TABLE fleet.salt ADD COLUMN revoked_at timestamptz;
