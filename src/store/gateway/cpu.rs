//! CPU time that the submissions of sites with a quota have used.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::store::{Store, StoreError};

/// Rows of a site and a minute: workers that add to one of them wait for each other until their verdicts are stored.
const PARTS: u8 = 16;

/// CPU time that submissions of a site have used which ended in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuMinute {
    /// How long ago the minute began, in seconds.
    pub began_ago_s: u64,
    /// In milliseconds.
    pub cpu_ms: u64,
}

impl Store {
    /// CPU time of a site within the last hour, the oldest minute first.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn cpu_used(&self, site: &str) -> Result<Vec<CpuMinute>, StoreError> {
        self.soon(|pool| used(pool, site)).await
    }

    /// Forgets what was used too long ago to count.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn forget_cpu(&self) -> Result<(), StoreError> {
        self.soon(forget).await
    }
}

/// Counts CPU time for a site, within the transaction in which the verdict is stored.
pub(in crate::store) async fn charge(
    connection: &mut PgConnection,
    site: &str,
    cpu_ms: u64,
    holder: Uuid,
) -> Result<(), StoreError> {
    let [.., drawn] = holder.into_bytes();
    sqlx::query!(
        "INSERT INTO gateway_cpu AS used (site, minute, part, cpu_ms)
         VALUES ($1, date_trunc('minute', clock_timestamp()), $2, $3)
         ON CONFLICT (site, minute, part) DO UPDATE SET cpu_ms = used.cpu_ms + excluded.cpu_ms",
        site,
        i16::from(drawn % PARTS),
        i64::try_from(cpu_ms).unwrap_or(i64::MAX),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn used(pool: &PgPool, site: &str) -> Result<Vec<CpuMinute>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT extract(epoch FROM statement_timestamp() - minute)::bigint AS "began_ago_s!",
                  sum(cpu_ms)::bigint AS "cpu_ms!"
           FROM gateway_cpu WHERE site = $1 AND minute > statement_timestamp() - interval '1 hour'
           GROUP BY minute ORDER BY minute"#,
        site
    )
    .fetch_all(pool)
    .await?;
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    let minutes = rows.into_iter().map(|row| CpuMinute {
        began_ago_s: number(row.began_ago_s),
        cpu_ms: number(row.cpu_ms),
    });
    Ok(minutes.collect())
}

async fn forget(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM gateway_cpu WHERE minute < statement_timestamp() - interval '3 hours'")
        .execute(pool)
        .await?;
    Ok(())
}
