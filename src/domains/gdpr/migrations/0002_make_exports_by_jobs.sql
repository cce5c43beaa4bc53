-- Exports are made by jobs, and asked for people and for contacts.
ALTER TABLE gdpr.export
    ADD COLUMN about        text NOT NULL DEFAULT 'person',
    ADD COLUMN state        text NOT NULL DEFAULT 'ready',
    ADD COLUMN requested_by uuid,
    ADD COLUMN finished_at  timestamptz;
GRANT UPDATE ON gdpr.export TO mobilytics_app;

ALTER TABLE gdpr.erasure ADD COLUMN about text NOT NULL DEFAULT 'person';

ALTER TABLE gdpr.retention ADD COLUMN total_gone bigint NOT NULL DEFAULT 0;
