CREATE TABLE attachment (
    company_id UUID NOT NULL,
    device_id  UUID NOT NULL,
    asset_id   UUID NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    valid_to   TIMESTAMP
);
