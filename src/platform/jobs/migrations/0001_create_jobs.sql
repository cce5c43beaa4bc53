-- Work to be done later. A row of the company 0000... is the system's own.
CREATE SCHEMA jobs;
GRANT USAGE ON SCHEMA jobs TO mobilytics_app, mobilytics_system, mobilytics_staff;

CREATE TABLE jobs.job (
    company_id   uuid        NOT NULL,
    id           uuid        NOT NULL,
    kind         text        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('available', 'scheduled', 'retryable',
                                             'running', 'completed', 'cancelled', 'discarded')),
    priority     smallint    NOT NULL,
    payload      jsonb       NOT NULL,
    attempt      integer     NOT NULL DEFAULT 0,
    attempts_max integer     NOT NULL,           -- 0: as its kind says.
    enqueued_at  timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    deadline_at  timestamptz,
    started_at   timestamptz,
    finished_at  timestamptz,
    -- Whose lease it is, and which one: raised at each claim, so that an old one proves nothing.
    worker_id    uuid,
    claim        integer     NOT NULL DEFAULT 0,
    cancel_asked boolean     NOT NULL DEFAULT false,
    progress_percent smallint,
    progress_note    text,
    errors       jsonb       NOT NULL DEFAULT '[]',
    unique_key   text,
    unique_in    integer     NOT NULL DEFAULT 0,  -- A bit for each state, in the order above.
    -- The key while it keeps others out.
    held_key     text GENERATED ALWAYS AS (
        CASE WHEN unique_in & CASE state WHEN 'available' THEN 1 WHEN 'scheduled' THEN 2
                                         WHEN 'retryable' THEN 4 WHEN 'running' THEN 8
                                         WHEN 'completed' THEN 16 WHEN 'cancelled' THEN 32
                                         ELSE 64 END <> 0
             THEN unique_key END) STORED,
    -- Ids grow: rows are added at one end, and staff are shown the newest of all companies first.
    PRIMARY KEY (id, company_id),
    CHECK ((state = 'running') = (worker_id IS NOT NULL)),
    CHECK ((state IN ('completed', 'cancelled', 'discarded')) = (finished_at IS NOT NULL))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
        autovacuum_analyze_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);

-- By lane: of a kind, a priority and a company the waiting ones, in their order.
CREATE INDEX job_available ON jobs.job (kind, priority, company_id, due_at, id)
    WHERE state = 'available';
CREATE INDEX job_due ON jobs.job (due_at) WHERE state IN ('scheduled', 'retryable');
CREATE INDEX job_running ON jobs.job (worker_id) WHERE state = 'running';
CREATE INDEX job_finished ON jobs.job (finished_at)
    WHERE state IN ('completed', 'cancelled', 'discarded');
CREATE INDEX job_lost ON jobs.job (id) WHERE state IN ('cancelled', 'discarded');
CREATE UNIQUE INDEX job_unique ON jobs.job (company_id, kind, held_key)
    WHERE held_key IS NOT NULL;

ALTER TABLE jobs.job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON jobs.job TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON jobs.job FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT ON jobs.job TO mobilytics_staff;
GRANT SELECT, INSERT, UPDATE ON jobs.job TO mobilytics_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.job TO mobilytics_system;

-- Processes that run jobs. One whose beat stands still is dead: its row goes, and with it the lease
-- on whatever it runs.
CREATE TABLE jobs.worker (
    id         uuid        PRIMARY KEY,
    beat       bigint      NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL
) WITH (fillfactor = 20);
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.worker TO mobilytics_system;

-- What a vendor may still be asked: a bucket that fills up again.
CREATE TABLE jobs.vendor (
    name      text             PRIMARY KEY,
    tokens    double precision NOT NULL,
    filled_at timestamptz      NOT NULL
) WITH (fillfactor = 20);
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.vendor TO mobilytics_system;

-- What runs by the clock. Whoever finds one due, takes it on under its lock: none leads.
CREATE TABLE jobs.schedule (
    company_id   uuid        NOT NULL,
    name         text        NOT NULL,
    kind         text        NOT NULL,
    cron         text        NOT NULL,
    time_zone    text        NOT NULL,
    payload      jsonb       NOT NULL,
    priority     smallint    NOT NULL,
    attempts_max integer     NOT NULL,
    next_run_at  timestamptz NOT NULL,
    last_run_at  timestamptz,
    paused       boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (company_id, name)
);
ALTER TABLE jobs.schedule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON jobs.schedule TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON jobs.schedule FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT ON jobs.schedule TO mobilytics_staff;
GRANT SELECT, UPDATE (paused) ON jobs.schedule TO mobilytics_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.schedule TO mobilytics_system;
