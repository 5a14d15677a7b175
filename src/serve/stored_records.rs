//! What the page shows of PostgreSQL and RabbitMQ.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::broker::{KeptError, KeptMessage, KeptMessages, KeptQueue, QueueError, QueueStatus, QueueWatch};
use crate::config::BrokerSettings;
use crate::contract::{Request, SecuritySeverity};
use crate::gateway::{Cursor, EngineError, Fleet, Kept, KeptAction, KeptLine, QueueFigure, Recorded, Records};
use crate::store::{
    FindingRow, JudgedMinute, RevisionRow, Store, StoreError, StoredSubmission, SubmissionFilter, SubmissionList,
};

/// Messages that are listed.
const MOST_LETTERS: usize = 50;

/// Messages among which one is looked for.
const MOST_LOOKED_AT: u32 = 10_000;

/// What is shown of a message.
const BODY_BYTES: usize = 4096;

/// What the page shows of PostgreSQL and RabbitMQ.
#[derive(Debug)]
pub(super) struct StoredRecords {
    store: Store,
    broker: BrokerSettings,
    queues: Mutex<Option<QueueWatch>>,
    /// A connection that looks at messages holds them, so that another one would see none.
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

    async fn list_kept(&self, kept: Kept) -> Result<(Vec<KeptLine>, usize), KeptError> {
        let _alone = self.letters.lock().await;
        let queue = match KeptMessages::open(&self.broker, queue_of(kept)).await {
            Err(KeptError::Off | KeptError::NoQueue { .. }) => return Ok((Vec::new(), 0)),
            opened => opened?,
        };
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

    /// How many were settled; what was asked for by those that were dropped is put behind `dropped`.
    async fn settle_kept(
        &self,
        (kept, ids): (Kept, &[String]),
        action: KeptAction,
        dropped: &mut Vec<Request>,
    ) -> Result<usize, KeptError> {
        let _alone = self.letters.lock().await;
        let queue = KeptMessages::open(&self.broker, queue_of(kept)).await?;
        let mut settled = 0;
        // No more than there are now: one that dies again meanwhile is not sent once more.
        for _ in 0..queue.count().await?.min(MOST_LOOKED_AT) {
            let Some(letter) = queue.next().await? else { break };
            if ids.contains(&letter.id) {
                match action {
                    KeptAction::Requeue => queue.requeue(&letter).await?,
                    KeptAction::Drop => {
                        queue.discard(&letter).await?;
                        dropped.extend(letter.request());
                    }
                }
                settled += 1;
            }
        }
        queue.close().await?;
        Ok(settled)
    }

    /// What came over HTTP and was thrown away is not in flight any longer.
    async fn close_dropped(&self, dropped: &[Request]) {
        if dropped.is_empty() {
            return;
        }
        if let Err(error) = self.store.close_dropped(dropped).await {
            tracing::warn!(%error, "submissions whose messages were thrown away count as in flight for serve.in_flight_s");
        }
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

fn queue_of(kept: Kept) -> KeptQueue {
    match kept {
        Kept::Dead => KeptQueue::Dead,
        Kept::Rejected => KeptQueue::Rejected,
    }
}

fn line_of(letter: KeptMessage) -> KeptLine {
    let mut body = letter.body;
    body.truncate(BODY_BYTES);
    KeptLine {
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

fn not_had(error: KeptError) -> EngineError {
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

    fn findings(
        &self,
        severities: &'static [SecuritySeverity],
        before: Option<Cursor>,
    ) -> Recorded<'_, Vec<FindingRow>> {
        async move { self.store.findings(severities, before).await.map_err(away) }.boxed()
    }

    fn fleet(&self) -> BoxFuture<'_, Fleet> {
        self.look_at_fleet().boxed()
    }

    fn kept(&self, kept: Kept) -> Recorded<'_, (Vec<KeptLine>, usize)> {
        async move { self.list_kept(kept).await.map_err(not_had) }.boxed()
    }

    fn settle(&self, kept: Kept, ids: Vec<String>, action: KeptAction) -> Recorded<'_, usize> {
        async move {
            let mut dropped = Vec::new();
            let settled = self.settle_kept((kept, &ids), action, &mut dropped).await;
            // Also where the connection was lost meanwhile.
            self.close_dropped(&dropped).await;
            settled.map_err(not_had)
        }
        .boxed()
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
