//! The process of a machine, under bounds that the kernel keeps: what runs a machine reads what a stranger's kernel says.
//!
//! Its memory is bounded by its address space, its CPUs by its affinity; it may neither start programs nor change either
//! of them, since QEMU gives up these calls (`-sandbox`), and the filters of Firecracker know none of them. Where the
//! settings name a control group, that bounds memory, CPUs, processes and threads once more.

#![expect(clippy::disallowed_types, reason = "a box of this backend is a process")]

use std::ffi::OsString;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;

use super::groups::{MachineGroup, MachineGroups, MachineUse};
use crate::sandbox::cpus::parse;

/// What the program itself takes beside the memory of a machine: its code, stacks and arenas of its threads, translated code.
const OWN_MEMORY: u64 = 2 << 30;

/// How a process is bound.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// Memory of the machine, in bytes.
    pub(super) memory_bytes: u64,
    /// CPUs of the machine.
    pub(super) cpus: u32,
    /// CPUs that it may run on, as in `cpuset(7)`; empty: any.
    pub(super) cpuset: String,
    /// Where its control group is made, if it gets one.
    pub(super) groups: Option<Arc<MachineGroups>>,
}

/// A process, and the control group around it, which goes with it.
#[derive(Debug)]
pub(super) struct MachineProcess {
    // Killed before its group is removed.
    child: Child,
    group: Option<MachineGroup>,
}

impl MachineProcess {
    /// Ends it, and removes its control group.
    pub(super) async fn end(mut self) {
        // What cannot be killed has ended.
        let _killed = self.child.kill().await;
        if let Some(group) = self.group.take() {
            group.remove().await;
        }
    }
}

impl Deref for MachineProcess {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.child
    }
}

impl DerefMut for MachineProcess {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.child
    }
}

/// Starts a program with these arguments in a directory, which writes its log to standard output and error.
pub(super) async fn spawn(
    program: &Path,
    arguments: Vec<OsString>,
    directory: &Path,
    bounds: Bounds,
) -> io::Result<MachineProcess> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
    spawn_blocking(move || spawn_bound(&mut command, &name, &bounds))
        .await
        .map_err(io::Error::other)?
}

/// Nothing of a stranger runs before all bounds hold.
fn spawn_bound(command: &mut Command, name: &str, bounds: &Bounds) -> io::Result<MachineProcess> {
    let group = bounds.groups.as_ref().map(|groups| groups.make(name, &takes(bounds)));
    let group = group.transpose().map_err(io::Error::other)?;
    let cpus = match bounds.cpuset.as_str() {
        "" => Vec::new(),
        list => parse(list).map_err(io::Error::other)?,
    };
    let process = MachineProcess {
        child: spawn_on(command, &cpus)?,
        group,
    };
    if let (Some(group), Some(id)) = (&process.group, process.id()) {
        group.add(id).map_err(io::Error::other)?;
    }
    limit(&process, bounds.memory_bytes)?;
    Ok(process)
}

fn takes(bounds: &Bounds) -> MachineUse<'_> {
    MachineUse {
        memory_bytes: bounds.memory_bytes.saturating_add(OWN_MEMORY),
        cpus: bounds.cpus,
        cpuset: &bounds.cpuset,
    }
}

/// A process runs on the CPUs of the thread that starts it, and so do its threads.
fn spawn_on(command: &mut Command, cpus: &[usize]) -> io::Result<Child> {
    if cpus.is_empty() {
        return command.spawn();
    }
    let before = sched_getaffinity(None)?;
    let mut set = CpuSet::new();
    cpus.iter().for_each(|cpu| set.set(*cpu));
    sched_setaffinity(None, &set)?;
    let spawned = command.spawn();
    sched_setaffinity(None, &before)?;
    spawned
}

fn limit(child: &Child, memory_bytes: u64) -> io::Result<()> {
    let process = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let process = process.ok_or_else(|| io::Error::other("the process has ended"))?;
    let limits = [
        (Resource::As, memory_bytes.saturating_add(OWN_MEMORY)),
        (Resource::Core, 0),
    ];
    for (resource, limit) in limits {
        let limit = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        prlimit(Some(process), resource, limit)?;
    }
    Ok(())
}
