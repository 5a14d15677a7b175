//! The right to judge a submission: one attempt at a time, with a number that fences.
//!
//! ```text
//! claim -> Judged: this was judged, and that is the verdict on it
//!       -> Held:   somebody else is at it, and alive
//!       -> Ours:   a lease, renewed by a task of its own until it ends
//!                    |- record: the verdict is stored, if no later attempt has begun
//!                    |- end:    there is none, for this reason
//!                    `- drop:   given back, so that the next worker need not wait
//! ```
//!
//! Time is the database's alone: clocks of workers may differ.

use std::time::Duration;

use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::{Judgement, Request};
use crate::store::attempts::{Attempt, Found, attempt_log, end, first_attempt, lock, next_attempt, renew};
use crate::store::{Store, StoreError};

/// A submission that a worker wants to judge.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Which, and which time.
    pub request: Request,
    /// What it is written in.
    pub language: &'a str,
    /// The problem that it is for, if it does not bring its own tests.
    pub problem: Option<&'a str>,
}

/// What becomes of a submission that a worker wants to judge.
#[derive(Debug)]
pub enum Claim {
    /// It has a verdict.
    Judged(Box<Judgement>),
    /// A worker is at it.
    Held {
        /// Its name.
        worker: String,
    },
    /// It may be judged.
    Ours(Lease),
}

/// How an attempt without a verdict ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What the submission asks for cannot be done.
    Rejected,
    /// A fault of ours.
    Failed,
}

impl Ending {
    fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

/// The right to judge a submission. Without a database everybody has it.
#[derive(Debug)]
pub struct Lease {
    pub(super) store: Store,
    pub(super) attempt: Option<Attempt>,
    lost: CancellationToken,
    renewal: Option<JoinHandle<()>>,
    cancelled: Option<Cancelled>,
}

/// Somebody asked for a submission not to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Why, for people.
    pub reason: Option<String>,
}

impl Cancelled {
    /// For this reason, or for none that was said.
    pub fn because(reason: String) -> Self {
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        Self { reason }
    }
}

impl Store {
    /// Takes a submission in hand, if nobody else has it. Waits for a database that is away.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn claim(&self, wanted: &Wanted<'_>, worker: &str) -> Result<Claim, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(Claim::Ours(Lease::without_end(self.clone())));
        };
        let holder = Uuid::new_v4();
        let found = self.with_retry(|| self.claimed(pool, wanted, worker, holder)).await?;
        Ok(match found {
            Found::Judged(judgement) => Claim::Judged(judgement),
            Found::Held(worker) => Claim::Held { worker },
            Found::Ours(attempt, cancelled) => {
                Claim::Ours(Lease::begin(self.clone(), pool.clone(), attempt, cancelled))
            }
        })
    }

    async fn claimed(
        &self,
        pool: &PgPool,
        wanted: &Wanted<'_>,
        worker: &str,
        holder: Uuid,
    ) -> Result<Found, StoreError> {
        let (request, lease) = (wanted.request, self.lease);
        if let Some((number, cancelled)) = first_attempt(pool, wanted, worker, holder, lease).await? {
            return Ok(Found::Ours(Attempt::of(request, number, holder, [0, 0]), cancelled));
        }
        let mut transaction = pool.begin().await?;
        lock(&mut transaction, request.submission).await?;
        let found = next_attempt(&mut transaction, request, worker, holder, lease).await?;
        transaction.commit().await?;
        Ok(found)
    }
}

impl Lease {
    fn without_end(store: Store) -> Self {
        Self {
            store,
            attempt: None,
            lost: CancellationToken::new(),
            renewal: None,
            cancelled: None,
        }
    }

    fn begin(store: Store, pool: PgPool, attempt: Attempt, cancelled: Option<Cancelled>) -> Self {
        let lost = CancellationToken::new();
        let renewal = tokio::spawn(renew_until_lost(pool, attempt, store.lease, lost.clone()));
        Self {
            store,
            attempt: Some(attempt),
            lost,
            renewal: Some(renewal),
            cancelled,
        }
    }

    /// The attempt's number, from 1; `None` without a database.
    pub fn number(&self) -> Option<u32> {
        self.attempt.and_then(|attempt| u32::try_from(attempt.number).ok())
    }

    /// The wish not to judge, if there was one when the attempt began.
    pub fn cancelled(&self) -> Option<&Cancelled> {
        self.cancelled.as_ref()
    }

    /// Workers that died or fell silent while they judged it, since the last verdict.
    pub fn workers_lost(&self) -> u64 {
        self.attempt.map_or(0, |attempt| attempt.lost)
    }

    /// Which try this is since the last verdict, from 1, lost ones aside; `None` without a database.
    pub fn tries(&self) -> Option<u64> {
        self.attempt.map(|attempt| attempt.failed + 1)
    }

    /// Returns when somebody else has taken over: whatever is judged here counts no more.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }

    /// What came of the attempts since the last verdict that failed or were lost, a line each.
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

    /// Ends the attempt without a verdict.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn end(mut self, ending: Ending, reason: &str) -> Result<(), StoreError> {
        let (Some(attempt), Some(pool)) = (self.attempt.take(), self.store.pool.clone()) else {
            return Ok(());
        };
        self.store
            .with_retry(|| end(&pool, attempt, ending.name(), Some(reason)))
            .await
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
                if let Err(error) = end(&pool, attempt, "given_back", None).await {
                    tracing::warn!(%error, "cannot give a submission back; the next worker waits until the lease ends");
                }
            });
        }
    }
}

/// Renews the lease until it is lost. While the database is away, nobody else can take it either.
async fn renew_until_lost(pool: PgPool, attempt: Attempt, lease: Duration, lost: CancellationToken) {
    let pause = lease / 3;
    loop {
        sleep(pause).await;
        match timeout(pause, renew(&pool, attempt, lease)).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return lost.cancel(),
            Ok(Err(error)) => tracing::warn!(%error, "cannot renew a lease"),
            Err(_elapsed) => tracing::warn!("cannot renew a lease: the database does not answer"),
        }
    }
}
