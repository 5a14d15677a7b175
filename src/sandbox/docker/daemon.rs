//! The daemon, with a deadline for each thing that is asked of it.
//!
//! A daemon that is frozen, or whose disk is, accepts a call and never answers. Nobody waits for it longer than
//! `sandbox.docker.call_timeout_ms`, whatever was asked.

use std::collections::HashMap;
use std::time::Duration;

use bollard::Docker;
use bollard::container::AttachContainerResults;
use bollard::errors::Error as DockerError;
use bollard::models::{ContainerCreateBody, ContainerInspectResponse, ContainerUpdateBody};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
    StartContainerOptions,
};
use thiserror::Error;
use tokio::time::timeout;

use crate::sandbox::LaunchError;

/// A daemon that answers in time, or not at all.
#[derive(Debug, Clone)]
pub(super) struct Daemon {
    docker: Docker,
    allowed: Duration,
}

/// What the daemon did not do.
#[derive(Debug, Error)]
pub(super) enum CallError {
    #[error("cannot {step} a box: {source}")]
    Failed { step: &'static str, source: DockerError },
    #[error(transparent)]
    Slow(LaunchError),
}

impl CallError {
    /// It answered with this status.
    pub(super) fn is(&self, status: u16) -> bool {
        matches!(self, Self::Failed { source: DockerError::DockerResponseServerError { status_code, .. }, .. }
            if *status_code == status)
    }
}

impl From<CallError> for LaunchError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Slow(slow) => slow,
            CallError::Failed { step, source } => Self::Backend {
                step,
                source: Box::new(source),
            },
        }
    }
}

impl Daemon {
    pub(super) fn new(docker: Docker, allowed: Duration) -> Self {
        Self { docker, allowed }
    }

    /// Makes a container, and gives its id.
    pub(super) async fn create(&self, name: &str, wish: ContainerCreateBody) -> Result<String, CallError> {
        let options = CreateContainerOptions {
            name: Some(name.to_owned()),
            ..Default::default()
        };
        let made = self.in_time("create", self.docker.create_container(Some(options), wish));
        Ok(made.await?.id)
    }

    pub(super) async fn attach(&self, id: &str) -> Result<AttachContainerResults, CallError> {
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdin(true)
            .stdout(true)
            .stderr(true)
            .build();
        self.in_time("attach to", self.docker.attach_container(id, Some(options)))
            .await
    }

    pub(super) async fn start(&self, id: &str) -> Result<(), CallError> {
        let starting = self.docker.start_container(id, None::<StartContainerOptions>);
        self.in_time("start", starting).await
    }

    pub(super) async fn inspect(&self, id: &str) -> Result<ContainerInspectResponse, CallError> {
        self.in_time("inspect", self.docker.inspect_container(id, None)).await
    }

    pub(super) async fn update(&self, id: &str, limits: ContainerUpdateBody) -> Result<(), CallError> {
        let updating = self.docker.update_container(id, limits);
        self.in_time("change the limits of", updating).await
    }

    pub(super) async fn remove(&self, id: &str) -> Result<(), CallError> {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        self.in_time("remove", self.docker.remove_container(id, Some(options)))
            .await
    }

    /// Ids of the containers that match all of these filters, running or not.
    pub(super) async fn list(&self, filters: &HashMap<String, Vec<String>>) -> Result<Vec<String>, CallError> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(filters).build();
        let found = self.in_time("list", self.docker.list_containers(Some(options))).await?;
        Ok(found.into_iter().filter_map(|found| found.id).collect())
    }

    async fn in_time<T>(
        &self,
        step: &'static str,
        call: impl Future<Output = Result<T, DockerError>>,
    ) -> Result<T, CallError> {
        match timeout(self.allowed, call).await {
            Ok(answered) => answered.map_err(|source| CallError::Failed { step, source }),
            Err(_elapsed) => Err(CallError::Slow(LaunchError::Slow {
                step,
                after: self.allowed,
            })),
        }
    }
}
