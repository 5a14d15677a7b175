//! Boxes as containers of a Docker Engine.
//!
//! ```text
//! DockerSandbox
//!  |- launch: create -> attach -> start         (the caller's task, each with a deadline: `daemon`)
//!  |- networks: a waiting container per slot, whose empty network namespace is joined
//!  `- undertaker: removes what was dropped      (one task of its own, ends after close)
//!
//! DockerProxy: what may stand between it and the daemon, in a process of its own
//! ```

mod daemon;
mod engine;
mod host_config;
mod layers;
mod network;
mod proxy;
mod sweep;
mod undertaker;
mod wish;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use bollard::Docker;
use bollard::container::{AttachContainerResults, LogOutput};
use bollard::errors::Error as DockerError;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::time::timeout;
use uuid::Uuid;

use crate::config::DockerSettings;
use crate::sandbox::{BoxSpec, LaunchError, Layer, LiveBox, Sandbox, SweepError};
use daemon::{CallError, Daemon};
use engine::require_limits;
pub use engine::{EngineFacts, ImageFacts, ask_engine, ask_image, boxes_of, reach_engine};
use host_config::{NO_NETWORK, limits_update};
use layers::leave_out;
use network::{Networks, Witness};
pub use proxy::{DockerProxy, ProxyError, listen_at};
use undertaker::Undertaker;
use wish::Maker;

/// Seconds after which the client gives up by itself: a net below the deadlines of our own.
const CALL_SECONDS: u64 = 120;

/// The profile that boxes run under unless the configuration names another one.
pub fn built_in_seccomp_profile() -> &'static str {
    include_str!("../../../seccomp/python.json")
}

/// A Docker Engine that cannot be used.
#[derive(Debug, Error)]
pub enum DockerUnusable {
    /// No connection.
    #[error("cannot reach Docker at {host}: {source}; is the daemon running, and may this user use its socket?")]
    Unreachable {
        /// Where it was looked for.
        host: String,
        /// Why.
        source: Box<DockerError>,
    },
    /// Boxes would have no limits.
    #[error(
        "Docker at {host} cannot limit {missing} of a container, so no stranger's program may run there; \
         `assize doctor` says why"
    )]
    NoLimits {
        /// The daemon.
        host: String,
        /// What it cannot limit.
        missing: String,
    },
    /// The seccomp profile cannot be read.
    #[error("cannot read sandbox.docker.seccomp_profile = {}: {source}", path.display())]
    Profile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The seccomp profile is no JSON.
    #[error("the seccomp profile is no JSON: {0}")]
    ProfileJson(serde_json::Error),
}

/// Boxes as containers of a Docker Engine.
#[derive(Debug)]
pub struct DockerSandbox {
    daemon: Daemon,
    settings: DockerSettings,
    worker: String,
    boot: Uuid,
    launch_timeout: Duration,
    profile: String,
    profile_digest: String,
    /// Layers that boxes are made without; none but where the rest is attacked.
    left_out: Vec<Layer>,
    networks: Networks,
    undertaker: Undertaker,
}

impl DockerSandbox {
    /// Connects to the daemon.
    ///
    /// # Errors
    /// When it does not answer, or the seccomp profile cannot be used.
    pub async fn connect(
        settings: &DockerSettings,
        worker: &str,
        launch_timeout: Duration,
    ) -> Result<Self, DockerUnusable> {
        let (docker, host) = connect(settings).await?;
        require_limits(&docker, &host).await?;
        let profile = compact_profile(settings)?;
        let daemon = Daemon::new(docker, call_timeout(settings));
        Ok(Self {
            left_out: Vec::new(),
            networks: Networks::default(),
            undertaker: Undertaker::start(daemon.clone()),
            daemon,
            settings: settings.clone(),
            worker: worker.to_owned(),
            boot: Uuid::new_v4(),
            launch_timeout,
            profile_digest: hex(&Sha256::digest(&profile)),
            profile,
        })
    }

