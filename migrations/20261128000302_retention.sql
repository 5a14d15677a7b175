-- Few rows, which are removed when they are old.
CREATE INDEX gateway_submissions_never_judged ON gateway_submissions (accepted_at)
    WHERE rejection IS NOT NULL OR published_at IS NULL;

-- Cancellations of submissions that never came.
CREATE INDEX cancellations_asked_at ON cancellations (asked_at);
