//! Files of control groups: each write is one call, and one that fails names the file.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::error::GroupError;

/// Writes a value; nothing is made where there is no such file.
pub(super) fn write(path: &Path, value: &str) -> Result<(), GroupError> {
    let written = OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|mut file| file.write_all(value.as_bytes()));
    written.map_err(|error| failed("write", path, value, &error))
}

pub(super) fn read(path: &Path) -> Result<String, GroupError> {
    let text = fs::read_to_string(path).map_err(|error| failed("read", path, "", &error))?;
    Ok(text.trim().to_owned())
}

/// A group; one that is there already is taken.
pub(super) fn make(path: &Path) -> Result<(), GroupError> {
    match fs::create_dir(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed("make", path, "", &error)),
        _ => Ok(()),
    }
}

fn failed(what: &str, path: &Path, value: &str, error: &io::Error) -> GroupError {
    let value = if value.is_empty() {
        String::new()
    } else {
        format!("{value:?} to ")
    };
    let reason = format!("cannot {what} {value}{}: {error}", path.display());
    let remedy = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => super::REMEDY,
        ErrorKind::ResourceBusy => {
            "other processes are in the same group: run it as a service of systemd with Delegate=yes (man cgroups, no internal \
             processes)"
        }
        ErrorKind::NotFound => "the controller is missing: enable it for this group (cgroup.subtree_control)",
        ErrorKind::StorageFull | ErrorKind::OutOfMemory => {
            "the host has no more room for control groups; see how many there are with `systemd-cgtop` or below /sys/fs/cgroup"
        }
        _ => "see whether sandbox.cpuset of the worker names CPUs of this host, and the limits that it asks for",
    };
    GroupError::new(reason, remedy)
}
