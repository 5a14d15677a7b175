//! Short pieces of long outputs, for people.

use crate::contract::Excerpt;
use crate::sandbox::RunFacts;

/// Keeps the start of a stream and counts the rest.
#[derive(Debug)]
pub(in crate::judge) struct ExcerptCollector {
    kept: Vec<u8>,
    keep: usize,
    bytes: u64,
}

impl ExcerptCollector {
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

/// Room for the excerpts of one test in a verdict document, in bytes of JSON.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    /// So many bytes of JSON.
    pub(super) fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// The excerpt, cut to what room is left.
    pub(super) fn fit(&mut self, mut excerpt: Excerpt) -> Excerpt {
        let whole = excerpt.text.len();
        excerpt.text = self.fit_text(excerpt.text);
        excerpt.truncated |= excerpt.text.len() < whole;
        excerpt
    }

    /// The text, cut to what room is left.
    pub(super) fn fit_text(&mut self, mut text: String) -> String {
        let mut used = 0;
        let mut kept = text.len();
        for (index, character) in text.char_indices() {
            let size = json_size(character);
            if used + size > self.0 {
                kept = index;
                break;
            }
            used += size;
        }
        text.truncate(kept);
        self.0 -= used;
        text
    }
}

/// Bytes of a character inside a JSON string, as `serde_json` writes it.
fn json_size(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..'\u{20}' => 6,
        other => other.len_utf8(),
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
    fn excerpts_share_their_room_by_what_they_take_as_json() {
        let text = "\u{1b}\u{1b}\n\"é\u{7f}".repeat(50);
        let mut room = Room::new(1000);
        let kept = room.fit(excerpt(text.as_bytes(), text.len() as u64));
        let rest = room.fit(excerpt(text.as_bytes(), text.len() as u64));
        assert!(!kept.truncated && rest.truncated, "{kept:?} {rest:?}");
        let quotes = 2;
        let json = |excerpt: &Excerpt| serde_json::to_string(&excerpt.text).unwrap_or_default().len() - quotes;
        assert!((990..=1000).contains(&(json(&kept) + json(&rest))));
        assert_eq!(room.fit_text("more".repeat(10)), "");
    }

    #[test]
    fn an_excerpt_never_ends_in_half_a_character_and_shows_other_bytes_as_replacement() {
        let mut collector = ExcerptCollector::new(3);
        collector.push("aé€".as_bytes());
        assert_eq!(
            collector.finish(),
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
        let mut collector = ExcerptCollector::new(2);
        collector.push("€".as_bytes());
        assert_eq!(
            collector.finish(),
            Excerpt {
                text: String::new(),
                bytes: 3,
                truncated: true
            }
        );
    }
}
