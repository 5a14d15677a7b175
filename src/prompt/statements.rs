//! A text of Python as statements that are not indented, and how a line of it is told from prose.

use crate::imports::is_of_word;

/// A statement that is not indented, with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Import,
    Function(&'a str),
    Class(&'a str),
    Constant(&'a str),
    Other,
}

impl<'a> Statement<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        // Decorators stand in front of what they decorate.
        let mut lines = text.lines().skip_while(|line| line.starts_with('@'));
        let head = lines.next().unwrap_or_default();
        let head = head.strip_prefix("async ").unwrap_or(head);
        let kind = match head.split_once(' ') {
            Some(("def", rest)) => Kind::Function(word(rest)),
            Some(("class", rest)) => Kind::Class(word(rest)),
            Some(("import", _)) => Kind::Import,
            // Prose begins with this word, too.
            Some(("from", rest)) if rest.contains(" import") || rest.ends_with('\\') => Kind::Import,
            _ => constant(head).map_or(Kind::Other, Kind::Constant),
        };
        Self { kind, text }
    }

    pub(super) fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Function(name) | Kind::Class(name) | Kind::Constant(name) => Some(name),
            Kind::Import | Kind::Other => None,
        }
    }

    /// Whether it is more than a head that a completion goes on with.
    pub(super) fn is_whole(&self) -> bool {
        let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let last = self.text.lines().rfind(code).unwrap_or_default();
        !last.trim_end().ends_with(':') && !self.text.contains("__future__")
    }

    /// An import of several lines. Those of `__future__` stand first in a program, or nowhere.
    pub(super) fn is_long_import(&self) -> bool {
        self.is_import() && self.is_continued()
    }

    /// The line of an import that takes one.
    pub(super) fn short_import(&self) -> Option<&'a str> {
        (self.is_import() && !self.is_continued()).then(|| self.first_line())
    }

    fn is_import(&self) -> bool {
        self.kind == Kind::Import && !self.text.contains("__future__")
    }

    fn is_continued(&self) -> bool {
        self.first_line().contains('(') || self.first_line().ends_with('\\')
    }

    fn first_line(&self) -> &'a str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split('#').next().unwrap_or_default().trim_end()
    }

    /// Whether it may be a sentence.
    pub(super) fn is_prose(&self) -> bool {
        self.kind == Kind::Other && !looks_like_code(self.text)
    }
}

fn word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|each: char| !is_of_word(each)).unwrap_or(text.len());
    &text[..end]
}

/// The name in `name = value` and `name: type = value`.
fn constant(line: &str) -> Option<&str> {
    let name = word(line);
    let rest = line[name.len()..].trim_start();
    let is_given = rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with(':') && rest.contains('=');
    (!name.is_empty() && line.starts_with(name) && is_given).then_some(name)
}

/// Words that statements begin with, beside imports and definitions.
const KEYWORDS: &str = "assert async await break continue del elif else except finally for global if lambda nonlocal not pass \
raise return try while with yield";

/// Whether the first line of a text is one of Python, as far as that can be told from sentences of models and of prompts.
pub(crate) fn looks_like_code(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let is_indented = line.starts_with([' ', '\t']);
    let line = line.trim();
    let first = word(line);
    let rest = line.trim_start_matches(|each| is_of_word(each) || each == '.');
    let is_assigned = ["=", "+=", "-=", "*=", "|="]
        .iter()
        .any(|sign| rest.trim_start().starts_with(sign));
    Statement::of(line).kind != Kind::Other
        || KEYWORDS.split_ascii_whitespace().any(|keyword| keyword == first)
        || !first.is_empty()
            && (rest.starts_with(['(', '[']) || is_assigned || rest.starts_with(',') && rest.contains(" = "))
        || line.starts_with(['"', '\'', '@'])
        || is_indented && line.starts_with('#')
}

/// The statements of a text that are not indented, in order. What stands before the first one is in none. A fence of
/// Markdown is one, since what it encloses is no beginning of a program.
pub(super) fn statements(code: &str) -> Vec<Statement<'_>> {
    let mut begins = Vec::new();
    let mut open = Open::default();
    let (mut offset, mut is_decorated) = (0, false);
    for line in code.split_inclusive('\n') {
        if open.is_nothing() && (line.starts_with(|first: char| is_of_word(first) || first == '@') || is_fence(line)) {
            let goes_on = ["else", "elif", "except", "finally"].contains(&word(line));
            if !goes_on && !is_decorated {
                begins.push(offset);
            }
            is_decorated = line.starts_with('@');
        }
        open.pass(line);
        offset += line.len();
    }
    let ends = begins.iter().skip(1).copied().chain([code.len()]);
    begins
        .iter()
        .zip(ends)
        .map(|(begin, end)| Statement::of(&code[*begin..end]))
        .collect()
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

/// What was begun in the lines before, and has not ended.
#[derive(Debug, Default)]
struct Open {
    quote: Option<&'static str>,
    brackets: usize,
    is_continued: bool,
}

impl Open {
    fn is_nothing(&self) -> bool {
        self.quote.is_none() && self.brackets == 0 && !self.is_continued
    }

    fn pass(&mut self, line: &str) {
        let mut rest = line;
        self.is_continued = false;
        while let Some(first) = rest.chars().next() {
            let mut length = first.len_utf8();
            match (self.quote, first) {
                (_, '\\') => {
                    let next = rest[length..].chars().next();
                    length += next.map_or(0, char::len_utf8);
                    self.is_continued = self.quote.is_none() && next.is_some_and(|next| next == '\n' || next == '\r');
                }
                (Some(quote), _) if rest.starts_with(quote) => {
                    length = quote.len();
                    self.quote = None;
                }
                (Some(quote), '\n') if quote.len() == 1 => self.quote = None,
                (Some(_), _) => {}
                (None, '#') => return,
                (None, '"' | '\'') => {
                    let quote = ["\"\"\"", "'''", "\"", "'"]
                        .into_iter()
                        .find(|quote| rest.starts_with(quote));
                    length = quote.map_or(length, str::len);
                    self.quote = quote;
                }
                (None, '(' | '[' | '{') => self.brackets += 1,
                (None, ')' | ']' | '}') => self.brackets = self.brackets.saturating_sub(1),
                (None, _) => {}
            }
            rest = &rest[length..];
        }
    }
}
