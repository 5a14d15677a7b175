//! Boxes with a kernel of their own: each is a virtual machine, which QEMU or Firecracker runs.
//!
//! ```text
//! MicrovmBackend
//!  |- driver: what runs machines                                                   (`driver`; `qemu`, `firecracker`)
//!  |- launch: a machine (`machine`, under the bounds of `process`), in it a guest whose agent starts the runner as
//!  |          `request` says                                                                      (`agent`, `guest/`)
//!  |- templates: guests that are up, of which machines are made in a fraction of the time          (`templates`)
//!  `- a task per machine, which ends it when the box's handle is gone                              (`handle`)
//! ```
//!
//! What is inside of a box is the same as behind every other wall, its filters and control groups too. Around it are a
//! kernel that no other box shares, and the process of the machine. The worker needs no rights for it but to use `/dev/kvm`.

mod agent;
mod driver;
mod examine;
mod firecracker;
mod groups;
mod handle;
mod known;
mod log;
mod machine;
mod parts;
mod process;
mod qemu;
mod request;
mod state;
mod template;
mod templates;
mod verified;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::OnceCell;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use crate::config::{MicrovmSettings, SandboxSettings, Vmm};
use crate::sandbox::{
    Backend, BackendError, BackendFacts, BoxInput, BoxSpec, Check, Isolation, LaunchError, Layer, LiveBox, SWEEP_EVERY,
    SweepError,
};
use driver::Driver;
use firecracker::Firecracker;
use groups::MachineGroups;
use handle::MachineHandle;
use known::Known;
use log::log_lines;
use machine::{Host, Machine, MachinePlan, Started};
use parts::{Disk, Kernel, PartError, Parts};
use process::Bounds;
use qemu::Qemu;
use request::{require_room, start_order};
use state::State;
use templates::Templates;
use verified::Verified;

/// What this backend is called in settings and verdicts.
const NAME: &str = "microvm";

/// The only layer that can be left out: all others are in the guest's first process, or the machine itself.
const SECCOMP: &str = "seccomp";

/// A piece of output, in bytes.
const PIECE: usize = 64 << 10;

/// Boxes as virtual machines.
#[derive(Debug)]
pub(super) struct MicrovmBackend {
    settings: MicrovmSettings,
    driver: Box<dyn Driver>,
    parts: Parts,
    launch_timeout: Duration,
    /// Boxes have no filter of system calls but the runner's; only where the rest is attacked.
    without_filter: bool,
    known: OnceCell<Known>,
    // Before the directory that they are in.
    templates: Templates,
    // Before the directory by whose name the next worker finds them.
    groups: OnceCell<Option<Arc<MachineGroups>>>,
    state: OnceCell<State>,
    verified: Verified,
    /// Tasks of machines, which end with them.
    boxes: Mutex<JoinSet<()>>,
}

impl MicrovmBackend {
    pub(super) fn new(settings: &SandboxSettings) -> Self {
        let microvm = settings.microvm.clone();
        Self {
            driver: driver(&microvm),
            parts: Parts::at(&microvm.directory),
            settings: microvm,
            launch_timeout: Duration::from_millis(settings.launch_timeout_ms),
            without_filter: false,
            known: OnceCell::new(),
            templates: Templates::default(),
            state: OnceCell::new(),
            groups: OnceCell::new(),
            verified: Verified::default(),
            boxes: Mutex::default(),
        }
    }

    fn parts(&self) -> &Parts {
        &self.parts
    }

    async fn verify_kernel(&self, kernel: &Kernel) -> Result<(), PartError> {
        let files = vec![kernel.image.clone(), kernel.initramfs.clone()];
        self.verified.hold(&self.parts, files, &kernel.digest).await
    }

    async fn verify_disk(&self, disk: &Disk) -> Result<(), PartError> {
        self.verified
            .hold(&self.parts, vec![disk.file.clone()], &disk.digest)
            .await
    }

    async fn known(&self) -> Result<&Known, BackendError> {
        let find = async || Known::find(&self.settings, self.driver.runtime().await?);
        self.known.get_or_try_init(find).await
    }

