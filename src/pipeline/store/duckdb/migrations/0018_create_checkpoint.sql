CREATE TABLE checkpoint (
    company_id UUID NOT NULL,
    asset_id   UUID NOT NULL,
    moment     TIMESTAMP NOT NULL,
    bytes      BLOB NOT NULL
);
