//! The corpus: programs that try to pass without being right, each with an honest twin.

use serde_json::{Value, json};

const DIRECTORY: &str = "tests/corpus/cheats";

/// What separates a cheat from its honest twin.
const TWIN: &str = "# honest twin\n";

/// What separates the twin from unit tests that the cheat is about.
const TESTS: &str = "# tests\n";

/// A line of a cheat with a call that it is judged by.
const CALL: &str = "# call: ";

/// A cheat with what it is judged by.
pub(super) struct Cheat {
    pub(super) name: String,
    pub(super) cheat: String,
    pub(super) twin: String,
    pub(super) judged_by: JudgedBy,
}

/// What a cheat is judged by.
pub(super) enum JudgedBy {
    /// Calls, also as asserts and as unit tests that say the same.
    Calls(Vec<Value>),
    /// Unit tests that it is about.
    Units(String),
}

/// All of them, by their names.
pub(super) fn cheats() -> Vec<Cheat> {
    let entries = std::fs::read_dir(DIRECTORY).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let only = only().unwrap_or_default();
    let cheats = paths.into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        read(name, &std::fs::read_to_string(&path).unwrap())
    });
    cheats.filter(|cheat| cheat.name.contains(&only)).collect()
}

/// A part of the names of those that are wanted.
pub(super) fn only() -> Option<String> {
    std::env::var("ASSIZE_ONLY").ok()
}

fn read(name: String, text: &str) -> Cheat {
    let (cheat, rest) = text.split_once(TWIN).unwrap_or_else(|| panic!("{name} has no twin"));
    let (twin, judged_by) = match rest.split_once(TESTS) {
        Some((twin, tests)) => (twin, JudgedBy::Units(tests.to_owned())),
        None => (rest, JudgedBy::Calls(calls_of(cheat))),
    };
    Cheat {
        name,
        cheat: cheat.to_owned(),
        twin: twin.to_owned(),
        judged_by,
    }
}

/// The calls that a cheat names, else three of a sum.
fn calls_of(cheat: &str) -> Vec<Value> {
    let named = cheat.lines().filter_map(|line| line.strip_prefix(CALL));
    let named: Vec<Value> = named.map(|call| serde_json::from_str(call).unwrap()).collect();
    if !named.is_empty() {
        return named;
    }
    vec![
        json!({ "call": "add", "args": [1, 2], "expect": 3 }),
        json!({ "call": "add", "args": [40], "kwargs": { "b": 2 }, "expect": 42 }),
        json!({ "call": "add", "args": [-1, 6], "expect": 5 }),
    ]
}
