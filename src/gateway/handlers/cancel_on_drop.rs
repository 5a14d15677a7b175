//! Cancels the submission of a client that disconnects while it waits for the answer.

use std::sync::Arc;

use crate::gateway::Entry;
use crate::gateway::api::Api;

/// Cancels a submission when it is dropped, which happens when the connection of the client ends.
pub(in crate::gateway) struct CancelOnDrop {
    api: Option<Api>,
    entry: Arc<Entry>,
}

impl CancelOnDrop {
    pub(in crate::gateway) fn new(api: &Api, entry: &Arc<Entry>) -> Self {
        Self {
            api: Some(api.clone()),
            entry: Arc::clone(entry),
        }
    }

    /// The submission.
    pub(in crate::gateway) fn entry(&self) -> Arc<Entry> {
        Arc::clone(&self.entry)
    }

    /// The client has got what it waited for.
    pub(in crate::gateway) fn disarm(mut self) {
        self.api = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(api) = self.api.take() {
            api.background().cancel(Arc::clone(&api.engine), self.entry.id);
        }
    }
}
