-- A submission can be judged once more by an explicit wish, which has a name, so that a wish that is delivered twice is
-- granted once.
ALTER TABLE attempts ADD COLUMN rejudge uuid;
COMMENT ON COLUMN attempts.rejudge IS 'The wish to judge once more that this attempt is for; null: the submission as it was first sent';

ALTER TABLE verdicts ADD COLUMN attempt integer, ADD COLUMN rejudge uuid;
UPDATE verdicts SET attempt = coalesce(
    (SELECT max(number) FROM attempts WHERE attempts.submission_id = verdicts.submission_id AND outcome = 'verdict'), 1);
ALTER TABLE verdicts ALTER COLUMN attempt SET NOT NULL;
ALTER TABLE verdicts DROP CONSTRAINT verdicts_verdict_check;
ALTER TABLE verdicts ADD CONSTRAINT verdicts_verdict_check
    CHECK (verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RTE', 'CE', 'SV', 'JE', 'cancelled'));
COMMENT ON TABLE verdicts IS 'What counts as decided about each submission: one row, the latest';

-- Verdicts that count no longer, since the submission was judged once more, and those that never did: a judge error or a
-- cancellation does not take the place of a verdict.
CREATE TABLE verdict_history (
    submission_id uuid NOT NULL REFERENCES submissions ON DELETE CASCADE,
    attempt integer NOT NULL,
    rejudge uuid,
    verdict text NOT NULL,
    score double precision,
    worker text NOT NULL,
    judged_at timestamptz NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    document json NOT NULL,
    PRIMARY KEY (submission_id, attempt)
);
COMMENT ON TABLE verdict_history IS 'Verdicts that do not count, or no longer';

-- Wishes not to judge. A row without a submission is one that has not been taken in hand yet.
CREATE TABLE cancellations (
    submission_id uuid NOT NULL,
    -- Nil: the submission as it was first sent.
    rejudge uuid NOT NULL,
    reason text,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (submission_id, rejudge)
);
COMMENT ON TABLE cancellations IS 'Wishes that a submission is not judged';
