-- What lists show of a submission, and by whom they find it: the user whom its metadata name, and what its program is called.
ALTER TABLE submissions ADD COLUMN user_name text, ADD COLUMN file_name text;
ALTER TABLE gateway_submissions ADD COLUMN file_name text;

COMMENT ON COLUMN submissions.user_name IS 'user of the metadata, where it is a short text, a number or a truth value';
COMMENT ON COLUMN submissions.file_name IS 'What its program is called; null: it was taken before this was kept';
COMMENT ON COLUMN gateway_submissions.file_name IS 'The same, of a submission that may not have been taken yet';

-- Of what came over HTTP the user is known; what came over RabbitMQ before has none.
UPDATE submissions s
SET user_name = (SELECT substr(pair, 6) FROM unnest(g.metadata_pairs) AS pair WHERE starts_with(pair, 'user=') LIMIT 1)
FROM gateway_submissions g WHERE g.id = s.id;

CREATE INDEX submissions_of_a_user ON submissions (user_name, first_seen_at, id) WHERE user_name IS NOT NULL;
