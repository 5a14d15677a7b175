//! Text of strangers on a terminal: control characters must not reach it.

/// Makes every control character but line ends and tabs visible, so that no escape sequence is obeyed.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            // Those that turn the direction of writing can make a text look like another one.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => shown.extend(character.escape_unicode()),
            control if control.is_control() => shown.extend(control.escape_default()),
            other => shown.push(other),
        }
    }
    shown
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

/// A time for people, such as `0.08 s`.
#[expect(clippy::cast_precision_loss, reason = "milliseconds are shown")]
pub(super) fn seconds(ms: u64) -> String {
    format!("{:.3} s", ms as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(harmless("a\x1b[31mred\r\n\u{202e}x"), "a\\u{1b}[31mred\\r\n\\u{202e}x");
    }
}
