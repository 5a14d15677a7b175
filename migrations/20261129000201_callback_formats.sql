-- A client of Judge0 is answered in Judge0's words. A service knows the forms that it can write, and leaves others alone.
ALTER TABLE gateway_callbacks ADD COLUMN format text NOT NULL DEFAULT 'standard';
COMMENT ON COLUMN gateway_callbacks.format IS
    'What is sent: standard (Standard Webhooks, POST) or judge0 (the submission as Judge0 shows it, PUT)';
