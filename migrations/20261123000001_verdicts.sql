-- One verdict per submission. The first one that is stored stays, so that two workers that hold the same submission end
-- with the same answer; only a judge error gives way to a later verdict.
CREATE TABLE verdicts (
    submission_id uuid PRIMARY KEY,
    verdict text NOT NULL CHECK (verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RTE', 'CE', 'SV', 'JE')),
    score double precision,
    language text NOT NULL,
    problem_id text,
    problem_revision text,
    worker text NOT NULL,
    received_at timestamptz NOT NULL,
    judged_at timestamptz NOT NULL,
    -- The document as it was published, byte for byte: json keeps the text, jsonb would not.
    document json NOT NULL
);

COMMENT ON TABLE verdicts IS 'What was decided about each submission';

CREATE INDEX verdicts_of_a_problem ON verdicts (problem_id, judged_at);

-- What happened in each test, for questions that go over many submissions.
CREATE TABLE test_runs (
    submission_id uuid NOT NULL REFERENCES verdicts ON DELETE CASCADE,
    position integer NOT NULL,
    name text NOT NULL,
    verdict text NOT NULL,
    cpu_ms bigint NOT NULL,
    wall_ms bigint NOT NULL,
    memory_bytes bigint NOT NULL,
    exit_code integer,
    signal text,
    PRIMARY KEY (submission_id, position)
);

COMMENT ON TABLE test_runs IS 'One row per test of a stored verdict, in order';
