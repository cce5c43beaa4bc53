-- The settled days of a company, by its wall clock as it was then, that exposure_day has whole.
CREATE TABLE united_day (
    company_id UUID NOT NULL,
    start      TIMESTAMP NOT NULL,
    until      TIMESTAMP NOT NULL
);
