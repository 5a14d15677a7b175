//! Text of strangers on a terminal: control characters must not reach it. Figures for people.

/// Makes every control character but line ends and tabs visible, so that no escape sequence is obeyed.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\n' | '\t') || !(character.is_control() || is_invisible(character)) {
            shown.push(character);
        } else {
            shown.push_str(&escaped(character));
        }
    }
    shown
}

/// Those that turn the direction of writing, or break lines unseen, can make a text look like another one.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// As Python writes it.
fn escaped(character: char) -> String {
    match u32::from(character) {
        0x0d => r"\r".to_owned(),
        code @ ..0x100 => format!(r"\x{code:02x}"),
        code => format!(r"\u{code:04x}"),
    }
}

/// A size for people, such as `9.1 MiB`.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// A time for people, such as `0.080 s`.
#[expect(clippy::cast_precision_loss, reason = "milliseconds are shown")]
pub(super) fn seconds(ms: u64) -> String {
    format!("{:.3} s", ms as f64 / 1000.0)
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
            assert_eq!(harmless(text), shown);
        }
    }
}
