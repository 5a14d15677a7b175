//! Standard input that a program gets whole, as a file.
//!
//! The file has no name, is given none, and lies in memory, where the box has room for it beside what the program may use
//! (`RunLimits::input_room_bytes`). It is written before the program starts, which gets a descriptor of its own, for
//! reading and at the start. The program owns the file, as all processes of a box are one user, and could open it anew for
//! writing; no one else ever reads it. What it holds is charged to the box, and counted as the judge's as far as it is
//! input and still there.
//!
//! Or it is a file of the worker's, in memory that is charged to the worker. Later programs in other boxes read it too, so
//! it is given to none that could change it: it is sealed, has no permission to write, and belongs to another user.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::MetadataExt as _;

use assize_protocol::FaultStage;
use rustix::fs::{CWD, Mode, OFlags, SealFlags, fchmod, fcntl_get_seals, openat};
use rustix::process::geteuid;

use crate::files::copy::copy_rest;
use crate::stop::Stop;
use crate::streams::memory_file::{PAGE, PLACE, create};

/// The unit of `st_blocks` (`stat(3type)`).
const BLOCK: u64 = 512;

/// What a file of the worker's has, so that neither its content nor its size can change.
const SEALED: SealFlags = SealFlags::WRITE
    .union(SealFlags::GROW)
    .union(SealFlags::SHRINK)
    .union(SealFlags::SEAL);

/// Permission to write, of its owner and of others.
const WRITABLE: u32 = 0o222;

/// The input of a program, and how much of it there is.
pub(crate) struct InputFile {
    file: File,
    bytes: u64,
    /// It is the worker's.
    is_borrowed: bool,
}

impl InputFile {
    pub(crate) fn new() -> Result<Self, Stop> {
        let file = create().map_err(|error| failed(&error.into()))?;
        Ok(Self {
            file,
            bytes: 0,
            is_borrowed: false,
        })
    }

    /// A file of the worker's of so many bytes; `None` where it has not so many, or where programs could change it.
    pub(crate) fn borrowed(file: File, bytes: u64) -> Option<Self> {
        let found = file.metadata().ok()?;
        let is_sealed = fcntl_get_seals(&file).is_ok_and(|seals| seals.contains(SEALED));
        let is_of_another = found.uid() != geteuid().as_raw() && found.mode() & WRITABLE == 0;
        (is_sealed && is_of_another && found.len() == bytes).then_some(Self {
            file,
            bytes,
            is_borrowed: true,
        })
    }

    pub(crate) fn is_borrowed(&self) -> bool {
        self.is_borrowed
    }

    /// How much it takes of the box's room for inputs, as far as it has come.
    pub(crate) fn room_bytes(&self) -> u64 {
        if self.is_borrowed { 0 } else { self.bytes }
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
        let is_read_only = match self.is_borrowed {
            true => Ok(()),
            false => fchmod(&self.file, Mode::RUSR),
        };
        is_read_only
            .and_then(|()| openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()))
            .map_err(|error| failed(&error.into()))
    }

    /// Memory that it takes and that the program is not charged for: as much of it can be mapped.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let there = self.file.metadata().map_or(0, |found| found.blocks() * BLOCK);
        there.min(self.bytes.next_multiple_of(PAGE))
    }

    /// As much of that as the box is charged for.
    pub(crate) fn charged_bytes(&self) -> u64 {
        if self.is_borrowed { 0 } else { self.memory_bytes() }
    }
}

fn failed(error: &io::Error) -> Stop {
    Stop::fault(
        FaultStage::File,
        format!("cannot write the input of a program into {PLACE}: {error}"),
    )
}
