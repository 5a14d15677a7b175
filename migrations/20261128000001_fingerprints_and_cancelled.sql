-- The content of a submission, so that another one under the same id is refused and not answered with the old verdict.
-- Each wish to judge once more has a content of its own.
ALTER TABLE attempts ADD COLUMN fingerprint bytea CHECK (length(fingerprint) = 32);
COMMENT ON COLUMN attempts.fingerprint IS
    'SHA-256 of what was to be judged and how, all but the metadata; null: not known';

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