    async fn start(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        check_environment(&self.settings, &spec.environment)?;
        require_room(spec, self.settings.memory_bytes)?;
        let known = self.known().await.map_err(refused_by)?;
        let disk = self.disk(known, &spec.environment).await;
        let disk = disk.map_err(|error| not_installed(spec, error))?;
        let machine = self.machine(spec, known, &disk).await.map_err(failed)?;
        let filters = if self.without_filter {
            &[]
        } else {
            known.filters.as_slice()
        };
        let started = machine.start(&start_order(spec, filters)).await;
        Ok(self.hand_over(started.map_err(failed)?, disk.digest))
    }

    /// The disk of an environment. Nothing is started of parts that are not what their digests say.
    async fn disk(&self, known: &Known, environment: &str) -> Result<Disk, PartError> {
        let disk = self.parts.disk(environment)?;
        self.verify_kernel(&known.kernel).await?;
        self.verify_disk(&disk).await?;
        Ok(disk)
    }

    async fn machine(&self, spec: &BoxSpec, known: &Known, disk: &Disk) -> io::Result<Machine> {
        let base = state::base(&self.settings.state_directory);
        let state = self.state.get_or_try_init(|| async move { State::make(&base) }).await?;
        let host = self.host(spec, known, disk, self.groups(state).await?);
        if !self.settings.templates {
            return self.driver.boot(&host, state.machine()?).await;
        }
        let template = self
            .templates
            .of(&spec.environment, self.driver.as_ref(), &host, state)
            .await?;
        self.driver.restore(&host, &template, state.machine()?).await
    }

    /// Where machines get their control groups, if the settings name one.
    async fn groups(&self, state: &State) -> io::Result<Option<Arc<MachineGroups>>> {
        let open = async || match self.settings.group.as_str() {
            "" => Ok(None),
            group => MachineGroups::open(group, &state.name()).map(Some),
        };
        self.groups
            .get_or_try_init(open)
            .await
            .cloned()
            .map_err(io::Error::other)
    }

    fn host<'a>(
        &'a self,
        spec: &BoxSpec,
        known: &'a Known,
        disk: &'a Disk,
        groups: Option<Arc<MachineGroups>>,
    ) -> Host<'a> {
        Host {
            plan: MachinePlan {
                kernel: &known.kernel,
                disk,
                memory_bytes: self.settings.memory_bytes,
                cpus: spec.cpus,
            },
            bounds: Bounds {
                memory_bytes: self.settings.memory_bytes,
                cpus: spec.cpus,
                cpuset: spec.placement.cpuset.clone(),
                groups,
            },
        }
    }

    /// Hands a machine over to a task.
    fn hand_over(&self, started: Started, environment_digest: String) -> LiveBox {
        let Started {
            directory,
            mut process,
            agent,
            runner,
        } = started;
        let id = format!("{NAME}-{}", directory.name());
        let mut boxes = self.boxes.lock().unwrap_or_else(PoisonError::into_inner);
        while boxes.try_join_next().is_some() {}
        if let Some((output, errors)) = process.stdout.take().zip(process.stderr.take()) {
            boxes.spawn(log_lines(output, id.clone()));
            boxes.spawn(log_lines(errors, id.clone()));
        }
        let (output, input) = runner.into_split();
        let (handle, supervision) = MachineHandle::new((directory, process, agent), self.settings.memory_bytes);
        boxes.spawn(supervision.until_over());
        LiveBox {
            id,
            environment_digest,
            input: BoxInput::bytes(input),
            output: ReaderStream::with_capacity(output, PIECE).boxed(),
            handle: Box::new(handle),
        }
    }
}

/// What runs machines, chosen by the settings.
fn driver(settings: &MicrovmSettings) -> Box<dyn Driver> {
    match settings.vmm {
        Vmm::Qemu => Box::new(Qemu::new(settings)),
        Vmm::Firecracker => Box::new(Firecracker::new(settings)),
    }
}

fn not_installed(spec: &BoxSpec, error: PartError) -> LaunchError {
    LaunchError::NotInstalled {
        environment: spec.environment.clone(),
        remedy: error.remedy.clone(),
        source: error.into(),
    }
}

