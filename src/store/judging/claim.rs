//! Leasing a submission: it was judged before, another worker holds it, its content differs, or the lease is granted.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::Answer;
use crate::store::judging::attempts::{
    Attempt, FirstLook, Holder, Wanted, begin, end_silent, failed_attempts, first_attempt, first_fingerprint,
    holder_of, lock,
};
use crate::store::judging::cancellations::{Cancelled, is_cancelled};
use crate::store::judging::verdicts::find;
use crate::store::{Lease, Store, StoreError};

/// The outcome when a worker asks for a lease.
#[derive(Debug)]
pub enum Claim {
    /// It has a verdict.
    Judged(Box<Answer>),
    /// A worker is judging it.
    Held {
        /// Its name.
        worker: String,
    },
    /// Another submission was sent under this id before, or accepted over HTTP.
    Conflict,
    /// It may be judged.
    Ours(Lease),
}

/// What a claim found.
enum Found {
    Judged(Box<Answer>),
    Held(String),
    Conflict,
    Ours(Attempt, Option<Cancelled>),
}

impl Store {
    /// Leases a submission, unless another worker holds it. Waits while the database is unreachable.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn claim(&self, wanted: &Wanted<'_>, worker: &str) -> Result<Claim, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(Claim::Ours(Lease::without_database(self.clone())));
        };
        let holder = Holder {
            worker,
            id: Uuid::new_v4(),
            lease: self.lease,
        };
        Ok(match self.with_retry(|| claim(pool, wanted, holder)).await? {
            Found::Judged(answer) => Claim::Judged(answer),
            Found::Held(worker) => Claim::Held { worker },
            Found::Conflict => Claim::Conflict,
            Found::Ours(attempt, cancelled) => {
                Claim::Ours(Lease::begin(self.clone(), pool.clone(), attempt, cancelled))
            }
        })
    }
}

async fn claim(pool: &PgPool, wanted: &Wanted<'_>, holder: Holder<'_>) -> Result<Found, StoreError> {
    for _look in 0..LOOKS {
        match first_attempt(pool, wanted, holder).await? {
            FirstLook::Begun(number, cancelled) => {
                let attempt = Attempt::of(wanted.request, number, holder.id, [0, 0]).first(true);
                return Ok(Found::Ours(attempt, cancelled));
            }
            FirstLook::Conflict => return Ok(Found::Conflict),
            FirstLook::Known => {}
        }
        let mut transaction = pool.begin().await?;
        if lock(&mut transaction, wanted.request.submission).await? {
            let found = next_attempt(&mut transaction, wanted, holder).await?;
            transaction.commit().await?;
            return Ok(found);
        }
    }
    Err(sqlx::Error::RowNotFound.into())
}

/// What was known of a submission can be removed between the two looks, and then it is a new one.
const LOOKS: u32 = 3;

/// An attempt at a submission whose row is locked.
async fn next_attempt(
    connection: &mut PgConnection,
    wanted: &Wanted<'_>,
    holder: Holder<'_>,
) -> Result<Found, StoreError> {
    let (request, submission) = (wanted.request, wanted.request.submission);
    let known = first_fingerprint(&mut *connection, request).await?;
    let is_first = known.is_none();
    if let (Some(fingerprint), Some(known)) = (wanted.fingerprint, known)
        && fingerprint.contradicts(&known)
    {
        return Ok(Found::Conflict);
    }
    if let Some(answer) = find(&mut *connection, request).await? {
        return Ok(Found::Judged(Box::new(answer)));
    }
    match holder_of(&mut *connection, submission).await? {
        // The answer to the first try was lost on its way.
        Some((_, id)) if id == holder.id => {}
        Some((worker, _)) => return Ok(Found::Held(worker)),
        None => {}
    }
    end_silent(&mut *connection, submission, holder.id).await?;
    // A verdict that was on its way at the first look has arrived by now, or its attempt is lost and it never will.
    if let Some(answer) = find(&mut *connection, request).await? {
        return Ok(Found::Judged(Box::new(answer)));
    }
    let number = begin(&mut *connection, wanted, holder).await?;
    let before = failed_attempts(&mut *connection, submission).await?;
    let cancelled = is_cancelled(&mut *connection, request).await?;
    let attempt = Attempt::of(request, number, holder.id, before).first(is_first);
    Ok(Found::Ours(attempt, cancelled))
}
