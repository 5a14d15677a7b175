//! Cancels the submission of a client that disconnects while it waits for the answer.

use std::sync::Arc;

use crate::gateway::{Engine, Entry};

/// Cancels a submission when it is dropped, which happens when the connection of the client ends.
pub(in crate::gateway) struct CancelOnDrop {
    engine: Option<Arc<dyn Engine>>,
    entry: Arc<Entry>,
}

impl CancelOnDrop {
    pub(in crate::gateway) fn new(engine: &Arc<dyn Engine>, entry: &Arc<Entry>) -> Self {
        Self {
            engine: Some(Arc::clone(engine)),
            entry: Arc::clone(entry),
        }
    }

    /// The client has got what it waited for.
    pub(in crate::gateway) fn disarm(mut self) {
        self.engine = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let Some(engine) = self.engine.take() else { return };
        let id = self.entry.id;
        tokio::spawn(async move {
            let reason = "its client went away".to_owned();
            if let Err(error) = engine.cancel(id, Some(reason)).await {
                tracing::debug!(submission.id = %id, %error, "a run that is not waited for cannot be cancelled");
            }
        });
    }
}
