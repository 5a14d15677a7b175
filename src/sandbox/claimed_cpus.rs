//! CPUs that no other worker of this host has.
//!
//! Each worker would take the first CPUs that it may use, and so would every other one. So each holds a lock on a file for
//! every CPU of its slots, `cpu-N` in a directory that all workers of the host share. The kernel lets go of a lock when
//! its process ends, however it ends (`flock(2)`).

use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use thiserror::Error;

use crate::config::SandboxSettings;
use crate::counted::counted;
use crate::sandbox::cpus::{CpusError, Shares, candidates, deal};

/// Held while CPUs are chosen, so that no two workers choose at once.
const CHOOSING: &str = "choosing";

/// A worker chooses in less than a millisecond.
const CHOOSES_WITHIN: Duration = Duration::from_secs(10);

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// CPUs that cannot be claimed.
#[derive(Debug, Error)]
pub enum ClaimError {
    /// They cannot be shared out.
    #[error(transparent)]
    Cpus(#[from] CpusError),
    /// The directory of locks cannot be used.
    #[error(
        "cannot claim CPUs in {}: {source}; let sandbox.cpus_directory name a directory that every worker of this host can \
         write to, or set sandbox.pin_cpus = false",
        path.display()
    )]
    Directory {
        /// The file, or the directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The CPUs of a worker, as long as it lives.
#[derive(Debug)]
pub struct ClaimedCpus {
    /// Of each slot, and those that no slot has.
    pub shares: Shares,
    /// What became of it, for people.
    pub found: String,
    _locks: Vec<File>,
}

impl ClaimedCpus {
    /// Slots that have CPUs of their own.
    pub fn pinned(&self) -> usize {
        self.shares.slots.iter().filter(|cpus| !cpus.is_empty()).count()
    }

    /// Says in the log of a service that its slots have no CPUs of their own, where they should. A command that judges
    /// once has nothing to say about it.
    pub fn warn_if_not_pinned(&self, settings: &SandboxSettings) {
        if settings.pin_cpus && self.pinned() == 0 {
            let directory = settings.cpus_directory.display();
            tracing::warn!(found = self.found, %directory, "no slot of this worker is pinned to CPUs");
        }
    }
}

/// Gives each of `slots` slots CPUs that no other worker has, and keeps them. Where too few are left no slot is pinned:
/// boxes then run on any CPU, as much as their limit allows.
///
/// # Errors
/// When the directory of locks cannot be used, or the CPUs cannot be shared out.
pub fn claim_cpus(settings: &SandboxSettings, slots: usize) -> Result<ClaimedCpus, ClaimError> {
    let cpus = candidates(settings)?;
    if !settings.pin_cpus {
        return Ok(ClaimedCpus {
            shares: deal(settings, slots, &[]),
            found: format!(
                "{} on any CPU, since sandbox.pin_cpus is false",
                counted(slots as u64, "slot", "slots")
            ),
            _locks: Vec::new(),
        });
    }
    let directory = &settings.cpus_directory;
    let _choosing = wait_for_turn(directory)?;
    let mut free = Vec::new();
    for cpu in &cpus {
        if let Some(lock) = lock(&directory.join(format!("cpu-{cpu}")))? {
            free.push((*cpu, lock));
        }
    }
    let numbers: Vec<usize> = free.iter().map(|(cpu, _lock)| *cpu).collect();
    let shares = deal(settings, slots, &numbers);
    let found = describe(&shares, settings.cpus as usize, cpus.len(), numbers.len());
    let is_pinned = shares.slots.iter().any(|slot| !slot.is_empty());
    let ours = free
        .into_iter()
        .filter(|(cpu, _)| is_pinned && !shares.rest.contains(cpu));
    Ok(ClaimedCpus {
        _locks: ours.map(|(_cpu, lock)| lock).collect(),
        shares,
        found,
    })
}

fn describe(shares: &Shares, each: usize, cpus: usize, free: usize) -> String {
    let slots = shares.slots.len();
    let sharing = counted(slots as u64, "slot shares", "slots share");
    if shares.slots.iter().all(|slot| !slot.is_empty()) {
        format!("each slot has its own: {}", shares.slots.join("; "))
    } else if slots * each > cpus {
        let few = counted(cpus as u64, "CPU, which is", "CPUs, which are");
        format!("{sharing} {few} too few")
    } else {
        let (all, taken) = (counted(cpus as u64, "CPU", "CPUs"), cpus - free);
        format!("{sharing} {all} with other workers of this host, which hold {taken} of them")
    }
}

/// The only worker that chooses CPUs, until it is dropped.
fn wait_for_turn(directory: &Path) -> Result<File, ClaimError> {
    let failed = |source| ClaimError::Directory {
        path: directory.to_owned(),
        source,
    };
    if !directory.is_dir() {
        fs::create_dir_all(directory).map_err(failed)?;
        // Workers of other users put files there too, and remove none that is not theirs.
        fs::set_permissions(directory, Permissions::from_mode(0o1777)).map_err(failed)?;
    }
    let path = directory.join(CHOOSING);
    let until = Instant::now() + CHOOSES_WITHIN;
    loop {
        if let Some(turn) = lock(&path)? {
            return Ok(turn);
        }
        if Instant::now() > until {
            return Err(failed(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("another process has held the lock {CHOOSING:?} for {CHOOSES_WITHIN:?}"),
            )));
        }
        pause();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "CPUs are claimed before there is a runtime, which they say where to run"
)]
fn pause() {
    std::thread::sleep(LOOK_AGAIN);
}

