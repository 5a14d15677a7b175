//! Test sets that sites have uploaded.

use std::str::FromStr as _;

use sqlx::{PgConnection, PgPool};

use crate::contract::{TestSet, TestSetHash, TestSetInfo, TestSetKind};
use crate::store::connection::ANSWER_TIMEOUT;
use crate::store::{Store, StoreError};

/// What the smallest set counts for, in bytes: a row is not free.
const LEAST_COUNTED: i64 = 4096;

/// A test set that a site uploads.
#[derive(Debug, Clone, Copy)]
pub struct NewTestSet<'a> {
    /// The site.
    pub site: &'a str,
    /// What it is.
    pub set: &'a TestSet,
    /// The bytes that were uploaded.
    pub content: &'a [u8],
    /// What all sets of a site may have together, in bytes.
    pub most_bytes: u64,
}

/// What became of a test set that was uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestSetKept {
    /// It is kept.
    New,
    /// It was there.
    Before,
    /// The sets of the site have so many bytes already that there is no room.
    Full {
        /// What they have together.
        bytes: u64,
    },
}

/// A test set that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestSetRow {
    /// The document about it.
    pub info: TestSetInfo,
    /// What its tests do.
    pub kind: TestSetKind,
}

impl Store {
    /// Keeps a test set of a site. The same one again replaces what is stored where that is damaged, which heals it.
    /// To be asked for one set of a site at a time: each more waits for the one before with a connection in hand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_test_set(&self, new: NewTestSet<'_>) -> Result<TestSetKept, StoreError> {
        self.within(ANSWER_TIMEOUT, |pool| keep(pool, new)).await
    }

    /// A test set, of this site or of any, which counts as used now.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn test_set(&self, site: Option<&str>, hash: TestSetHash) -> Result<Option<TestSetRow>, StoreError> {
        self.soon(|pool| find(pool, site, hash)).await
    }

    /// The bytes of a test set of any site; it counts as used now. Waits for a database that is away.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn test_set_content(&self, hash: TestSetHash) -> Result<Option<Vec<u8>>, StoreError> {
        let pool = self.pool.as_ref().ok_or(StoreError::SwitchedOff)?;
        self.with_retry(|| content(pool, hash)).await
    }

    /// Removes a test set of a site; whether there was one.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn remove_test_set(&self, site: &str, hash: TestSetHash) -> Result<bool, StoreError> {
        self.soon(|pool| remove(pool, site, hash)).await
    }
}

async fn keep(pool: &PgPool, new: NewTestSet<'_>) -> Result<TestSetKept, StoreError> {
    if is_whole(pool, new).await? {
        return Ok(TestSetKept::Before);
    }
    let mut transaction = pool.begin().await?;
    let held = held(&mut transaction, new).await?;
    let most = i64::try_from(new.most_bytes).unwrap_or(i64::MAX);
    let bytes = number(new.set.bytes);
    if held.others.saturating_add(bytes.max(LEAST_COUNTED)) > most {
        return Ok(TestSetKept::Full {
            bytes: u64::try_from(held.others).unwrap_or_default(),
        });
    }
    sqlx::query!(
        "INSERT INTO test_sets (hash, site, content, bytes, tests, kind) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (hash, site) DO UPDATE SET content = EXCLUDED.content, used_at = EXCLUDED.used_at",
        new.set.hash.as_bytes(),
        new.site,
        new.content,
        bytes,
        number(new.set.count()),
        new.set.kind().name(),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(match held.is_known {
        true => TestSetKept::Before,
        false => TestSetKept::New,
    })
}

/// Whether the site has the same bytes, which count as used now. The database reads what it has: megabytes are neither sent
/// nor written once more.
async fn is_whole(pool: &PgPool, new: NewTestSet<'_>) -> Result<bool, StoreError> {
    let whole = sqlx::query!(
        "UPDATE test_sets SET used_at = clock_timestamp() WHERE hash = $1 AND site = $2 AND sha256(content) = $1",
        new.set.hash.as_bytes(),
        new.site,
    )
    .execute(pool)
    .await?;
    Ok(whole.rows_affected() > 0)
}

/// What a site keeps already.
struct Held {
    /// What its other sets count for, in bytes.
    others: i64,
    is_known: bool,
}

/// Until the transaction ends, no other upload of the site is looked at: two at once would both find room for one.
async fn held(connection: &mut PgConnection, new: NewTestSet<'_>) -> Result<Held, StoreError> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('assize test sets of ' || $1, 0))",
        new.site
    )
    .execute(&mut *connection)
    .await?;
    let held = sqlx::query!(
        r#"SELECT coalesce(sum(greatest(bytes, $3)) FILTER (WHERE hash <> $2), 0)::bigint AS "others!",
                  count(*) FILTER (WHERE hash = $2) > 0 AS "known!"
           FROM test_sets WHERE site = $1"#,
        new.site,
        new.set.hash.as_bytes(),
        LEAST_COUNTED,
    )
    .fetch_one(connection)
    .await?;
    Ok(Held {
        others: held.others,
        is_known: held.known,
    })
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn find(pool: &PgPool, site: Option<&str>, hash: TestSetHash) -> Result<Option<TestSetRow>, StoreError> {
    let found = sqlx::query!(
        r#"SELECT bytes, tests, kind, used_at < clock_timestamp() - interval '1 hour' AS "long_ago!"
           FROM test_sets WHERE hash = $1 AND ($2::text IS NULL OR site = $2) LIMIT 1"#,
        hash.as_bytes(),
        site,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = found else { return Ok(None) };
    // What is removed in this moment is not there.
    if row.long_ago && !used(pool, site, hash).await? {
        return Ok(None);
    }
    let info = TestSetInfo {
        test_set: hash,
        tests: u64::try_from(row.tests).unwrap_or_default(),
        bytes: u64::try_from(row.bytes).unwrap_or_default(),
    };
    let kind = TestSetKind::from_str(&row.kind).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(TestSetRow { info, kind }))
}

/// Whether it is still there, used now.
async fn used(pool: &PgPool, site: Option<&str>, hash: TestSetHash) -> Result<bool, StoreError> {
    let used = sqlx::query!(
        "UPDATE test_sets SET used_at = clock_timestamp() WHERE hash = $1 AND ($2::text IS NULL OR site = $2)",
        hash.as_bytes(),
        site,
    )
    .execute(pool)
    .await?;
    Ok(used.rows_affected() > 0)
}

async fn content(pool: &PgPool, hash: TestSetHash) -> Result<Option<Vec<u8>>, StoreError> {
    let found = sqlx::query!(
        r#"SELECT content, used_at < clock_timestamp() - interval '1 hour' AS "long_ago!"
           FROM test_sets WHERE hash = $1 LIMIT 1"#,
        hash.as_bytes()
    )
    .fetch_optional(pool)
    .await?;
    if found.as_ref().is_some_and(|row| row.long_ago) {
        used(pool, None, hash).await?;
    }
    Ok(found.map(|row| row.content))
}

async fn remove(pool: &PgPool, site: &str, hash: TestSetHash) -> Result<bool, StoreError> {
    let removed = sqlx::query!(
        "DELETE FROM test_sets WHERE hash = $1 AND site = $2",
        hash.as_bytes(),
        site
    )
    .execute(pool)
    .await?;
    Ok(removed.rows_affected() > 0)
}
