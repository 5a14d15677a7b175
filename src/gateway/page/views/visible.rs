//! Text of others in HTML: nothing of it is taken for a tag, and what is not seen or steers is shown.
//!
//! Every value of a template goes through [`Visible`], see `askama.toml`. [`Output`] is for what programs print: it marks
//! what it shows in place of a character, so that a program that prints `\x1b` is told from one that prints an escape.

use std::fmt::{self, Write};
use std::ops::Range;

use askama::filters::Escaper;

use crate::telemetry::is_plain;

/// Most of an output that is shown, in bytes.
const MOST_SHOWN: usize = 64 << 10;

/// The escaper of all templates; right between tags and in quoted attributes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, mut into: W, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| match is_shown(c) {
            true => write_character(&mut into, c),
            false => write_code(&mut into, c),
        })
    }
}

/// What a program printed, or was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::gateway::page) struct Output {
    bytes: Vec<u8>,
    /// Where it differs from what it is compared with.
    marked: Range<usize>,
    /// Bytes of which these are the beginning.
    whole: u64,
}

/// What a page may still hold of outputs, in bytes of HTML: an output of a few bytes that are not seen is many.
#[derive(Debug)]
pub(in crate::gateway::page) struct PageRoom {
    left: usize,
    /// Outputs that did not fit.
    pub(in crate::gateway::page) cut: usize,
}

impl PageRoom {
    pub(in crate::gateway::page) fn of(bytes: usize) -> Self {
        Self { left: bytes, cut: 0 }
    }
}

impl Output {
    /// The beginning of these bytes, of `whole` in all.
    pub(in crate::gateway::page) fn of(bytes: &[u8], whole: u64) -> Self {
        let shown = match std::str::from_utf8(bytes) {
            Ok(text) => text.floor_char_boundary(MOST_SHOWN),
            Err(_binary) => bytes.len().min(MOST_SHOWN),
        };
        Self {
            bytes: bytes[..shown].to_vec(),
            marked: 0..0,
            whole,
        }
    }

    /// A note on its length.
    pub(in crate::gateway::page) fn note(&self) -> String {
        match (self.whole, self.bytes.len()) {
            (0, _) => "empty".to_owned(),
            (whole, 0) => format!("left out, {whole} bytes"),
            (whole, shown) if whole > shown as u64 => format!("the first {shown} of {whole} bytes"),
            _ => String::new(),
        }
    }

    /// Leaves out the end of it for which there is no room on the page.
    pub(in crate::gateway::page) fn fit(&mut self, room: &mut PageRoom) {
        // No byte is written as less than one.
        let most = self.bytes.len().min(room.left);
        let fits = |bytes: &usize| written_length(&self.bytes[..*bytes]) <= room.left;
        let length = if fits(&most) { most } else { longest(most, fits) };
        if length < self.bytes.len() {
            room.cut += 1;
            let valid = std::str::from_utf8(&self.bytes).map(|text| text.floor_char_boundary(length));
            self.bytes.truncate(valid.unwrap_or(length));
        }
        let end = self.bytes.len();
        self.marked = self.marked.start.min(end)..self.marked.end.min(end);
        room.left = room.left.saturating_sub(written_length(&self.bytes));
    }

    /// Marks in both the word at which they differ.
    pub(in crate::gateway::page) fn mark_difference(&mut self, other: &mut Self) {
        let same = self.bytes.iter().zip(&other.bytes).take_while(|(a, b)| a == b).count();
        if same == self.bytes.len() && same == other.bytes.len() {
            return;
        }
        let before = &self.bytes[..same];
        let start = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
        self.marked = word_at(&self.bytes, start);
        other.marked = word_at(&other.bytes, start);
    }

    pub(in crate::gateway::page) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The largest number below `most` that fits, where every smaller one does too.
fn longest(most: usize, fits: impl Fn(&usize) -> bool) -> usize {
    let (mut fitting, mut not) = (0, most);
    while not - fitting > 1 {
        let middle = fitting.midpoint(not);
        if fits(&middle) {
            fitting = middle;
        } else {
            not = middle;
        }
    }
    fitting
}

/// How long bytes are in HTML.
fn written_length(bytes: &[u8]) -> usize {
    struct Counted(usize);
    impl Write for Counted {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut counted = Counted(0);
    write_bytes(&mut counted, bytes).map_or(usize::MAX, |()| counted.0)
}

/// From here to the end of the word.
fn word_at(bytes: &[u8], start: usize) -> Range<usize> {
    let rest = bytes.get(start..).unwrap_or_default();
    // A word that has ended already: what comes in its place is marked, the end of a line too.
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let word = rest[blank..]
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    start..start + blank + word
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.marked;
        write_bytes(f, &self.bytes[..start])?;
        if start < end {
            f.write_str("<mark>")?;
            write_bytes(f, &self.bytes[start..end])?;
            f.write_str("</mark>")?;
        }
        write_bytes(f, &self.bytes[end..])
    }
}

/// Escaped for HTML, with one mark around all that is shown in place of characters or bytes that follow each other.
fn write_bytes(into: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    let mut is_marked = false;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            mark(into, &mut is_marked, !is_shown(c))?;
            match is_marked {
                true => write_code(into, c)?,
                false => write_character(into, c)?,
            }
        }
        for byte in chunk.invalid() {
            mark(into, &mut is_marked, true)?;
            write!(into, "\\x{byte:02x}")?;
        }
    }
    mark(into, &mut is_marked, false)
}

