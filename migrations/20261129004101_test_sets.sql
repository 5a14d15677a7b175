-- Tests that a site has uploaded once, and that its submissions name by their hash. Two sites that upload the same tests
-- have a row each, so that neither keeps or removes what is the other's.
CREATE TABLE test_sets (
    hash    bytea       NOT NULL CHECK (octet_length(hash) = 32),
    site    text        NOT NULL,
    -- The bytes that were uploaded, of which `hash` is the SHA-256.
    content bytea       NOT NULL,
    bytes   bigint      NOT NULL,
    tests   bigint      NOT NULL,
    kind    text        NOT NULL,
    put_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- To the hour.
    used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (hash, site)
);

-- What a site keeps together.
CREATE INDEX test_sets_of_site ON test_sets (site);

-- Retention.
CREATE INDEX test_sets_by_use ON test_sets (used_at);
