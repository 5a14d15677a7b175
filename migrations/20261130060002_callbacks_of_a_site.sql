-- no-transaction
-- What one site has due, without a look at what others have.
CREATE INDEX CONCURRENTLY IF NOT EXISTS gateway_callbacks_of_a_site ON gateway_callbacks (callback_site, due_at)
WHERE ended_at IS NULL;
