//! Short pieces of long outputs, for people.

use crate::contract::Excerpt;
use crate::sandbox::RunFacts;

/// Keeps the start of a stream and counts the rest.
#[derive(Debug)]
pub(in crate::judge) struct ExcerptKeeper {
    kept: Vec<u8>,
    keep: usize,
    bytes: u64,
}

impl ExcerptKeeper {
    /// Keeps at most `keep` bytes.
    pub(in crate::judge) fn new(keep: usize) -> Self {
        Self {
            kept: Vec::new(),
            keep,
            bytes: 0,
        }
    }

    /// Takes the next piece of the stream.
    pub(in crate::judge) fn push(&mut self, piece: &[u8]) {
        let room = self.keep - self.kept.len();
        self.kept.extend_from_slice(&piece[..piece.len().min(room)]);
        self.bytes += piece.len() as u64;
    }

    /// What was kept, as text.
    pub(in crate::judge) fn finish(self) -> Excerpt {
        excerpt(&self.kept, self.bytes)
    }
}

/// The start of something of which `start` is known and which has `bytes` bytes in all.
pub(in crate::judge) fn excerpt(start: &[u8], bytes: u64) -> Excerpt {
    let truncated = bytes > start.len() as u64;
    let start = if truncated { whole_characters(start) } else { start };
    Excerpt {
        text: String::from_utf8_lossy(start).into_owned(),
        bytes,
        truncated,
    }
}

/// Standard error of a run: its start and its end, where a traceback says what happened.
pub(in crate::judge) fn stderr_excerpt(facts: &RunFacts) -> Excerpt {
    let kept = (facts.stderr_head.len() + facts.stderr_tail.len()) as u64;
    let dropped = facts.stderr_bytes.saturating_sub(kept);
    let mut text = String::from_utf8_lossy(&facts.stderr_head).into_owned();
    if dropped > 0 {
        text.push_str(&format!("\n[... {dropped} bytes ...]\n"));
    }
    text.push_str(&String::from_utf8_lossy(&facts.stderr_tail));
    Excerpt {
        text,
        bytes: facts.stderr_bytes,
        truncated: dropped > 0,
    }
}

/// Cuts off a character of which only the first bytes are there.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_never_ends_in_half_a_character_and_shows_other_bytes_as_replacement() {
        let mut keeper = ExcerptKeeper::new(3);
        keeper.push("aé€".as_bytes());
        assert_eq!(
            keeper.finish(),
            Excerpt {
                text: "aé".into(),
                bytes: 6,
                truncated: true
            }
        );
        assert_eq!(
            excerpt(b"\xffok", 3),
            Excerpt {
                text: "\u{fffd}ok".into(),
                bytes: 3,
                truncated: false
            }
        );
        let mut keeper = ExcerptKeeper::new(2);
        keeper.push("€".as_bytes());
        assert_eq!(
            keeper.finish(),
            Excerpt {
                text: String::new(),
                bytes: 3,
                truncated: true
            }
        );
    }
}
