//! Programs that were only run, and say how long they are kept: they are removed with their results once that is over.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::store::connection::ANSWER_TIMEOUT;
use crate::store::purge::{
    is_alone, remove_cancellations_of, remove_http_of, remove_security_events_of, remove_submissions,
};
use crate::store::retention::clock;
use crate::store::{Store, StoreError};

/// Submissions that are removed in one transaction.
const BATCH: usize = 500;

/// Runs whose time is over that one transaction looks at. What is still to be called back stays, and may be much.
const LOOKED_AT: i64 = 2000;

/// Key of the lock in the database that is held for a batch. Another one than that of [`crate::store::PURGING`], or a worker
/// would keep itself from removing old rows for an hour; each passes over the rows that the other has locked.
const FORGETTING: i64 = 0x6173_7369_7a65_6667;

/// How much longer than it says a run is kept whose result is stored and not noted as published. Until
/// then its message may come again, and it would be judged anew.
pub(in crate::store) const PUBLISHED_WITHIN: Duration = Duration::from_secs(24 * 3600);

impl Store {
    /// Removes the runs that are not to be kept any longer, some at a time, those first whose time has been over for longest;
    /// how many. Each is looked at once, so that many that are to stay keep no other one. While another program does so,
    /// this one does not.
    ///
    /// # Errors
    /// When the database does not answer; what was removed before stays removed.
    pub async fn forget_runs(&self) -> Result<u64, StoreError> {
        let (mut removed, mut behind) = (0, Some(LookedAt::NOTHING));
        while let Some(at) = behind {
            let some = self.within(ANSWER_TIMEOUT, |pool| forget_some_runs(pool, at)).await?;
            removed += some.removed;
            behind = some.next;
        }
        Ok(removed)
    }

    /// Counts the runs that are not to be kept any longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_due_runs(&self) -> Result<u64, StoreError> {
        self.within(ANSWER_TIMEOUT, count_due).await
    }

    /// Notes that the result of a run was published, which is kept for so long from now on. There may be no database.
    ///
    /// # Errors
    /// When the database does not answer soon; it is kept for a day more then.
    pub async fn published_run(&self, id: Uuid, keep: Duration) -> Result<(), StoreError> {
        match self.pool {
            Some(_) => self.soon(|pool| published_run(pool, id, keep)).await,
            None => Ok(()),
        }
    }
}

async fn published_run(pool: &PgPool, id: Uuid, keep: Duration) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE verdicts SET forget_at = clock_timestamp() + $2::float8 * interval '1 second'
         WHERE submission_id = $1 AND forget_at > clock_timestamp() + $2::float8 * interval '1 second'",
        id,
        keep.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The run that was looked at last.
#[derive(Debug, Clone, Copy)]
struct LookedAt {
    forget_at: Timestamp,
    id: Uuid,
}

impl LookedAt {
    /// It is before every run.
    const NOTHING: Self = Self {
        forget_at: Timestamp::UNIX_EPOCH,
        id: Uuid::nil(),
    };
}

/// What became of some runs.
#[derive(Default)]
struct Forgotten {
    removed: u64,
    /// Behind which there may be more.
    next: Option<LookedAt>,
}

async fn forget_some_runs(pool: &PgPool, behind: LookedAt) -> Result<Forgotten, StoreError> {
    let mut transaction = pool.begin().await?;
    if !is_alone(&mut transaction, FORGETTING).await? {
        return Ok(Forgotten::default());
    }
    let Looked { due, next } = look(&mut transaction, behind).await?;
    let due = locked(&mut transaction, &due).await?;
    let now = clock(&mut transaction).await?;
    let removed = remove_submissions(&mut transaction, &due, now).await?;
    remove_http_of(&mut transaction, &removed).await?;
    remove_cancellations_of(&mut transaction, &removed).await?;
    remove_security_events_of(&mut transaction, &removed).await?;
    transaction.commit().await?;
    Ok(Forgotten {
        removed: removed.len() as u64,
        next,
    })
}

/// Runs whose time is over, as far as they were looked at.
struct Looked {
    due: Vec<Uuid>,
    next: Option<LookedAt>,
}

async fn look(connection: &mut PgConnection, behind: LookedAt) -> Result<Looked, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT submission_id AS "id!", forget_at AS "forget_at!: jiff_sqlx::Timestamp",
             EXISTS (SELECT FROM expired_runs r WHERE r.submission_id = over.submission_id) AS "is_due!"
         FROM (SELECT submission_id, forget_at FROM verdicts
               WHERE forget_at < statement_timestamp() AND (forget_at, submission_id) > ($1, $2)
               ORDER BY forget_at, submission_id LIMIT $3) AS over
         ORDER BY forget_at, submission_id"#,
        behind.forget_at.to_sqlx() as _,
        behind.id,
        LOOKED_AT,
    )
    .fetch_all(connection)
    .await?;
    let (mut due, mut next) = (Vec::new(), None);
    for row in rows {
        if due.len() == BATCH {
            break;
        }
        next = Some(LookedAt {
            forget_at: row.forget_at.to_jiff(),
            id: row.id,
        });
        due.extend(row.is_due.then_some(row.id));
    }
    Ok(Looked { due, next })
}

/// Those of these at which no attempt can begin until the transaction ends.
async fn locked(connection: &mut PgConnection, due: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let locked = sqlx::query_scalar!(
        "SELECT id FROM submissions WHERE id = ANY($1) FOR UPDATE SKIP LOCKED",
        due
    );
    Ok(locked.fetch_all(connection).await?)
}

async fn count_due(pool: &PgPool) -> Result<u64, StoreError> {
    let counted = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM expired_runs"#)
        .fetch_one(pool)
        .await?;
    Ok(u64::try_from(counted).unwrap_or_default())
}
