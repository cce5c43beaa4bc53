-- Epochs of salts that were destroyed before their time: what was heard after that is not taken.
CREATE TABLE ingest.revoked_epoch (
    company_id uuid NOT NULL,
    epoch      uuid NOT NULL,
    revoked_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, epoch)
);
ALTER TABLE ingest.revoked_epoch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON ingest.revoked_epoch USING (app.visible(company_id));
GRANT SELECT, INSERT ON ingest.revoked_epoch TO mobilytics_system;
