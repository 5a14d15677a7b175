//! Settings of boxes, and of what walls them in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::LanguageSettings;
use crate::config::choice::choice;

/// The boxes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSettings {
    /// What walls a box in: `docker`, `nsjail` or `microvm`.
    pub backend: String,
    /// CPUs that a box may keep busy.
    pub cpus: u32,
    /// Whether each slot has CPUs of its own, where there are enough.
    pub pin_cpus: bool,
    /// CPUs for all slots, as in `cpuset(7)`. Empty: those that the worker may run on.
    pub cpuset: String,
    /// Where workers of this host hold locks on the CPUs of their slots, so that no two have the same. Empty: the user's
    /// runtime directory, else a temporary one.
    pub cpus_directory: PathBuf,
    /// Writable space in the work directory, and as much again in `/tmp`. It counts as memory.
    pub scratch_bytes: u64,
    /// Files and directories in each of them.
    pub scratch_inodes: u64,
    /// Boxes that a worker starts ahead for each of its slots, at most. 0: each is started when it is needed.
    pub warm_boxes: usize,
    /// Languages whose boxes are started before the first submission.
    pub warm_languages: Vec<String>,
    /// How long a box may take to start.
    pub launch_timeout_ms: u64,
    /// How long a box may take to answer beyond the limits of what it runs.
    pub answer_timeout_ms: u64,
    /// The Docker backend.
    pub docker: DockerSettings,
    /// The nsjail backend.
    pub nsjail: NsjailSettings,
    /// The microVM backend.
    pub microvm: MicrovmSettings,
    /// The backend for tests.
    #[cfg(feature = "process-backend")]
    #[serde(default)]
    pub process: ProcessSettings,
}

impl SandboxSettings {
    /// The environments of the languages whose boxes are started ahead.
    pub fn warm_environments(&self, languages: &BTreeMap<String, LanguageSettings>) -> Vec<String> {
        let warm = self.warm_languages.iter().filter_map(|name| languages.get(name));
        let environments: BTreeSet<String> = warm.map(|language| language.environment.clone()).collect();
        environments.into_iter().collect()
    }
}

/// The backend for tests, whose boxes are plain processes.
#[cfg(feature = "process-backend")]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessSettings {
    /// The runner.
    pub runner: PathBuf,
    /// Names of the environments that this host stands for.
    pub environments: Vec<String>,
}

/// The Docker backend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DockerSettings {
    /// `unix:///path/to/socket`. Empty: `DOCKER_HOST`, else the usual socket.
    pub host: String,
    /// Image of each environment; its entry point is the runner.
    pub images: BTreeMap<String, String>,
    /// OCI runtime. Empty: the daemon's default.
    pub runtime: String,
    /// Whether the boxes of a slot join an empty network namespace that is kept for it. Making one is half of a start.
    pub pause: bool,
    /// How long the daemon may take for each call: to create, attach to, start, inspect, change or remove a container.
    pub call_timeout_ms: u64,
    /// How long ago a box of a dead worker must have ended before it is removed.
    pub sweep_after_ms: u64,
    /// Seccomp profile in Docker's format. Empty: the one that is built in.
    pub seccomp_profile: PathBuf,
    /// How the runners of boxes get their streams.
    #[serde(deserialize_with = "choice")]
    pub streams: StreamsOf,
    /// Where this worker makes the sockets of boxes, with `streams = "worker"` or `"auto"`.
    pub streams_directory: PathBuf,
}

/// Who makes the streams of a box of Docker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamsOf {
    /// The first that works here: the worker, the proxy, the daemon.
    Auto,
    /// The daemon, which copies them. It works with every daemon.
    Daemon,
    /// The proxy before the daemon, by a socket for each box.
    Proxy,
    /// The worker itself, by a socket for each box.
    Worker,
}

/// The nsjail backend. What its boxes are made of, and within which bounds, are settings of assize-jailer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NsjailSettings {
    /// Socket of assize-jailer.
    pub socket: PathBuf,
    /// Names of the environments that it has root directories of.
    pub environments: Vec<String>,
    /// How long the jailer may take for each call: to start, change or examine a box.
    pub call_timeout_ms: u64,
}

/// The microVM backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MicrovmSettings {
    /// Where the kernel and the disks are that docker/microvm.sh makes.
    pub directory: PathBuf,
    /// Names of the environments that there are disks of.
    pub environments: Vec<String>,
    /// Which program runs the machines.
    #[serde(deserialize_with = "choice")]
    pub vmm: Vmm,
    /// Where QEMU is.
    pub qemu: PathBuf,
    /// Where Firecracker is.
    pub firecracker: PathBuf,
    /// What it runs them with.
    #[serde(deserialize_with = "choice")]
    pub accelerator: Accelerator,
    /// Memory of each machine. It takes of the host what was used of it.
    pub memory_bytes: u64,
    /// Whether machines are made of a guest that is up: each takes a fraction of the time, and the first one more.
    pub templates: bool,
    /// Control group below which each worker has one, and in it one for each machine. Empty: none.
    pub group: String,
    /// Where sockets of machines are while they run, and the memory of templates. Empty: the directory for temporary files.
    pub state_directory: PathBuf,
    /// Seccomp profile in Docker's format, which holds inside. Empty: the one that is built in.
    pub seccomp_profile: PathBuf,
}

/// The program that runs machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vmm {
    /// Runs everywhere, also without `/dev/kvm`.
    Qemu,
    /// Is smaller, and needs KVM.
    Firecracker,
}

/// What a machine runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Accelerator {
    /// The processor, by `/dev/kvm`.
    Kvm,
    /// A translator, which only QEMU has. It needs no rights, and is ten times slower and more.
    Tcg,
}

impl Accelerator {
    /// The word in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
        }
    }
}
