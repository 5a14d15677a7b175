//! Control groups of boxes, in version 1 and in version 2 of the kernel's interface.
//!
//! Each box has a group of its own below that of the program which makes boxes. Making, changing and killing it are
//! writes to files; what cannot be written is a limit that would not hold, and an error.

#![forbid(unsafe_code)]

mod cpus;
mod error;
mod file;
mod hugetlb;
mod kill;
mod memory;
mod mounts;
mod swap;
mod v1;
mod v2;

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

pub use error::GroupError;
use kill::kill_all;
use memory::MemoryFiles;
pub use memory::MemoryKills;

/// Limits of a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLimits {
    /// Memory without swap, in bytes.
    pub memory_bytes: u64,
    /// Processes and threads of everything in the group, the program that makes the box included.
    pub processes: u64,
    /// CPUs that it may keep busy, where it has none of its own.
    pub cpus: u32,
    /// Its own CPUs, as in `cpuset(7)`; empty: any.
    pub cpuset: String,
}

/// A program that makes boxes.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// What it is called in errors, such as `jailer`.
    pub name: &'static str,
    /// The group in which it puts itself in version 2, below the one that it was given.
    pub own_group: &'static str,
    /// The setting that names the group of its boxes.
    pub setting: &'static str,
}

/// The group below which all boxes of this program have theirs.
#[derive(Debug)]
pub struct Groups {
    version: Version,
    /// Held for as long as the program lives: no other one may have the same group.
    _lock: File,
}

#[derive(Debug)]
enum Version {
    One(v1::Hierarchies),
    Two(v2::Hierarchy),
}

/// The group of one box. It stays until it is removed.
#[derive(Debug)]
pub struct BoxGroup {
    /// Directories of the group, one in version 2; the first holds the list of its processes.
    directories: Vec<PathBuf>,
    memory: MemoryFiles,
    processes: PathBuf,
    /// Directories with what is bound over them in the box, so that the runner can read its own use.
    pub shown: Vec<(PathBuf, &'static str)>,
}

/// What to do when there are no groups to be had.
const REMEDY: &str = "start it as root, or as a service of systemd with Delegate=yes";

impl Groups {
    /// Takes possession of the group of that name.
    ///
    /// # Errors
    /// Names the controller that is missing, or the file that cannot be written.
    pub fn open(name: &str, program: Program) -> Result<Self, GroupError> {
        let mounts = mounts::read().map_err(|error| {
            GroupError::new(format!("cannot see which control groups are mounted: {error}"), REMEDY)
        })?;
        let version = match mounts.version_2() {
            Some(mounted) => Version::Two(v2::Hierarchy::open(mounted, name, program)?),
            None => Version::One(v1::Hierarchies::open(&mounts, name)?),
        };
        let base = match &version {
            Version::One(hierarchies) => hierarchies.first(),
            Version::Two(hierarchy) => hierarchy.base(),
        };
        let lock = lock(base, program)?;
        Ok(Self { version, _lock: lock })
    }

    /// What the doctor says about them.
    pub fn description(&self) -> &'static str {
        match self.version {
            Version::One(_) => "version 1: memory, processes, CPUs, swap",
            Version::Two(_) => "version 2: memory, processes, CPUs, swap",
        }
    }

    /// Makes the group of a box, with its limits and without processes.
    ///
    /// # Errors
    /// Names the limit that cannot be kept.
    pub fn make(&self, id: &str, limits: &GroupLimits) -> Result<BoxGroup, GroupError> {
        match &self.version {
            Version::One(hierarchies) => hierarchies.make(id, limits),
            Version::Two(hierarchy) => hierarchy.make(id, limits),
        }
    }

    /// Kills and removes what all boxes have left, and then the group itself.
    ///
    /// # Errors
    /// When something of them cannot be ended.
    pub fn remove(&self) -> io::Result<()> {
        self.bases().iter().try_for_each(|base| remove(base))
    }

    /// Kills and removes what boxes have left that are not alive any more; gives their number.
    ///
    /// # Errors
    /// When something of them cannot be ended.
    pub fn sweep(&self, is_alive: impl Fn(&str) -> bool) -> io::Result<u64> {
        let mut left = BTreeSet::new();
        for base in self.bases() {
            for directory in groups_in(&base)? {
                let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !is_alive(&name) {
                    end(&directory)?;
                    left.insert(name);
                }
            }
        }
        Ok(left.len() as u64)
    }

    /// The group in each hierarchy.
    fn bases(&self) -> Vec<PathBuf> {
        match &self.version {
            Version::One(hierarchies) => hierarchies.bases(),
            Version::Two(hierarchy) => vec![hierarchy.base().to_owned()],
        }
    }
}

fn lock(base: &Path, program: Program) -> Result<File, GroupError> {
    let Program { name, setting, .. } = program;
    let failed = |error: io::Error| {
        let reason = format!("cannot lock the control group {}: {error}", base.display());
        GroupError::new(
            reason,
            format!("end the other {name} that has it, or give this one another group with {setting}"),
        )
    };
    let directory = File::open(base).map_err(failed)?;
    flock(&directory, FlockOperation::NonBlockingLockExclusive).map_err(|error| failed(error.into()))?;
    Ok(directory)
}

impl BoxGroup {
    /// Puts a process into the group.
    ///
    /// # Errors
    /// When it has ended, or may not be put there.
    pub fn add(&self, process: u32) -> Result<(), GroupError> {
        for directory in &self.directories {
            file::write(&directory.join("cgroup.procs"), &process.to_string())?;
        }
        Ok(())
    }

    /// Gives it other limits.
    ///
    /// # Errors
    /// Names the limit that cannot be kept.
    pub fn resize(&self, memory_bytes: u64, processes: u64) -> Result<(), GroupError> {
        self.memory.limit(memory_bytes)?;
        file::write(&self.processes, &processes.to_string())
    }

    /// Processes in it that the kernel killed for memory.
    ///
    /// # Errors
    /// When the kernel does not say so.
    pub fn memory_kills(&self) -> io::Result<MemoryKills> {
        self.memory.kills()
    }

    /// Kills every process in it, and waits until none is left. It blocks.
    ///
    /// # Errors
    /// When something is left after ten seconds.
    pub fn kill(&self) -> io::Result<()> {
        self.directories.first().map_or(Ok(()), |directory| kill_all(directory))
    }

    /// Removes it, once nothing is in it. It blocks.
    ///
    /// # Errors
    /// When something is in it after ten seconds.
    pub fn remove(&self) -> io::Result<()> {
        self.directories.iter().try_for_each(|directory| remove(directory))
    }
}

/// Kills what is in a group, and removes it.
fn end(directory: &Path) -> io::Result<()> {
    kill_all(directory)?;
    remove(directory)
}

/// A group whose last process has just ended may be in use for a moment. It is also as long as there are groups in it.
fn remove(directory: &Path) -> io::Result<()> {
    kill::until(|| match std::fs::remove_dir(directory) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
            groups_in(directory)?.iter().try_for_each(|below| end(below))?;
            Ok(false)
        }
        Err(error) => Err(error),
    })
}

/// None where the group is gone.
fn groups_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut groups = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            groups.push(entry.path());
        }
    }
    Ok(groups)
}
