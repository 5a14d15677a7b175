//! Boxes by nsjail, which assize-jailer starts.
//!
//! ```text
//! NsjailBackend
//!  |- launch: one connection to the jailer per box, over which its streams come     (`call`, `channel`)
//!  `- a task per box, which hangs up when the box's handle is gone, and waits until the box is (`handle`)
//! ```
//!
//! The worker has no rights for any of it: it may connect to the jailer's socket, and that is all.

mod call;
mod channel;
mod examine;
mod handle;
mod layers;
mod request;
mod streams;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use assize_docker_box::compact_profile;
use assize_jailer_protocol::{Answer, Facts, Request, WithoutLayer};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::config::{NsjailSettings, SandboxSettings};
use crate::sandbox::{
    Backend, BackendError, BackendFacts, BoxSpec, Check, Isolation, LaunchError, Layer, LiveBox, SWEEP_EVERY,
    SweepError,
};
use call::{CallError, Jailer};
use handle::{JailHandle, until_over};
use request::box_request;
use streams::first_output;

/// What this backend is called in settings and verdicts.
const NAME: &str = "nsjail";

/// What the jailer is asked about itself for.
const STEP: &str = "start";

/// Boxes by nsjail.
#[derive(Debug)]
pub(super) struct NsjailBackend {
    settings: NsjailSettings,
    jailer: Jailer,
    launch_timeout: Duration,
    /// Layers that boxes are made without; none but where the rest is attacked.
    left_out: Vec<WithoutLayer>,
    /// What the jailer said about all its boxes.
    known: Mutex<Option<Known>>,
    /// A task per box, which ends when the box is gone.
    boxes: Mutex<JoinSet<()>>,
}

/// What holds for all boxes of a jailer.
#[derive(Debug, Clone)]
struct Known {
    /// Of the jailer that said so.
    instance: u64,
    /// SHA-256 of the seccomp profile, in hexadecimal.
    filter: String,
    /// The jailer and its version.
    runtime: String,
}

impl NsjailBackend {
    pub(super) fn new(settings: &SandboxSettings) -> Self {
        let nsjail = settings.nsjail.clone();
        Self {
            jailer: Jailer::at(&nsjail.socket, Duration::from_millis(nsjail.call_timeout_ms)),
            settings: nsjail,
            launch_timeout: Duration::from_millis(settings.launch_timeout_ms),
            left_out: Vec::new(),
            known: Mutex::default(),
            boxes: Mutex::default(),
        }
    }

    fn known(&self) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the jailer about all its boxes, where another one was asked before, or none.
    async fn learn(&self, instance: u64) -> Result<(), CallError> {
        if self.known().is_some_and(|known| known.instance == instance) {
            return Ok(());
        }
        let Answer::Facts(facts) = self.jailer.ask(STEP, &Request::Facts).await? else {
            return Err(CallError::out_of_turn(&self.jailer, STEP));
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known::of(&facts, instance));
        Ok(())
    }

    /// Asks which jailer is there now.
    async fn ask_jailer(&self) -> Result<(), CallError> {
        let answer = match self.jailer.ask(STEP, &Request::Instance).await {
            Err(error) if error.is_end_of_connection() => return Err(self.why_it_hung_up(error).await),
            answer => answer?,
        };
        match answer {
            Answer::Instance(instance) => self.learn(instance).await,
            _other => Err(CallError::out_of_turn(&self.jailer, STEP)),
        }
    }

    /// A jailer of the version before hangs up when it is asked what it does not know, and answers what it knows.
    async fn why_it_hung_up(&self, error: CallError) -> CallError {
        match self.jailer.ask(STEP, &Request::Facts).await {
            Ok(Answer::Facts(facts)) => error.told_by_another_version(&facts.version),
            _ => error,
        }
    }

