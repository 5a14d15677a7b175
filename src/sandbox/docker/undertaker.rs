//! Removes containers behind their users, so that the end of a box is on nobody's path and no box is forgotten.

use std::sync::{Mutex, PoisonError};

use bollard::Docker;
use bollard::errors::Error as DockerError;
use bollard::query_parameters::RemoveContainerOptionsBuilder;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::sandbox::{BoxKeeper, PostMortem};
use crate::telemetry::metrics;

/// Times that a removal is tried; a container that stays is found again by its label.
const ATTEMPTS: u32 = 3;

/// A container to remove, and who waits for it.
struct Burial {
    id: String,
    done: Option<oneshot::Sender<()>>,
}

/// The task that removes containers.
#[derive(Debug)]
pub(super) struct Undertaker {
    docker: Docker,
    burials: Mutex<Option<UnboundedSender<Burial>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Undertaker {
    pub(super) fn start(docker: Docker) -> Self {
        let (sender, receiver) = unbounded_channel();
        let task = tokio::spawn(bury(docker.clone(), receiver));
        Self {
            docker,
            burials: Mutex::new(Some(sender)),
            task: tokio::sync::Mutex::new(Some(task)),
        }
    }

    /// The one who will see to it that this container goes away.
    pub(super) fn keeper(&self, id: String) -> ContainerKeeper {
        let burials = self.burials.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ContainerKeeper {
            docker: self.docker.clone(),
            id,
            burials,
        }
    }

    /// Waits until every container is removed whose keeper is gone.
    pub(super) async fn finish(&self) {
        drop(self.burials.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the task that removes boxes failed; boxes may be left behind");
        }
    }
}

/// Owns one container.
pub(super) struct ContainerKeeper {
    docker: Docker,
    id: String,
    burials: Option<UnboundedSender<Burial>>,
}

impl BoxKeeper for ContainerKeeper {
    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async {
            let state = match self.docker.inspect_container(&self.id, None).await {
                Ok(found) => found.state.unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(box.id = self.id, %error, "cannot inspect a box that ended");
                    return PostMortem::default();
                }
            };
            PostMortem {
                out_of_memory: state.oom_killed.unwrap_or(false),
                exit_code: state.exit_code.filter(|_| state.running == Some(false)),
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
    fn hand_over(&mut self, done: Option<oneshot::Sender<()>>) {
        let id = std::mem::take(&mut self.id);
        if let Some(burials) = self.burials.take()
            && burials.send(Burial { id, done }).is_err()
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

async fn bury(docker: Docker, mut burials: UnboundedReceiver<Burial>) {
    let mut removals = JoinSet::new();
    while let Some(Burial { id, done }) = burials.recv().await {
        let docker = docker.clone();
        removals.spawn(async move {
            remove(&docker, &id).await;
            if let Some(done) = done {
                // Whoever waited may have given up; the box is gone all the same.
                let _gone = done.send(());
            }
        });
        while removals.try_join_next().is_some() {}
    }
    while removals.join_next().await.is_some() {}
}

async fn remove(docker: &Docker, id: &str) {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    for attempt in 1..=ATTEMPTS {
        match docker.remove_container(id, Some(options.clone())).await {
            Ok(()) => {
                metrics().boxes_removed.inc();
                return;
            }
            Err(DockerError::DockerResponseServerError { status_code: 404, .. }) => return,
            Err(error) => tracing::warn!(box.id = id, attempt, %error, "cannot remove a box"),
        }
    }
    metrics().boxes_left_behind.inc();
    tracing::error!(box.id = id, "a box is left behind; remove it with `docker rm -f`");
}
