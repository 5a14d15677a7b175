//! What the submission and the validator of an interactive problem said to each other.
//!
//! In the notation of the format's `.interaction` files: `>` is the submission, `<` is the validator.

use std::sync::{Mutex, PoisonError};

use crate::contract::Excerpt;

/// The side of a conversation that wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Side {
    /// `>`
    Submission,
    /// `<`
    Validator,
}

/// Keeps the start of a conversation and counts the rest.
#[derive(Debug)]
pub(in crate::judge) struct Transcript {
    kept: Mutex<Kept>,
    keep: usize,
}

#[derive(Debug, Default)]
struct Kept {
    text: String,
    side: Option<Side>,
    bytes: u64,
    truncated: bool,
    has_validator_spoken: bool,
}

impl Transcript {
    /// Keeps about `keep` bytes.
    pub(in crate::judge) fn new(keep: usize) -> Self {
        Self {
            kept: Mutex::default(),
            keep,
        }
    }

    /// Records what one side has written; it need not be whole lines.
    pub(in crate::judge) fn record(&self, side: Side, piece: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += piece.len() as u64;
        kept.has_validator_spoken |= side == Side::Validator && !piece.is_empty();
        let room = self.keep.saturating_sub(kept.text.len());
        kept.truncated |= piece.len() > room;
        for character in String::from_utf8_lossy(&piece[..piece.len().min(room)]).chars() {
            kept.write(side, character);
        }
    }

    /// Whether the validator has written anything.
    pub(in crate::judge) fn has_validator_spoken(&self) -> bool {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .has_validator_spoken
    }

    /// What was kept.
    pub(in crate::judge) fn finish(self) -> Excerpt {
        let Kept {
            text, bytes, truncated, ..
        } = self.kept.into_inner().unwrap_or_else(PoisonError::into_inner);
        Excerpt { text, bytes, truncated }
    }
}

impl Kept {
    /// Every line, and every change of speaker, begins with a sign.
    fn write(&mut self, side: Side, character: char) {
        if self.side.is_some_and(|before| before != side) && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if self.text.is_empty() || self.text.ends_with('\n') {
            self.text.push(match side {
                Side::Submission => '>',
                Side::Validator => '<',
            });
        }
        self.side = Some(side);
        self.text.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_says_who_said_what_and_stops_at_its_cap() {
        let transcript = Transcript::new(32);
        transcript.record(Side::Submission, b"50");
        transcript.record(Side::Submission, b"0\n7");
        assert!(!transcript.has_validator_spoken());
        transcript.record(Side::Validator, b"lower\nhigher\n");
        transcript.record(Side::Submission, b"a line that is longer than the transcript\n");
        assert!(transcript.has_validator_spoken());
        let Excerpt { text, bytes, truncated } = transcript.finish();
        assert_eq!(text, ">500\n>7\n<lower\n<higher\n>a line th");
        assert_eq!((bytes, truncated), (60, true));
    }
}
