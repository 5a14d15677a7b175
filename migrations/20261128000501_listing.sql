-- What submissions that came over HTTP are found by, also when their messages are not kept any longer.
ALTER TABLE gateway_submissions
    ADD COLUMN language text,
    ADD COLUMN problem_id text,
    ADD COLUMN metadata json,
    ADD COLUMN metadata_pairs text[];

COMMENT ON COLUMN gateway_submissions.metadata_pairs IS
    'KEY=VALUE of each short text, number and truth value at the top of the metadata';

-- What was judged before. What was not is found by site and time only.
UPDATE gateway_submissions g SET language = v.language, problem_id = v.problem_id
    FROM verdicts v WHERE v.submission_id = g.id;

-- The newest first, of one site, of all, of a problem, of who is named in the metadata.
DROP INDEX gateway_submissions_by_site;
CREATE INDEX gateway_submissions_of_a_site ON gateway_submissions (site, accepted_at, id);
CREATE INDEX gateway_submissions_in_order ON gateway_submissions (accepted_at, id);
CREATE INDEX gateway_submissions_of_a_problem ON gateway_submissions (problem_id, accepted_at, id)
    WHERE problem_id IS NOT NULL;
CREATE INDEX gateway_submissions_metadata ON gateway_submissions USING gin (metadata_pairs);
