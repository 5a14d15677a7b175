//! Typed reading of a map in a YAML file. Its errors name file, line, key and what is expected.

use std::path::Path;

use crate::counted::counted;
use crate::nearest::did_you_mean;
use crate::problem::yaml::node::{Entry, Node, Value};
use crate::problem::{PackageError, Warning};

/// Numbers beyond this are a mistake of the author.
const BEYOND_REASON: f64 = 1e9;

/// Words of a list, and bytes of all of them, at most.
const MOST_WORDS: usize = 1024;
const MOST_WORD_BYTES: usize = 64 << 10;

/// A map in a YAML file.
#[derive(Debug, Clone)]
pub(in crate::problem) struct Map<'a> {
    path: &'a Path,
    /// What leads to its keys, such as `limits.`.
    prefix: String,
    entries: &'a [Entry],
}

impl<'a> Map<'a> {
    /// The top level of a file.
    pub(in crate::problem) fn new(path: &'a Path, entries: &'a [Entry]) -> Self {
        Self {
            path,
            prefix: String::new(),
            entries,
        }
    }

    /// The map behind a key. A key with nothing behind it counts as absent.
    pub(in crate::problem) fn map_at(&self, key: &str) -> Result<Option<Self>, PackageError> {
        match self.get(key).map(|node| &node.value) {
            None | Some(Value::Nothing) => Ok(None),
            Some(Value::Map(entries)) => Ok(Some(self.below(key, entries))),
            Some(_) => Err(self.expected(key, "a map of keys and values")),
        }
    }

    /// All maps in it.
    pub(in crate::problem) fn maps(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let entries: &'a [Entry] = self.entries;
        let maps = entries.iter().filter_map(|entry| match &entry.node.value {
            Value::Map(inner) => Some((entry.key.as_str(), inner)),
            _ => None,
        });
        maps.map(|(key, inner)| (key, self.below(key, inner)))
    }

