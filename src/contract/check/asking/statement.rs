//! What one line reads and what it binds.

use std::collections::HashSet;

use crate::contract::check::asking::names::{is_keyword, is_module};
use crate::contract::check::asking::words::Word;

/// Names of a line. A name that may be read is taken for read.
#[derive(Debug, Default)]
pub(super) struct Statement<'a> {
    pub(super) reads: Vec<&'a str>,
    /// Those of modules of Python whose attributes are read.
    pub(super) modules: Vec<&'a str>,
    /// From the next line on they are the text's own.
    pub(super) binds: Vec<&'a str>,
    /// Names of a function that are those of the module.
    pub(super) globals: Vec<&'a str>,
}

impl<'a> Statement<'a> {
    pub(super) fn of(words: &[Word<'a>]) -> Self {
        match words {
            [Word::Name("import"), rest @ ..] => Self::of_import(rest, true),
            [Word::Name("from"), Word::Name(module), rest @ ..] => {
                let imported = rest.iter().position(|word| *word == Word::Name("import"));
                let mut statement = Self::of_import(&rest[imported.map_or(rest.len(), |at| at + 1)..], false);
                // What another module may be is not known.
                statement.reads = if is_module(module) { Vec::new() } else { vec![*module] };
                statement
            }
            [Word::Name("global"), rest @ ..] => Self {
                globals: rest.iter().filter_map(name).collect(),
                ..Self::default()
            },
            _ => Self::of_expressions(words),
        }
    }

    /// `import a.b as c, d`, or what stands behind `from a import`.
    fn of_import(words: &[Word<'a>], are_modules: bool) -> Self {
        let mut statement = Self::default();
        for part in words.split(|word| *word == Word::Sign(",")) {
            let names: Vec<&str> = part.iter().filter_map(name).collect();
            if let ([first, ..], [.., last]) = (&names[..], &names[..]) {
                statement.binds.push(if names.contains(&"as") { last } else { first });
                if are_modules && !is_module(first) {
                    statement.reads.push(first);
                }
            }
        }
        statement
    }

    fn of_expressions(words: &[Word<'a>]) -> Self {
        let mut statement = Self::default();
        let targets = targets(words);
        let mut own: HashSet<&str> = HashSet::new();
        let (mut depth, mut is_target_of_for, mut is_parameter) = (0_usize, false, false);
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let behind = words.get(at + 1);
            match word {
                Word::Sign("(" | "[" | "{") => depth += 1,
                Word::Sign(")" | "]" | "}") => depth = depth.saturating_sub(1),
                Word::Sign(":") => is_parameter = false,
                Word::Name("for") => is_target_of_for = true,
                Word::Name("in") => is_target_of_for = false,
                Word::Name("lambda") => is_parameter = true,
                Word::Name(name) if !is_keyword(name) && before != Some(&Word::Sign(".")) => {
                    let is_named = behind == Some(&Word::Sign("=")) && depth > 0;
                    let is_bound = behind == Some(&Word::Sign(":=")) || before == Some(&Word::Name("as"));
                    let begins = matches!(before, Some(Word::Name("lambda") | Word::Sign("," | "*")));
                    if is_parameter && begins || is_target_of_for && depth > 0 {
                        own.insert(name);
                    } else if is_target_of_for || is_bound || targets.contains(&at) {
                        statement.binds.push(name);
                    } else if is_module(name) && behind == Some(&Word::Sign(".")) {
                        statement.modules.push(name);
                    } else if !is_named {
                        statement.reads.push(name);
                    }
                }
                Word::Name(_) | Word::Constant | Word::Sign(_) => {}
            }
        }
        statement.reads.retain(|name| !own.contains(name));
        statement
    }
}

fn name<'a>(word: &Word<'a>) -> Option<&'a str> {
    match word {
        Word::Name(name) => Some(name),
        Word::Constant | Word::Sign(_) => None,
    }
}

/// The places of names that an assignment binds. A name that is called, indexed or whose attribute is set is none.
fn targets(words: &[Word<'_>]) -> HashSet<usize> {
    let mut subscripts = 0_usize;
    let mut places = HashSet::new();
    for (at, word) in words.iter().enumerate().take(end_of_targets(words)) {
        match word {
            Word::Sign("[") => subscripts += 1,
            Word::Sign("]") => subscripts = subscripts.saturating_sub(1),
            Word::Name(_) if subscripts == 0 && !matches!(words.get(at + 1), Some(Word::Sign("(" | "[" | "."))) => {
                places.insert(at);
            }
            _ => {}
        }
    }
    places
}

/// The place of the last `=` of an assignment, else 0.
fn end_of_targets(words: &[Word<'_>]) -> usize {
    if matches!(words, [Word::Name(_), Word::Sign(":"), ..]) {
        return 1;
    }
    let (mut depth, mut end) = (0_usize, 0);
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign("(" | "[" | "{") => depth += 1,
            Word::Sign(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Word::Sign("=") if depth == 0 => end = at,
            Word::Name("lambda") => break,
            _ => {}
        }
    }
    end
}
