//! Texts that PostgreSQL can store: it has no NUL. What others wrote is shown, never compared, so a mark takes its place.

use std::borrow::Cow;

/// Longest reason of an attempt, in bytes: it becomes a line in the headers of a dead letter.
const LONGEST_REASON: usize = 2000;

/// The same text without NUL.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The beginning of the same text, without NUL.
pub(super) fn shortened(text: &str) -> String {
    storable(&text[..text.floor_char_boundary(LONGEST_REASON)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_holds_no_nul_and_nothing_else_changes() {
        for (text, stored) in [("a\0b", "a\u{fffd}b"), ("", ""), ("a\tb\u{1b}", "a\tb\u{1b}")] {
            assert_eq!(storable(text), stored);
        }
        let long = "é\0".repeat(LONGEST_REASON);
        assert!(shortened(&long).len() <= LONGEST_REASON * 2);
        assert!(!shortened(&long).contains('\0'));
    }
}
