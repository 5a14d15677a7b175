//! Boxes as containers of a Docker Engine.
//!
//! ```text
//! DockerBackend
//!  |- launch: create -> attach -> start         (`create`: the caller's task, each with a deadline: `daemon`)
//!  |- streams: the daemon's, or a socket per box; then a task per box notes the log of its runner
//!  |- networks: a pause container per slot and role, whose empty network namespace is joined
//!  `- reaper: removes what was dropped          (one task of its own, ends after close)
//! ```

mod build;
mod container_spec;
mod create;
mod daemon;
mod error;
mod examine;
mod handle;
mod layers;
mod log;
mod neighbours;
mod network;
mod proxy_streams;
mod reaper;
mod runtime;
mod setup;
mod streams;
mod streams_choice;
mod sweep;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use assize_docker_box::Owner;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::config::{DockerSettings, SandboxSettings};
use crate::sandbox::{
    Backend, BackendError, BackendFacts, BoxSpec, Check, Isolation, LaunchError, Layer, LiveBox, SWEEP_EVERY,
    SweepError,
};
pub(crate) use build::{ImageBuilder, ImageError, ImageRequest};
use daemon::Daemon;
use layers::DockerLayer;
use network::Networks;
use reaper::ContainerReaper;
use runtime::Runtime;
use setup::{Profile, docker_host, require_limits};
use streams_choice::StreamsMakers;

/// What this backend is called in settings and verdicts.
const NAME: &str = "docker";

/// Shortest pause between sweeps, however soon boxes of dead workers may go.
const SHORTEST_SWEEP: Duration = Duration::from_secs(1);

/// What to do about workers that share CPUs.
const OWN_CPUS: &str = "give each worker of a host CPUs of its own with sandbox.cpuset";

/// Boxes as containers of a Docker Engine.
#[derive(Debug)]
pub(super) struct DockerBackend {
    daemon: Daemon,
    settings: SandboxSettings,
    worker: String,
    boot: Uuid,
    launch_timeout: Duration,
    profile: Profile,
    /// Layers that boxes are made without; none but where the rest is attacked.
    left_out: Vec<DockerLayer>,
    networks: Networks,
    reaper: ContainerReaper,
    streams: StreamsMakers,
    /// Tasks that note the logs of runners, one for each box that has a socket.
    logs: Mutex<JoinSet<()>>,
    /// What was found when it was last looked for other workers on the same CPUs.
    sharing: Mutex<Option<String>>,
    /// While the daemon is known to limit boxes and to wall them in.
    usable: Mutex<Option<Usable>>,
    /// Held while it is asked, so that all boxes wait for one answer.
    asking: AsyncMutex<()>,
}

/// A daemon that limits boxes and walls them in.
#[derive(Debug)]
struct Usable {
    /// Name of the OCI runtime.
    runtime: String,
    /// How often the daemon had been away when it was asked.
    times_away: u64,
}

impl DockerBackend {
    /// To be called within a Tokio runtime, which will run the task that removes containers.
    pub(super) fn new(settings: &SandboxSettings, worker: &str) -> Result<Self, BackendError> {
        let docker = &settings.docker;
        let daemon = Daemon::at(&docker_host(docker)?, Duration::from_millis(docker.call_timeout_ms));
        Ok(Self {
            profile: Profile::read(docker)?,
            left_out: Vec::new(),
            networks: Networks::default(),
            reaper: ContainerReaper::start(daemon.clone()),
            streams: StreamsMakers::open(docker)?,
            logs: Mutex::default(),
            daemon,
            settings: settings.clone(),
            worker: worker.to_owned(),
            boot: Uuid::new_v4(),
            launch_timeout: Duration::from_millis(settings.launch_timeout_ms),
            sharing: Mutex::default(),
            usable: Mutex::default(),
            asking: AsyncMutex::default(),
        })
    }

    /// Asks the daemon whether it limits boxes and walls them in. What was known of one that is away stays known.
    async fn ask_daemon(&self) -> Result<(), BackendError> {
        let host = self.daemon.host();
        let times_away = self.daemon.times_away();
        let info = self.daemon.info().await;
        let info = info.map_err(|error| error.into_backend_error(host))?;
        self.streams.consider(&info);
        let limited = require_limits(&info, &self.settings, host);
        let safe = limited.and_then(|()| Runtime::of(&self.settings.docker, &info).require_safe(host));
        *self.usable() = safe.as_ref().ok().map(|runtime| Usable {
            runtime: runtime.name.clone(),
            times_away,
        });
        safe.map(drop)
    }

