//! Callbacks of a standalone service: in memory, bounded in number, and lost when the process ends.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::contract::CallbackTarget;
use crate::gateway::{EngineError, Entry};
use crate::serve::callbacks::{callback_of, send};
use crate::webhook::{Sent, Webhooks, pause_after};

/// Callbacks that wait for their answers, or to be tried again.
#[derive(Debug)]
pub(super) struct MemoryCallbacks {
    webhooks: Arc<Webhooks>,
    room: Arc<Semaphore>,
    most: usize,
    tasks: Mutex<JoinSet<()>>,
}

/// Room for one callback.
#[derive(Debug)]
pub(super) struct Reserved {
    _permit: OwnedSemaphorePermit,
}

impl MemoryCallbacks {
    /// Room for so many.
    pub(super) fn new(webhooks: Arc<Webhooks>, most: usize) -> Self {
        Self {
            webhooks,
            room: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            most,
            tasks: Mutex::default(),
        }
    }

    /// Room for one more, before its submission is taken.
    pub(super) fn reserve(&self) -> Result<Reserved, EngineError> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        permit.map(|permit| Reserved { _permit: permit }).map_err(|_none_left| {
            EngineError::Unavailable(format!("{} callbacks wait already (serve.max_callbacks)", self.most))
        })
    }

    /// Sends the answer once there is one.
    pub(super) fn follow(&self, entry: Arc<Entry>, target: CallbackTarget, room: Reserved) {
        let webhooks = Arc::clone(&self.webhooks);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            deliver(&webhooks, &entry, target).await;
            drop(room);
        });
    }
}

async fn deliver(webhooks: &Webhooks, entry: &Entry, target: CallbackTarget) {
    entry.until_ended().await;
    if entry.is_forgotten() {
        return;
    }
    let callback = callback_of(entry, target);
    let mut tries = 0;
    loop {
        tries += 1;
        let reason = match send(webhooks, callback.clone(), &entry.trace).await {
            Sent::Delivered => return,
            Sent::Gone => "nothing is wanted there any more (410)".to_owned(),
            Sent::Failed(reason) => match pause_after(tries) {
                Some(pause) => {
                    sleep(pause).await;
                    continue;
                }
                None => reason.to_string(),
            },
        };
        tracing::warn!(submission.id = %entry.id, reason, tries, "a callback is given up");
        return;
    }
}
