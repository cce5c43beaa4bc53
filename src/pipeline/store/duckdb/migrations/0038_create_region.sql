-- A region is of the versions [from_version, to_version); without an end, of those to come too.
CREATE TABLE region (
    company_id        UUID NOT NULL,
    set_id            UUID NOT NULL,
    from_version      BIGINT NOT NULL,
    to_version        BIGINT,
    code              VARCHAR NOT NULL,
    name              VARCHAR NOT NULL,
    population        BIGINT,
    population_source VARCHAR NOT NULL,
    area_m2           DOUBLE NOT NULL,
    shape             BLOB NOT NULL  -- As platform/geojson packs it.
);
