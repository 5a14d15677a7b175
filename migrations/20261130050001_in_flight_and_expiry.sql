-- Submissions that were handed in before has_own_term was noted. PostgreSQL reads no JSON with \u0000 in it, wherever that
-- stands: a blank is read in its place. Where no message is kept, nothing depends on it.
UPDATE gateway_submissions SET has_own_term = true
WHERE NOT has_own_term AND message::text LIKE '%"keep_s"%'
  AND replace(message::text, '\u0000', '\u0020')::json -> 'run' ->> 'keep_s' IS NOT NULL;

-- An empty user is none.
UPDATE submissions SET user_name = NULL WHERE user_name = '';

-- Runs that are not to be kept any longer. A run is kept while a worker has it in hand, and until its answer was sent to its
-- address, which takes three days at most.
CREATE VIEW expired_runs AS
SELECT v.submission_id, v.forget_at FROM verdicts v
WHERE v.forget_at < statement_timestamp()
  AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = v.submission_id AND a.ended_at IS NULL)
  AND (v.forget_at < statement_timestamp() - interval '4 days'
       OR NOT EXISTS (SELECT 1 FROM gateway_callbacks c
                      WHERE c.submission_id = v.submission_id AND c.ended_at IS NULL));

COMMENT ON VIEW expired_runs IS 'Runs that are not to be kept any longer';

-- What is waited for no longer stays until it has its answer or is purged: its message may still come, and its CPU time is
-- then charged to the site of its row. A service of the version before counts such rows, and deletes them after a while.
ALTER TABLE gateway_open
    ADD COLUMN in_flight boolean NOT NULL DEFAULT true,
    ADD COLUMN unsent_since timestamptz;

COMMENT ON COLUMN gateway_open.in_flight IS 'It counts for the quotas of its site, and has a place in the line';
COMMENT ON COLUMN gateway_open.unsent_since IS
    'Since when a request to judge once more is being sent; null: it was sent, or is a submission as it was first sent';

DROP INDEX gateway_open_of_a_site, gateway_open_in_order;
CREATE INDEX gateway_in_flight_of_a_site ON gateway_open (site, since) WHERE in_flight;
CREATE INDEX gateway_in_flight_in_order ON gateway_open (bulk, since, submission_id) WHERE in_flight;
