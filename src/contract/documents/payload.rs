//! Bytes that a program made, whole where there is room: as text, or in base64 where they are no text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text may take so many times its length in JSON before base64 is used, which takes 4/3: control characters take six
/// bytes each.
const LONGEST_TEXT: usize = 2;

/// Bytes that a program made. Exactly one of `text` and `base64` is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Payload {
    /// The bytes, which are UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes in base64 (RFC 4648, section 4), where they are no UTF-8 or hold very many control characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// Length of the whole, in bytes, as far as it was read.
    pub bytes: u64,
    /// The whole is longer than what is shown.
    pub truncated: bool,
}

impl Payload {
    /// What is known of something that has `bytes` bytes in all.
    pub fn of(known: Vec<u8>, bytes: u64) -> Self {
        let truncated = bytes > known.len() as u64;
        let most = known.len().saturating_mul(LONGEST_TEXT);
        match String::from_utf8(known) {
            Ok(text) if escaped_bytes(&text) <= most => Self {
                text: Some(text),
                base64: None,
                bytes,
                truncated,
            },
            Ok(text) => Self::encoded(text.as_bytes(), bytes, truncated),
            // What was cut may have been cut inside of a character.
            Err(error) if truncated && error.utf8_error().error_len().is_none() => {
                let end = error.utf8_error().valid_up_to();
                let mut known = error.into_bytes();
                known.truncate(end);
                Self::of(known, bytes)
            }
            Err(error) => Self::encoded(error.as_bytes(), bytes, truncated),
        }
    }

    fn encoded(known: &[u8], bytes: u64, truncated: bool) -> Self {
        Self {
            text: None,
            base64: Some(STANDARD.encode(known)),
            bytes,
            truncated,
        }
    }

    /// The bytes that are there.
    ///
    /// # Errors
    /// When `base64` is none.
    pub fn content(&self) -> Result<Vec<u8>, base64::DecodeError> {
        match (&self.text, &self.base64) {
            (Some(text), _) => Ok(text.clone().into_bytes()),
            (None, Some(encoded)) => STANDARD.decode(encoded),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// Bytes that it takes inside of a JSON document.
    pub(super) fn json_bytes(&self) -> usize {
        let text = self.text.as_deref().map_or(0, escaped_bytes);
        text + self.base64.as_ref().map_or(0, String::len)
    }

    /// Cuts it to this many bytes of JSON.
    pub(super) fn cut(&mut self, most: usize) {
        if self.json_bytes() <= most {
            return;
        }
        self.truncated = true;
        if let Some(text) = &mut self.text {
            let mut used = 0;
            let end = text.char_indices().find_map(|(at, c)| {
                used += escaped_length(c);
                (used > most).then_some(at)
            });
            text.truncate(end.unwrap_or(text.len()));
        }
        if let Some(encoded) = &mut self.base64 {
            // Four characters stand for three bytes.
            encoded.truncate(most / 4 * 4);
        }
    }
}

pub(super) fn escaped_bytes(text: &str) -> usize {
    text.chars().map(escaped_length).sum()
}

/// Bytes of a character in a JSON string, as `serde_json` writes it.
pub(super) fn escaped_length(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were_and_are_text_wherever_they_can_be() {
        let rows: [(&[u8], bool); 5] = [
            (b"", true),
            ("h\u{e9}llo\n".as_bytes(), true),
            (b"\n\n\n\n", true),
            (b"\xff\xfe", false),
            (b"\x00\x01\x02\x03", false),
        ];
        for (bytes, is_text) in rows {
            let payload = Payload::of(bytes.to_vec(), bytes.len() as u64);
            assert_eq!(payload.text.is_some(), is_text, "{bytes:?}");
            assert_eq!(payload.base64.is_some(), !is_text, "{bytes:?}");
            assert_eq!(payload.content().unwrap(), bytes);
            assert!(!payload.truncated);
        }
    }

    #[test]
    fn what_is_cut_ends_between_characters_and_says_so() {
        let cut = Payload::of("a\u{20ac}".as_bytes()[..2].to_vec(), 4);
        assert_eq!((cut.text.as_deref(), cut.truncated, cut.bytes), (Some("a"), true, 4));
        for whole in ["\u{20ac}".repeat(100).into_bytes(), vec![0xff; 300]] {
            let mut payload = Payload::of(whole.clone(), 300);
            payload.cut(50);
            assert!(payload.truncated && payload.json_bytes() <= 50, "{payload:?}");
            assert!(whole.starts_with(&payload.content().unwrap()));
        }
    }
}
