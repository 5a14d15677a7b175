//! The daemon, with a deadline for each call.
//!
//! A daemon that is frozen, or whose disk is, accepts a call and never answers. No call is waited for longer than
//! `sandbox.docker.call_timeout_ms`.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use assize_docker_box::{BOOT, WORKER, WORKER_SECRET};
use bollard::Docker;
use bollard::container::AttachContainerResults;
use bollard::errors::Error as DockerError;
use bollard::models::{
    ContainerCreateBody, ContainerInspectResponse, ContainerUpdateBody, ImageInspect, SystemInfo, SystemVersion,
};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, ListContainersOptionsBuilder, ListVolumesOptions,
    RemoveContainerOptionsBuilder, StartContainerOptions,
};
use hyper::header::{HeaderName, HeaderValue};
use tokio::time::timeout;
use uuid::Uuid;

use crate::sandbox::docker::error::CallError;

/// Seconds after which the client gives up by itself: a net below the deadlines of our own.
const CALL_SECONDS: u64 = 120;

const WORKER_SECRET_NAME: HeaderName = HeaderName::from_static(WORKER_SECRET);

/// A daemon that answers in time, or not at all. Nothing is connected before the first call.
#[derive(Debug, Clone)]
pub(super) struct Daemon {
    host: Arc<str>,
    allowed: Duration,
    client: Arc<OnceLock<Docker>>,
    /// Calls that have failed without an answer: who answers the next one may be another than before.
    times_away: Arc<AtomicU64>,
    /// By which the proxy tells what this worker has made from what others have. The daemon takes no notice.
    secret: Secret,
}

/// It is shown to the proxy, and to no log.
#[derive(Clone)]
struct Secret(Arc<str>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Daemon {
    /// The daemon at a socket, `unix:///path`.
    pub(super) fn at(host: &str, allowed: Duration) -> Self {
        Self {
            host: host.into(),
            allowed,
            client: Arc::default(),
            times_away: Arc::default(),
            secret: Secret(Uuid::new_v4().simple().to_string().into()),
        }
    }

    /// What the proxy knows this worker by.
    pub(super) fn secret(&self) -> &str {
        &self.secret.0
    }

    /// Where it is.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn info(&self) -> Result<SystemInfo, CallError> {
        self.in_time("ask about itself", async |docker| docker.info().await)
            .await
    }

    pub(super) async fn version(&self) -> Result<SystemVersion, CallError> {
        self.in_time("ask for its version", async |docker| docker.version().await)
            .await
    }

    /// What it says to a call that no box needs: only the socket proxy refuses it.
    pub(super) async fn answer_to_what_no_box_needs(&self) -> Result<(), CallError> {
        self.in_time("ask about volumes", async |docker| {
            docker.list_volumes(None::<ListVolumesOptions>).await.map(drop)
        })
        .await
    }

    pub(super) async fn image(&self, name: &str) -> Result<ImageInspect, CallError> {
        self.in_time("look at the image of", async |docker| docker.inspect_image(name).await)
            .await
    }

    /// Makes a container, and gives its id.
    pub(super) async fn create(&self, name: &str, request: ContainerCreateBody) -> Result<String, CallError> {
        let options = CreateContainerOptions {
            name: Some(name.to_owned()),
            ..Default::default()
        };
        let made = self.in_time("create", async |docker| {
            docker.create_container(Some(options), request).await
        });
        let made = made.await?;
        // Limits that a box needs are no matter of warnings: a daemon that cannot set them is not used (`setup`).
        for warning in made.warnings {
            tracing::debug!(box.id = name, warning, "Docker made a box, and left something out");
        }
        Ok(made.id)
    }

    pub(super) async fn attach(&self, id: &str) -> Result<AttachContainerResults, CallError> {
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdin(true)
            .stdout(true)
            .stderr(true)
            .build();
        self.in_time("attach to", async |docker| {
            docker.attach_container(id, Some(options)).await
        })
        .await
    }

    pub(super) async fn start(&self, id: &str) -> Result<(), CallError> {
        self.in_time("start", async |docker| {
            docker.start_container(id, None::<StartContainerOptions>).await
        })
        .await
    }

    pub(super) async fn inspect(&self, id: &str) -> Result<ContainerInspectResponse, CallError> {
        self.in_time("inspect", async |docker| docker.inspect_container(id, None).await)
            .await
    }

    pub(super) async fn update(&self, id: &str, limits: ContainerUpdateBody) -> Result<(), CallError> {
        self.in_time("change the limits of", async |docker| {
            docker.update_container(id, limits).await
        })
        .await
    }

    pub(super) async fn remove(&self, id: &str) -> Result<(), CallError> {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        self.in_time("remove", async |docker| {
            docker.remove_container(id, Some(options)).await
        })
        .await
    }

    /// Ids of the containers that match all of these filters, running or not.
    pub(super) async fn list(&self, filters: &HashMap<String, Vec<String>>) -> Result<Vec<String>, CallError> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(filters).build();
        let listed = self.in_time("list", async |docker| docker.list_containers(Some(options)).await);
        Ok(listed.await?.into_iter().filter_map(|found| found.id).collect())
    }

    /// The boxes of all workers that run now: id, and name of the worker.
    pub(super) async fn running_boxes(&self) -> Result<Vec<(String, String)>, CallError> {
        let filters = HashMap::from([
            ("label".to_owned(), vec![BOOT.to_owned()]),
            ("status".to_owned(), vec!["running".to_owned()]),
        ]);
        let options = ListContainersOptionsBuilder::new().filters(&filters).build();
        let listed = self.in_time("list", async |docker| docker.list_containers(Some(options)).await);
        let boxes = listed.await?.into_iter().filter_map(|found| {
            let worker = found.labels?.remove(WORKER)?;
            Some((found.id?, worker))
        });
        Ok(boxes.collect())
    }

    async fn in_time<T>(
        &self,
        step: &'static str,
        call: impl AsyncFnOnce(&Docker) -> Result<T, DockerError>,
    ) -> Result<T, CallError> {
        let failed = |source| CallError::Failed {
            step,
            host: self.host.to_string(),
            source,
        };
        let answered = match self.client() {
            Ok(docker) => timeout(self.allowed, call(docker)).await,
            Err(error) => Ok(Err(error)),
        };
        let slow = |_elapsed| CallError::Slow {
            step,
            after: self.allowed,
        };
        let answered = answered.map_err(slow).and_then(|answered| answered.map_err(failed));
        if answered.as_ref().is_err_and(|error| error.answer().is_none()) {
            self.times_away.fetch_add(1, Ordering::Relaxed);
        }
        answered
    }

    /// Calls that have failed without an answer until now.
    pub(super) fn times_away(&self) -> u64 {
        self.times_away.load(Ordering::Relaxed)
    }

    /// A socket that does not exist yet may exist at the next call.
    fn client(&self) -> Result<&Docker, DockerError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Docker::connect_with_socket(&self.host, CALL_SECONDS, bollard::API_DEFAULT_VERSION)?;
        // Digits only, so there is always such a value.
        let mut secret = HeaderValue::from_str(&self.secret.0).ok();
        secret.iter_mut().for_each(|secret| secret.set_sensitive(true));
        let client = client.with_request_modifier(move |mut request| {
            let shown = secret.clone().map(|secret| (WORKER_SECRET_NAME, secret));
            request.headers_mut().extend(shown);
            request
        });
        Ok(self.client.get_or_init(|| client))
    }
}
