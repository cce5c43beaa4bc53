-- Of single devices, and so not for long.
CREATE TABLE visit (
    company_id    UUID NOT NULL,
    asset_id      UUID NOT NULL,
    bucket        TIMESTAMP NOT NULL,
    source        radio NOT NULL,
    epoch         UBIGINT NOT NULL,
    pseudonym     UBIGINT NOT NULL,
    device        UBIGINT NOT NULL,  -- Epoch and pseudonym in one number, to count by.
    address_class address_class NOT NULL,
    first         TIMESTAMP NOT NULL,
    last          TIMESTAMP NOT NULL,
    sightings     UINTEGER NOT NULL,
    strongest_dbm TINYINT NOT NULL,
    zone          zone NOT NULL,
    motion        motion NOT NULL,
    cell          UBIGINT NOT NULL,
    open          BOOLEAN NOT NULL,
    arrived       TIMESTAMP NOT NULL
);
