//! Prompts of data sets that are code, as those of HumanEval: completions go on with them, and asserts and whole programs
//! use what they define beside the function that is asked for.
//!
//! A prompt is taken apart into the statements that are not indented. HumanEval/32, /38 and /50 have functions that their
//! `check` calls; a grader that runs both in one process takes those of the candidate, which may redefine them.

mod statements;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use crate::imports::{in_front, words};
pub(crate) use statements::looks_like_code;
use statements::{Kind, Statement, statements};

/// What asserts call the function `check`, and the one that it is called with.
const OF_ASSERTS: [&str; 2] = ["check", "candidate"];

/// A prompt that is code, and what it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    text: String,
    entry_point: String,
}

impl Prompt {
    /// A prompt that asks for this function or method, unless it is a description. LeetCodeDataset's have imports and
    /// helpers alone.
    pub(crate) fn new(text: String, entry_point: String) -> Option<Self> {
        let found = statements(&text);
        let is_named = |each: &Statement<'_>| each.name().is_some_and(|name| is_asked_for(&entry_point, name));
        let is_code = match found.iter().any(is_named) {
            true => !found.iter().any(Statement::is_prose),
            false => !found.is_empty() && found.iter().all(|each| each.kind != Kind::Other),
        };
        is_code.then_some(Self { text, entry_point })
    }

    /// The same where nothing names what is asked for: the last definition, if the asserts use it.
    pub(crate) fn of_asserts(text: String, asserts: &str) -> Option<Self> {
        let (used, _holders) = words(asserts);
        let last = statements(&text).pop();
        let is_definition = |each: &Statement<'_>| matches!(each.kind, Kind::Function(_) | Kind::Class(_));
        let name = last.filter(is_definition)?.name().filter(|name| used.contains(name))?;
        let entry_point = name.to_owned();
        Self::new(text, entry_point)
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text of asserts behind the functions of the prompt that they call, which are theirs then: a candidate that
    /// redefines one changes nothing. Functions beside classes stay the candidate's, since objects of these classes are handed
    /// to it.
    pub(crate) fn with_helpers(&self, asserts: String) -> String {
        let is_of_asserts = |name: &str| OF_ASSERTS.contains(&name) || is_asked_for(&self.entry_point, name);
        let helpers: Vec<Statement<'_>> = statements(&self.text)
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

    /// A whole program behind what it counts on: the imports of the prompt, and what else that defines and the program, or the
    /// asserts about it, use. Imports alone take one line.
    pub(crate) fn before(&self, program: &str, asserts: &str) -> String {
        let found = statements(&self.text);
        let imports: Vec<&str> = found.iter().filter_map(Statement::short_import).collect();
        let (imports, lacking) = (imports.join("; "), self.lacking(program, asserts));
        let front: Vec<&str> = [imports.as_str(), lacking.trim_end()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        match front.is_empty() {
            true => program.to_owned(),
            false => in_front(&[front.join("\n")], program),
        }
    }

    /// The definitions that a whole program, or the asserts about it, use and it does not have itself. Imports are among them
    /// where they take several lines.
    fn lacking(&self, program: &str, asserts: &str) -> String {
        let own: HashSet<&str> = statements(program).iter().filter_map(Statement::name).collect();
        let mut rest: Vec<Statement<'_>> = statements(&self.text);
        rest.retain(|statement| {
            let is_lacking = |name| !own.contains(name) && !is_asked_for(&self.entry_point, name);
            statement.is_whole() && statement.name().is_some_and(is_lacking)
        });
        let (mut used, _holders) = words(program);
        used.extend(words(asserts).0);
        let wanted = used_by(used, &rest);
        rest.retain(|statement| statement.name().is_some_and(|name| wanted.contains(name)));
        let long_imports = statements(&self.text).into_iter().filter(Statement::is_long_import);
        let all = long_imports.chain(rest);
        all.map(|statement| format!("{}\n", statement.text.trim_end()))
            .collect()
    }
}

/// Names of the definitions that are used, and of those that these use.
fn used_by<'a>(used: HashSet<&'a str>, definitions: &[Statement<'a>]) -> HashSet<&'a str> {
    let mut named: HashMap<&str, Vec<&Statement<'a>>> = HashMap::new();
    for each in definitions {
        named.entry(each.name().unwrap_or_default()).or_default().push(each);
    }
    let mut waiting: Vec<&str> = used.into_iter().collect();
    let mut wanted = HashSet::new();
    while let Some(name) = waiting.pop() {
        // What is taken out is looked into once.
        let defining = named.remove(name).unwrap_or_default();
        wanted.extend(defining.first().and_then(|each| each.name()));
        waiting.extend(defining.iter().flat_map(|each| words(each.text).0));
    }
    wanted
}

/// What a data set asks for, as the judge calls it: LeetCodeDataset writes `Solution().add`.
pub(crate) fn called(entry_point: &str) -> String {
    entry_point.replace("().", ".")
}

/// The function that a reference solution defines for asserts. It may be called like one of Python's own.
pub(crate) fn function_of(reference: &str, asserts: &str) -> Option<String> {
    let (used, _holders) = words(asserts);
    let name = |line: &str| Some(line.strip_prefix("def ")?.split('(').next()?.trim().to_owned());
    let mut defined = reference
        .lines()
        .filter_map(name)
        .filter(|name| used.contains(&name[..]));
    defined.next_back()
}

/// `Solution().f` asks for the class and the method.
fn is_asked_for(entry_point: &str, name: &str) -> bool {
    entry_point
        .split('.')
        .any(|part| part.trim_end_matches("()").trim() == name)
}
