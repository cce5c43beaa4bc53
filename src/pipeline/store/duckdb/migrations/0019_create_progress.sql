-- One row: where the last commit stood in the stream, up to when days have settled, and how often
-- the dimensions have changed.
CREATE TABLE progress (
    stream_transaction UBIGINT NOT NULL,
    stream_number      UBIGINT NOT NULL,
    settled_until      TIMESTAMP NOT NULL,
    dimensions_version BIGINT NOT NULL
);
