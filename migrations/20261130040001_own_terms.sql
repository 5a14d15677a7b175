-- Whether a submission says itself how long it is kept. It is noted when the submission comes: a message may hold what
-- PostgreSQL stores and does not read, such as \u0000.
ALTER TABLE gateway_submissions ADD COLUMN has_own_term boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN gateway_submissions.has_own_term IS 'It says itself how long it is kept';
