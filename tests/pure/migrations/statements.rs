//! What the rule takes and what it refuses.

use super::rule::{check, parsed};
use super::tables::Tables;

fn tables() -> Tables {
    let mut tables = Tables::default();
    tables
        .add(
            "CREATE TABLE submissions (id uuid PRIMARY KEY, language text NOT NULL);
             CREATE TABLE verdicts (submission_id uuid PRIMARY KEY REFERENCES submissions (id), verdict text NOT NULL);
             ALTER TABLE verdicts ADD COLUMN judged_at timestamptz;",
        )
        .unwrap();
    tables
}

const TAKEN: [&str; 34] = [
    "",
    "-- A comment; DROP TABLE verdicts;",
    "CREATE TABLE notes (id bigserial PRIMARY KEY, verdict text NOT NULL UNIQUE CHECK (verdict <> ''))",
    "CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE)",
    "CREATE TABLE notes (id uuid, FOREIGN KEY (id) REFERENCES submissions (id) ON DELETE SET NULL)",
    "CREATE TABLE notes (id uuid PRIMARY KEY, older uuid REFERENCES notes (id))",
    "CREATE TABLE notes (id uuid PRIMARY KEY); CREATE TABLE parts (id uuid NOT NULL REFERENCES notes (id))",
    "CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE, \
     older uuid REFERENCES notes (id) ON DELETE SET NULL)",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes ADD COLUMN about uuid REFERENCES verdicts ON DELETE SET NULL",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes ADD FOREIGN KEY (id) REFERENCES submissions ON DELETE CASCADE",
    "CREATE SEQUENCE note_numbers; CREATE TABLE notes (number bigint DEFAULT nextval('note_numbers'))",
    "CREATE TABLE notes (id uuid); CREATE UNIQUE INDEX one_note ON notes (id)",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes ADD PRIMARY KEY (id), SET (fillfactor = 70)",
    "INSERT INTO notes (id) SELECT id FROM submissions; UPDATE notes SET verdict = '' WHERE verdict IS NULL",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS verdicts_by_time ON verdicts (judged_at DESC) WHERE verdict = 'AC'",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts (left(verdict, 9), judged_at)",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts USING hash (verdict)",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts (verdict) \
     WHERE judged_at IS NOT NULL AND length(verdict) <= 9",
    "CREATE VIEW right_ones AS SELECT submission_id FROM verdicts WHERE verdict = 'AC'",
    "COMMENT ON TABLE verdicts IS 'DROP TABLE verdicts;'",
    "COMMENT ON COLUMN verdicts.verdict IS 'The code'",
    "UPDATE verdicts SET verdict = 'AC' WHERE verdict = 'OK'",
    "WITH old AS (SELECT submission_id FROM verdicts) UPDATE verdicts SET verdict = 'AC' FROM old",
    "WITH old AS (SELECT id FROM submissions) INSERT INTO notes (id) SELECT id FROM old",
    "ALTER TABLE submissions ADD COLUMN note text",
    "ALTER TABLE submissions ADD COLUMN IF NOT EXISTS note text NULL DEFAULT NULL",
    "ALTER TABLE submissions ADD COLUMN urgent boolean NOT NULL DEFAULT false, ADD COLUMN weight integer DEFAULT -1",
    "ALTER TABLE submissions ADD COLUMN labels text[] NOT NULL DEFAULT '{}'::text[]",
    "ALTER TABLE submissions ADD COLUMN labels text[] NOT NULL DEFAULT ARRAY[]::text[]",
    "ALTER TABLE submissions ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE submissions ADD COLUMN seen_at timestamp NOT NULL DEFAULT localtimestamp",
    "ALTER TABLE submissions ADD COLUMN kept interval DEFAULT interval '1 day'",
    "ALTER TABLE submissions ALTER COLUMN language SET DEFAULT 'python3'",
    "ALTER TABLE submissions SET (autovacuum_vacuum_scale_factor = 0.01)",
];