    /// No box is made before it is known that the daemon limits it and walls it in. One that was away is asked again: it may
    /// have been started with other settings.
    async fn require_usable_daemon(&self) -> Result<(), BackendError> {
        let is_known = || {
            let usable = self.usable();
            usable.as_ref().map(|usable| usable.times_away) == Some(self.daemon.times_away())
        };
        if is_known() {
            return Ok(());
        }
        let _asking = self.asking.lock().await;
        if is_known() { Ok(()) } else { self.ask_daemon().await }
    }

    fn usable(&self) -> MutexGuard<'_, Option<Usable>> {
        self.usable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs it when another worker of this host begins or ceases to use the same CPUs.
    async fn look_for_neighbours(&self) {
        // Whatever the daemon does not answer here, it does not answer to the sweep either, which reports it.
        let Ok(found) = neighbours::sharing(&self.daemon, &self.worker).await else {
            return;
        };
        let mut sharing = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
        if *sharing != found {
            match &found {
                Some(found) => {
                    tracing::warn!(%found, "other workers of this host use the CPUs of this one; {OWN_CPUS}")
                }
                None => tracing::info!("no other worker of this host uses the CPUs of this one any more"),
            }
            *sharing = found;
        }
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            worker: &self.worker,
            boot: self.boot,
            profile: &self.profile.json,
            runtime: &self.settings.docker.runtime,
        }
    }
}

/// Whether there can be a daemon where the settings say, and whether their profile can be read.
///
/// # Errors
/// Names what has to be changed.
pub(super) fn check_settings(settings: &DockerSettings) -> Result<(), BackendError> {
    docker_host(settings)?;
    Profile::read(settings).map(drop)
}

/// The image of an environment.
///
/// # Errors
/// [`LaunchError::NotInstalled`] with the setting that is missing.
pub(super) fn image_of<'a>(settings: &'a DockerSettings, environment: &str) -> Result<&'a str, LaunchError> {
    let image = settings.images.get(environment).map(String::as_str);
    image.ok_or_else(|| LaunchError::NotInstalled {
        environment: environment.to_owned(),
        remedy: format!("name its image in the setting sandbox.docker.images.{environment}"),
        source: "it has no image".into(),
    })
}

impl Backend for DockerBackend {
    fn facts(&self) -> BackendFacts {
        let configured = self.settings.docker.runtime.clone();
        BackendFacts {
            name: NAME,
            runtime: self
                .usable()
                .as_ref()
                .map_or(configured, |usable| usable.runtime.clone()),
            isolation: Isolation::Container,
            resizes: true,
            limits_memory: true,
            limits_processes: true,
            borrows_inputs: self.streams.are_sockets(),
            filter: (!self.left_out.contains(&DockerLayer::Seccomp)).then(|| self.profile.digest.clone()),
            kernel: None,
            layers: DockerLayer::names(),
            sweep_every: Duration::from_millis(self.settings.docker.sweep_after_ms).clamp(SHORTEST_SWEEP, SWEEP_EVERY),
        }
    }

    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        self.ask_daemon().boxed()
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        async move {
            let launched = timeout(self.launch_timeout, self.create_in_network(spec)).await;
            launched.map_err(|_elapsed| LaunchError::Timeout {
                after: self.launch_timeout,
                remedy: "look at the load of the host and at the log of the Docker daemon, or raise \
                         sandbox.launch_timeout_ms"
                    .to_owned(),
            })?
        }
        .boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        let after = Duration::from_millis(self.settings.docker.sweep_after_ms);
        async move {
            self.look_for_neighbours().await;
            sweep::sweep(&self.daemon, after)
                .await
                .map_err(|error| SweepError(Box::new(error)))
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.networks.clear();
        self.reaper.finish().boxed()
    }

    fn examine<'a>(&'a self, environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>> {
        async move {
            let mut checks = examine::examine(&self.daemon, &self.settings, environments).await;
            let sharing = self.sharing.lock().unwrap_or_else(PoisonError::into_inner).clone();
            checks.extend(sharing.map(|found| Check::warn("other workers", found, OWN_CPUS)));
            checks
        }
        .boxed()
    }

    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError> {
        let left_out = layers.iter().map(DockerLayer::of).collect::<Result<_, _>>()?;
        Ok(Box::new(Self { left_out, ..*self }))
    }
}
