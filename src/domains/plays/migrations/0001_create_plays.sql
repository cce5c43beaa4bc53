CREATE SCHEMA plays;
GRANT USAGE ON SCHEMA plays TO mobilytics_app;

-- A file that was imported. Removed, it is gone with all that came of it; the audit trail knows.
CREATE TABLE plays.log (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    face_id    uuid        NOT NULL,
    source     text        NOT NULL,  -- As its company calls it: a file's name.
    sha256     text        NOT NULL,
    form       text        NOT NULL CHECK (form IN ('plays', 'counts')),
    made_by    uuid        NOT NULL,
    made_at    timestamptz NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    lines      bigint      NOT NULL CHECK (lines >= 0),
    plays      bigint      NOT NULL CHECK (plays >= 0),
    repeated   bigint      NOT NULL CHECK (repeated >= 0),
    elsewhere  bigint      NOT NULL CHECK (elsewhere >= 0),
    covered_s  bigint      NOT NULL CHECK (covered_s >= 0),
    findings   jsonb       NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, face_id, sha256)
);
ALTER TABLE plays.log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON plays.log USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON plays.log TO mobilytics_app;

-- A play is known by its face, its beginning and what was shown. No foreign key: a million come at once.
CREATE TABLE plays.play (
    company_id  uuid        NOT NULL,
    face_id     uuid        NOT NULL,
    start_at    timestamptz NOT NULL,
    creative    text        NOT NULL,
    log_id      uuid        NOT NULL,
    duration_ms bigint      NOT NULL CHECK (duration_ms > 0),
    PRIMARY KEY (company_id, face_id, start_at, creative)
);
ALTER TABLE plays.play ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON plays.play USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON plays.play TO mobilytics_app;

-- Plays by the quarter of an hour, of UTC, in which they began: what reports are made of. An hour's count is
-- spread over its four.
CREATE TABLE plays.quarter (
    company_id uuid        NOT NULL,
    face_id    uuid        NOT NULL,
    quarter_at timestamptz NOT NULL,
    creative   text        NOT NULL,
    log_id     uuid        NOT NULL,
    plays      bigint      NOT NULL CHECK (plays > 0),
    airtime_ms bigint      NOT NULL CHECK (airtime_ms > 0),
    PRIMARY KEY (company_id, face_id, quarter_at, creative, log_id)
);
ALTER TABLE plays.quarter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON plays.quarter USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.quarter TO mobilytics_app;

-- When a log was kept, [from_at, to_at): what is not in it then was not played.
CREATE TABLE plays.stretch (
    company_id uuid        NOT NULL,
    face_id    uuid        NOT NULL,
    log_id     uuid        NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    PRIMARY KEY (company_id, face_id, log_id, from_at),
    FOREIGN KEY (company_id, log_id) REFERENCES plays.log (company_id, id)
);
ALTER TABLE plays.stretch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON plays.stretch USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON plays.stretch TO mobilytics_app;
