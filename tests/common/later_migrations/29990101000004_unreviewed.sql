CREATE VIEW unreviewed AS
SELECT v.submission_id, s.urgency FROM verdicts v JOIN submissions s ON s.id = v.submission_id
WHERE NOT v.was_reviewed;