    /// A text; numbers and truth values count as the text that they are written with.
    pub(in crate::problem) fn text(&self, key: &str) -> Result<Option<&'a str>, PackageError> {
        match self.get(key).map(|node| &node.value) {
            None | Some(Value::Nothing) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.expected(key, "a text")),
        }
    }

    /// A list of texts, or one text that is split at white space.
    pub(in crate::problem) fn words(&self, key: &str) -> Result<Option<Vec<String>>, PackageError> {
        match self.get(key).map(|node| &node.value) {
            None | Some(Value::Nothing) => Ok(None),
            Some(Value::Text(text)) => {
                let words = text.split_whitespace().map(str::to_owned);
                self.within_bounds(key, words.collect()).map(Some)
            }
            Some(Value::List(items)) => self.within_bounds(key, self.texts(key, items)?).map(Some),
            Some(Value::Map(_)) => Err(self.expected(key, "a text or a list of texts")),
        }
    }

    /// Arguments for a program: a list, or a text in which quotes hold words together as in a shell.
    pub(in crate::problem) fn arguments(&self, key: &str) -> Result<Option<Vec<String>>, PackageError> {
        match self.get(key).map(|node| &node.value) {
            Some(Value::Text(text)) => {
                let expected = "words of a shell, with every quote closed and no backslash at the end";
                let arguments = shlex::split(text).ok_or_else(|| self.expected(key, expected))?;
                self.within_bounds(key, arguments).map(Some)
            }
            _ => self.words(key),
        }
    }

    /// Flags of the legacy format: arguments, but where a quote stays open, what stands between white space. Kattis'
    /// problemtools split all of them so.
    pub(in crate::problem) fn flags(
        &self,
        key: &str,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<Vec<String>>, PackageError> {
        match self.get(key).map(|node| &node.value) {
            Some(Value::Text(text)) if shlex::split(text).is_none() => {
                let message = format!(
                    "{}{key} has a quote that is not closed, or ends with a backslash: it is split at white space",
                    self.prefix
                );
                warnings.push(self.warning(key, message));
                self.words(key)
            }
            _ => self.arguments(key),
        }
    }

    /// A truth value.
    pub(in crate::problem) fn boolean(&self, key: &str) -> Result<Option<bool>, PackageError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let truth = truth_of(text);
        truth.map(Some).ok_or_else(|| self.expected(key, "true or false"))
    }

    /// A number.
    pub(in crate::problem) fn number(&self, key: &str) -> Result<Option<f64>, PackageError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Some).ok_or_else(|| self.expected(key, "a number"))
    }

    /// A number above zero; `example` says what it is and shows one.
    pub(in crate::problem) fn positive(&self, key: &str, example: &str) -> Result<Option<f64>, PackageError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let within = |number: &f64| *number > 0.0 && *number < BEYOND_REASON;
        let number = text.trim().parse().ok().filter(within);
        number.map(Some).ok_or_else(|| self.expected(key, example))
    }

    /// Numbers in a list, or a single one.
    pub(in crate::problem) fn numbers(&self, key: &str) -> Result<Option<Vec<f64>>, PackageError> {
        let Some(words) = self.words(key)? else {
            return Ok(None);
        };
        let numbers: Result<_, _> = words.iter().map(|word| word.parse()).collect();
        numbers
            .map(Some)
            .map_err(|_no_number| self.expected(key, "a number, or a list of numbers"))
    }

    /// Whether there is a key, be there a value or not.
    pub(in crate::problem) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The keys, in order.
    pub(in crate::problem) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// The text behind each key, in order.
    pub(in crate::problem) fn texts_by_key(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.entries.iter().filter_map(|entry| match &entry.node.value {
            Value::Text(text) => Some((entry.key.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// Warnings about keys that the format does not know: most often a slip of the pen.
    pub(in crate::problem) fn unknown_keys(&self, known: &[&str]) -> Vec<Warning> {
        let is_unknown = |entry: &&Entry| !known.contains(&entry.key.as_str());
        let warning = |entry: &Entry| {
            let meant = did_you_mean(&entry.key, known);
            let message = format!(
                "the key {}{} is unknown and has no effect{meant}",
                self.prefix, entry.key
            );
            Warning::at(self.path, Some(entry.line), message)
        };
        self.entries.iter().filter(is_unknown).map(warning).collect()
    }

    /// `limits.time_limit is "2 s", expected a number`
    pub(in crate::problem) fn expected(&self, key: &str, expected: &str) -> PackageError {
        let found = match self.get(key).map(|node| &node.value) {
            Some(Value::Text(text)) => format!("is {:?}", shortened(text)),
            Some(Value::List(_)) => "is a list".to_owned(),
            Some(Value::Map(_)) => "is a map".to_owned(),
            Some(Value::Nothing) | None => "is missing".to_owned(),
        };
        self.invalid(key, format!("{}{key} {found}, expected {expected}", self.prefix))
    }

    /// A complaint at the line of the key.
    pub(in crate::problem) fn invalid(&self, key: &str, message: impl Into<String>) -> PackageError {
        PackageError::at(self.path, self.line(key), message)
    }

    /// A warning at the line of the key.
    pub(in crate::problem) fn warning(&self, key: &str, message: impl Into<String>) -> Warning {
        Warning::at(self.path, self.line(key), message)
    }

    /// A warning about the whole file.
    pub(in crate::problem) fn file_warning(&self, message: impl Into<String>) -> Warning {
        Warning::new(self.path, message)
    }

    /// The line of a key.
    pub(in crate::problem) fn line(&self, key: &str) -> Option<u64> {
        self.entry(key).map(|entry| entry.line)
    }

    fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn below(&self, key: &str, entries: &'a [Entry]) -> Self {
        Self {
            path: self.path,
            prefix: format!("{}{key}.", self.prefix),
            entries,
        }
    }

    fn within_bounds(&self, key: &str, words: Vec<String>) -> Result<Vec<String>, PackageError> {
        match beyond_bounds(&words) {
            Some(complaint) => Err(self.invalid(key, format!("{}{key} {complaint}", self.prefix))),
            None => Ok(words),
        }
    }

    fn texts(&self, key: &str, items: &[Node]) -> Result<Vec<String>, PackageError> {
        let text = |item: &Node| match &item.value {
            Value::Text(text) => Ok(text.clone()),
            _ => {
                let message = format!("{}{key} holds something else than texts", self.prefix);
                Err(PackageError::at(self.path, Some(item.line), message))
            }
        };
        items.iter().map(text).collect()
    }
}

/// What is wrong with words that may become arguments of a program, of which the kernel takes so many and none with a NUL
/// (`execve(2)`).
pub(in crate::problem) fn beyond_bounds(words: &[String]) -> Option<String> {
    let bytes: usize = words.iter().map(String::len).sum();
    if words.iter().any(|word| word.contains('\0')) {
        return Some("holds a NUL, which no argument of a program can".to_owned());
    }
    (words.len() > MOST_WORDS || bytes > MOST_WORD_BYTES).then(|| {
        format!(
            "is too long: {} with {bytes} bytes together, at most {MOST_WORDS} with {MOST_WORD_BYTES} are allowed",
            counted(words.len() as u64, "word", "words")
        )
    })
}

/// A truth value in YAML 1.1, by which PyYAML reads, and 1.2; `None` is another text.
pub(in crate::problem) fn truth_of(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}