/// A lock on a file, which is made if it is not there; `None` when another process has it.
fn lock(path: &Path) -> Result<Option<File>, ClaimError> {
    let failed = |source| ClaimError::Directory {
        path: path.to_owned(),
        source,
    };
    let file = open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// For reading, which is enough for a lock: the file may be another user's. No link is followed.
fn open(path: &Path) -> io::Result<File> {
    let reading = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let opened = match rustix::fs::open(path, reading, Mode::empty()) {
        Err(Errno::NOENT) => rustix::fs::open(path, reading | OFlags::CREATE, Mode::from_raw_mode(0o644)),
        opened => opened,
    };
    Ok(File::from(opened?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn claim(directory: &Path, cpuset: &str, slots: usize) -> ClaimedCpus {
        let mut settings = config::load(None).unwrap().sandbox;
        directory.clone_into(&mut settings.cpus_directory);
        cpuset.clone_into(&mut settings.cpuset);
        claim_cpus(&settings, slots).unwrap()
    }

    #[test]
    fn no_two_workers_have_the_same_cpus_and_those_of_one_that_ended_are_free() {
        let directory = tempfile::tempdir().unwrap();
        let claim = |slots| claim(directory.path(), "0-3", slots);
        let first = claim(2);
        assert_eq!(
            (&first.shares.slots[..], &first.shares.rest[..]),
            (&["0".to_owned(), "1".to_owned()][..], &[2, 3][..])
        );
        let second = claim(1);
        assert_eq!(
            (&second.shares.slots[..], &second.shares.rest[..]),
            (&["2".to_owned()][..], &[3][..])
        );
        let third = claim(2);
        assert_eq!((third.pinned(), third.shares.slots.len()), (0, 2));
        assert!(third.found.contains("hold 3 of them"), "{}", third.found);
        assert_eq!(claim(1).shares.slots, ["3"], "one that is not pinned holds no CPU");
        drop(first);
        assert_eq!(claim(2).shares.slots, ["0", "1"]);
    }

    #[test]
    fn a_directory_of_locks_that_cannot_be_used_is_told_with_the_setting() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        std::fs::write(&file, "").unwrap();
        let mut settings = config::load(None).unwrap().sandbox;
        settings.cpus_directory = file.join("cpus");
        let message = claim_cpus(&settings, 1).unwrap_err().to_string();
        assert!(message.contains("sandbox.cpus_directory"), "{message}");
    }
}
