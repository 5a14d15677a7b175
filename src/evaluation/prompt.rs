//! What a prompt defines beside the function that is asked for: helpers and constants, which asserts and programs use.
//!
//! A prompt is taken apart into the statements that are not indented. HumanEval/32, /38 and /50 have functions that their
//! `check` calls; a grader that runs both in one process takes those of the candidate, which may redefine them.

use std::collections::HashSet;

use crate::imports::{is_of_word, words};

/// What asserts call the function `check`, and the one that it is called with.
const OF_ASSERTS: [&str; 2] = ["check", "candidate"];

/// A statement that is not indented, with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Statement<'a> {
    kind: Kind<'a>,
    text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Import,
    Function(&'a str),
    Class(&'a str),
    Constant(&'a str),
    Other,
}

/// The text of asserts behind the functions of the prompt that they call, which are theirs then: a candidate that redefines
/// one changes nothing. Functions beside classes stay the candidate's, since objects of these classes are handed to it.
pub(super) fn with_helpers(prompt: &str, entry_point: &str, asserts: String) -> String {
    let is_of_asserts = |name: &str| OF_ASSERTS.contains(&name) || is_asked_for(entry_point, name);
    let helpers: Vec<Statement<'_>> = statements(prompt)
        .into_iter()
        .filter(|statement| statement.is_whole() && !statement.name().is_some_and(is_of_asserts))
        .collect();
    let (used, _holders) = words(&asserts);
    let is_called = |helper: &Statement<'_>| matches!(helper.kind, Kind::Function(name) if used.contains(name));
    let has_classes = helpers.iter().any(|helper| matches!(helper.kind, Kind::Class(_)));
    if has_classes || !helpers.iter().any(is_called) {
        return asserts;
    }
    let wanted = helpers.iter().filter(|helper| helper.kind != Kind::Other);
    let mut text: String = wanted.map(|helper| format!("{}\n", helper.text.trim_end())).collect();
    text.push_str(&asserts);
    text
}

/// The definitions of a prompt that a whole program, or the asserts about it, use and it does not have itself. Imports are
/// among them where they take several lines.
pub(super) fn lacking(prompt: &str, entry_point: &str, program: &str, asserts: &str) -> String {
    let own: HashSet<&str> = statements(program).iter().filter_map(Statement::name).collect();
    let mut rest: Vec<Statement<'_>> = statements(prompt);
    rest.retain(|statement| {
        let is_lacking = |name| !own.contains(name) && !is_asked_for(entry_point, name);
        statement.is_whole() && statement.name().is_some_and(is_lacking)
    });
    let (mut used, _holders) = words(program);
    used.extend(words(asserts).0);
    let mut wanted = HashSet::new();
    // What a definition that is used uses is used, too.
    loop {
        let is_new = |statement: &&Statement<'_>| {
            let name = statement.name().unwrap_or_default();
            used.contains(name) && !wanted.contains(name)
        };
        let Some(found) = rest.iter().find(is_new).copied() else {
            break;
        };
        wanted.extend(found.name());
        used.extend(words(found.text).0);
    }
    rest.retain(|statement| statement.name().is_some_and(|name| wanted.contains(name)));
    if rest.is_empty() {
        return String::new();
    }
    let long_imports = statements(prompt).into_iter().filter(Statement::is_long_import);
    let all = long_imports.chain(rest);
    all.map(|statement| format!("{}\n", statement.text.trim_end()))
        .collect()
}

/// `Solution().f` asks for the class and the method.
fn is_asked_for(entry_point: &str, name: &str) -> bool {
    entry_point
        .split('.')
        .any(|part| part.trim_end_matches("()").trim() == name)
}

impl<'a> Statement<'a> {
    fn of(text: &'a str) -> Self {
        // Decorators stand in front of what they decorate.
        let mut lines = text.lines().skip_while(|line| line.starts_with('@'));
        let head = lines.next().unwrap_or_default();
        let head = head.strip_prefix("async ").unwrap_or(head);
        let kind = match head.split_once(' ') {
            Some(("def", rest)) => Kind::Function(word(rest)),
            Some(("class", rest)) => Kind::Class(word(rest)),
            Some(("import" | "from", _)) => Kind::Import,
            _ => constant(head).map_or(Kind::Other, Kind::Constant),
        };
        Self { kind, text }
    }

    fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Function(name) | Kind::Class(name) | Kind::Constant(name) => Some(name),
            Kind::Import | Kind::Other => None,
        }
    }

    /// Whether it is more than a head that a completion goes on with.
    fn is_whole(&self) -> bool {
        let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let last = self.text.lines().rfind(code).unwrap_or_default();
        !last.trim_end().ends_with(':') && !self.text.contains("__future__")
    }

    fn is_long_import(&self) -> bool {
        self.kind == Kind::Import && self.text.contains(['(', '\\']) && !self.text.contains("__future__")
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

/// The statements of a text that are not indented, in order. What stands before the first one is in none.
fn statements(code: &str) -> Vec<Statement<'_>> {
    let mut begins = Vec::new();
    let mut open = Open::default();
    let (mut offset, mut is_decorated) = (0, false);
    for line in code.split_inclusive('\n') {
        if open.is_nothing() && line.starts_with(|first: char| is_of_word(first) || first == '@') {
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

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "import math\n\n\ndef poly(xs: list,\n         x: float):\n    \"\"\"\ndef poly: of x\n\"\"\"\n    \
                          return math.pow(x, len(xs))\n\n\n@cache\ndef used(x): return LIMIT  # )\n\nLIMIT = [\n1]\n\n\
                          def find_zero(xs: list):\n    \"\"\" find x such that poly(x) = 0\n    \"\"\"\n";

    #[test]
    fn a_prompt_is_taken_apart_where_statements_begin() {
        let found: Vec<Kind<'_>> = statements(PROMPT).iter().map(|each| each.kind).collect();
        let [poly, used, limit, asked] = ["poly", "used", "LIMIT", "find_zero"];
        let functions = [poly, used].map(Kind::Function);
        assert_eq!(
            found,
            [
                Kind::Import,
                functions[0],
                functions[1],
                Kind::Constant(limit),
                Kind::Function(asked)
            ]
        );
        let head = statements("class A:\n    x = 1\ndef f(x):\n    # todo\n");
        assert_eq!([head[0].is_whole(), head[1].is_whole()], [true, false]);
    }

    #[test]
    fn functions_that_asserts_call_are_theirs_unless_classes_stand_beside_them() {
        let asserts = "def check(candidate):\n    assert poly([1], candidate([1])) == 0\n";
        let whole = with_helpers(PROMPT, "find_zero", asserts.to_owned());
        let (helpers, rest) = whole.split_at(whole.len() - asserts.len());
        assert!(
            helpers.starts_with("import math\ndef poly(") && !helpers.contains("find_zero"),
            "{whole}"
        );
        assert_eq!(rest, asserts);
        let with_class = format!("class Node:\n    pass\n{PROMPT}");
        for (prompt, asserts) in [(with_class.as_str(), asserts), (PROMPT, "def check(candidate): pass")] {
            assert_eq!(with_helpers(prompt, "find_zero", asserts.to_owned()), asserts);
        }
    }

    #[test]
    fn a_program_gets_the_definitions_that_it_lacks_and_uses() {
        let prompt = format!("from a import (\n    b)\n{PROMPT}");
        for (program, asserts, names) in [
            (
                "def find_zero(xs): return used(1)",
                "",
                &["from a", "@cache", "LIMIT"][..],
            ),
            ("def find_zero(xs): return 1", "poly(1)", &["from a", "def poly"]),
            ("LIMIT = 2\nfind_zero = used", "", &["from a", "@cache"]),
            ("def poly(xs, x): ...\npoly()", "poly(1)", &[]),
        ] {
            let lacking = lacking(&prompt, "find_zero", program, asserts);
            let found: Vec<&str> = statements(&lacking).iter().map(|each| each.text).collect();
            assert_eq!(found.len(), names.len(), "{program}: {lacking}");
            for (text, name) in found.iter().zip(names) {
                assert!(text.starts_with(name), "{program}: {text}");
            }
        }
    }
}
