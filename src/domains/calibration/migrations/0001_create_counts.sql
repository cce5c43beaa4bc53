-- People counted by hand beside a sensor.
CREATE SCHEMA calibration;
GRANT USAGE ON SCHEMA calibration TO mobilytics_app;

CREATE TABLE calibration.count (
    company_id      uuid        NOT NULL,
    id              uuid        NOT NULL,
    asset_id        uuid        NOT NULL,
    way             text        NOT NULL CHECK (way IN ('taps', 'totals')),
    state           text        NOT NULL CHECK (state IN ('counting', 'ended', 'dismissed')),
    begun_at        timestamptz NOT NULL,
    ended_at        timestamptz CHECK (ended_at > begun_at),
    start_occupancy integer     NOT NULL CHECK (start_occupancy >= 0),
    client_id       text,
    note            text,
    begun_by        uuid        NOT NULL,
    reason          text,
    changed_at      timestamptz NOT NULL,
    -- What its taps and totals come to, kept with them.
    people          float8      NOT NULL,
    taps            integer     NOT NULL,
    undone          integer     NOT NULL,
    outside         integer     NOT NULL,
    lowest          float8      NOT NULL,
    counters        jsonb       NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, client_id)
);
CREATE INDEX count_of_asset ON calibration.count (company_id, asset_id, begun_at);
ALTER TABLE calibration.count ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.count USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON calibration.count TO mobilytics_app;

-- What was tapped; only ever added to. What an undo takes back may come after it.
CREATE TABLE calibration.tap (
    company_id uuid        NOT NULL,
    count_id   uuid        NOT NULL,
    id         text        NOT NULL,
    counter    text        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('in', 'out', 'undo')),
    at         timestamptz NOT NULL,
    undoes     text        CHECK ((undoes IS NULL) = (kind <> 'undo')),
    PRIMARY KEY (company_id, count_id, id),
    FOREIGN KEY (company_id, count_id) REFERENCES calibration.count (company_id, id)
);
ALTER TABLE calibration.tap ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.tap USING (company_id = app.company_id());
GRANT SELECT, INSERT ON calibration.tap TO mobilytics_app;

CREATE TABLE calibration.total (
    company_id uuid        NOT NULL,
    count_id   uuid        NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    people     float8      NOT NULL CHECK (people >= 0),
    PRIMARY KEY (company_id, count_id, from_at),
    FOREIGN KEY (company_id, count_id) REFERENCES calibration.count (company_id, id)
);
ALTER TABLE calibration.total ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.total USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON calibration.total TO mobilytics_app;

-- How many people were there at a moment, whatever the taps say.
CREATE TABLE calibration.correction (
    company_id uuid        NOT NULL,
    count_id   uuid        NOT NULL,
    at         timestamptz NOT NULL,
    occupancy  integer     NOT NULL CHECK (occupancy >= 0),
    reason     text        NOT NULL,
    made_at    timestamptz NOT NULL,
    made_by    uuid        NOT NULL,
    PRIMARY KEY (company_id, count_id, at),
    FOREIGN KEY (company_id, count_id) REFERENCES calibration.count (company_id, id)
);
ALTER TABLE calibration.correction ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.correction USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON calibration.correction TO mobilytics_app;
