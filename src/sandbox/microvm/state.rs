//! Directories of machines that run. A worker has one, with a lock that ends with it, and in it one for each machine; so
//! the next worker can tell what is left of a dead one.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, PidfdFlags, Signal, geteuid, pidfd_open, pidfd_send_signal};
use tempfile::TempDir;

use super::groups;

/// Begins the name of each worker's directory. Paths of sockets have to be short (`unix(7)`).
const PREFIX: &str = "assize-vm-";

/// Held by a living worker.
const LOCK: &str = "lock";

/// In the directory of a machine: the number of its process.
const PROCESS: &str = "pid";

/// A worker's directory.
#[derive(Debug)]
pub(super) struct State {
    directory: TempDir,
    _lock: File,
}

/// The directory of a machine; it is removed with it.
#[derive(Debug)]
pub(super) struct MachineDirectory(TempDir);

/// Where directories of workers are.
pub(super) fn base(setting: &Path) -> PathBuf {
    if setting.as_os_str().is_empty() {
        std::env::temp_dir()
    } else {
        setting.to_owned()
    }
}

impl State {
    /// Makes one.
    pub(super) fn make(base: &Path) -> io::Result<Self> {
        let directory = TempDir::with_prefix_in(PREFIX, base)?;
        // It has its name once it is held: a directory without that file is not swept.
        let unnamed = directory.path().join("lock.new");
        let lock = File::create_new(&unnamed)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        fs::rename(&unnamed, directory.path().join(LOCK))?;
        Ok(Self { directory, _lock: lock })
    }

    /// The last part of its path, which no other worker has.
    pub(super) fn name(&self) -> String {
        last_part(self.directory.path())
    }

    /// Makes one for a machine.
    pub(super) fn machine(&self) -> io::Result<MachineDirectory> {
        TempDir::with_prefix_in("", self.directory.path()).map(MachineDirectory)
    }
}

impl MachineDirectory {
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The last part of its path, which no other machine has.
    pub(super) fn name(&self) -> String {
        last_part(self.path())
    }

    /// Notes whose directory it is, so that it is found when this worker dies.
    pub(super) fn belongs_to(&self, process: u32) -> io::Result<()> {
        fs::write(self.path().join(PROCESS), process.to_string())
    }
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Ends machines of workers that are dead, and removes their directories and what is below the control group of this name,
/// if there is one; gives the number of machines. What is another user's is left alone, and a directory that cannot be
/// removed keeps no other one.
pub(super) fn sweep(base: &Path, group: &str) -> io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(base)? {
        let path = entry?.path();
        let Some(_lock) = File::open(path.join(LOCK))
            .ok()
            .filter(|lock| is_ours(&path) && is_free(lock))
        else {
            continue;
        };
        match sweep_worker(&path, group) {
            Ok(machines) => swept += machines,
            Err(error) => tracing::warn!(%error, "what a dead worker left in {} stays there", path.display()),
        }
    }
    Ok(swept)
}

fn sweep_worker(directory: &Path, group: &str) -> io::Result<usize> {
    let mut swept = 0;
    for machine in fs::read_dir(directory)? {
        let machine = machine?.path();
        if machine.is_dir() {
            end(&machine)?;
            swept += 1;
        }
    }
    let group = match group {
        "" => Ok(()),
        group => groups::sweep(group, &last_part(directory)),
    };
    // Memory of templates, whatever became of the group.
    let files = fs::read_dir(directory)?.flatten().map(|entry| entry.path());
    for path in files.filter(|path| path.is_dir()) {
        fs::remove_dir_all(path)?;
    }
    group?;
    fs::remove_dir_all(directory)?;
    Ok(swept)
}

/// A directory of such a name that this user has made, and no link to another one.
fn is_ours(path: &Path) -> bool {
    let is_named = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let found = fs::symlink_metadata(path);
    is_named && found.is_ok_and(|found| found.is_dir() && found.uid() == geteuid().as_raw())
}

fn is_free(lock: &File) -> bool {
    flock(lock, FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// A worker that was killed before it noted the number of a process is no less dead: then all processes are looked at.
fn end(machine: &Path) -> io::Result<()> {
    let noted = fs::read_to_string(machine.join(PROCESS)).ok();
    match noted.and_then(|text| Pid::from_raw(text.parse().ok()?)) {
        Some(process) => end_process(process, machine),
        None => processes().try_for_each(|process| end_process(process, machine)),
    }
}

fn processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| Pid::from_raw(entry.ok()?.file_name().to_str()?.parse().ok()?))
}

/// Numbers of processes are used again. A descriptor stays with its process, and a machine's command line names its
/// directory.
fn end_process(process: Pid, machine: &Path) -> io::Result<()> {
    let Ok(descriptor) = pidfd_open(process, PidfdFlags::empty()) else {
        return Ok(()); // It has ended.
    };
    let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let directory = machine.as_os_str().as_encoded_bytes();
    if line.windows(directory.len()).any(|part| part == directory) {
        pidfd_send_signal(descriptor, Signal::KILL)?;
    }
    Ok(())
}
