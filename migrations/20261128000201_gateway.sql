-- Submissions that came over HTTP: which site may see them, and what was sent to the broker, so that one that was accepted can
-- be sent again.
CREATE TABLE gateway_submissions (
    id uuid PRIMARY KEY,
    site text NOT NULL,
    -- SHA-256 of what is to be judged and how, all but the metadata.
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    -- The message as it is published; null: it is not kept any longer.
    message json,
    accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When the broker had confirmed it; null: its client was not told that it was accepted.
    published_at timestamptz,
    -- Why it cannot be judged.
    rejection json
);

COMMENT ON TABLE gateway_submissions IS 'Submissions that came over HTTP';

CREATE INDEX gateway_submissions_by_site ON gateway_submissions (site, accepted_at);
CREATE INDEX gateway_submissions_by_time ON gateway_submissions (accepted_at) WHERE message IS NOT NULL;
