//! Standard input of the next program where that gets it as a file, and the room of the box for it.

use std::fs::File;

use assize_protocol::Stdin;

use crate::limits::ballast::Ballast;
use crate::stop::Stop;
use crate::streams::input::InputFile;

/// What has come of it.
#[derive(Default)]
pub(crate) struct NextInput {
    file: Option<InputFile>,
    /// What of the room for inputs is in no use.
    ballast: Ballast,
}

impl NextInput {
    /// A piece of it.
    pub(crate) fn take(&mut self, data: &[u8]) -> Result<(), Stop> {
        let input = match self.file.take() {
            Some(input) => input,
            None => InputFile::new()?,
        };
        self.ballast.make_way(input.room_bytes() + data.len() as u64)?;
        self.file.insert(input).write(data)
    }

    /// All of it: a copy of a file of the worker's, which is closed when this returns. `false` where that cannot be had.
    pub(crate) fn copy(&mut self, given: Option<File>, bytes: u64) -> Result<bool, Stop> {
        self.file = None;
        self.ballast.make_way(bytes)?;
        let mut input = InputFile::new()?;
        let copied = input.copy(given, bytes)?;
        self.file = copied.then_some(input);
        Ok(copied)
    }

    /// All of it: a file of the worker's, which the program is given itself. `false` where that cannot be.
    pub(crate) fn borrow(&mut self, given: Option<File>, bytes: u64) -> bool {
        self.file = given.and_then(|file| InputFile::borrowed(file, bytes));
        self.file.is_some()
    }

    /// The file for the program that begins, where it is to have one, in a box with so much room for inputs.
    pub(crate) fn begin(&mut self, stdin: Stdin, room: u64) -> Result<Option<InputFile>, Stop> {
        let input = match (stdin, self.file.take()) {
            (Stdin::Pipe, _) => None,
            (Stdin::File, Some(input)) => Some(input),
            (Stdin::File, None) => Some(InputFile::new()?),
        };
        self.ballast
            .fill(room, input.as_ref().map_or(0, InputFile::room_bytes))?;
        Ok(input)
    }

    /// How much of the box's memory the runner takes so that no program can.
    pub(crate) fn ballast_bytes(&self) -> u64 {
        self.ballast.bytes()
    }
}