/// Begins or ends a mark, where it has not.
fn mark(into: &mut impl Write, is_marked: &mut bool, is_wanted: bool) -> fmt::Result {
    if std::mem::replace(is_marked, is_wanted) == is_wanted {
        return Ok(());
    }
    into.write_str(if is_wanted { "<span class=\"ctl\">" } else { "</span>" })
}

/// Whether it is shown as it is.
pub(super) fn is_shown(c: char) -> bool {
    matches!(c, '\n' | '\t') || is_plain(c)
}

fn write_character(into: &mut impl Write, c: char) -> fmt::Result {
    match c {
        '<' => into.write_str("&lt;"),
        '>' => into.write_str("&gt;"),
        '&' => into.write_str("&amp;"),
        '"' => into.write_str("&quot;"),
        '\'' => into.write_str("&#39;"),
        other => into.write_char(other),
    }
}

/// As Python writes it.
fn write_code(into: &mut impl Write, c: char) -> fmt::Result {
    match u32::from(c) {
        0x0d => into.write_str("\\r"),
        code @ ..0x100 => write!(into, "\\x{code:02x}"),
        code @ ..0x1_0000 => write!(into, "\\u{code:04x}"),
        code => write!(into, "\\U{code:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_text_and_what_is_not_seen_is_shown() {
        let cases: [(&[u8], &str); 6] = [
            (
                b"<script>alert('x')</script>",
                "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
            ),
            (b"\x1b[31mred", "<span class=\"ctl\">\\x1b</span>[31mred"),
            ("a\u{202e}b".as_bytes(), "a<span class=\"ctl\">\\u202e</span>b"),
            (b"one\r\n\ttwo", "one<span class=\"ctl\">\\r</span>\n\ttwo"),
            (b"a\xff\xfe&", "a<span class=\"ctl\">\\xff\\xfe</span>&amp;"),
            ("naïve 日本語 🦀".as_bytes(), "naïve 日本語 🦀"),
        ];
        for (printed, shown) in cases {
            assert_eq!(Output::of(printed, printed.len() as u64).to_string(), shown);
        }
    }

    #[test]
    fn a_page_has_room_for_so_much_whatever_is_printed() {
        let kinds: [&[u8]; 5] = [b"\0", b"a\0", b"\"", b"\xff", "\u{e0001}x".as_bytes()];
        for kind in kinds {
            let printed = kind.repeat(MOST_SHOWN / kind.len());
            let mut room = PageRoom::of(100_000);
            let mut outputs = vec![Output::of(&printed, printed.len() as u64); 5];
            outputs.iter_mut().for_each(|output| output.fit(&mut room));
            let written: usize = outputs.iter().map(|output| output.to_string().len()).sum();
            assert!((99_950..=100_000).contains(&written), "{kind:?}: {written}");
            assert!(room.cut >= 3, "{kind:?}: {room:?}");
            assert!(!outputs[4].note().is_empty(), "{kind:?}: what is missing is said");
        }
    }

    #[test]
    fn the_first_word_that_differs_is_marked_on_both_sides() {
        let cases = [
            ("1 2 3\n", "1 25 3\n", "1 <mark>2</mark> 3\n", "1 <mark>25</mark> 3\n"),
            ("<b>\n", "<i>\n", "<mark>&lt;b&gt;</mark>\n", "<mark>&lt;i&gt;</mark>\n"),
            ("1\n", "1\n2\n", "1\n", "1\n<mark>2</mark>\n"),
            ("", "x", "", "<mark>x</mark>"),
            ("same\n", "same\n", "same\n", "same\n"),
        ];
        for (one, other, marked_one, marked_other) in cases {
            let mut one = Output::of(one.as_bytes(), 9);
            let mut other = Output::of(other.as_bytes(), 9);
            one.mark_difference(&mut other);
            assert_eq!(
                (one.to_string(), other.to_string()),
                (marked_one.to_owned(), marked_other.to_owned())
            );
        }
    }
}