    /// Connects, and waits for a daemon that is away, with a line per attempt.
    ///
    /// # Errors
    /// When the seccomp profile cannot be used.
    pub async fn wait_for(
        settings: &DockerSettings,
        worker: &str,
        launch_timeout: Duration,
    ) -> Result<Self, DockerUnusable> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(5))
            .with_jitter()
            .without_max_times();
        (|| Self::connect(settings, worker, launch_timeout))
            .retry(backoff)
            .when(|error| matches!(error, DockerUnusable::Unreachable { .. }))
            .notify(|error, delay| tracing::warn!("{error}; next attempt in {delay:.1?}"))
            .await
    }

    /// Leaves layers out of every box that is made from now on: for attacks on those that stay, never for judging.
    #[must_use]
    pub fn without(self, layers: &[Layer]) -> Self {
        Self {
            left_out: layers.to_vec(),
            ..self
        }
    }

    /// Joins the network namespace of the slot, or makes one for this box where that fails.
    async fn create_in_network(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        if !self.settings.pause || self.left_out.contains(&Layer::Network) {
            return self.alone(spec).await;
        }
        let slot = spec.seat.slot;
        let waiting = network::waiting(spec);
        let joined = match self.networks.of(slot, || self.alone(&waiting)).await {
            Ok((network, witness)) => self.create_and_start(spec, network, Some(witness)).await,
            Err(error) => Err(error),
        };
        let Err(LaunchError::Backend { step, source }) = joined else {
            return joined;
        };
        self.networks.forget(slot);
        let alone = self.alone(spec).await?;
        tracing::warn!(slot, step, %source, "the network namespace of a slot is given up");
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
        let name = format!("assize-{}", Uuid::new_v4().simple());
        // Known by its name before it is made, so that it is removed even when the daemon answers too late.
        let mut keeper = Box::new(self.undertaker.keeper(name.clone(), witness));
        let wish = leave_out(self.maker().wish(spec, network), &self.left_out);
        let created = self.daemon.create(&name, wish).await;
        let id = created.map_err(|error| create_error(spec, error))?;
        keeper.was_made();
        let AttachContainerResults { input, output } = self.daemon.attach(&id).await?;
        self.daemon.start(&id).await?;
        // The container says from which image it was made, so a tag that moves meanwhile does not matter.
        let image = self.daemon.inspect(&id).await?.image.unwrap_or_default();
        let log_name = name.clone();
        let output = output
            .filter_map(move |piece| std::future::ready(runner_output(piece, &log_name)))
            .boxed();
        Ok(LiveBox {
            id: name,
            image,
            input,
            output,
            keeper,
        })
    }

    fn maker(&self) -> Maker<'_> {
        Maker {
            worker: &self.worker,
            boot: self.boot,
            profile: &self.profile,
            runtime: &self.settings.runtime,
        }
    }
}

impl Sandbox for DockerSandbox {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn seccomp_digest(&self) -> &str {
        &self.profile_digest
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        async move {
            timeout(self.launch_timeout, self.create_in_network(spec))
                .await
                .map_err(|_elapsed| LaunchError::Timeout(self.launch_timeout))?
        }
        .boxed()
    }

    fn fit<'a>(&'a self, id: &'a str, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async move { Ok(self.daemon.update(id, limits_update(spec)).await?) }.boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        let after = Duration::from_millis(self.settings.sweep_after_ms);
        async move {
            sweep::sweep(&self.daemon, after)
                .await
                .map_err(|error| SweepError(Box::new(error)))
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.networks.clear();
        self.undertaker.finish().boxed()
    }
}

/// A connection to a daemon that answers, and where it was found.
async fn connect(settings: &DockerSettings) -> Result<(Docker, String), DockerUnusable> {
    let host = docker_host(settings);
    let unreachable = |source| DockerUnusable::Unreachable {
        host: host.clone(),
        source: Box::new(source),
    };
    let docker = Docker::connect_with_socket(&host, CALL_SECONDS, bollard::API_DEFAULT_VERSION).map_err(unreachable)?;
    match timeout(call_timeout(settings), docker.ping()).await {
        Ok(answered) => answered.map_err(unreachable)?,
        Err(_elapsed) => return Err(unreachable(DockerError::RequestTimeoutError)),
    };
    Ok((docker, host))
}

fn call_timeout(settings: &DockerSettings) -> Duration {
    Duration::from_millis(settings.call_timeout_ms)
}

fn docker_host(settings: &DockerSettings) -> String {
    if !settings.host.is_empty() {
        return settings.host.clone();
    }
    std::env::var("DOCKER_HOST")
        .ok()
        .filter(|host| host.starts_with("unix://"))
        .unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
}

/// The profile travels by content in every create call, so it is sent without its white space.
fn compact_profile(settings: &DockerSettings) -> Result<String, DockerUnusable> {
    let path = &settings.seccomp_profile;
    let text = if path.as_os_str().is_empty() {
        built_in_seccomp_profile().to_owned()
    } else {
        std::fs::read_to_string(path).map_err(|source| DockerUnusable::Profile {
            path: path.clone(),
            source,
        })?
    };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(DockerUnusable::ProfileJson)?;
    Ok(value.to_string())
}

fn create_error(spec: &BoxSpec, error: CallError) -> LaunchError {
    if error.is(404) {
        return LaunchError::ImageMissing {
            image: spec.image.clone(),
        };
    }
    error.into()
}

/// The runner speaks on its standard output; its standard error is its log.
fn runner_output(piece: Result<LogOutput, DockerError>, id: &str) -> Option<io::Result<Bytes>> {
    match piece {
        Ok(LogOutput::StdOut { message } | LogOutput::Console { message }) => Some(Ok(message)),
        Ok(LogOutput::StdErr { message }) => {
            tracing::warn!(box.id = id, "runner: {}", String::from_utf8_lossy(&message).trim_end().escape_debug());
            None
        }
        Ok(LogOutput::StdIn { .. }) => None,
        Err(error) => Some(Err(io::Error::other(error))),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
