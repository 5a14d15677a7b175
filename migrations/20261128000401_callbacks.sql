-- Answers that are to be sent to an address, which came with the submission.
CREATE TABLE gateway_callbacks (
    submission_id uuid PRIMARY KEY REFERENCES gateway_submissions (id) ON DELETE CASCADE,
    url text NOT NULL,
    -- Tries that were begun.
    tries integer NOT NULL DEFAULT 0,
    -- When it is next tried, once there is an answer. A service that tries puts it off first: if it dies, another one goes on.
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When it was delivered or given up; null: it is not over.
    ended_at timestamptz,
    -- Whether it was taken.
    delivered boolean NOT NULL DEFAULT false,
    -- Why the last try failed.
    error text
);

COMMENT ON TABLE gateway_callbacks IS 'Answers that are sent to an address';

CREATE INDEX gateway_callbacks_due ON gateway_callbacks (due_at) WHERE ended_at IS NULL;
