//! Boxes without walls, for tests: the runner as a plain child of the worker, with the worker's own rights.
//!
//! ```text
//! ProcessBackend
//!  `- launch: a directory, and the runner in it; a task per box waits for its end (owned by the backend)
//! ```
//!
//! It starts in milliseconds and needs no daemon. Memory and processes have no limit here, and it says so in its facts.
//! It is compiled with the feature `process-backend` only, which the product is never built with.

#![expect(clippy::disallowed_types, reason = "a box of this backend is a process")]

mod directory;
mod handle;
mod meter;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::config::{ProcessSettings, SandboxSettings};
use crate::sandbox::backend::of_socket;
use crate::sandbox::{
    Backend, BackendError, BackendFacts, BoxInput, BoxOutput, BoxSpec, Check, Isolation, LaunchError, Layer, LiveBox,
    SWEEP_EVERY, SweepError,
};
use directory::BoxDirectory;
use handle::{ProcessHandle, until_over};

/// What this backend is called in settings and verdicts.
const NAME: &str = "process";

/// Boxes as plain processes.
#[derive(Debug)]
pub(super) struct ProcessBackend {
    settings: ProcessSettings,
    /// A task per box, which ends with it.
    boxes: Mutex<JoinSet<()>>,
}

impl ProcessBackend {
    pub(super) fn new(settings: &SandboxSettings) -> Self {
        Self {
            settings: settings.process.clone(),
            boxes: Mutex::default(),
        }
    }

    fn start(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        check_environment(&self.settings, &spec.environment)?;
        let refused = |error: io::Error| LaunchError::Refused {
            step: "start",
            remedy: "look at sandbox.process.runner and at the space for temporary files".to_owned(),
            source: error.into(),
        };
        let id = format!("process-{}", Uuid::new_v4().simple());
        let directory = BoxDirectory::make().map_err(refused)?;
        let (mut child, (input, output)) = self.runner(&directory).map_err(refused)?;
        let missing = || refused(io::Error::other("the runner has no standard error"));
        let errors = child.stderr.take().ok_or_else(missing)?;
        let handle = {
            let mut boxes = self.boxes.lock().unwrap_or_else(PoisonError::into_inner);
            while boxes.try_join_next().is_some() {}
            boxes.spawn(log_lines(errors, id.clone()));
            let (handle, end) = ProcessHandle::new(&directory);
            boxes.spawn(until_over(child, directory, end));
            handle
        };
        Ok(LiveBox {
            id,
            environment_digest: "host".to_owned(),
            input,
            output,
            handle: Box::new(handle),
        })
    }

    /// The runner, and its streams.
    fn runner(&self, directory: &BoxDirectory) -> io::Result<(Child, (BoxInput, BoxOutput))> {
        let (ours, theirs) = UnixStream::pair()?;
        let theirs = OwnedFd::from(theirs);
        ours.set_nonblocking(true)?;
        let runner = Command::new(&self.settings.runner)
            .args(directory.places())
            .env_clear()
            .stdin(theirs.try_clone()?)
            .stdout(theirs)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let ours = tokio::net::UnixStream::from_std(ours)?;
        Ok((runner, of_socket(ours)))
    }
}

/// Whether the settings name this environment.
///
/// # Errors
/// [`LaunchError::NotInstalled`] with the setting that is missing.
pub(super) fn check_environment(settings: &ProcessSettings, environment: &str) -> Result<(), LaunchError> {
    if settings.environments.iter().any(|known| known == environment) {
        return Ok(());
    }
    Err(LaunchError::NotInstalled {
        environment: environment.to_owned(),
        remedy: "name it in sandbox.process.environments".to_owned(),
        source: "this host does not stand for it".into(),
    })
}

impl Backend for ProcessBackend {
    fn facts(&self) -> BackendFacts {
        BackendFacts {
            name: NAME,
            runtime: String::new(),
            isolation: Isolation::None,
            resizes: false,
            limits_memory: false,
            limits_processes: false,
            borrows_inputs: false,
            filter: None,
            kernel: None,
            layers: Vec::new(),
            sweep_every: SWEEP_EVERY,
        }
    }

    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        let runner = &self.settings.runner;
        let there = std::fs::metadata(runner).map(drop);
        let connected = there.map_err(|source| BackendError::Unfit {
            what: format!(
                "there is no runner at sandbox.process.runner = {}: {source}",
                runner.display()
            ),
            remedy: "build it with `cargo build -p assize-runner`".to_owned(),
            source: Some(source.into()),
        });
        std::future::ready(connected).boxed()
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        std::future::ready(self.start(spec)).boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        let swept = directory::sweep().map_err(|error| SweepError(error.into()));
        std::future::ready(swept).boxed()
    }

    /// A box whose session lives on ends with that session.
    fn close(&self) -> BoxFuture<'_, ()> {
        let mut boxes = std::mem::take(&mut *self.boxes.lock().unwrap_or_else(PoisonError::into_inner));
        async move { while boxes.join_next().await.is_some() {} }.boxed()
    }

    fn examine<'a>(&'a self, environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>> {
        async {
            let mut checks = vec![match self.connect().await {
                Ok(()) => Check::warn("process", "boxes have no walls", "use this backend in tests only"),
                Err(error) => Check::fail("process", error.to_string(), "build the runner"),
            }];
            checks.extend(
                environments
                    .iter()
                    .map(|name| match check_environment(&self.settings, name) {
                        Ok(()) => Check::ok("environment", *name),
                        Err(_unknown) => Check::fail("environment", *name, "name it in sandbox.process.environments"),
                    }),
            );
            checks
        }
        .boxed()
    }

    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError> {
        match layers.first() {
            None => Ok(self),
            Some(layer) => Err(BackendError::NoSuchLayer {
                backend: NAME,
                layer: layer.name().to_owned(),
                layers: "none".to_owned(),
            }),
        }
    }
}

/// The standard error of a runner is its log.
async fn log_lines(errors: ChildStderr, id: String) {
    let mut lines = BufReader::new(errors).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::warn!(box.id = id, "the runner wrote: {}", line.escape_debug());
    }
}
