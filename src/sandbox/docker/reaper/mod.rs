//! Removes containers in the background, so that no submission waits for the end of a box and no box is forgotten.
//!
//! ```text
//! lease dropped --Removal--> queue -> remove, a few at once -> gone
//!                                       |-> the daemon does not do it: pending, tried again after a growing pause
//!                                       `-> unknown, perhaps the daemon still makes it: pending for a while
//! ```
//!
//! A container has a permit from before it is made until it is gone, so there are never more containers and removals
//! than permits. A worker whose containers are not removed stops making new ones.

mod pending;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::error::CallError;
use crate::sandbox::{LaunchError, SETTLES_WITHIN};
use crate::telemetry::metrics;
use pending::Pending;

/// Containers of one worker at most, those that wait for their removal included.
const MOST_CONTAINERS: usize = 1024;

/// Removals at once: each is a few hundred milliseconds of work for the daemon, which does not do more in parallel.
const REMOVALS_AT_ONCE: usize = 8;

/// How long the last removals may take. A daemon that is away must not hold up the end of a worker, and what is left is
/// found by the next one.
const FINISHING_TAKES_AT_MOST: Duration = Duration::from_secs(15);

/// How long a daemon that answered too late may take to make a container after all.
const MADE_LATE: Duration = Duration::from_secs(60);

/// How long the end of a worker waits for such a container: a healthy daemon needs a moment.
const MADE_LATE_AT_THE_END: Duration = Duration::from_secs(5);

/// A container to remove, and the channel that reports the first try.
#[derive(Debug)]
struct Removal {
    id: String,
    /// Since when it is unknown whether the daemon still makes it.
    unconfirmed_since: Option<Instant>,
    done: Option<oneshot::Sender<()>>,
    _permit: OwnedSemaphorePermit,
}

impl Removal {
    fn is_unconfirmed_for(&self, time: Duration) -> bool {
        self.unconfirmed_since.is_some_and(|since| since.elapsed() > time)
    }
}

/// The outcome of one try.
enum Outcome {
    Gone,
    /// It is not there, or not gone yet; nothing is wrong.
    Later(Removal),
    Failed(Removal, CallError),
}

/// The task that removes containers.
#[derive(Debug)]
pub(super) struct ContainerReaper {
    permits: Arc<Semaphore>,
    removals: Mutex<Option<Sender<Removal>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl ContainerReaper {
    pub(super) fn start(daemon: Daemon) -> Self {
        // Each removal holds a permit, so there is always room for it.
        let (sender, receiver) = channel(MOST_CONTAINERS);
        let task = tokio::spawn(reap(daemon, receiver));
        Self {
            permits: Arc::new(Semaphore::new(MOST_CONTAINERS)),
            removals: Mutex::new(Some(sender)),
            task: Mutex::new(Some(task)),
        }
    }

    /// The right to make a container of this name, and the duty to remove it.
    pub(super) fn lease(&self, id: String) -> Result<ContainerLease, LaunchError> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        let permit = permit.map_err(|none_left| LaunchError::Unresponsive {
            step: "remove",
            remedy: "look at the Docker daemon: it makes boxes and does not remove them".to_owned(),
            source: format!("{MOST_CONTAINERS} boxes are in use or wait to be removed ({none_left})").into(),
        })?;
        let removals = self.removals.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(ContainerLease {
            id,
            was_made: false,
            pending_removal: removals.map(|removals| (removals, permit)),
        })
    }

    /// Waits until every container is removed whose lease is gone, for 15 s at most.
    pub(super) async fn finish(&self) {
        drop(self.removals.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut task) = task else {
            return;
        };
        match timeout(FINISHING_TAKES_AT_MOST, &mut task).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the task that removes boxes failed; boxes may be left behind");
            }
            Err(_elapsed) => {
                task.abort();
                tracing::error!(
                    "Docker does not remove the last boxes; the next worker does, or `docker rm -f` of what has the label io.assize.boot"
                );
            }
        }
    }
}

/// A container that will be removed when this is dropped.
#[derive(Debug)]
pub(super) struct ContainerLease {
    id: String,
    was_made: bool,
    /// Where the removal is asked for, and its permit; `None` once it was.
    pending_removal: Option<(Sender<Removal>, OwnedSemaphorePermit)>,
}

impl ContainerLease {
    /// Name of the container.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The daemon has said that it made it.
    pub(super) fn was_made(&mut self) {
        self.was_made = true;
    }

    /// Removes it; ends after the first try.
    pub(super) fn remove(mut self) -> impl Future<Output = ()> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        self.hand_over(Some(sender));
        async {
            // An error says that the reaper has ended, so the container stays until the next sweep.
            let _reaper_gone = receiver.await;
        }
    }

    fn hand_over(&mut self, done: Option<oneshot::Sender<()>>) {
        let Some((removals, permit)) = self.pending_removal.take() else {
            return;
        };
        let removal = Removal {
            id: std::mem::take(&mut self.id),
            unconfirmed_since: (!self.was_made).then(Instant::now),
            done,
            _permit: permit,
        };
        if let Err(error) = removals.try_send(removal) {
            tracing::error!(%error, "a box is left behind: the task that removes boxes has ended");
        }
    }
}

impl Drop for ContainerLease {
    fn drop(&mut self) {
        self.hand_over(None);
    }
}

async fn reap(daemon: Daemon, mut removals: Receiver<Removal>) {
    let mut running = JoinSet::new();
    let mut queue = VecDeque::new();
    let mut pending = Pending::default();
    let mut last = false;
    while !(last && queue.is_empty() && running.is_empty() && pending.is_empty()) {
        while running.len() < REMOVALS_AT_ONCE
            && let Some(removal) = queue.pop_front()
        {
            running.spawn(remove(daemon.clone(), removal));
        }
        tokio::select! {
            removal = removals.recv(), if !last => match removal {
                Some(removal) => queue.push_back(removal),
                None => last = true,
            },
            Some(removed) = running.join_next() => match removed {
                Ok(Outcome::Gone) => pending.works_again(),
                // The end of a worker does not wait long for a container that may never be made.
                Ok(Outcome::Later(removal)) if last && removal.is_unconfirmed_for(MADE_LATE_AT_THE_END) => {}
                Ok(Outcome::Later(removal)) => pending.add(removal),
                Ok(Outcome::Failed(removal, error)) => pending.fail(removal, &error),
                Err(error) => tracing::error!(%error, "a removal failed; a box may be left behind"),
            },
            due = pending.due() => queue.extend(due),
        }
    }
}

/// One try. The end of a box waits for this one only. A removal for which nothing waits is put off until the verdict is out.
async fn remove(daemon: Daemon, mut removal: Removal) -> Outcome {
    if removal.done.is_none() {
        sleep(SETTLES_WITHIN).await;
    }
    let removed = daemon.remove(&removal.id).await;
    if let Some(done) = removal.done.take() {
        // The receiver may be gone; the container is removed all the same.
        let _gone = done.send(());
    }
    match removed {
        Ok(()) => {
            metrics().boxes.removed.inc();
            Outcome::Gone
        }
        Err(error) if error.is(404) => match removal.unconfirmed_since {
            Some(_) if !removal.is_unconfirmed_for(MADE_LATE) => Outcome::Later(removal),
            _ => Outcome::Gone,
        },
        // Another removal of it is under way.
        Err(error) if error.is(409) => Outcome::Later(removal),
        Err(error) => {
            metrics().boxes.removals_failed.inc();
            Outcome::Failed(removal, error)
        }
    }
}
