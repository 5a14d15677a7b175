//! A guest that is up and in which nothing has run yet, kept: its memory and the state of its devices as files.
//!
//! Machines that are made of it share its memory, and copy the pages that they write. What such machines must not have in
//! common, the guest draws anew when the runner is started (`guest/src/freshen.rs`).

use std::path::{Path, PathBuf};

use super::state::MachineDirectory;

/// The files of a template, in the directory of its machine.
const MEMORY: &str = "memory";
const DEVICES: &str = "devices";

/// A guest that is kept.
#[derive(Debug)]
pub(super) struct Template(MachineDirectory);

/// Where the memory of a machine in this directory is kept.
pub(super) fn memory_in(directory: &Path) -> PathBuf {
    directory.join(MEMORY)
}

/// Where the state of its devices is kept.
pub(super) fn devices_in(directory: &Path) -> PathBuf {
    directory.join(DEVICES)
}

impl Template {
    /// Of a machine that does not run any more, and both of whose files are there.
    pub(super) fn of(directory: MachineDirectory) -> Self {
        Self(directory)
    }

    /// The file with the memory.
    pub(super) fn memory(&self) -> PathBuf {
        memory_in(self.0.path())
    }

    /// The file with the state of devices.
    pub(super) fn devices(&self) -> PathBuf {
        devices_in(self.0.path())
    }
}
