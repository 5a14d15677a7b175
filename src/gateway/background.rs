//! Work that goes on when its client has gone away: bounded, and waited for when the service stops.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::gateway::{Engine, EngineError};
use crate::telemetry::in_current_trace;

/// Submissions that are cancelled at once: each asks the database and the broker.
const CANCELLED_AT_ONCE: usize = 8;

/// Submissions that may wait to be cancelled. One more is not cancelled, and runs to its limits.
const MOST_CANCELLED: usize = 1024;

/// Work without a client.
pub(super) struct Background {
    tasks: TaskTracker,
    room: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Background {
    pub(super) fn new() -> Self {
        Self {
            tasks: TaskTracker::new(),
            room: Arc::new(Semaphore::new(MOST_CANCELLED)),
            turns: Arc::new(Semaphore::new(CANCELLED_AT_ONCE)),
        }
    }

    /// Runs it to its end, also when its client goes away meanwhile.
    pub(super) fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.tasks.spawn(task)
    }

    /// The same within the trace of the request that asks for it, and what comes of it.
    pub(super) async fn finished<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let running = self.spawn(in_current_trace(task).in_current_span());
        let ended = |ended| EngineError::Unavailable(format!("the request was not served to its end: {ended}"));
        running.await.map_err(ended)
    }

    /// Cancels a submission that no client waits for any more.
    pub(super) fn cancel(&self, engine: Arc<dyn Engine>, id: Uuid) {
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            tracing::warn!(submission.id = %id, "a run that is not waited for is not cancelled: too many others are");
            return;
        };
        let turns = Arc::clone(&self.turns);
        self.tasks.spawn(async move {
            let _place = place;
            // It is never closed.
            let _turn = turns.acquire().await;
            let reason = "its client went away".to_owned();
            if let Err(error) = engine.cancel(id, Some(reason)).await {
                tracing::debug!(submission.id = %id, %error, "a run that is not waited for cannot be cancelled");
            }
        });
    }

    /// Waits until everything is done, for so long.
    pub(super) async fn finish(&self, patience: Duration) {
        self.tasks.close();
        if timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!("the service stops before what its clients have left was done");
        }
    }
}
