//! Tables of older versions, and what is made of them.

use std::path::Path;

use assize::store::migrate;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection as _, PgConnection, SqlSafeStr as _};

use crate::worker::Namespace;

/// The version before the one whose migration is looked at.
const BEFORE: i64 = 20_261_130_040_001;

/// Submissions of that version: a run that says how long it is kept, such a one with what PostgreSQL does not read, one that
/// says nothing, one in which the words are those of its program, and one whose message is not kept.
const ROWS: &str = r##"
    INSERT INTO gateway_submissions (id, site, fingerprint, language, message)
    SELECT ('00000000-0000-0000-0000-00000000000' || number)::uuid, 'a', decode(repeat('00', 32), 'hex'), 'python3',
           message::json
    FROM (VALUES (1, '{"run": {"keep_s": 0}}'),
                 (2, '{"files": [{"content": "# \\u0000 \u0000"}], "run": {"keep_s": 60}}'),
                 (3, '{"files": [{"content": "\u0000"}], "run": {}}'),
                 (4, '{"files": [{"content": "\"keep_s\""}], "problem": {"id": "sum"}}'),
                 (5, NULL)) AS rows (number, message);
    INSERT INTO submissions (id, language, user_name)
    SELECT id, 'python3', CASE WHEN id::text LIKE '%1' THEN '' ELSE 'a user' END FROM gateway_submissions"##;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_in_before_a_migration_is_as_if_it_came_later() {
    let namespace = Namespace::unmigrated().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut older = Migrator::new(folder).await.unwrap();
    older
        .migrations
        .to_mut()
        .retain(|migration| migration.version <= BEFORE);
    older.run(&mut database).await.unwrap();
    sqlx::raw_sql(ROWS).execute(&mut database).await.unwrap();

    namespace.store().await.close().await;
    let retained: Vec<bool> = sqlx::query_scalar("SELECT has_own_term FROM gateway_submissions ORDER BY id")
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert_eq!(retained, [true, true, false, false, false]);
    let named: i64 = sqlx::query_scalar("SELECT count(*) FROM submissions WHERE user_name IS NULL")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(named, 1, "an empty user is none");
}

fn migration(version: i64, sql: &'static str, is_apart: bool) -> Migration {
    let description = format!("migration {version}").into();
    Migration::new(
        version,
        description,
        MigrationType::Simple,
        sql.into_sql_str(),
        is_apart,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_goes_on_for_longer_than_the_database_lets_statements() {
    let namespace = Namespace::unmigrated().await;
    let limited = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''1s''', current_database());
        EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = ''1s''', current_database());
    END $$";
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(limited).execute(&mut database).await.unwrap();
    // The setting is one of sessions that begin later.
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let slow = "SELECT pg_sleep(2)";
    let slow = Migrator::with_migrations(vec![migration(1, slow, false), migration(2, slow, true)]);

    migrate(&mut database, &slow).await.unwrap();

    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert_eq!(applied, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_dropped_by_half_is_dropped_by_its_migration() {
    let namespace = Namespace::unmigrated().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let half = "CREATE TABLE notes (id uuid);
        CREATE INDEX notes_by_id ON notes (id);
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'notes_by_id'::regclass";
    sqlx::raw_sql(half).execute(&mut database).await.unwrap();
    let drops = migration(1, "DROP INDEX CONCURRENTLY notes_by_id", true);

    migrate(&mut database, &Migrator::with_migrations(vec![drops]))
        .await
        .unwrap();

    let is_gone: bool = sqlx::query_scalar("SELECT to_regclass('notes_by_id') IS NULL")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert!(is_gone);
}
