-- The content of a submission, so that another one under the same id is refused and not answered with the old verdict:
-- SHA-256 of what is judged (32 bytes), then of how (32 bytes). Null: taken in hand before there were fingerprints.
ALTER TABLE submissions ADD COLUMN fingerprint bytea CHECK (length(fingerprint) = 64);
COMMENT ON COLUMN submissions.fingerprint IS
    'SHA-256 of program, problem and tests, then SHA-256 of revision, limits and stopping; null: not known';

-- The code of every verdict is in upper case. In a document the first match is its own verdict, before any metadata.
ALTER TABLE verdicts DROP CONSTRAINT verdicts_verdict_check;
UPDATE verdicts SET verdict = 'CANCELLED',
    document = regexp_replace(document::text, '"verdict": *"cancelled"', '"verdict":"CANCELLED"')::json
    WHERE verdict = 'cancelled';
UPDATE verdict_history SET verdict = 'CANCELLED',
    document = regexp_replace(document::text, '"verdict": *"cancelled"', '"verdict":"CANCELLED"')::json
    WHERE verdict = 'cancelled';
ALTER TABLE verdicts ADD CONSTRAINT verdicts_verdict_check
    CHECK (verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RTE', 'CE', 'SV', 'JE', 'CANCELLED'));
