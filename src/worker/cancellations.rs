//! Cancellations of submissions, as they come over RabbitMQ.
//!
//! Each worker receives every cancellation at once. One of them stores it in the database, for the worker that takes the
//! submission in hand later, and for one that has it and did not receive it, which looks when it renews its lease; until
//! that is done, and where there is no database, the latest ones are remembered here. Without one it is
//! not stored: the worker that takes it out of the queue remembers it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::broker::ControlMessage;
use crate::contract::{Cancel, Request};
use crate::store::{Cancelled, Store};

/// Cancellations that are remembered, some 100 bytes each.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(50_000).expect("it is not 0");

/// The cancellations of late.
#[derive(Debug)]
pub(super) struct Cancellations {
    received: Mutex<LruCache<Request, Cancelled>>,
    news: watch::Sender<()>,
}

impl Cancellations {
    pub(super) fn new() -> Self {
        Self {
            received: Mutex::new(LruCache::new(REMEMBERED)),
            news: watch::Sender::new(()),
        }
    }

    /// Returns when this request is or has been cancelled.
    pub(super) async fn of(&self, request: Request) -> Cancelled {
        let mut news = self.news.subscribe();
        loop {
            if let Some(cancelled) = self.received(request) {
                return cancelled;
            }
            // The sender lives as long as `self`.
            let _news = news.changed().await;
        }
    }

    fn received(&self, request: Request) -> Option<Cancelled> {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.get(&request).cloned()
    }

    fn report(&self, cancel: Cancel) {
        let request = cancel.request();
        let cancelled = Cancelled { reason: cancel.reason };
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = received.put(request, cancelled).is_none();
        drop(received);
        if is_news {
            tracing::info!(submission.id = %request.submission, "the submission is not to be judged: it was cancelled");
        }
        self.news.send_replace(());
    }
}

/// How often a cancellation is delivered before it is dropped: each time a worker could not store it.
const MOST_DELIVERIES: u64 = 20;

/// Pause before a cancellation that could not be stored goes back to the queue, or it would come again at once.
const PAUSE: Duration = Duration::from_secs(1);

/// Consumes control messages until none can come any more.
pub(super) async fn consume(
    cancellations: Arc<Cancellations>,
    store: Store,
    mut messages: mpsc::Receiver<ControlMessage>,
) {
    // The database may be away, and broadcasts are to be received meanwhile. The prefetch of their consumer bounds how many
    // there are.
    let mut recording = JoinSet::new();
    loop {
        let message = tokio::select! {
            message = messages.recv() => message,
            Some(_recorded) = recording.join_next() => continue,
        };
        let Some(message) = message else {
            return;
        };
        match Cancel::parse(&message.body) {
            Ok(cancel) => {
                // A worker that has started since has not heard it otherwise, and may have the submission in hand before
                // it is stored.
                cancellations.report(cancel.clone());
                if message.is_durable() {
                    recording.spawn(record(store.clone(), cancel, message));
                }
            }
            Err(rejected) => {
                if message.is_durable() {
                    tracing::warn!(
                        reason = rejected.reason,
                        "a control message cannot be understood; it is dropped"
                    );
                }
                message.done().await;
            }
        }
    }
}

async fn record(store: Store, cancel: Cancel, message: ControlMessage) {
    let Err(error) = store.record_cancellation(&cancel).await else {
        return message.done().await;
    };
    if message.deliveries() >= MOST_DELIVERIES {
        tracing::error!(%error, submission.id = %cancel.id, "a cancellation cannot be stored; it is dropped");
        return message.done().await;
    }
    tracing::error!(%error, submission.id = %cancel.id, "a cancellation cannot be stored; another worker shall try");
    sleep(PAUSE).await;
    message.requeue().await;
}
