//! Escapes untrusted text for a terminal: control characters must not reach it.

use crate::telemetry::is_plain;

/// Makes every control character but line ends and tabs visible, so that no escape sequence is obeyed.
pub(in crate::cli) fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\n' | '\t') || is_plain(character) {
            shown.push(character);
        } else {
            shown.push_str(&escape_character(character));
        }
    }
    shown
}

/// The same on one line: text that is quoted behind a mark must not look like a line of its own.
pub(in crate::cli) fn escape_line(text: &str) -> String {
    escape(text).replace('\n', r"\n")
}

/// As Python writes it.
fn escape_character(character: char) -> String {
    match u32::from(character) {
        0x0d => r"\r".to_owned(),
        code @ ..0x100 => format!(r"\x{code:02x}"),
        code => format!(r"\u{code:04x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        let cases = [
            ("a\x1b[31mred\x07", r"a\x1b[31mred\x07"),
            ("one\r\ntwo\tthree\n", "one\\r\ntwo\tthree\n"),
            ("\u{9b}2J\0\x7f", r"\x9b2J\x00\x7f"),
            ("\u{202e}cba\u{200b}\u{2028}", r"\u202ecba\u200b\u2028"),
            ("naïve 日本語 🦀", "naïve 日本語 🦀"),
        ];
        for (text, shown) in cases {
            assert_eq!(escape(text), shown);
            assert_eq!(escape_line(text), shown.replace('\n', r"\n"));
        }
    }
}
