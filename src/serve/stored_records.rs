//! What the page shows of PostgreSQL and RabbitMQ.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::broker::{DeadLetter, DeadLetterError, DeadLetters, QueueError, QueueStatus, QueueWatch};
use crate::config::BrokerSettings;
use crate::gateway::{Cursor, DeadLetterAction, DeadLetterLine, EngineError, Fleet, QueueFigure, Recorded, Records};
use crate::store::{
    FindingRow, JudgedMinute, RevisionRow, Store, StoreError, StoredSubmission, SubmissionFilter, SubmissionList,
};

/// Dead letters that are listed.
const MOST_LETTERS: usize = 50;

/// Dead letters among which one is looked for.
const MOST_LOOKED_AT: u32 = 10_000;

/// What is shown of a message.
const BODY_BYTES: usize = 4096;

/// What the page shows of PostgreSQL and RabbitMQ.
#[derive(Debug)]
pub(super) struct StoredRecords {
    store: Store,
    broker: BrokerSettings,
    queues: Mutex<Option<QueueWatch>>,
    /// A connection that looks at dead letters holds them, so that another one would see none.
    letters: Mutex<()>,
}

impl StoredRecords {
    pub(super) fn new(store: Store, broker: BrokerSettings) -> Self {
        Self {
            store,
            broker,
            queues: Mutex::new(None),
            letters: Mutex::new(()),
        }
    }

    /// Over one connection, which is made anew where it was lost.
    async fn queues(&self) -> Result<Vec<QueueStatus>, QueueError> {
        let mut watch = self.queues.lock().await;
        let connected = match watch.take() {
            Some(connected) => connected,
            None => QueueWatch::open(&self.broker).await?,
        };
        let queues = connected.look().await?;
        *watch = Some(connected);
        Ok(queues)
    }

    async fn look_at_fleet(&self) -> Fleet {
        let (queues, workers) = tokio::join!(self.queues(), self.store.workers());
        let mut errors = Vec::new();
        let queues = queues
            .map_err(|error| errors.push(error.to_string()))
            .unwrap_or_default();
        let workers = workers
            .map_err(|error| errors.push(error.to_string()))
            .unwrap_or_default();
        Fleet {
            queues: queues.into_iter().map(figure).collect(),
            workers,
            errors,
        }
    }

    async fn list_letters(&self) -> Result<(Vec<DeadLetterLine>, usize), DeadLetterError> {
        let _alone = self.letters.lock().await;
        let queue = DeadLetters::open(&self.broker).await?;
        let count = queue.count().await?;
        let mut lines = Vec::new();
        while lines.len() < MOST_LETTERS
            && let Some(letter) = queue.next().await?
        {
            lines.push(line_of(letter));
        }
        queue.close().await?;
        // What was looked at before is returned to the queue in another order.
        lines.sort_by(|one, other| (&one.died_at, &one.id).cmp(&(&other.died_at, &other.id)));
        Ok((lines, count as usize))
    }

    async fn settle(&self, ids: &[String], action: DeadLetterAction) -> Result<usize, DeadLetterError> {
        let _alone = self.letters.lock().await;
        let queue = DeadLetters::open(&self.broker).await?;
        let mut settled = 0;
        // No more than there are now: one that dies again meanwhile is not sent once more.
        for _ in 0..queue.count().await?.min(MOST_LOOKED_AT) {
            let Some(letter) = queue.next().await? else { break };
            if ids.contains(&letter.id) {
                match action {
                    DeadLetterAction::Requeue => queue.requeue(&letter).await?,
                    DeadLetterAction::Drop => queue.discard(&letter).await?,
                }
                settled += 1;
            }
        }
        queue.close().await?;
        Ok(settled)
    }
}

fn figure(queue: QueueStatus) -> QueueFigure {
    QueueFigure {
        name: queue.name,
        purpose: queue.purpose.name(),
        waiting: queue.depth.map(|depth| depth.waiting),
        consumers: queue.depth.map(|depth| depth.consumers),
    }
}

fn line_of(letter: DeadLetter) -> DeadLetterLine {
    let mut body = letter.body;
    body.truncate(BODY_BYTES);
    DeadLetterLine {
        id: letter.id,
        code: letter.code,
        reason: letter.reason,
        field: letter.field,
        worker: letter.worker,
        attempt: letter.attempt,
        died_at: letter.died_at,
        history: letter.history,
        body,
        bytes: letter.bytes,
    }
}

fn away(error: StoreError) -> EngineError {
    EngineError::Unavailable(error.to_string())
}

fn kept(error: DeadLetterError) -> EngineError {
    EngineError::Unavailable(error.to_string())
}

impl Records for StoredRecords {
    fn has_fleet(&self) -> bool {
        true
    }

    fn submissions(&self, filter: SubmissionFilter) -> Recorded<'_, SubmissionList> {
        async move { self.store.list_submissions(&filter).await.map_err(away) }.boxed()
    }

    fn submission(&self, id: Uuid) -> Recorded<'_, Option<StoredSubmission>> {
        async move { self.store.stored_submission(id).await.map_err(away) }.boxed()
    }

    fn minutes(&self) -> Recorded<'_, Vec<JudgedMinute>> {
        async move { self.store.judged_minutes().await.map_err(away) }.boxed()
    }

    fn revisions(&self, problem: String) -> Recorded<'_, Vec<RevisionRow>> {
        async move { self.store.judged_revisions(&problem).await.map_err(away) }.boxed()
    }

    fn findings(&self, severity: Option<String>, before: Option<Cursor>) -> Recorded<'_, Vec<FindingRow>> {
        async move { self.store.findings(severity.as_deref(), before).await.map_err(away) }.boxed()
    }

    fn fleet(&self) -> BoxFuture<'_, Fleet> {
        self.look_at_fleet().boxed()
    }

    fn dead_letters(&self) -> Recorded<'_, (Vec<DeadLetterLine>, usize)> {
        async move { self.list_letters().await.map_err(kept) }.boxed()
    }

    fn settle_dead_letters(&self, ids: Vec<String>, action: DeadLetterAction) -> Recorded<'_, usize> {
        async move { self.settle(&ids, action).await.map_err(kept) }.boxed()
    }

    fn begin_session(&self, digest: [u8; 32], token: [u8; 32], lasts: Duration) -> Recorded<'_, ()> {
        async move { self.store.begin_page_session(digest, token, lasts).await.map_err(away) }.boxed()
    }

    fn session(&self, digest: [u8; 32]) -> Recorded<'_, Option<[u8; 32]>> {
        async move { self.store.page_session(digest).await.map_err(away) }.boxed()
    }

    fn end_session(&self, digest: [u8; 32]) -> Recorded<'_, ()> {
        async move { self.store.end_page_session(digest).await.map_err(away) }.boxed()
    }
}
