//! Text that a program wrote, made fit for messages and log lines.

/// `text` with control and format characters (line ends, escapes, NUL, changes of direction) escaped as in Rust, and cut
/// after `longest` bytes.
pub(super) fn escaped(text: &str, longest: usize) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => escaped.push(character),
            other => escaped.extend(other.escape_debug()),
        }
        if escaped.len() > longest {
            escaped.truncate(escaped.floor_char_boundary(longest));
            break;
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_text_holds_no_character_that_changes_what_stands_around_it() {
        let rows = [
            ("File \"a.py\", it's", "File \"a.py\", it's"),
            ("one\ntwo\r", "one\\ntwo\\r"),
            ("\0\u{1b}[31m\u{202e}\u{9b}", "\\0\\u{1b}[31m\\u{202e}\\u{9b}"),
            ("é€", "é€"),
        ];
        for (text, expected) in rows {
            assert_eq!(escaped(text, 100), expected);
        }
        assert_eq!(escaped(&"é".repeat(100), 7), "ééé");
    }
}
