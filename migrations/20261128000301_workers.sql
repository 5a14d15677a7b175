-- How each worker is, as it said itself a few seconds ago: for people, and for the HTTP service. Nothing is decided by it. A
-- worker that stops removes its row; that of one that was killed stays, silent, and another worker removes it after a day.
CREATE TABLE workers (
    id text PRIMARY KEY,
    version text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    slots integer NOT NULL CHECK (slots >= 0),
    in_hand integer NOT NULL CHECK (in_hand >= 0),
    -- How long the latest submission had waited in the work queue when this worker took it; null: none came yet.
    waited_s double precision,
    -- What is not ready; null: all is.
    trouble text
)
-- Rows are written anew all the time, and beside themselves where there is room.
WITH (fillfactor = 50);

COMMENT ON TABLE workers IS 'How each worker is, as it said itself';
