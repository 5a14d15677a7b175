-- What was noticed about attacks, for questions such as "who tries?" and "since when?".
CREATE TABLE security_events (
    id uuid PRIMARY KEY,
    submission_id uuid NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('notice', 'warning', 'alert')),
    source text NOT NULL CHECK (source IN ('kernel', 'audit')),
    tests bigint NOT NULL,
    first_test text NOT NULL,
    detail text NOT NULL,
    verdict text NOT NULL,
    language text NOT NULL,
    problem_id text,
    worker text NOT NULL,
    at timestamptz NOT NULL,
    -- The event as it was published, with the metadata of the submission.
    document json NOT NULL
);

COMMENT ON TABLE security_events IS 'What was noticed about submissions that somebody should know who watches for attacks';

CREATE INDEX security_events_of_a_submission ON security_events (submission_id);
CREATE INDEX security_events_by_time ON security_events (severity, at);
