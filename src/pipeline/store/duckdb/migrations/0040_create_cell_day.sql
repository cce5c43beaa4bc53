-- The days of united_day that exposure_cell_day has whole.
CREATE TABLE cell_day (
    company_id UUID NOT NULL,
    start      TIMESTAMP NOT NULL,
    until      TIMESTAMP NOT NULL
);
