-- Cells in which nothing is counted, as runs from first_cell to last_cell: see sensitive.h.
CREATE TABLE sensitive_run (
    company_id UUID NOT NULL,
    first_cell UBIGINT NOT NULL,
    last_cell  UBIGINT NOT NULL
);
