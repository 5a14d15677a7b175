//! Large files, which the runner copies into the box by itself, or gives to the program as they are.
//!
//! It is sent a descriptor for reading, and answers when it has copied the file and closed the descriptor; nothing runs in
//! the box meanwhile. So each byte is copied twice and not four times, and programs see what they see of a file that came
//! in pieces.
//!
//! An input that is lent from memory of this worker is not copied at all.

use std::time::Duration;

use assize_protocol::Command;

use crate::sandbox::inputs::InputLoan;
use crate::sandbox::session::Session;
use crate::sandbox::session::answer::Answer;
use crate::sandbox::{BoxError, Input};

/// A disk that gives less than this a second counts as one that does not answer, in bytes.
const SLOWEST_DISK: u64 = 1 << 20;

impl Session {
    /// Lets the runner copy a large file, where descriptors can be sent into the box. Gives what is still to be sent in
    /// pieces: nothing, or all of it.
    pub(super) async fn hand_over(
        &mut self,
        mut content: Input,
        command: fn(u64) -> Command<'static>,
    ) -> Result<Input, BoxError> {
        if !self.writer.carries_descriptors() {
            return Ok(content);
        }
        let Some((file, bytes)) = content.take_large_file().await else {
            return Ok(content);
        };
        self.writer.queue_with(&command(bytes), vec![file]).await?;
        self.writer.flush().await?;
        let allowed = self.timeouts.answer + Duration::from_secs(bytes / SLOWEST_DISK);
        match self.answer(allowed).await? {
            Answer::Taken(true) => Ok(Input::Empty),
            // Reading it here says why, unless it is the box that may not have it.
            Answer::Taken(false) => Ok(content),
            _ => Err(BoxError::OutOfTurn("a copy of a file was expected")),
        }
    }

    /// Sends the runner an input that is lent to the next program.
    pub(super) async fn lend(&mut self, loan: &mut InputLoan) -> Result<(), BoxError> {
        if !self.writer.carries_descriptors() {
            return Err(BoxError::InputNotTaken);
        }
        let (file, bytes) = loan.send().map_err(BoxError::Input)?;
        self.writer.queue_with(&Command::InputFile(bytes), vec![file]).await?;
        self.writer.flush().await?;
        match self.answer(self.timeouts.answer).await? {
            Answer::Taken(true) => Ok(()),
            Answer::Taken(false) => Err(BoxError::InputNotTaken),
            _ => Err(BoxError::OutOfTurn("whether an input is taken was expected")),
        }
    }
}
