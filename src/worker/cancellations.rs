//! Wishes that submissions are not judged, as they come over RabbitMQ.
//!
//! Each worker is told of every wish at once. One of them keeps it in the database, for those who take the submission in
//! hand later; until that is done, and where there is no database, what was told lately is remembered here.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tokio::sync::{mpsc, watch};

use crate::broker::ControlMessage;
use crate::contract::{Cancel, Request};
use crate::store::{Cancelled, Store};

/// Wishes that are remembered, some 100 bytes each.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(50_000).expect("it is not 0");

/// What was told lately.
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

    /// Returns when somebody wishes, or has wished, that this is not judged.
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
        tracing::info!(submission.id = %request.submission, "is not to be judged");
        let cancelled = Cancelled { reason: cancel.reason };
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.put(request, cancelled);
        drop(received);
        self.news.send_replace(());
    }
}

/// Heeds control messages until none can come any more.
pub(super) async fn consume(
    cancellations: Arc<Cancellations>,
    store: Store,
    mut messages: mpsc::Receiver<ControlMessage>,
) {
    while let Some(message) = messages.recv().await {
        match Cancel::parse(&message.body) {
            // The database may be away, and others are to be told meanwhile. RabbitMQ bounds how many are in hand.
            Ok(cancel) if message.is_durable() => drop(tokio::spawn(keep(store.clone(), cancel, message))),
            Ok(cancel) => cancellations.report(cancel),
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

async fn keep(store: Store, cancel: Cancel, message: ControlMessage) {
    match store.record_cancellation(&cancel).await {
        Ok(()) => message.done().await,
        Err(error) => {
            tracing::error!(%error, "a cancellation cannot be kept; another worker shall try");
            message.requeue().await;
        }
    }
}
