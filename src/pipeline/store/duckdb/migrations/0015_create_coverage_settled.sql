CREATE TABLE coverage_settled (
    company_id   UUID NOT NULL,
    asset_id     UUID NOT NULL,
    bucket       TIMESTAMP NOT NULL,
    covered_us   BIGINT NOT NULL,
    reports      BIGINT NOT NULL,
    observations BIGINT NOT NULL,
    dropped      BLOB NOT NULL,  -- By reason, in the reasons' order: 8 bytes each, little endian.
    corrected    BOOLEAN NOT NULL
);
