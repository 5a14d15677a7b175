//! The words of a text in Python, on its logical lines. What they mean together is seen elsewhere, and whether they are
//! Python at all where the text is run.

/// A word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// A name or a keyword.
    Name(&'a str),
    /// A number or a text.
    Constant,
    /// A sign, with the `=` behind it where there is one.
    Sign(&'a str),
}

/// What is one statement, or the beginning of one with a block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line<'a> {
    /// How far it is indented.
    pub(super) indent: usize,
    pub(super) words: Vec<Word<'a>>,
}

/// Signs that an `=` may belong to.
const BEFORE_EQUALS: &[u8] = b"=!<>+-*/%&|^@:";

/// How far a tab leads at most.
const TAB: usize = 8;

/// The lines that hold words; `None` where a text has no end on its line, so that it is no Python.
pub(super) fn lines(text: &str) -> Option<Vec<Line<'_>>> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        line: Line::default(),
        lines: Vec::new(),
    };
    reader.begin_line();
    while reader.at < text.len() {
        reader.step()?;
    }
    reader.end_line();
    Some(reader.lines)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Brackets that are open.
    depth: usize,
    line: Line<'a>,
    lines: Vec<Line<'a>>,
}

impl<'a> Reader<'a> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// What stands from `from` to here.
    fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn skip_while(&mut self, is_wanted: impl Fn(u8) -> bool) {
        while self.at < self.text.len() && is_wanted(self.byte(self.at)) {
            self.at += 1;
        }
    }

    fn begin_line(&mut self) {
        let mut indent = 0;
        loop {
            indent = match self.byte(self.at) {
                b' ' => indent + 1,
                b'\t' => (indent / TAB + 1) * TAB,
                b'\x0c' => 0,
                _ => break,
            };
            self.at += 1;
        }
        self.line.indent = indent;
    }

    fn end_line(&mut self) {
        let next = Line {
            indent: self.line.indent,
            words: Vec::new(),
        };
        let line = std::mem::replace(&mut self.line, next);
        if !line.words.is_empty() {
            self.lines.push(line);
        }
    }

    fn step(&mut self) -> Option<()> {
        let first = self.byte(self.at);
        match first {
            b'\n' => {
                self.at += 1;
                if self.depth == 0 {
                    self.end_line();
                    self.begin_line();
                }
            }
            b'#' => self.skip_while(|byte| byte != b'\n'),
            b'"' | b'\'' => self.quoted(false)?,
            b'\\' | b' ' | b'\t' | b'\r' | b'\x0c' => self.skip_space(first),
            b';' if self.depth == 0 => {
                self.at += 1;
                self.end_line();
            }
            _ if is_of_name(first) && !first.is_ascii_digit() => self.name()?,
            _ if first.is_ascii_digit() || first == b'.' && self.byte(self.at + 1).is_ascii_digit() => self.number(),
            _ => self.sign(first),
        }
        Some(())
    }

    /// A line that ends with a backslash goes on in the next one.
    fn skip_space(&mut self, first: u8) {
        self.at += 1;
        if first == b'\\' {
            self.skip_while(|byte| byte == b'\r');
            self.at += usize::from(self.byte(self.at) == b'\n');
        }
    }

    /// A name, or what stands before a text and says how it is written.
    fn name(&mut self) -> Option<()> {
        let from = self.at;
        self.skip_while(is_of_name);
        let name = self.since(from);
        let is_prefix = name.len() <= 2 && name.bytes().all(|byte| b"rbuftRBUFT".contains(&byte));
        if is_prefix && matches!(self.byte(self.at), b'"' | b'\'') {
            return self.quoted(name.bytes().any(|byte| b"ftFT".contains(&byte)));
        }
        self.line.words.push(Word::Name(name));
        Some(())
    }

    fn number(&mut self) {
        let from = self.at;
        while is_of_name(self.byte(self.at)) || self.byte(self.at) == b'.' || self.is_sign_of_exponent(from) {
            self.at += 1;
        }
        self.line.words.push(Word::Constant);
    }

    fn is_sign_of_exponent(&self, from: usize) -> bool {
        let number = self.since(from).as_bytes();
        let is_hexadecimal = matches!(number, [b'0', b'x' | b'X', ..]);
        matches!(self.byte(self.at), b'+' | b'-') && matches!(number.last(), Some(b'e' | b'E')) && !is_hexadecimal
    }

    fn sign(&mut self, first: u8) {
        let from = self.at;
        self.at += 1;
        match first {
            b'(' | b'[' | b'{' => self.depth += 1,
            b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ if BEFORE_EQUALS.contains(&first) && self.byte(self.at) == b'=' => self.at += 1,
            _ => {}
        }
        let sign = Word::Sign(self.since(from));
        self.line.words.push(sign);
    }

    /// A text. One with expressions in braces holds the names in these.
    fn quoted(&mut self, is_formatted: bool) -> Option<()> {
        let quote = self.byte(self.at);
        let is_long = self.byte(self.at + 1) == quote && self.byte(self.at + 2) == quote;
        let length = if is_long { 3 } else { 1 };
        self.at += length;
        let mut braces = 0_usize;
        loop {
            let next = *self.text.as_bytes().get(self.at)?;
            match next {
                b'\\' => self.at += 1,
                b'\n' if !is_long => return None,
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                _ if next == quote && (0..length).all(|more| self.byte(self.at + more) == quote) => break,
                _ if is_formatted && braces > 0 && is_of_name(next) => {
                    let from = self.at;
                    self.skip_while(is_of_name);
                    let name = Word::Name(self.since(from));
                    self.line.words.push(name);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at += length;
        self.line.words.push(Word::Constant);
        Some(())
    }
}

/// Letters beyond ASCII are of names, too.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(usize, Vec<&str>)> {
        let name = |word: &Word<'_>| match word {
            Word::Name(name) => Some(text.find(name).map_or("", |at| &text[at..at + name.len()])),
            Word::Constant | Word::Sign(_) => None,
        };
        let lines = lines(text).unwrap_or_default();
        lines
            .iter()
            .map(|line| (line.indent, line.words.iter().filter_map(name).collect()))
            .collect()
    }

    #[test]
    fn a_statement_is_a_line_whatever_it_is_written_on() {
        let text = "assert add(1,\n  2) == 3  # sum\n\nif x:\n\ty = '#\\'' \\\n  + z; f'{a!r} b'\n\"\"\"one\ntwo\"\"\"\n1e-9 .5j";
        let expected = [
            (0, vec!["assert", "add"]),
            (0, vec!["if", "x"]),
            (8, vec!["y", "z"]),
            (8, vec!["a", "r"]),
            (0, vec![]),
            (0, vec![]),
        ];
        assert_eq!(names(text), expected);
    }

    #[test]
    fn what_ends_in_the_middle_of_a_text_is_no_python() {
        for text in ["'", "'a\n'", "f'{", "\"\"\"\"", "'\\"] {
            assert_eq!(lines(text), None, "{text:?}");
        }
        for text in ["", "\n \t# only a comment", "\\\n"] {
            assert_eq!(lines(text), Some(Vec::new()), "{text:?}");
        }
    }
}
