//! What has to be known of a submission when its result is asked for: it travels in the metadata.

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::contract::Metadata;

/// The key in the metadata.
const KEY: &str = "judge0";

/// What is remembered of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The language that was asked for.
    pub(super) language_id: i64,
    /// When it came.
    pub(super) created_at: Timestamp,
    /// Digest of the output that is expected, if any is.
    pub(super) expected: Option<String>,
}

impl Note {
    pub(super) fn into_metadata(self) -> Metadata {
        let note = json!({
            "language_id": self.language_id,
            "created_at": self.created_at.to_string(),
            "expected_sha256": self.expected,
        });
        Metadata::from_iter([(KEY.to_owned(), note)])
    }

    /// That of a submission that came in this dialect.
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        let note = metadata.get(KEY)?;
        Some(Self {
            language_id: note.get("language_id")?.as_i64()?,
            created_at: note.get("created_at")?.as_str()?.parse().ok()?,
            expected: note.get("expected_sha256").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// Digest of an output without what does not count: spaces at the ends of lines, and empty lines at its end.
pub(super) fn digest_of(output: &[u8]) -> String {
    let mut digest = Sha256::new();
    let mut line_breaks = 0;
    for line in output.split(|byte| *byte == b'\n') {
        let line = trimmed(line);
        if !line.is_empty() {
            digest.update(vec![b'\n'; line_breaks]);
            digest.update(line);
            line_breaks = 0;
        }
        line_breaks += 1;
    }
    hex::encode(digest.finalize())
}

/// A line without white space, and NUL, at its end.
fn trimmed(line: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x0b);
    let end = line.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    &line[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_at_the_ends_do_not_count_and_all_others_do() {
        let rows: [(&str, &str, bool); 9] = [
            ("a b\nc\n", "a b \nc", true),
            ("a\r\nb\r\n", "a\nb", true),
            ("a\n\n\n", "a", true),
            ("", "\n \n", true),
            ("a\n\nb", "a\nb", false),
            ("\na", "a", false),
            (" a", "a", false),
            ("a  b", "a b", false),
            ("A", "a", false),
        ];
        for (left, right, same) in rows {
            let is_same = digest_of(left.as_bytes()) == digest_of(right.as_bytes());
            assert_eq!(is_same, same, "{left:?} {right:?}");
        }
    }
}