const REFUSED: [&str; 71] = [
    "DROP TABLE verdicts",
    "DROP VIEW right_ones",
    "DROP INDEX verdicts_by_time",
    "CREATE TABLE notes (id uuid); DROP TABLE notes",
    "TRUNCATE verdicts",
    "DELETE FROM verdicts WHERE verdict = 'OK'",
    "ALTER TABLE verdicts DROP COLUMN judged_at",
    "ALTER TABLE verdicts ADD COLUMN note text, DROP COLUMN judged_at",
    "ALTER TABLE verdicts RENAME COLUMN judged_at TO decided_at",
    "ALTER TABLE verdicts RENAME TO decisions",
    "ALTER TABLE verdicts ALTER COLUMN judged_at TYPE text",
    "ALTER TABLE verdicts ALTER COLUMN judged_at SET NOT NULL",
    "ALTER TABLE verdicts ALTER COLUMN verdict DROP NOT NULL",
    "ALTER TABLE verdicts ALTER COLUMN judged_at SET DEFAULT now()",
    "ALTER TABLE verdicts ADD CONSTRAINT known CHECK (verdict <> '')",
    "ALTER TABLE verdicts ADD CONSTRAINT known CHECK (verdict <> '') NOT VALID",
    "ALTER TABLE verdicts ADD UNIQUE (verdict)",
    "ALTER TABLE verdicts ADD FOREIGN KEY (submission_id) REFERENCES submissions (id)",
    "ALTER TABLE public.verdicts DROP COLUMN judged_at",
    "ALTER TABLE submissions ADD COLUMN note text NOT NULL",
    "ALTER TABLE submissions ADD COLUMN note text UNIQUE",
    "ALTER TABLE submissions ADD COLUMN note text CHECK (note <> '')",
    "ALTER TABLE submissions ADD COLUMN note uuid REFERENCES verdicts (submission_id)",
    "ALTER TABLE submissions ADD COLUMN number bigserial",
    "ALTER TABLE submissions ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE submissions ADD COLUMN size integer GENERATED ALWAYS AS (length(language)) STORED",
    "ALTER TABLE submissions ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()",
    "ALTER TABLE submissions ADD COLUMN seen_at timestamptz DEFAULT clock_timestamp()",
    "ALTER TABLE submissions ADD COLUMN judged_at timestamptz",
    "CREATE TABLE notes (note text); ALTER TABLE submissions ADD COLUMN note text",
    "CREATE TABLE IF NOT EXISTS verdicts (id uuid)",
    "CREATE TABLE notes (id uuid REFERENCES submissions (id))",
    "CREATE TABLE notes (id uuid, FOREIGN KEY (id) REFERENCES submissions (id) ON DELETE RESTRICT)",
    "CREATE TABLE notes (id uuid NOT NULL REFERENCES submissions (id) ON DELETE SET NULL)",
    "CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE SET NULL)",
    "CREATE TABLE notes (id uuid REFERENCES submissions (id) ON DELETE SET NULL, PRIMARY KEY (id))",
    "CREATE TABLE notes (id bigserial REFERENCES submissions (id) ON DELETE SET NULL)",
    "CREATE TABLE notes (a uuid, b uuid NOT NULL, \
     FOREIGN KEY (a, b) REFERENCES submissions (id, language) ON DELETE SET NULL)",
    "CREATE TABLE notes (id uuid REFERENCES submissions (id) ON DELETE SET NULL); \
     ALTER TABLE notes ALTER COLUMN id SET NOT NULL",
    "CREATE TABLE notes (id uuid REFERENCES submissions (id) ON DELETE SET NULL); ALTER TABLE notes ADD PRIMARY KEY (id)",
    "CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE); \
     CREATE TABLE parts (id uuid REFERENCES notes (id))",
    "CREATE TABLE notes (id uuid PRIMARY KEY); CREATE TABLE parts (id uuid REFERENCES notes (id)); \
     ALTER TABLE notes ADD FOREIGN KEY (id) REFERENCES submissions (id) ON DELETE CASCADE",
    "CREATE TABLE notes (id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE, \
     older uuid REFERENCES notes (id))",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes ADD FOREIGN KEY (id) REFERENCES submissions (id)",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes ADD COLUMN about uuid REFERENCES submissions (id)",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes INHERIT verdicts",
    "CREATE TABLE notes (id uuid); ALTER TABLE notes RENAME TO remarks",
    "CREATE TABLE notes (note text) INHERITS (verdicts)",
    "CREATE TABLE public.verdicts (id uuid)",
    "CREATE TABLE IF NOT EXISTS Verdicts (id uuid)",
    "CREATE TABLE notes (id uuid REFERENCES public.Submissions (id))",
    "ALTER TABLE Submissions ADD COLUMN Judged_At timestamptz",
    "CREATE INDEX verdicts_by_time ON verdicts (judged_at)",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS verdicts_by_time ON verdicts (judged_at)",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY verdicts_by_time ON verdicts (judged_at)",
    "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_verdict ON verdicts (verdict)",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts (verdict)",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts (judged_at) INCLUDE (Verdict)",
    "-- no-transaction\nUPDATE verdicts SET verdict = 'AC'",
    "-- no-transaction\nCREATE SEQUENCE note_numbers",
    "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON verdicts (verdict); COMMENT ON INDEX a IS 'a'",
    "CREATE OR REPLACE VIEW right_ones AS SELECT submission_id FROM verdicts",
    "CREATE MATERIALIZED VIEW right_ones AS SELECT submission_id FROM verdicts",
    "ALTER TABLE submissions ADD COLUMN note text; UPDATE submissions SET note = language",
    "CREATE TABLE notes (id uuid); INSERT INTO notes (id) SELECT id FROM submissions",
    "WITH gone AS (DELETE FROM verdicts RETURNING *) SELECT count(*) FROM gone",
    "WITH gone AS (DELETE FROM verdicts RETURNING verdict) UPDATE submissions SET language = verdict FROM gone",
    "INSERT INTO notes (id) WITH gone AS (DELETE FROM verdicts RETURNING submission_id) SELECT submission_id FROM gone",
    "CREATE TABLE notes (id uuid); WITH a AS (SELECT id FROM submissions) INSERT INTO notes (id) SELECT id FROM a",
    "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "LOCK TABLE verdicts",
];

#[test]
fn what_only_adds_is_taken() {
    for sql in TAKEN {
        assert_eq!(check(sql, &tables()), Ok(()), "{sql}");
    }
}

#[test]
fn what_programs_of_the_release_before_would_notice_is_refused() {
    for sql in REFUSED {
        assert!(parsed(sql).is_ok(), "{sql}");
        assert!(check(sql, &tables()).is_err(), "{sql}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let unread = "DO $$ BEGIN DROP TABLE verdicts; END $$";
    assert!(parsed(unread).is_err() && check(unread, &tables()).is_err());
}
