-- Populations that rating points are of, in persons.
CREATE TABLE assets.market (
    company_id        uuid   NOT NULL,
    id                uuid   NOT NULL,
    name              text   NOT NULL,
    population        bigint NOT NULL CHECK (population > 0),
    source            text   NOT NULL,
    year              bigint NOT NULL,
    target_name       text,
    target_population bigint CHECK (target_population > 0 AND target_population <= population),
    target_share      float8 CHECK (target_share BETWEEN 0 AND 1),
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name),
    CHECK ((target_name IS NULL) = (target_population IS NULL)),
    CHECK ((target_name IS NULL) = (target_share IS NULL))
);
ALTER TABLE assets.market ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON assets.market USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON assets.market TO mobilytics_app;
