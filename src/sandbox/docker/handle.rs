//! The worker's side of one container.

use assize_docker_box::limits_update;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::sandbox::docker::container_spec::container_spec;
use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::network::Witness;
use crate::sandbox::docker::reaper::ContainerLease;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, PostMortem};

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
            let id = self.lease.id();
            let state = match self.daemon.inspect(id).await {
                Ok(found) => found.state.unwrap_or_default(),
                Err(error) => {
                    tracing::warn!(box.id = id, %error, "the worker cannot find out how a box ended");
                    return PostMortem::EndedByHost;
                }
            };
            if state.oom_killed.unwrap_or(false) {
                PostMortem::OutOfMemory
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
