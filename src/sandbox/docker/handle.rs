//! The worker's side of one container.

use std::time::Duration;

use assize_docker_box::limits_update;
use bollard::models::ContainerState;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::backoff::pauses;
use crate::sandbox::docker::container_spec::container_spec;
use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::error::CallError;
use crate::sandbox::docker::network::Witness;
use crate::sandbox::docker::reaper::ContainerLease;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, PostMortem};

/// How long a daemon may take to notice that a container has ended.
const NOTICED_WITHIN: Duration = Duration::from_secs(2);

/// Between two looks at a container that still runs.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Owns one container.
pub(super) struct ContainerHandle {
    daemon: Daemon,
    lease: ContainerLease,
    witness: Option<Witness>,
}

impl ContainerHandle {
    pub(super) fn new(daemon: Daemon, lease: ContainerLease, witness: Option<Witness>) -> Self {
        Self { daemon, lease, witness }
    }
}

impl ContainerHandle {
    /// The streams of a runner end before the daemon knows that its container has, where they do not go through the daemon.
    /// A runner that was given up lives on.
    async fn state_at_the_end(&self) -> Result<ContainerState, CallError> {
        let since = Instant::now();
        let mut pauses = pauses(SHORTEST_PAUSE, LONGEST_PAUSE);
        loop {
            let found = self.daemon.inspect(self.lease.id()).await?;
            let state = found.state.unwrap_or_default();
            if state.running != Some(true) || since.elapsed() >= NOTICED_WITHIN {
                return Ok(state);
            }
            sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
        }
    }
}

impl BoxHandle for ContainerHandle {
    fn resize<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async move {
            Ok(self
                .daemon
                .update(self.lease.id(), limits_update(&container_spec(spec, "")))
                .await?)
        }
        .boxed()
    }

    /// The runner reads the control group of its container.
    fn meter(&self) -> Option<&dyn BoxMeter> {
        None
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async {
            let state = match self.state_at_the_end().await {
                Ok(state) => state,
                Err(error) => {
                    let id = self.lease.id();
                    tracing::warn!(box.id = id, %error, "the worker cannot find out how a box ended");
                    return PostMortem::EndedByHost;
                }
            };
            // The daemon tells of every kill, whatever was short of memory, and the group is gone.
            if state.oom_killed.unwrap_or(false) {
                PostMortem::KilledForMemory
            } else if self.witness.as_ref().is_some_and(Witness::has_ended) {
                PostMortem::EndedByHost
            } else {
                PostMortem::Unexplained
            }
        }
        .boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.lease.remove().boxed()
    }
}
