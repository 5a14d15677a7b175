//! Log lines quote what programs, packages and sites wrote. None of it may look like another line, or steer a terminal.

use std::borrow::Cow;
use std::fmt;
use std::io;

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// The same text on one line, with a visible escape for each character that a terminal would obey or not show.
pub fn escape_line(text: &str) -> Cow<'_, str> {
    escape(text, |c| c == '\t' || is_plain(c))
}

/// The same JSON text, with `\u` escapes for characters that JSON allows and a terminal would obey. JSON has them in strings
/// only, so the document means the same.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    escape(json, |c| matches!(c, '\n' | '\r' | '\t') || is_plain(c))
}

fn escape(text: &str, is_kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(&is_kept) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_kept(character) {
            shown.push(character);
        } else {
            // Two units for what is beyond the first plane, as JSON wants it.
            for unit in character.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Cow::Owned(shown)
}

/// Neither a control character, nor one that turns the direction of writing or is not seen.
pub fn is_plain(c: char) -> bool {
    let is_invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !is_invisible
}

/// Writes the fields of a line, each value escaped.
#[derive(Debug)]
pub(super) struct EscapedFields;

impl<'w> FormatFields<'w> for EscapedFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = EscapingVisitor {
            writer,
            is_first: true,
            result: Ok(()),
        };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct EscapingVisitor<'w> {
    writer: Writer<'w>,
    is_first: bool,
    result: fmt::Result,
}

impl EscapingVisitor<'_> {
    fn write(&mut self, field: &Field, value: &str) -> fmt::Result {
        if !std::mem::replace(&mut self.is_first, false) {
            self.writer.write_char(' ')?;
        }
        match field.name() {
            "message" => {}
            name if self.writer.has_ansi_escapes() => write!(self.writer, "\x1b[3m{name}\x1b[0m\x1b[2m=\x1b[0m")?,
            name => write!(self.writer, "{name}=")?,
        }
        self.writer.write_str(&escape_line(value))
    }
}

impl Visit for EscapingVisitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if self.result.is_ok() {
            self.result = self.write(field, &format!("{value:?}"));
        }
    }
}

/// Standard error for lines of JSON.
#[derive(Debug)]
pub(super) struct EscapedJson;

impl io::Write for EscapedJson {
    /// A line comes in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(escape_json(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const FORGED: &str = "x\r\n2026 ERROR forged \x1b[2J\0\u{9b}31m\u{202e}\u{e0041}";

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no test panicked").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whatever_a_field_holds_an_event_is_one_line_that_a_terminal_does_not_obey() {
        let memory = Memory::default();
        let writer = memory.clone();
        let lines = tracing_subscriber::fmt()
            .with_ansi(false)
            .fmt_fields(EscapedFields)
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(lines.finish(), || {
            let span = tracing::info_span!("submission", name = %FORGED);
            let _inside = span.enter();
            tracing::info!(text = FORGED, shown = %FORGED, debugged = ?FORGED, "message {FORGED}");
        });
        let written = String::from_utf8(memory.0.lock().expect("no test panicked").clone()).expect("lines are UTF-8");
        assert_eq!(written.matches('\n').count(), 1, "{written}");
        assert!(written.ends_with('\n'));
        assert!(written.trim_end().chars().all(is_plain), "{written:?}");
        assert_eq!(written.matches("forged").count(), 5, "nothing is lost: {written}");
    }

    #[test]
    fn json_means_the_same_and_holds_no_character_that_a_terminal_obeys() {
        let json = serde_json::json!({ "text": FORGED, "nested": [FORGED, "naïve 日本語 🦀"] });
        let written = serde_json::to_string_pretty(&json).expect("it is JSON");
        let escaped = escape_json(&written);
        assert!(escaped.chars().all(|c| c == '\n' || is_plain(c)), "{escaped:?}");
        let read: serde_json::Value = escaped.parse().expect("it is still JSON");
        assert_eq!(read, json);
        assert_eq!(escape_json("naïve 日本語 🦀"), "naïve 日本語 🦀");
    }
}
