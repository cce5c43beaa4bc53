-- One row a time that something of an asset changed; valid_to is null for how it stands.
CREATE TABLE asset (
    company_id   UUID NOT NULL,
    asset_id     UUID NOT NULL,
    valid_from   TIMESTAMP NOT NULL,
    valid_to     TIMESTAMP,
    moving       BOOLEAN NOT NULL,
    latitude_e7  INTEGER,
    longitude_e7 INTEGER,
    time_zone    VARCHAR NOT NULL,
    code         VARCHAR NOT NULL,
    name         VARCHAR NOT NULL,
    kind         VARCHAR NOT NULL,
    retired      BOOLEAN NOT NULL
);
