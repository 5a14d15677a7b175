//! What a program may change and finds before it begins: the places where it may write, and devices.

use std::fs;
use std::path::{Path, PathBuf};

use assize_protocol::FaultStage;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW, utimensat};
use rustix::io::{self, Errno};

use crate::files::wipe::wipe;
use crate::harden::is_init;
use crate::stop::Stop;

/// Devices, which everything in the box may write to, and so touch.
const DEVICES: &str = "/dev";

/// Both times are those of the moment, which takes no more than the right to write.
const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: UTIME_NOW,
};

pub(crate) struct Places {
    writable: Vec<String>,
    /// The same, and devices that are not mounted read-only.
    touchable: Vec<PathBuf>,
}

impl Places {
    /// Outside a container devices are those of the host, and are let be.
    pub(crate) fn new(writable: Vec<String>) -> Self {
        let mut touchable: Vec<PathBuf> = writable.iter().map(PathBuf::from).collect();
        if is_init() {
            touchable.extend(entries(Path::new(DEVICES)));
            // Mounts of a box stay as they are.
            touchable.retain(|path| touch(path) != Err(Errno::ROFS));
        }
        Self { writable, touchable }
    }

    /// Removes everything in them.
    pub(crate) fn clear(&self) -> Result<(), Stop> {
        self.writable.iter().try_for_each(|directory| {
            wipe(directory)
                .map_err(|error| Stop::fault(FaultStage::Reset, format!("cannot clear {directory}: {error}")))
        })
    }

    /// Gives all the same times. A program could tell the next one something by these, and one in another box where the two
    /// have the devices of the host. What it may not write to stays as it is.
    pub(crate) fn touch(&self) {
        for path in &self.touchable {
            let _as_it_is = touch(path);
        }
    }
}

fn touch(path: &Path) -> io::Result<()> {
    let times = Timestamps {
        last_access: NOW,
        last_modification: NOW,
    };
    utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)
}

/// In the order of their names.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn times_that_a_program_has_set_are_gone_and_a_place_that_is_not_there_is_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().to_str().unwrap().to_owned();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let directory = fs::File::open(&path).unwrap();
        directory
            .set_times(fs::FileTimes::new().set_accessed(long_ago).set_modified(long_ago))
            .unwrap();
        Places::new(vec!["/nowhere/at/all".to_owned(), path.clone()]).touch();
        let found = fs::metadata(&path).unwrap();
        assert_eq!(found.modified().unwrap(), found.accessed().unwrap());
        assert!(found.modified().unwrap() > long_ago);
    }

    #[test]
    fn entries_come_in_the_order_of_their_names() {
        let place = tempfile::tempdir().unwrap();
        for name in ["null", "full", "zero"] {
            fs::write(place.path().join(name), "").unwrap();
        }
        let expected = ["full", "null", "zero"].map(|name| place.path().join(name));
        assert_eq!(entries(place.path()), expected);
        assert!(entries(Path::new("/nowhere/at/all")).is_empty());
    }
}
