-- Operators who logged in to the page. A cookie holds 256 random bits, and this table their SHA-256 and that of the token with
-- which the session began: neither can be had from here.
CREATE TABLE page_sessions (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    token bytea NOT NULL CHECK (length(token) = 32),
    expires_at timestamptz NOT NULL
);

COMMENT ON TABLE page_sessions IS 'Operators who logged in to the page of the HTTP service';

CREATE INDEX page_sessions_of_a_token ON page_sessions (token, expires_at);
CREATE INDEX page_sessions_by_time ON page_sessions (expires_at);

-- Lists of the page, the newest first.
CREATE INDEX submissions_by_time ON submissions (first_seen_at, id);
CREATE INDEX verdicts_by_time ON verdicts (judged_at);
CREATE INDEX security_events_newest ON security_events (at, id);
