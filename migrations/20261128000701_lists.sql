-- Lists of what was handed in for a problem: of one site, and on the page of all, those that came over RabbitMQ included.
CREATE INDEX gateway_submissions_of_a_site_for_a_problem ON gateway_submissions (site, problem_id, accepted_at, id)
    WHERE problem_id IS NOT NULL;
CREATE INDEX submissions_of_a_problem ON submissions (problem_id, first_seen_at, id) WHERE problem_id IS NOT NULL;
