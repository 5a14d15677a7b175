//! The default output validator of the problem package format: "a beefed-up diff", as a stream.
//!
//! The output is pushed in as it arrives, the judge's answer is read alongside, and memory stays the same however long
//! either of them, or a single token in them, may be.
//!
//! The rules are those of the format (2025-09, "Default output validator specification" and "General requirements"),
//! which says in detail what the legacy format leaves open. The format's reference implementation differs in places, and
//! there the words of the format hold:
//!
//! - Numbers are decimal and complete. The reference also takes `0x10`, `1e` and `1e+`, because C's `scanf` does.
//! - NUL is a byte like any other. The reference stops reading a token there, so that `1\0junk` counts as `1`.
//! - A tolerance that is set twice is an error in format 2025-09; see [`StandardFlags::parse`].
//!
//! Where the format is silent, this does what the reference does: a number beyond the range of a 64-bit float (`1e400`)
//! is compared as text, and so are `nan` and `inf`. Numbers are compared as 64-bit floats, like there; tokens that are
//! the same text match whatever their value is. Under `space_change_sensitive` white space must be the same byte for byte,
//! with leading and trailing white space and the last line's end.

mod bytes;
mod comparison;
mod flags;
mod message;
mod number;
mod position;
mod token;

use std::io::{BufRead, BufReader, ErrorKind, Read};

use super::CheckOutcome;
use comparison::Comparison;
pub use flags::{FlagError, StandardFlags};

/// Bytes of the answer in memory at a time.
const ANSWER_BUFFER: usize = 64 * 1024;

/// The judge's answer could not be read. A fault of ours, never of the submission: the check has no outcome.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the judge's answer; check the answer file of this test case")]
pub struct AnswerError(#[from] pub std::io::Error);

/// Compares one output, pushed in pieces, with the judge's answer.
#[derive(Debug)]
pub struct StandardChecker<R> {
    answer: BufReader<R>,
    comparison: Comparison,
}

impl<R: Read> StandardChecker<R> {
    /// Starts a check against `answer`, which is buffered here.
    pub fn new(flags: StandardFlags, answer: R) -> Self {
        Self {
            answer: BufReader::with_capacity(ANSWER_BUFFER, answer),
            comparison: Comparison::new(flags),
        }
    }

    /// Checks the next bytes of the output. After the first mistake found, this does nothing more.
    ///
    /// # Errors
    /// [`AnswerError`] when the judge's answer cannot be read; the check cannot go on then.
    pub fn push(&mut self, output: &[u8]) -> Result<(), AnswerError> {
        let mut rest = output;
        while !rest.is_empty() && self.comparison.outcome().is_none() {
            let used = self.step(rest)?;
            rest = &rest[used..];
        }
        Ok(())
    }

    /// Says whether the output, which is complete now, was a correct answer.
    ///
    /// # Errors
    /// [`AnswerError`] when the rest of the judge's answer cannot be read.
    pub fn finish(mut self) -> Result<CheckOutcome, AnswerError> {
        loop {
            if let Some(outcome) = self.comparison.outcome() {
                return Ok(outcome.clone());
            }
            self.step(&[])?;
        }
    }

    /// Whether the output is already known to be wrong, so that the rest of it need not be pushed.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.comparison.outcome().is_some()
    }

    /// Bytes of memory that the check holds for the answer and the tokens being compared: the same for every length.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.answer.capacity() + self.comparison.held_bytes()
    }

    /// Takes one step and says how many bytes of the output it used. Without output, the output has ended.
    fn step(&mut self, output: &[u8]) -> Result<usize, AnswerError> {
        let answer = fill(&mut self.answer)?;
        let used = self.comparison.step(output, answer);
        self.answer.consume(used.answer);
        Ok(used.output)
    }
}

/// The next bytes of the answer, none at its end. `BufReader` passes interruptions on, which are no fault.
fn fill<R: Read>(answer: &mut BufReader<R>) -> Result<&[u8], AnswerError> {
    while let Err(error) = answer.fill_buf() {
        if error.kind() != ErrorKind::Interrupted {
            return Err(error.into());
        }
    }
    Ok(answer.buffer())
}
