-- An answer is sent within the trace of the request that asked for it.
ALTER TABLE gateway_callbacks ADD COLUMN traceparent text;
COMMENT ON COLUMN gateway_callbacks.traceparent IS
    'W3C Trace Context of the request whose answer is sent; null: it belonged to no trace';
