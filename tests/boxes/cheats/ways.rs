//! The ways in which a program is held against what a cheat is judged by.

use assize::config::Startup;
use assize::contract::{Submission, Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::read;
use crate::cheats::as_code::{asserts, check, module};
use crate::cheats::corpus::{Cheat, JudgedBy};

/// What separates a module of tests from its `conftest.py`.
const CONFTEST: &str = "# conftest.py\n";

/// How the tests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tests {
    /// Calls, with `call_options.processes`.
    Calls(&'static str),
    Asserts,
    Pytest,
}

/// A way to grade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) tests: Tests,
    /// How a program is started.
    pub(super) startup: Startup,
}

/// All ways. The first of them is that of every cheat in the short run, if the cheat is judged that way.
pub(super) const WAYS: [Way; 10] = [
    way(Tests::Calls("each"), Startup::Fork),
    way(Tests::Calls("each"), Startup::Exec),
    way(Tests::Calls("forks"), Startup::Fork),
    way(Tests::Calls("forks"), Startup::Exec),
    way(Tests::Calls("one"), Startup::Fork),
    way(Tests::Calls("one"), Startup::Exec),
    way(Tests::Asserts, Startup::Fork),
    way(Tests::Asserts, Startup::Exec),
    way(Tests::Pytest, Startup::Fork),
    way(Tests::Pytest, Startup::Exec),
];

const fn way(tests: Tests, startup: Startup) -> Way {
    Way { tests, startup }
}

impl Way {
    /// Whether a cheat is judged in this way. One that is about unit tests brings no others.
    pub(super) fn is_of(self, cheat: &Cheat) -> bool {
        matches!(cheat.judged_by, JudgedBy::Calls(_)) || self.tests == Tests::Pytest
    }

    /// A program that is held against what `cheat` is judged by.
    pub(super) fn submission(self, cheat: &Cheat, program: &str) -> Submission {
        let mut message = json!({
            "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
            "files": [{ "name": "solution.py", "content": program }],
            "limits": { "cpu_ms": 1000, "wall_ms": 5000, "memory_bytes": 134_217_728 },
        });
        match (self.tests, &cheat.judged_by) {
            (Tests::Calls(processes), JudgedBy::Calls(calls)) => {
                message["tests"] = json!(at_least_two(calls));
                message["call_options"] = json!({ "processes": processes });
            }
            (Tests::Asserts, JudgedBy::Calls(calls)) => {
                message["tests"] = calls.iter().enumerate().map(asserting).collect();
            }
            (_, JudgedBy::Calls(calls)) => message["pytest"] = json!({ "test_it.py": module(calls) }),
            (_, JudgedBy::Units(tests)) => message["pytest"] = files_of(tests),
        }
        read(&message)
    }

    /// Verdicts on a test that no cheat may get.
    pub(super) fn wins(self) -> &'static [Verdict] {
        match self.tests {
            // A test that skips itself does not count.
            Tests::Pytest => &[Verdict::Ac, Verdict::Je, Verdict::Sk],
            Tests::Calls(_) | Tests::Asserts => &[Verdict::Ac, Verdict::Je],
        }
    }
}

/// A module of tests, with the `conftest.py` that it brings.
fn files_of(tests: &str) -> Value {
    match tests.split_once(CONFTEST) {
        Some((tests, conftest)) => json!({ "test_it.py": tests, "conftest.py": conftest }),
        None => json!({ "test_it.py": tests }),
    }
}

/// One call alone shares a process with none.
fn at_least_two(calls: &[Value]) -> Vec<Value> {
    match calls {
        [only] => vec![only.clone(), only.clone()],
        several => several.to_vec(),
    }
}

/// The forms of asserts by turns. A function that is called like a module of Python, such as `numbers`, is named.
fn asserting((number, call): (usize, &Value)) -> Value {
    match (number % 2, call["call"] == "add") {
        (0, true) => json!({ "asserts": asserts(call) }),
        (0, false) => json!({ "asserts": asserts(call), "call": call["call"] }),
        _ => json!({ "asserts": check(call), "call": call["call"] }),
    }
}
