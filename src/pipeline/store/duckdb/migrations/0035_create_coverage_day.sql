-- Made of coverage_settled: those days of an asset that united_day has.
CREATE TABLE coverage_day (
    company_id   UUID NOT NULL,
    asset_id     UUID NOT NULL,
    start        TIMESTAMP NOT NULL,
    covered_us   BIGINT NOT NULL,
    reports      BIGINT NOT NULL,
    observations BIGINT NOT NULL,
    corrected    BOOLEAN NOT NULL
);
