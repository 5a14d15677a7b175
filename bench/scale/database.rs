//! What PostgreSQL counts: transactions, statements, written bytes, sizes.

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::results::Statement;

/// Counters of a moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counters {
    pub(crate) transactions: f64,
    pub(crate) statements: f64,
    pub(crate) wal_bytes: f64,
    pub(crate) table_bytes: f64,
    pub(crate) connections: f64,
}

const COUNTERS: &str = "SELECT
    (SELECT (xact_commit + xact_rollback)::float8 FROM pg_stat_database WHERE datname = current_database()),
    (SELECT coalesce(sum(calls), 0)::float8 FROM pg_stat_statements),
    (SELECT wal_bytes::float8 FROM pg_stat_wal),
    (SELECT sum(pg_total_relation_size(c.oid))::float8 FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace),
    (SELECT count(*)::float8 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())";

/// Without what this program itself asks.
const STATEMENTS: &str =
    "SELECT regexp_replace(left(query, 100), '\\s+', ' ', 'g'), calls::float8, total_exec_time, rows::float8
    FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY total_exec_time DESC LIMIT 12";

/// A connection that only looks.
#[derive(Debug)]
pub(crate) struct Database(PgConnection);

impl Database {
    pub(crate) async fn connect(url: &str) -> anyhow::Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            .execute(&mut connection)
            .await
            .context("start PostgreSQL with shared_preload_libraries=pg_stat_statements")?;
        Ok(Self(connection))
    }

    /// Counts statements from here on.
    pub(crate) async fn forget_statements(&mut self) -> anyhow::Result<()> {
        sqlx::query("SELECT pg_stat_statements_reset()")
            .execute(&mut self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn counters(&mut self) -> anyhow::Result<Counters> {
        let row = sqlx::query(COUNTERS).fetch_one(&mut self.0).await?;
        Ok(Counters {
            transactions: row.try_get(0)?,
            statements: row.try_get(1)?,
            wal_bytes: row.try_get(2)?,
            table_bytes: row.try_get(3)?,
            connections: row.try_get(4)?,
        })
    }

    /// The statements that took longest together.
    pub(crate) async fn statements(&mut self) -> anyhow::Result<Vec<Statement>> {
        let rows = sqlx::query(STATEMENTS).fetch_all(&mut self.0).await?;
        rows.iter()
            .map(|row| {
                Ok(Statement {
                    query: row.try_get(0)?,
                    calls: row.try_get(1)?,
                    total_ms: row.try_get(2)?,
                    rows: row.try_get(3)?,
                })
            })
            .collect()
    }
}
