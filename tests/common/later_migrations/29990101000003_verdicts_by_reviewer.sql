-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS verdicts_by_reviewer ON verdicts (reviewer) WHERE length(reviewer) <= 200;
