-- A submission over RabbitMQ is in no table until a worker takes it. One that is taken in the very moment in which another
-- one is accepted over HTTP under its id is judged, and its verdict is none of that site.

CREATE VIEW gateway_conflicts AS
SELECT g.id AS submission_id FROM gateway_submissions g
WHERE (SELECT a.fingerprint <> g.fingerprint FROM attempts a
       WHERE a.submission_id = g.id AND a.fingerprint IS NOT NULL ORDER BY a.number LIMIT 1);

COMMENT ON VIEW gateway_conflicts IS 'What came over HTTP under an id with which a worker has first judged something else';
