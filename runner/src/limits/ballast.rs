//! Memory that the runner takes so that no program can.
//!
//! A box has room for inputs beside what a program may use (`RunLimits::input_room_bytes`), and an input that is smaller
//! leaves a part of the room free. What a program takes of it for less than the time between two samples would not be
//! seen. So the runner takes that part itself: then the control group kills whatever exceeds the limit, however short.

use std::fs::File;

use assize_protocol::FaultStage;
use rustix::fs::{FallocateFlags, fallocate, ftruncate};
use rustix::io::retry_on_intr;

use crate::stop::Stop;
use crate::streams::memory_file::{PAGE, PLACE, create};

/// A part of the room for inputs, as a file that only the runner has.
#[derive(Default)]
pub(crate) struct Ballast {
    file: Option<File>,
    bytes: u64,
    /// The whole room, as it was said with the last program.
    room: u64,
}

impl Ballast {
    /// How much of the box's memory it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Leaves room for an input that is on its way, of which there are so many bytes by now.
    pub(crate) fn make_way(&mut self, input_bytes: u64) -> Result<(), Stop> {
        let most = free(self.room, input_bytes);
        if self.bytes > most {
            self.resize(most)?;
        }
        Ok(())
    }

    /// Takes of the room what the input of the next program leaves free.
    pub(crate) fn fill(&mut self, room: u64, input_bytes: u64) -> Result<(), Stop> {
        self.room = room;
        self.resize(free(room, input_bytes))
    }

    fn resize(&mut self, bytes: u64) -> Result<(), Stop> {
        let failed = |error: rustix::io::Errno| {
            let message = format!("cannot take {bytes} bytes of memory in {PLACE}: {error}");
            Stop::fault(FaultStage::File, message)
        };
        if bytes == self.bytes {
            return Ok(());
        }
        let file = match self.file.take() {
            Some(file) => file,
            None => create().map_err(failed)?,
        };
        let resized = match bytes.checked_sub(self.bytes) {
            Some(more) => retry_on_intr(|| fallocate(&file, FallocateFlags::empty(), self.bytes, more)),
            None => ftruncate(&file, bytes),
        };
        resized.map_err(failed)?;
        self.file = Some(file);
        self.bytes = bytes;
        Ok(())
    }
}

/// What an input leaves of the room, in whole pages.
fn free(room: u64, input_bytes: u64) -> u64 {
    room.saturating_sub(input_bytes.next_multiple_of(PAGE)) / PAGE * PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_and_input_are_what_they_are_together() {
        for (room, input, expected) in [
            (0, 0, 0),
            (0, 5, 0),
            (2 * PAGE, 0, 2 * PAGE),
            (2 * PAGE, 1, PAGE),
            (2 * PAGE + 7, PAGE, PAGE),
            (2 * PAGE, 2 * PAGE, 0),
            (2 * PAGE, 9 * PAGE, 0),
        ] {
            assert_eq!(free(room, input), expected, "{input} bytes in room for {room}");
        }
    }
}
