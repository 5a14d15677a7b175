//! A backend with a box that programs can be tried in.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assize::config::{MicrovmSettings, Settings, StreamsOf, Vmm};
use assize::sandbox::{
    Backend, BackendFacts, BoxError, BoxSpec, Input, Lifetime, Pool, PoolPlan, Program, PutFile, RunFacts, RunLimits,
    RunRequest, RunStreams, Session, SessionTimeouts, Stdin, open_backend,
};
use bytes::{Bytes, BytesMut};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::jailer::jailer;
use crate::machine_parts::{accelerator, machine_parts};
use crate::plain_processes::{PYTHON, settings_of};
use crate::skipped::skipped;

/// Boxes of one backend.
pub(crate) struct TestBoxes {
    pub(crate) settings: Settings,
    backend: Box<dyn Backend>,
    /// Where sockets of boxes are made.
    _directory: Option<TempDir>,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) facts: RunFacts,
    pub(crate) output: Bytes,
}

impl TestBoxes {
    /// Plain processes of this host.
    pub(crate) fn process() -> Self {
        Self::on("process")
    }

    /// Containers of a Docker Engine.
    pub(crate) fn docker() -> Self {
        Self::with("docker", |settings| {
            settings.sandbox.docker.streams = StreamsOf::Daemon;
        })
    }

    /// The same, with a socket for the streams of each of them.
    pub(crate) fn docker_streams() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut boxes = Self::with("docker", |settings| {
            let docker = &mut settings.sandbox.docker;
            docker.streams = StreamsOf::Worker;
            docker.streams_directory = directory.path().to_owned();
        });
        boxes._directory = Some(directory);
        Some(boxes)
    }

    /// Boxes by nsjail; `None` where there can be none.
    pub(crate) fn nsjail() -> Option<Self> {
        Some(Self::nsjail_at(jailer()?))
    }

    /// Boxes by the jailer at this socket.
    pub(crate) fn nsjail_at(socket: &Path) -> Self {
        Self::with("nsjail", |settings| {
            socket.clone_into(&mut settings.sandbox.nsjail.socket)
        })
    }

    /// Virtual machines of QEMU, which a translator runs; `None` where there can be none, or only the fast tests are wanted.
    pub(crate) fn qemu() -> Option<Self> {
        Some(Self::machines(machine_parts()?, |microvm| {
            microvm.accelerator = accelerator();
        }))
    }

    /// Virtual machines of Firecracker, or of what stands in for it. It is asked for no KVM, and the backend is.
    pub(crate) fn firecracker() -> Option<Self> {
        let parts = machine_parts()?;
        if let Err(error) = std::fs::OpenOptions::new().read(true).write(true).open("/dev/kvm") {
            skipped(&format!("/dev/kvm cannot be opened: {error}"));
            return None;
        }
        let program = std::env::var_os("ASSIZE_TEST_FIRECRACKER").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/backends/firecracker.py")),
            PathBuf::from,
        );
        Some(Self::machines(parts, |microvm| {
            microvm.vmm = Vmm::Firecracker;
            microvm.firecracker = program;
        }))
    }

    fn machines(parts: PathBuf, change: impl FnOnce(&mut MicrovmSettings)) -> Self {
        Self::with("microvm", |settings| {
            let sandbox = &mut settings.sandbox;
            sandbox.microvm.directory = parts;
            sandbox.microvm.memory_bytes = 1 << 30;
            sandbox.launch_timeout_ms = 300_000;
            sandbox.answer_timeout_ms = 120_000;
            change(&mut sandbox.microvm);
        })
    }

    fn on(backend: &str) -> Self {
        Self::with(backend, |_settings| {})
    }

    fn with(backend: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings_of(backend);
        change(&mut settings);
        let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
        Self {
            settings,
            backend,
            _directory: None,
        }
    }

    pub(crate) fn facts(&self) -> BackendFacts {
        self.backend.facts()
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        self.backend.as_ref()
    }

    /// Another backend of the same settings.
    pub(crate) fn another_backend(&self) -> Box<dyn Backend> {
        open_backend(&self.settings.sandbox, &self.settings.worker.id).unwrap()
    }

    /// A backend of settings that differ.
    pub(crate) fn another(&self, change: impl FnOnce(&mut Settings)) -> Box<dyn Backend> {
        let mut settings = self.settings.clone();
        change(&mut settings);
        open_backend(&settings.sandbox, &settings.worker.id).unwrap()
    }

    /// A pool of its own.
    pub(crate) fn pool(&self, slots: usize, warm_boxes: usize) -> Arc<Pool> {
        let plan = PoolPlan::new(&self.settings.sandbox, vec![String::new(); slots], warm_boxes);
        Arc::new(Pool::new(self.another_backend().into(), &plan))
    }

    pub(crate) async fn session(&self, spec: &BoxSpec) -> Session {
        let timeouts = SessionTimeouts {
            hello: Duration::from_secs(30),
            answer: Duration::from_secs(20),
        };
        let live = self.backend.launch(spec).await;
        let live = live.expect("no box; the backends docker and nsjail need Docker's images, see CONTRIBUTING.md");
        Session::open(live, timeouts).await.unwrap()
    }

    /// Waits until every box is gone.
    pub(crate) async fn close(&self) {
        self.backend.close().await;
    }
}

/// Limits that no small program reaches, on a busy host and in a translated machine either.
pub(crate) fn limits() -> RunLimits {
    RunLimits {
        cpu_us: 60_000_000,
        wall_us: 120_000_000,
        starved_us: 120_000_000,
        memory_bytes: 128 << 20,
        input_room_bytes: 0,
        output_bytes: 1 << 20,
        file_bytes: 8 << 20,
        open_files: 64,
        cpus: 1,
        stderr_keep: 4096,
    }
}

/// A run of a Python program that is given as text.
pub(crate) fn request(source: &str, limits: RunLimits) -> RunRequest {
    RunRequest {
        program: Program::Exec {
            argv: [PYTHON, "-I", "-c", source].map(str::to_owned).to_vec(),
            env: vec!["PATH=/usr/bin".to_owned()],
        },
        stdin: Stdin::Pipe,
        limits,
        then_fetch: None,
        then_reset: false,
    }
}

/// Runs a program to its end, with this input and these limits.
pub(crate) async fn run_with(
    session: &mut Session,
    source: &str,
    input: Input,
    limits: RunLimits,
) -> Result<Ran, BoxError> {
    let (sender, receiver) = mpsc::channel(4);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let request = request(source, limits);
    let (facts, output) = tokio::join!(session.run(&request, streams), collect(receiver));
    Ok(Ran { facts: facts?, output })
}

/// The same without input, within limits that it does not reach.
pub(crate) async fn run(session: &mut Session, source: &str) -> Ran {
    run_with(session, source, Input::Empty, limits()).await.unwrap()
}

pub(crate) async fn collect(mut pieces: mpsc::Receiver<Bytes>) -> Bytes {
    let mut collected = BytesMut::new();
    while let Some(piece) = pieces.recv().await {
        collected.extend_from_slice(&piece);
    }
    collected.freeze()
}

/// Lays a file below the work directory.
pub(crate) async fn put(session: &mut Session, path: &str, content: &'static [u8], lifetime: Lifetime) {
    let file = PutFile {
        path: path.to_owned(),
        lifetime,
        mode: 0o644,
    };
    session
        .put(file, Input::Bytes(Bytes::from_static(content)))
        .await
        .unwrap();
}
