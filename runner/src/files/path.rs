//! Paths below the work directory, walked without following a symbolic link.

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;

const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Opens a directory that is known by its absolute path.
pub(crate) fn open_directory(path: &str) -> io::Result<OwnedFd> {
    Ok(openat(CWD, path, DIRECTORY, Mode::empty())?)
}

/// Opens the directory that holds `path`, and gives the last part of `path`. With `create`, missing ones are made.
pub(crate) fn open_parent<'a>(root: &str, path: &'a str, create: bool) -> io::Result<(OwnedFd, &'a OsStr)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts
        .iter()
        .any(|part| matches!(*part, "" | "." | "..") || part.contains('\0'))
    {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{path:?} is no path below the work directory"),
        ));
    }
    let name = parts.pop().unwrap_or_default();
    let mut directory = open_directory(root)?;
    for part in parts {
        if create {
            match mkdirat(&directory, part, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        directory = openat(&directory, part, DIRECTORY, Mode::empty())?;
    }
    Ok((directory, OsStr::new(name)))
}
