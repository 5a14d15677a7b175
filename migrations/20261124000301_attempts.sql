-- Every submission that was ever taken in hand. Its row is the lock under which attempts begin.
CREATE TABLE submissions (
    id uuid PRIMARY KEY,
    language text NOT NULL,
    problem_id text,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE submissions IS 'Every submission that a worker has taken in hand';

-- One row each time that a worker took a submission in hand. The one that has not ended is a lease: whoever holds it
-- judges, as long as it is renewed, and only the holder of the newest attempt can store a verdict.
CREATE TABLE attempts (
    submission_id uuid NOT NULL REFERENCES submissions ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    worker text NOT NULL,
    -- Drawn for each attempt, so that not even the same worker mistakes one for another.
    holder uuid NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('verdict', 'rejected', 'failed', 'lost', 'given_back')),
    -- What went wrong, for people.
    reason text,
    PRIMARY KEY (submission_id, number),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);

COMMENT ON TABLE attempts IS 'Who judged what and how that ended';
COMMENT ON COLUMN attempts.outcome IS
    'verdict: stored; rejected: cannot be judged; failed: a fault of ours; lost: its worker died; given_back: its worker stopped';

CREATE UNIQUE INDEX one_attempt_at_a_time ON attempts (submission_id) WHERE ended_at IS NULL;
CREATE INDEX attempts_by_time ON attempts (started_at);

-- What was judged before there were attempts.
INSERT INTO submissions (id, language, problem_id, first_seen_at)
SELECT submission_id, language, problem_id, received_at FROM verdicts;

INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until, ended_at, outcome)
SELECT submission_id, 1, worker, gen_random_uuid(), received_at, judged_at, judged_at, 'verdict' FROM verdicts;
