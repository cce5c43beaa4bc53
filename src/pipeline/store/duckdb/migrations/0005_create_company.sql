CREATE TABLE company (
    company_id UUID NOT NULL,
    time_zone  VARCHAR NOT NULL,
    synthetic  BOOLEAN NOT NULL
);
