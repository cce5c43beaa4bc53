CREATE SCHEMA ingest;

-- Who may send. Learnt by events from whoever keeps the fleet.
CREATE TABLE ingest.device (
    company_id uuid NOT NULL,
    device_id  uuid NOT NULL UNIQUE,
    accepted   boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, device_id)
);

-- One start of one sensor: what of it is settled. Kept far longer than reports, so that what is
-- sent again after weeks is known for what it is. Numbers of reports are sets of ranges.
CREATE TABLE ingest.boot (
    company_id        uuid NOT NULL,
    device_id         uuid NOT NULL,
    boot_id           uuid NOT NULL,
    cumulative        bigint NOT NULL,          -- 1..this are settled: what the ack says.
    taken             int8multirange NOT NULL,  -- Accepted or refused.
    lost              int8multirange NOT NULL,  -- Declared lost, and not come since.
    refused           int8multirange NOT NULL,  -- Of the taken.
    first_received_at timestamptz NOT NULL,
    last_received_at  timestamptz NOT NULL,
    anchor_mono_us    bigint,                   -- "At this count of the boot's clock
    anchor_at         timestamptz,              -- it was that time",
    anchor_source     text,                     -- by this clock.
    anchor_error_us   bigint,
    retimings         integer NOT NULL,
    begun_at_most     timestamptz,
    not_before        timestamptz,
    begun_at          timestamptz,              -- When its clock counted zero.
    lowest_seq        bigint,
    lowest_mono_us    bigint,
    highest_seq       bigint,
    highest_mono_us   bigint,
    last_duration_us  bigint NOT NULL,
    PRIMARY KEY (company_id, device_id, boot_id)
) WITH (fillfactor = 70);
CREATE INDEX boot_last_received_at ON ingest.boot (last_received_at);

-- What sensors said that they lost, and why. The ledger is in boot; this is its explanation.
CREATE TABLE ingest.loss (
    company_id  uuid NOT NULL,
    device_id   uuid NOT NULL,
    boot_id     uuid NOT NULL,
    first_seq   bigint NOT NULL,
    last_seq    bigint NOT NULL,  -- Inclusive.
    reason      text NOT NULL,
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, device_id, boot_id, first_seq, declared_at)
);

CREATE SEQUENCE ingest.report_number;

-- The accepted reports, as they came, in partitions of an hour, which open_partition makes and
-- drop_partitions drops. A report is here once because boot.taken has its number once.
CREATE TABLE ingest.report (
    company_id      uuid NOT NULL,
    device_id       uuid NOT NULL,
    boot_id         uuid NOT NULL,
    seq             bigint NOT NULL,
    received_at     timestamptz NOT NULL,
    transaction     xid8 NOT NULL DEFAULT pg_current_xact_id(),  -- Its place in the stream,
    number          bigint NOT NULL DEFAULT nextval('ingest.report_number'),  -- and within that.
    started         timestamptz NOT NULL,  -- By the best clock there is.
    time_uncertain  boolean NOT NULL,
    timed_by        text NOT NULL,
    clock_state     text NOT NULL,
    started_mono_us bigint NOT NULL,
    observations    integer NOT NULL,
    moved_from      bigint[],              -- Where it stood before, microseconds since 1970.
    frame           bytea NOT NULL,
    PRIMARY KEY (company_id, device_id, boot_id, seq, received_at)
) PARTITION BY RANGE (received_at);
ALTER TABLE ingest.report ALTER COLUMN frame SET STORAGE EXTERNAL;  -- It is compressed already.
CREATE INDEX report_stream ON ingest.report (transaction, number);
CREATE INDEX report_of_device ON ingest.report (device_id, started);

