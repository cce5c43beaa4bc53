-- One row a version of a set of regions; valid_to is null for how it stands.
CREATE TABLE region_version (
    company_id UUID NOT NULL,
    set_id     UUID NOT NULL,
    version    BIGINT NOT NULL,
    name       VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    valid_to   TIMESTAMP
);
