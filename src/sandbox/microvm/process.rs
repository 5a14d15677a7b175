//! The process of a machine, under bounds that the kernel keeps: what runs a machine reads what a stranger's kernel says.
//!
//! Its memory is bounded by its address space, its CPUs by its affinity; it may neither start programs nor change either
//! of them, since QEMU gives up these calls (`-sandbox`), and the filters of
//! Firecracker know none of them.

#![expect(clippy::disallowed_types, reason = "a box of this backend is a process")]

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;

/// What the program itself takes beside the memory of a machine: its code, stacks and arenas of its threads, translated code.
const OWN_ADDRESSES: u64 = 2 << 30;

/// How a process is bound.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// Memory of the machine, in bytes.
    pub(super) memory_bytes: u64,
    /// CPUs that it may run on; none: any.
    pub(super) cpus: Vec<usize>,
}

/// Starts a program with these arguments in a directory, which writes its log to standard output and error.
pub(super) async fn spawn(
    program: &Path,
    arguments: Vec<OsString>,
    directory: &Path,
    bounds: Bounds,
) -> io::Result<Child> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let memory = bounds.memory_bytes;
    let mut child = spawn_blocking(move || spawn_on(&mut command, &bounds.cpus))
        .await
        .map_err(io::Error::other)??;
    match limit(&child, memory) {
        Ok(()) => Ok(child),
        Err(error) => {
            child.kill().await?;
            Err(error)
        }
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

/// Nothing of a stranger runs yet.
fn limit(child: &Child, memory_bytes: u64) -> io::Result<()> {
    let process = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let process = process.ok_or_else(|| io::Error::other("the process has ended"))?;
    let limits = [
        (Resource::As, memory_bytes.saturating_add(OWN_ADDRESSES)),
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
