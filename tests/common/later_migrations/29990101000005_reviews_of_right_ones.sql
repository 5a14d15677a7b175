-- What was judged before there were reviews.
INSERT INTO reviews (submission_id, review)
SELECT submission_id, 'right' FROM verdicts WHERE verdict = 'AC';

UPDATE verdicts SET reviewer = 'nobody' WHERE reviewer IS NULL;
