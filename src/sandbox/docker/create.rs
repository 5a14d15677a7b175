//! A box is made: its container, in a network namespace, with its streams.

use std::sync::PoisonError;
use std::time::Duration;

use assize_docker_box::{ContainerSpec, NO_NETWORK, first_user, user_id};
use bollard::container::AttachContainerResults;
use uuid::Uuid;

use crate::sandbox::backend::of_socket;
use crate::sandbox::docker::container_spec::container_spec;
use crate::sandbox::docker::error::CallError;
use crate::sandbox::docker::handle::ContainerHandle;
use crate::sandbox::docker::layers::{DockerLayer, leave_out};
use crate::sandbox::docker::log::{note_all, runner_log, runner_output};
use crate::sandbox::docker::network::{self, Witness};
use crate::sandbox::docker::streams::{Awaited, Started, StreamsMaker};
use crate::sandbox::docker::{DockerBackend, image_of};
use crate::sandbox::{BackendError, BoxInput, BoxOutput, BoxSpec, LaunchError, LiveBox};

impl DockerBackend {
    /// Joins the network namespace of the slot, or makes one for this box where that fails.
    pub(super) async fn create_in_network(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        self.require_usable_daemon().await.map_err(cannot_launch)?;
        if !self.settings.docker.pause || self.left_out.contains(&DockerLayer::Network) {
            return self.alone(spec).await;
        }
        let waiting = network::waiting(spec);
        let joined = match self.networks.of(spec, || self.alone(&waiting)).await {
            // So they all have when the daemon was started again.
            Ok((_network, witness)) if witness.has_ended() => {
                self.networks.forget(spec);
                self.ask_daemon().await.map_err(cannot_launch)?;
                self.alone(spec).await
            }
            Ok((network, witness)) => self.create_and_start(spec, network, Some(witness)).await,
            Err(error) => Err(error),
        };
        let Err(LaunchError::Refused { step, source, .. }) = joined else {
            return joined;
        };
        self.networks.forget(spec);
        let alone = self.alone(spec).await?;
        tracing::warn!(slot = spec.placement.slot, role = ?spec.role, step, %source, "the network namespace of a slot is given up");
        Ok(alone)
    }

    /// In a network namespace of its own.
    async fn alone(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        self.create_and_start(spec, NO_NETWORK.to_owned(), None).await
    }

    async fn create_and_start(
        &self,
        spec: &BoxSpec,
        network: String,
        witness: Option<Witness>,
    ) -> Result<LiveBox, LaunchError> {
        loop {
            let trial = self.streams.trial();
            let joins = (network.clone(), witness.clone());
            let made = self.create_with(trial.maker(), spec, joins).await;
            if let Some(made) = trial.ends(made) {
                return made;
            }
        }
    }

    async fn create_with(
        &self,
        streams: &StreamsMaker,
        spec: &BoxSpec,
        (network, witness): (String, Option<Witness>),
    ) -> Result<LiveBox, LaunchError> {
        let name = format!("assize-{}", Uuid::new_v4().simple());
        // Known by its name before it is made, so that it is removed even when the daemon answers too late.
        let mut lease = self.reaper.lease(name.clone())?;
        let image = image_of(&self.settings.docker, &spec.environment)?;
        let awaited = streams.prepare(&name)?;
        let container = ContainerSpec {
            streams: awaited.spec(),
            ..container_spec(spec, image)
        };
        let request = leave_out(self.owner().create_request(&container, network), &self.left_out);
        let created = self.daemon.create(&name, request).await;
        let id = created.map_err(|error| create_error(spec, error))?;
        lease.was_made();
        let attached = self.daemon.attach(&id).await?;
        self.daemon.start(&id).await?;
        let started = Started {
            host: self.daemon.host(),
            secret: self.daemon.secret(),
            id: &id,
            user: user_id(first_user(self.boot), container.user),
            allowed: Duration::from_millis(self.settings.docker.call_timeout_ms),
        };
        // The container says from which image it was made, so a tag that moves meanwhile does not matter.
        let environment_digest = self.daemon.inspect(&id).await?.image.unwrap_or_default();
        let (input, output) = self.streams_of(awaited, attached, &started, &name).await?;
        Ok(LiveBox {
            id: name,
            environment_digest,
            input,
            output,
            handle: Box::new(ContainerHandle::new(self.daemon.clone(), lease, witness)),
        })
    }

    /// The streams of a container that was started: those of the daemon, or those that its runner has taken elsewhere.
    async fn streams_of(
        &self,
        awaited: Awaited,
        attached: AttachContainerResults,
        started: &Started<'_>,
        name: &str,
    ) -> Result<(BoxInput, BoxOutput), LaunchError> {
        if matches!(awaited, Awaited::Daemon) {
            return Ok((
                BoxInput::Bytes(attached.input),
                runner_output(attached.output, name.to_owned()),
            ));
        }
        let mut log = runner_log(attached.output);
        let streams = awaited.take(started, &mut log).await?;
        self.spawn(note_all(log, name.to_owned()));
        Ok(of_socket(streams))
    }

    /// Runs a task that ends with its box.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        while logs.try_join_next().is_some() {}
        logs.spawn(task);
    }
}

fn create_error(spec: &BoxSpec, error: CallError) -> LaunchError {
    if error.is_missing_image() {
        return LaunchError::NotInstalled {
            environment: spec.environment.clone(),
            remedy: "build it with `make images`, that of Java with `docker/images.sh --java`, and one with more libraries with \
                     `assize image build`"
                .to_owned(),
            source: Box::new(error),
        };
    }
    error.into()
}

fn cannot_launch(error: BackendError) -> LaunchError {
    let (step, remedy) = ("start", "`assize doctor` checks the daemon".to_owned());
    match error {
        away @ BackendError::Away { .. } => LaunchError::Unresponsive {
            step,
            remedy,
            source: Box::new(away),
        },
        other => LaunchError::Refused {
            step,
            remedy,
            source: Box::new(other),
        },
    }
}
