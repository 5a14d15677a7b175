//! Clears a writable directory, whatever a program has built there.
//!
//! Neither recursion nor a descriptor per level: a directory inside a directory is moved up before its parent is
//! removed, so that a tree of any depth is taken apart from two open descriptors.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, chmodat, openat, renameat, unlinkat};
use rustix::io::Errno;

use crate::files::path::open_directory;

/// Clearing that takes longer than this fails, and the box is replaced.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Removes everything below `place`, and leaves `place` itself.
pub(crate) fn wipe(place: &str) -> io::Result<()> {
    let root = match open_directory(place) {
        Ok(root) => root,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let deadline = Instant::now() + TIMEOUT;
    let mut moved = 0_u64;
    loop {
        let directories = remove_files(root.as_fd(), deadline)?;
        if directories.is_empty() {
            return Ok(());
        }
        for name in directories {
            let inner = open_for_clearing(root.as_fd(), &name)?;
            for child in remove_files(inner.as_fd(), deadline)? {
                raise(inner.as_fd(), &child, root.as_fd(), &mut moved)?;
            }
            unlinkat(&root, &*name, AtFlags::REMOVEDIR)?;
        }
    }
}

/// Removes what is no directory, and gives the names of the directories.
fn remove_files(directory: BorrowedFd<'_>, deadline: Instant) -> io::Result<Vec<CString>> {
    let mut directories = Vec::new();
    for entry in Dir::read_from(directory)? {
        if Instant::now() > deadline {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "clearing takes too long"));
        }
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        match unlinkat(directory, name, AtFlags::empty()) {
            Ok(()) => {}
            Err(Errno::ISDIR | Errno::PERM) => directories.push(name.to_owned()),
            Err(_) if entry.file_type() == FileType::Directory => directories.push(name.to_owned()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(directories)
}

/// Opens a directory from which its owner may have taken every right.
fn open_for_clearing(parent: BorrowedFd<'_>, name: &CStr) -> io::Result<OwnedFd> {
    chmodat(parent, name, Mode::RWXU, AtFlags::empty())?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(parent, name, flags, Mode::empty())?)
}

/// Moves a directory up to the root, under a name that is free.
fn raise(from: BorrowedFd<'_>, name: &CStr, root: BorrowedFd<'_>, moved: &mut u64) -> io::Result<()> {
    // Without the right to write it, a directory cannot be given another parent.
    chmodat(from, name, Mode::RWXU, AtFlags::empty())?;
    loop {
        *moved += 1;
        match renameat(from, name, root, format!(".wipe-{moved}")) {
            Ok(()) => return Ok(()),
            Err(Errno::EXIST | Errno::NOTEMPTY | Errno::NOTDIR | Errno::ISDIR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
