//! Test sets: tests that are uploaded once, and named by their hash in submissions.

use std::sync::Arc;

use strum::{EnumString, IntoStaticStr};

use crate::contract::{AssertTest, CallProcesses, CallTest, InlineTest, TestSetHash};

/// Tests of one kind, at least one, after they were checked.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckedTests {
    /// They run the program.
    Programs(Vec<InlineTest>),
    /// They call its functions.
    Calls(Vec<CallTest>),
    /// They are asserts about its functions.
    Asserts(Vec<AssertTest>),
}

/// What the tests of a set do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum TestSetKind {
    /// They run the program.
    Programs,
    /// They call its functions.
    Calls,
    /// They are asserts about its functions.
    Asserts,
}

/// A test set.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSet {
    /// Its name.
    pub hash: TestSetHash,
    /// Its tests.
    pub tests: CheckedTests,
    /// The length of its JSON.
    pub bytes: usize,
}

/// The tests of a set, and the options of the submission for them.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSetTarget {
    /// The name of the set.
    pub hash: TestSetHash,
    /// Flags of the default output validator.
    pub validator_flags: Vec<String>,
    /// Which processes calls are made in, where the submission chooses them.
    pub processes: Option<CallProcesses>,
    /// The set, once it was found.
    pub found: Option<Arc<TestSet>>,
}

impl TestSetKind {
    /// The name that is stored.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl TestSet {
    /// How many tests it has.
    pub fn count(&self) -> usize {
        match &self.tests {
            CheckedTests::Programs(tests) => tests.len(),
            CheckedTests::Calls(tests) => tests.len(),
            CheckedTests::Asserts(tests) => tests.len(),
        }
    }

    /// What its tests do.
    pub fn kind(&self) -> TestSetKind {
        match &self.tests {
            CheckedTests::Programs(_) => TestSetKind::Programs,
            CheckedTests::Calls(_) => TestSetKind::Calls,
            CheckedTests::Asserts(_) => TestSetKind::Asserts,
        }
    }

    /// What it takes up in memory, about, in bytes.
    pub fn held_bytes(&self) -> usize {
        let tests = match &self.tests {
            CheckedTests::Programs(tests) => size_of_val(tests.as_slice()),
            CheckedTests::Calls(tests) => {
                let values = tests.iter().map(CallTest::held_bytes).sum::<usize>();
                size_of_val(tests.as_slice()) + values
            }
            CheckedTests::Asserts(tests) => size_of_val(tests.as_slice()),
        };
        // Texts are about as long as they are in JSON.
        size_of::<Self>() + self.bytes + tests
    }
}

impl TestSetTarget {
    /// Whether its tests use functions of the program, as far as they were found.
    pub fn uses_functions(&self) -> bool {
        self.found
            .as_ref()
            .is_some_and(|set| set.kind() != TestSetKind::Programs)
    }
}
