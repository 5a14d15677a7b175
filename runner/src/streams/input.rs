//! Standard input that a program gets whole, as a file.
//!
//! The file has no name, is given none, and lies in memory, where the box has room for it beside what the program may use
//! (`RunLimits::input_room_bytes`). It is written before the program starts, which gets a descriptor of its own, for
//! reading and at the start. The program owns the file, as all processes of a box are one user, and could open it anew for
//! writing; no one else ever reads it. What it holds is charged to the box, and counted as the judge's as far as it is
//! input and still there.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::MetadataExt as _;

use assize_protocol::FaultStage;
use rustix::fs::{CWD, Mode, OFlags, fchmod, openat};

use crate::files::copy::copy_rest;
use crate::stop::Stop;
use crate::streams::memory_file::{PAGE, PLACE, create};

/// The unit of `st_blocks` (`stat(3type)`).
const BLOCK: u64 = 512;

/// The input of a program, and how much of it there is.
pub(crate) struct InputFile {
    file: File,
    bytes: u64,
}

impl InputFile {
    pub(crate) fn new() -> Result<Self, Stop> {
        let file = create().map_err(|error| failed(&error.into()))?;
        Ok(Self { file, bytes: 0 })
    }

    /// How much of it has come.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> Result<(), Stop> {
        self.bytes += data.len() as u64;
        self.file.write_all(data).map_err(|error| failed(&error))
    }

    /// Copies the whole of a file of so many bytes, of which nothing was read; `false` where that cannot be had.
    pub(crate) fn copy(&mut self, from: Option<File>, bytes: u64) -> Result<bool, Stop> {
        let Some(from) = from else {
            return Ok(false);
        };
        self.bytes = bytes;
        copy_rest(from, &mut self.file, bytes).map_err(|error| failed(&error))
    }

    /// A descriptor for a program: for reading, and at the start.
    pub(crate) fn for_reading(&self) -> Result<OwnedFd, Stop> {
        let path = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        fchmod(&self.file, Mode::RUSR)
            .and_then(|()| openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()))
            .map_err(|error| failed(&error.into()))
    }

    /// Memory that it takes and that the program is not charged for.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let there = self.file.metadata().map_or(0, |found| found.blocks() * BLOCK);
        there.min(self.bytes.next_multiple_of(PAGE))
    }
}

fn failed(error: &io::Error) -> Stop {
    Stop::fault(
        FaultStage::File,
        format!("cannot write the input of a program into {PLACE}: {error}"),
    )
}