    async fn start(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        check_environment(&self.settings, &spec.environment)?;
        let failed = |error: CallError| error.into_launch_error(&spec.environment);
        let request = box_request(spec, &self.left_out)?;
        let started = self.jailer.start(request).await?;
        self.learn(started.instance).await.map_err(failed)?;
        let (handle, end) = JailHandle::new(&started.id, started.channel, &self.jailer);
        self.spawn(until_over(end));
        let streams = first_output(started.streams, &started.id).await?;
        let id = started.id.clone();
        self.spawn(streams.log.lines(id));
        Ok(LiveBox {
            id: started.id,
            environment_digest: started.environment_digest,
            input: streams.input,
            output: streams.output,
            handle: Box::new(handle),
        })
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut boxes = self.boxes.lock().unwrap_or_else(PoisonError::into_inner);
        while boxes.try_join_next().is_some() {}
        boxes.spawn(task);
    }
}

impl Known {
    fn of(facts: &Facts, instance: u64) -> Self {
        // The jailer has parsed it; should it be no JSON all the same, it is told by its bytes.
        let profile = compact_profile(&facts.profile).unwrap_or_else(|_error| facts.profile.clone());
        Self {
            instance,
            filter: hex::encode(Sha256::digest(&profile)),
            runtime: format!("assize-jailer {}", facts.version),
        }
    }
}

/// Whether the settings name this environment.
///
/// # Errors
/// [`LaunchError::NotInstalled`] with the setting that is missing.
pub(super) fn check_environment(settings: &NsjailSettings, environment: &str) -> Result<(), LaunchError> {
    if settings.environments.iter().any(|known| known == environment) {
        return Ok(());
    }
    Err(LaunchError::NotInstalled {
        environment: environment.to_owned(),
        remedy: "make its root directory with docker/roots.sh, and name it in sandbox.nsjail.environments".to_owned(),
        source: "sandbox.nsjail.environments does not name it".into(),
    })
}

/// Whether there can be a jailer where the settings say.
///
/// # Errors
/// Names what has to be changed.
pub(super) fn check_settings(settings: &NsjailSettings) -> Result<(), BackendError> {
    if settings.socket.is_absolute() {
        return Ok(());
    }
    Err(BackendError::Unfit {
        what: format!(
            "sandbox.nsjail.socket = {} is no absolute path",
            settings.socket.display()
        ),
        remedy: "write it as /run/assize/jailer.sock".to_owned(),
        source: None,
    })
}

impl Backend for NsjailBackend {
    fn facts(&self) -> BackendFacts {
        let known = self.known();
        let filtered = !self.left_out.contains(&WithoutLayer::Seccomp);
        BackendFacts {
            name: NAME,
            runtime: known.as_ref().map(|known| known.runtime.clone()).unwrap_or_default(),
            isolation: Isolation::Container,
            resizes: true,
            limits_memory: true,
            limits_processes: true,
            borrows_inputs: true,
            filter: known.filter(|_known| filtered).map(|known| known.filter),
            kernel: None,
            layers: layers::names(),
            sweep_every: SWEEP_EVERY,
        }
    }

    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        async { self.ask_jailer().await.map_err(CallError::into_backend_error) }.boxed()
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        async move {
            let launched = timeout(self.launch_timeout, self.start(spec)).await;
            launched.map_err(|_elapsed| LaunchError::Timeout {
                after: self.launch_timeout,
                remedy: "look at the load of the host and at the log of assize-jailer, or raise \
                         sandbox.launch_timeout_ms"
                    .to_owned(),
            })?
        }
        .boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        async {
            let swept = self.jailer.ask("sweep", &Request::Sweep).await;
            match swept.map_err(|error| SweepError(Box::new(error)))? {
                Answer::Swept(boxes) => Ok(usize::try_from(boxes).unwrap_or(usize::MAX)),
                _other => Err(SweepError(Box::new(CallError::out_of_turn(&self.jailer, "sweep")))),
            }
        }
        .boxed()
    }

    /// A box whose session lives on ends with that session.
    fn close(&self) -> BoxFuture<'_, ()> {
        let mut boxes = std::mem::take(&mut *self.boxes.lock().unwrap_or_else(PoisonError::into_inner));
        async move { while boxes.join_next().await.is_some() {} }.boxed()
    }

    fn examine<'a>(&'a self, environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>> {
        examine::examine(&self.jailer, environments).boxed()
    }

    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError> {
        let left_out = layers.iter().map(layers::of).collect::<Result<_, _>>()?;
        Ok(Box::new(Self { left_out, ..*self }))
    }
}
