//! Files without a name, in memory.

use std::fs::File;

use rustix::fs::{CWD, Mode, OFlags, openat};

/// In memory, and writable in every box.
pub(crate) const PLACE: &str = "/dev/shm";

/// What memory is given in, in bytes.
pub(crate) const PAGE: u64 = 4096;

/// A file that no process can find or give a name to; its pages are charged to the box.
pub(crate) fn create() -> rustix::io::Result<File> {
    let flags = OFlags::TMPFILE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC;
    openat(CWD, PLACE, flags, Mode::RUSR | Mode::WUSR).map(File::from)
}
