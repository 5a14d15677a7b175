//! The tables: what makes them, and which of it a database has.

use std::time::Duration;

use semver::Version;
use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::sleep;

use crate::store::StoreError;

/// What makes the tables, in order.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// At the end of the description of a migration that takes something away: no program since that release uses it.
const UNUSED_SINCE: &str = " unused since ";

/// The advisory lock of programs that migrate.
const LOCK: i64 = 0x6173_7369_7a65;

const LOCK_POLL: Duration = Duration::from_millis(200);

/// How long a migration waits for a table. Whatever comes to that table meanwhile waits behind the migration.
const TABLE_LOCK_TIMEOUT: &str = "2s";

#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    description: String,
    checksum: Vec<u8>,
}

/// What a database and a program have of each other's migrations.
struct Comparison<'m> {
    missing: Vec<&'m Migration>,
    later: Vec<i64>,
}

/// Applies the migrations that the database lacks, over a connection that is closed afterwards. Programs of this version
/// and of others may use the tables meanwhile. Gives the migrations of later versions that the database has besides.
///
/// # Errors
/// When a migration fails, or the tables are not those of this version, an earlier one, or a later one that left what
/// this version uses. The connection may hold locks then.
pub async fn migrate(connection: &mut PgConnection, migrations: &Migrator) -> Result<Vec<i64>, StoreError> {
    let found = compare(migrations, &applied(connection).await?)?;
    if found.missing.is_empty() {
        // Programs that start together do not wait for each other's lock.
        return Ok(found.later);
    }
    lock(connection).await?;
    // Another program may have migrated meanwhile.
    let found = compare(migrations, &applied(connection).await?)?;
    for migration in found.missing {
        apply(connection, migration).await?;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(LOCK)
        .execute(connection)
        .await?;
    Ok(found.later)
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<Applied>, StoreError> {
    // The table is made by sqlx itself, so it is not among those that statements are checked against.
    let rows =
        sqlx::query_as("SELECT version, description, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(connection)
            .await;
    match rows.map_err(StoreError::from) {
        // Nothing has ever been made here.
        Err(error) if error.is_about_a_missing_table() => Ok(Vec::new()),
        rows => rows,
    }
}

fn compare<'m>(known: &'m Migrator, applied: &[Applied]) -> Result<Comparison<'m>, StoreError> {
    let newest = known.iter().map(|migration| migration.version).max();
    let mut later = Vec::new();
    for row in applied {
        match known.iter().find(|migration| migration.version == row.version) {
            Some(migration) if *migration.checksum == *row.checksum => {}
            Some(_) => return Err(MigrateError::VersionMismatch(row.version).into()),
            None if Some(row.version) < newest => return Err(MigrateError::VersionMissing(row.version).into()),
            None => {
                refuse_contraction(row)?;
                later.push(row.version);
            }
        }
    }
    let missing: Vec<_> = known
        .iter()
        .filter(|migration| applied.iter().all(|row| row.version != migration.version))
        .collect();
    match (later.first(), missing.first()) {
        // Applied now, it would come behind migrations of which its own version knows nothing.
        (Some(&unknown), Some(missing)) => Err(StoreError::OtherLine {
            unknown,
            missing: missing.version,
        }),
        _ => Ok(Comparison { missing, later }),
    }
}

/// Whether it leaves what this program uses.
fn refuse_contraction(later: &Applied) -> Result<(), StoreError> {
    let since = later
        .description
        .rsplit_once(UNUSED_SINCE)
        .and_then(|(_, since)| Version::parse(since).ok());
    let own = Version::parse(env!("CARGO_PKG_VERSION")).ok();
    match since {
        Some(since) if own.is_none_or(|own| own < since) => Err(StoreError::Contracted {
            migration: later.version,
            since,
        }),
        _ => Ok(()),
    }
}

async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut is_told = false;
    loop {
        // A statement that waits has a snapshot, for whose end CREATE INDEX CONCURRENTLY waits in turn.
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut *connection)
            .await?;
        if taken {
            return Ok(());
        }
        if !is_told {
            tracing::info!("another program migrates the database, which is waited for");
            is_told = true;
        }
        sleep(LOCK_POLL).await;
    }
}

async fn apply(connection: &mut PgConnection, migration: &Migration) -> Result<(), StoreError> {
    // An index that is made concurrently waits for programs, and none for it.
    let table_lock_timeout = if migration.no_tx { "0" } else { TABLE_LOCK_TIMEOUT };
    // The role may have timeouts for what programs ask; a migration takes as long as there are rows.
    sqlx::query(
        "SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', '0', false),
                set_config('idle_in_transaction_session_timeout', '0', false)",
    )
    .bind(table_lock_timeout)
    .execute(&mut *connection)
    .await?;
    if migration.no_tx {
        drop_half_made_indexes(connection, migration).await?;
    }
    let (version, description) = (migration.version, &migration.description);
    tracing::info!(version, %description, "the database is migrated");
    let mut only = Migrator::with_migrations(vec![migration.clone()]);
    only.set_ignore_missing(true);
    only.run(connection).await?;
    Ok(())
}

/// What is left where an index was being made concurrently and was not finished: PostgreSQL keeps it, and never reads it.
/// What is left where one was being dropped is for the migration that drops it.
async fn drop_half_made_indexes(connection: &mut PgConnection, migration: &Migration) -> Result<(), StoreError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace AND position(c.relname IN $1) > 0
           AND $1 ~* '\\mCREATE\\s+(UNIQUE\\s+)?INDEX\\s'",
    )
    .bind(migration.sql.as_str())
    .fetch_all(&mut *connection)
    .await?;
    for name in names {
        sqlx::query(AssertSqlSafe(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
