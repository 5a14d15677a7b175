//! The right to judge a submission: one attempt at a time, with a number that fences.
//!
//! ```text
//! claim -> Judged:   this was judged, and that is the verdict on it
//!       -> Held:     another worker is judging it, and alive
//!       -> Conflict: another submission was sent under this id, or accepted over HTTP
//!       -> Ours:     a lease, renewed by a task of its own until it ends
//!                    |- record: the verdict is stored, if no later attempt has begun
//!                    |- reject: it cannot be judged, and that is stored
//!                    |- fail:   the judge failed, for this reason
//!                    `- drop:   given back, so that the next worker need not wait
//! ```
//!
//! Time is the database's alone: clocks of workers may differ.

use std::future::pending;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::store::judging::attempts::{Attempt, Renewed, attempt_log, fail, give_back, renew};
use crate::store::{Cancelled, Store, StoreError};

/// The right to judge a submission. Without a database everybody has it.
#[derive(Debug)]
pub struct Lease {
    pub(super) store: Store,
    pub(super) attempt: Option<Attempt>,
    lost: CancellationToken,
    renewal: Option<JoinHandle<()>>,
    /// The sender is the renewal's: without one, nothing is found any more.
    cancelled: watch::Receiver<Option<Cancelled>>,
    /// How long the answer is kept, where the terms of the settings do not hold.
    pub(super) keep: Option<Duration>,
    /// CPU time of the attempt, in milliseconds.
    pub(super) cpu_ms: u64,
}

impl Lease {
    pub(super) fn without_database(store: Store) -> Self {
        Self {
            store,
            attempt: None,
            lost: CancellationToken::new(),
            renewal: None,
            cancelled: watch::channel(None).1,
            keep: None,
            cpu_ms: 0,
        }
    }

    pub(super) fn begin(store: Store, pool: PgPool, attempt: Attempt, cancelled: Option<Cancelled>) -> Self {
        let (lost, (found, cancelled)) = (CancellationToken::new(), watch::channel(cancelled));
        let renewal = tokio::spawn(renew_until_lost(pool, attempt, store.lease, lost.clone(), found));
        Self {
            store,
            attempt: Some(attempt),
            lost,
            renewal: Some(renewal),
            cancelled,
            keep: None,
            cpu_ms: 0,
        }
    }

    /// Has the submission removed with its answer so long after that was stored.
    #[must_use]
    pub fn keeping_for(mut self, keep: Option<Duration>) -> Self {
        self.keep = keep;
        self
    }

    /// Has so much CPU time counted for the site, where its answer says less.
    #[must_use]
    pub fn charging(mut self, cpu_ms: u64) -> Self {
        self.cpu_ms = cpu_ms;
        self
    }

    /// How long the answer is kept, where it is for a time of its own.
    pub fn keep(&self) -> Option<Duration> {
        self.keep
    }

    /// The attempt's number, from 1; `None` without a database.
    pub fn number(&self) -> Option<u32> {
        self.attempt.and_then(|attempt| u32::try_from(attempt.number).ok())
    }

    /// Whether no worker has begun an attempt at the same request before, as far as the database knows.
    pub fn is_first(&self) -> bool {
        self.attempt.is_some_and(|attempt| attempt.is_first)
    }

    /// Returns when the database has a cancellation of the request: when the attempt began, or when the lease was renewed.
    pub async fn cancelled(&self) -> Cancelled {
        let mut found = self.cancelled.clone();
        let found = found.wait_for(Option::is_some).await;
        match found.ok().and_then(|found| found.clone()) {
            Some(cancelled) => cancelled,
            None => pending().await,
        }
    }

    /// Workers that died or fell silent while they judged it, since the last verdict.
    pub fn workers_lost(&self) -> u64 {
        self.attempt.map_or(0, |attempt| attempt.lost)
    }

    /// Which try this is since the last verdict, from 1, lost ones aside; `None` without a database.
    pub fn tries(&self) -> Option<u64> {
        self.attempt.map(|attempt| attempt.failed + 1)
    }

    /// Returns when another worker has taken over: the verdict of this attempt does not count any more.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }

    /// The log of the attempts since the last verdict that failed or were lost, a line each.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn history(&self) -> Result<Vec<String>, StoreError> {
        match (self.attempt, &self.store.pool) {
            (Some(attempt), Some(pool)) => {
                let asked = self.store.with_retry(|| attempt_log(pool, attempt.request.submission));
                asked.await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Ends the attempt, in which the judge failed.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn fail(mut self, reason: &str) -> Result<(), StoreError> {
        let (Some(attempt), Some(pool)) = (self.attempt.take(), self.store.pool.clone()) else {
            return Ok(());
        };
        self.store.with_retry(|| fail(&pool, attempt, reason)).await
    }

    /// Nothing is left to be given back.
    pub(super) fn ended(&mut self) {
        self.attempt = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(renewal) = self.renewal.take() {
            renewal.abort();
        }
        if let (Some(attempt), Some(pool)) = (self.attempt.take(), self.store.pool.clone()) {
            self.store.pending_writes.spawn(async move {
                if let Err(error) = give_back(&pool, attempt).await {
                    tracing::warn!(
                        %error,
                        submission.id = %attempt.request.submission,
                        "a submission cannot be given back; the next worker waits until its lease ends"
                    );
                }
            });
        }
    }
}

/// Renews the lease until it is lost, and tells of a cancellation that is found. While the database is away, no other worker
/// can take it.
async fn renew_until_lost(
    pool: PgPool,
    attempt: Attempt,
    lease: Duration,
    lost: CancellationToken,
    found: watch::Sender<Option<Cancelled>>,
) {
    let pause = lease / 3;
    let id = attempt.request.submission;
    loop {
        sleep(pause).await;
        match timeout(pause, renew(&pool, attempt, lease)).await {
            Ok(Ok(Renewed::Ours(cancelled))) => {
                found.send_if_modified(|known| cancelled.is_some_and(|now| known.replace(now).is_none()));
            }
            Ok(Ok(Renewed::Lost)) => return lost.cancel(),
            Ok(Err(error)) => tracing::warn!(%error, submission.id = %id, "a lease cannot be renewed"),
            Err(_elapsed) => {
                tracing::warn!(submission.id = %id, "a lease cannot be renewed: the database does not answer")
            }
        }
    }
}