fn refused_by(error: BackendError) -> LaunchError {
    let remedy = match &error {
        BackendError::Unfit { remedy, .. } => remedy.clone(),
        _ => "`assize doctor` checks what runs machines, the kernel and the disks".to_owned(),
    };
    LaunchError::Refused {
        step: "start",
        remedy,
        source: error.into(),
    }
}

fn failed(error: io::Error) -> LaunchError {
    LaunchError::Refused {
        step: "start",
        remedy: "`assize doctor` checks what runs machines, the kernel and the disks".to_owned(),
        source: error.into(),
    }
}

/// Whether the settings name this environment.
///
/// # Errors
/// [`LaunchError::NotInstalled`] with the setting that is missing.
pub(super) fn check_environment(settings: &MicrovmSettings, environment: &str) -> Result<(), LaunchError> {
    if settings.environments.iter().any(|known| known == environment) {
        return Ok(());
    }
    Err(LaunchError::NotInstalled {
        environment: environment.to_owned(),
        remedy: "make its disk with docker/microvm.sh, and name it in sandbox.microvm.environments".to_owned(),
        source: "sandbox.microvm.environments does not name it".into(),
    })
}

/// Whether paths are such that machines find them.
///
/// # Errors
/// Names what has to be changed.
pub(super) fn check_settings(settings: &MicrovmSettings) -> Result<(), BackendError> {
    for (key, path) in [
        ("directory", &settings.directory),
        ("qemu", &settings.qemu),
        ("firecracker", &settings.firecracker),
    ] {
        if !path.is_absolute() {
            return Err(BackendError::Unfit {
                what: format!("sandbox.microvm.{key} = {} is no absolute path", path.display()),
                remedy: "write it from / on".to_owned(),
                source: None,
            });
        }
    }
    Ok(())
}

impl Backend for MicrovmBackend {
    fn facts(&self) -> BackendFacts {
        let known = self.known.get();
        BackendFacts {
            name: NAME,
            runtime: known.map(|known| known.runtime.clone()).unwrap_or_default(),
            isolation: Isolation::Machine,
            resizes: true,
            limits_memory: true,
            limits_processes: true,
            borrows_inputs: false,
            filter: known
                .filter(|_known| !self.without_filter)
                .map(|known| known.filter.clone()),
            kernel: known.map(|known| known.kernel.digest.clone()),
            layers: vec![Layer::of_backend(SECCOMP)],
            sweep_every: SWEEP_EVERY,
        }
    }

    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        async { self.known().await.map(drop) }.boxed()
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        async move {
            let launched = timeout(self.launch_timeout, self.start(spec)).await;
            launched.map_err(|_elapsed| LaunchError::Timeout {
                after: self.launch_timeout,
                remedy: "look at the load of the host, or raise sandbox.launch_timeout_ms".to_owned(),
            })?
        }
        .boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        let base = state::base(&self.settings.state_directory);
        let group = self.settings.group.clone();
        async move {
            let swept = spawn_blocking(move || state::sweep(&base, &group)).await;
            swept
                .map_err(io::Error::other)
                .and_then(|swept| swept)
                .map_err(|error| SweepError(error.into()))
        }
        .boxed()
    }

    /// A box whose session lives on ends with that session.
    fn close(&self) -> BoxFuture<'_, ()> {
        let mut boxes = std::mem::take(&mut *self.boxes.lock().unwrap_or_else(PoisonError::into_inner));
        async move { while boxes.join_next().await.is_some() {} }.boxed()
    }

    fn examine<'a>(&'a self, environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>> {
        examine::examine(self, environments).boxed()
    }

    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError> {
        if let Some(unknown) = layers.iter().find(|layer| layer.name() != SECCOMP) {
            return Err(BackendError::NoSuchLayer {
                backend: NAME,
                layer: unknown.name().to_owned(),
                layers: SECCOMP.to_owned(),
            });
        }
        Ok(Box::new(Self {
            without_filter: !layers.is_empty(),
            ..*self
        }))
    }
}
