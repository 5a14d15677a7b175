-- The id of a submission that is sent with an Idempotency-Key is made of the key and of a secret that all services share:
-- of what is public, any site could make it, and hand in something else under it. The first service draws the secret.
CREATE TABLE installation_secrets (
    purpose text PRIMARY KEY,
    secret bytea NOT NULL
);

COMMENT ON TABLE installation_secrets IS 'Random bytes that all services of this installation share, by their purpose';
