//! Removes containers behind their users, so that the end of a box is on nobody's path and no box is forgotten.
//!
//! ```text
//! keeper dropped --burial--> remove -> gone
//!                              |-> the daemon does not do it: owed, tried again after a pause that grows
//!                              `-> unknown, and nobody knows whether it was made: owed for a while
//! ```

mod owed;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, timeout};

use crate::sandbox::docker::daemon::{CallError, Daemon};
use crate::sandbox::docker::network::Witness;
use crate::sandbox::{BoxKeeper, PostMortem};
use crate::telemetry::metrics;
use owed::Owed;

/// How long the last removals may take. A daemon that is away must not hold up the end of a worker, and what is left is
/// found by the next one.
const FINISHING_TAKES_AT_MOST: Duration = Duration::from_secs(15);

/// How long a daemon that answered too late may take to make a container after all.
const MADE_LATE: Duration = Duration::from_secs(60);

/// How long the end of a worker waits for such a container: a daemon that is well needs a moment.
const MADE_LATE_AT_THE_END: Duration = Duration::from_secs(5);

/// A container to remove, and who waits for it.
#[derive(Debug)]
struct Burial {
    id: String,
    /// Since when nobody knows whether the daemon still makes it.
    in_doubt_since: Option<Instant>,
    done: Option<oneshot::Sender<()>>,
}

impl Burial {
    fn is_in_doubt_for(&self, time: Duration) -> bool {
        self.in_doubt_since.is_some_and(|since| since.elapsed() > time)
    }
}

/// What came of a removal.
enum Removal {
    Gone,
    /// It is not there, or not gone yet; nothing is wrong.
    Later(Burial),
    Failed(Burial, CallError),
}

/// The task that removes containers.
#[derive(Debug)]
pub(super) struct Undertaker {
    daemon: Daemon,
    burials: Mutex<Option<UnboundedSender<Burial>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Undertaker {
    pub(super) fn start(daemon: Daemon) -> Self {
        let (sender, receiver) = unbounded_channel();
        let task = tokio::spawn(bury(daemon.clone(), receiver));
        Self {
            daemon,
            burials: Mutex::new(Some(sender)),
            task: tokio::sync::Mutex::new(Some(task)),
        }
    }

    /// The one who will see to it that this container goes away.
    pub(super) fn keeper(&self, id: String, witness: Option<Witness>) -> ContainerKeeper {
        let burials = self.burials.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ContainerKeeper {
            daemon: self.daemon.clone(),
            id,
            was_made: false,
            witness,
            burials,
        }
    }

    /// Waits until every container is removed whose keeper is gone, as long as that is bearable.
    pub(super) async fn finish(&self) {
        drop(self.burials.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(mut task) = self.task.lock().await.take() else {
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

/// Owns one container.
pub(super) struct ContainerKeeper {
    daemon: Daemon,
    id: String,
    was_made: bool,
    witness: Option<Witness>,
    burials: Option<UnboundedSender<Burial>>,
}

impl BoxKeeper for ContainerKeeper {
    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async {
            let state = match self.daemon.inspect(&self.id).await {
                Ok(found) => found.state.unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(box.id = self.id, %error, "cannot find out how a box ended");
                    return PostMortem {
                        by_host: true,
                        ..PostMortem::default()
                    };
                }
            };
            PostMortem {
                out_of_memory: state.oom_killed.unwrap_or(false),
                exit_code: state.exit_code.filter(|_| state.running == Some(false)),
                by_host: self.witness.as_ref().is_some_and(Witness::has_ended),
            }
        }
        .boxed()
    }

    fn destroy(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        let (sender, receiver) = oneshot::channel();
        self.hand_over(Some(sender));
        receiver.map(|_undertaker_gone| ()).boxed()
    }
}

impl ContainerKeeper {
    /// The daemon has said that it made it.
    pub(super) fn was_made(&mut self) {
        self.was_made = true;
    }

    fn hand_over(&mut self, done: Option<oneshot::Sender<()>>) {
        let id = std::mem::take(&mut self.id);
        let in_doubt_since = (!self.was_made).then(Instant::now);
        let burial = Burial {
            id,
            in_doubt_since,
            done,
        };
        if let Some(burials) = self.burials.take()
            && burials.send(burial).is_err()
        {
            tracing::error!("the task that removes boxes is gone; a box is left behind");
        }
    }
}

impl Drop for ContainerKeeper {
    fn drop(&mut self) {
        self.hand_over(None);
    }
}

async fn bury(daemon: Daemon, mut burials: UnboundedReceiver<Burial>) {
    let mut removals = JoinSet::new();
    let mut owed = Owed::default();
    let mut last = false;
    while !(last && removals.is_empty() && owed.is_empty()) {
        tokio::select! {
            burial = burials.recv(), if !last => match burial {
                Some(burial) => drop(removals.spawn(remove(daemon.clone(), burial))),
                None => last = true,
            },
            Some(removed) = removals.join_next() => match removed {
                Ok(Removal::Gone) => owed.paid(),
                // Whoever is the last to leave does not wait long for what may never come.
                Ok(Removal::Later(burial)) if last && burial.is_in_doubt_for(MADE_LATE_AT_THE_END) => {}
                Ok(Removal::Later(burial)) => owed.add(burial),
                Ok(Removal::Failed(burial, error)) => owed.fail(burial, &error),
                Err(error) => tracing::error!(%error, "a removal failed; a box may be left behind"),
            },
            due = owed.due() => for burial in due {
                removals.spawn(remove(daemon.clone(), burial));
            },
        }
    }
}

/// One try. Whoever waits for the end of a box waits for this one only.
async fn remove(daemon: Daemon, mut burial: Burial) -> Removal {
    let removed = daemon.remove(&burial.id).await;
    if let Some(done) = burial.done.take() {
        // Whoever waited may have given up; the box goes all the same.
        let _gone = done.send(());
    }
    match removed {
        Ok(()) => {
            metrics().boxes_removed.inc();
            Removal::Gone
        }
        Err(error) if error.is(404) => match burial.in_doubt_since {
            Some(_) if !burial.is_in_doubt_for(MADE_LATE) => Removal::Later(burial),
            _ => Removal::Gone,
        },
        // Somebody else is at it.
        Err(error) if error.is(409) => Removal::Later(burial),
        Err(error) => {
            metrics().box_removals_failed.inc();
            Removal::Failed(burial, error)
        }
    }
}
