-- Messages of an endpoint are numbered, and sent by one job at a time, which asks an endpoint that
-- fails now and then only.
ALTER TABLE webhooks.endpoint
    ADD COLUMN last_sequence bigint NOT NULL DEFAULT 0,   -- Of its messages.
    ADD COLUMN failures      integer NOT NULL DEFAULT 0,  -- One after the other, until now.
    ADD COLUMN held_until    timestamptz,                 -- Nothing is sent until then.
    ADD COLUMN slow          boolean NOT NULL DEFAULT false,
    ADD COLUMN sender        text,                        -- The run that sends to it, until:
    ADD COLUMN sender_until  timestamptz;
GRANT SELECT (last_sequence, failures, held_until, slow) ON webhooks.endpoint TO mobilytics_staff;

ALTER TABLE webhooks.message
    ADD COLUMN event_number bigint,       -- Of the event that it tells of; NULL for a test.
    ADD COLUMN sequence     bigint,       -- NULL for those of a program before this one.
    ADD COLUMN next_at      timestamptz,  -- When it is tried; NULL: as soon as may be.
    ADD COLUMN tries_before integer NOT NULL DEFAULT 0;  -- Those before it was last begun anew.
GRANT SELECT (sequence, next_at) ON webhooks.message TO mobilytics_staff;