-- What was refused: the same bytes of the same device once, however often they come.
CREATE TABLE ingest.quarantine (
    company_id       uuid NOT NULL,
    device_id        uuid NOT NULL,
    digest           bytea NOT NULL,  -- SHA-256 of the bytes as kept.
    reason           text NOT NULL,
    first_received_at timestamptz NOT NULL,
    last_received_at timestamptz NOT NULL,
    times            bigint NOT NULL,
    boot_id          uuid,
    seq              bigint,
    size             bigint NOT NULL,  -- Of what came; of that, the beginning is kept.
    content          bytea NOT NULL,
    PRIMARY KEY (company_id, device_id, digest)
);
CREATE INDEX quarantine_last_received_at ON ingest.quarantine (last_received_at);

-- A device as it was last heard: for the live map and for presence.
CREATE TABLE ingest.device_state (
    company_id    uuid NOT NULL,
    device_id     uuid NOT NULL,
    last_heard_at timestamptz NOT NULL,  -- By our clock.
    last_event_at timestamptz,           -- By its, where it can be trusted.
    position_at   timestamptz,
    latitude_e7   integer,
    longitude_e7  integer,
    speed_cm_s    bigint,
    heading_cdeg  bigint,
    accuracy_cm   bigint,
    boot_id       uuid,
    version       text,
    health        jsonb,
    health_at     timestamptz,
    PRIMARY KEY (company_id, device_id)
) WITH (fillfactor = 60);

ALTER TABLE ingest.device ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ingest.boot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ingest.loss ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ingest.report ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ingest.quarantine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ingest.device_state ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON ingest.device USING (app.visible(company_id));
CREATE POLICY company ON ingest.boot USING (app.visible(company_id));
CREATE POLICY company ON ingest.loss USING (app.visible(company_id));
CREATE POLICY company ON ingest.report USING (app.visible(company_id));
CREATE POLICY company ON ingest.quarantine USING (app.visible(company_id));
CREATE POLICY company ON ingest.device_state USING (app.visible(company_id));

-- Makes the partition that a report received at `moment` goes to, where there is none yet. Roles
-- that only write reports own no tables: hence with the rights of who made this.
CREATE FUNCTION ingest.open_partition(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    begins timestamptz := date_trunc('hour', moment, 'UTC');
    part   text := 'report_' || to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDDHH24');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ingest.open_partition'));
    IF to_regclass('ingest.' || part) IS NOT NULL THEN RETURN; END IF;
    -- Made apart and then attached: that does not wait for those who write or read.
    EXECUTE format('CREATE TABLE ingest.%I (LIKE ingest.report INCLUDING DEFAULTS '
                   'INCLUDING CONSTRAINTS INCLUDING STORAGE)', part);
    EXECUTE format('ALTER TABLE ingest.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY company ON ingest.%I USING (app.visible(company_id))', part);
    EXECUTE format('ALTER TABLE ingest.report ATTACH PARTITION ingest.%I FOR VALUES FROM (%L) TO (%L)',
                   part, begins, begins + interval '1 hour');
END $$;

-- Drops the partitions that begin at `moment` or before, the oldest first; gives how many.
CREATE FUNCTION ingest.drop_partitions(moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '2s' AS $$
DECLARE
    newest  text := 'report_' || to_char(moment AT TIME ZONE 'UTC', 'YYYYMMDDHH24');
    part    text;
    dropped integer := 0;
BEGIN
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'ingest.report'::regclass AND c.relname <= newest COLLATE "C"
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE ingest.%I', part);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION ingest.open_partition, ingest.drop_partitions FROM PUBLIC;

GRANT USAGE ON SCHEMA ingest TO mobilytics_system, mobilytics_app;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON ingest.device, ingest.boot, ingest.loss, ingest.quarantine, ingest.device_state
    TO mobilytics_system;
GRANT SELECT, INSERT, UPDATE ON ingest.report TO mobilytics_system;
GRANT USAGE ON SEQUENCE ingest.report_number TO mobilytics_system;
GRANT EXECUTE ON FUNCTION ingest.open_partition, ingest.drop_partitions TO mobilytics_system;
-- People's requests read how devices fare, never what they heard.
GRANT SELECT ON ingest.device, ingest.boot, ingest.loss, ingest.device_state TO mobilytics_app;
