//! Test sets: tests that are uploaded once, and named by their hash in submissions.

use std::sync::Arc;

use strum::{EnumString, IntoStaticStr};

use crate::contract::call::{AssertTest, CallProcesses, CallTest};
use crate::contract::check_calls::wrong;
use crate::contract::check_files::Check;
use crate::contract::parse::check_tests;
use crate::contract::read::read_list;
use crate::contract::{InlineTest, Rejected, RejectionCode, Submission, SubmissionCaps, Target, TestSetHash};

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

/// The tests of a set, and what the submission says about them.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSetTarget {
    /// The name of the set.
    pub hash: TestSetHash,
    /// Flags of the default output validator.
    pub validator_flags: Vec<String>,
    /// Which processes calls are made in, where that is said.
    pub processes: Option<CallProcesses>,
    /// The set, once it was found.
    pub found: Option<Arc<TestSet>>,
}

impl TestSetKind {
    /// The word that is stored.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl TestSet {
    /// Reads a JSON array of tests, and checks them as those that come with a submission.
    ///
    /// # Errors
    /// The first mistake that is found, with the path of its field.
    pub fn read(json: &[u8], caps: &SubmissionCaps) -> Result<Self, Rejected> {
        let tests: Vec<InlineTest> = read_list("tests", json)?;
        Ok(Self {
            hash: TestSetHash::of(json),
            tests: check_tests(tests, caps).map_err(Rejected::shortened)?,
            bytes: json.len(),
        })
    }

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

    /// What is said about the tests has to make sense for such tests.
    fn check(&self, kind: TestSetKind) -> Check<()> {
        if kind != TestSetKind::Programs && !self.validator_flags.is_empty() {
            let reason = "belongs to tests whose output is validated, and those of the test set use functions";
            return Err(wrong("validator_flags".to_owned(), reason));
        }
        if kind != TestSetKind::Calls && self.processes.is_some() {
            let reason = "belongs to tests with call, and the test set has none";
            return Err(wrong("call_options".to_owned(), reason));
        }
        Ok(())
    }
}

impl Submission {
    /// The test set that it names.
    pub fn test_set(&self) -> Option<TestSetHash> {
        match &self.target {
            Target::TestSet(set) => Some(set.hash),
            _ => None,
        }
    }

    /// Whether a test set of this kind makes sense for what the submission says about it.
    ///
    /// # Errors
    /// When it names options of other tests.
    pub fn check_test_set(&self, kind: TestSetKind) -> Result<(), Rejected> {
        let Target::TestSet(target) = &self.target else {
            return Ok(());
        };
        target.check(kind).map_err(|rejected| Rejected {
            id: Some(self.id),
            ..rejected
        })
    }

    /// Gives it the test set that it names.
    ///
    /// # Errors
    /// When it names options of other tests.
    pub fn take_test_set(&mut self, set: Arc<TestSet>) -> Result<(), Rejected> {
        self.check_test_set(set.kind())?;
        if let Target::TestSet(target) = &mut self.target {
            target.found = Some(set);
        }
        Ok(())
    }
}

impl Rejected {
    /// A submission whose test set is not there.
    pub fn unknown_test_set(submission: &Submission, hash: TestSetHash) -> Self {
        let reason = format!(
            "there is no test set {hash}, or it is not kept any longer; upload it with POST /v1/test-sets, and send the \
             submission again"
        );
        Self {
            id: Some(submission.id),
            ..Self::new(RejectionCode::UnknownTestSet, Some("test_set".to_owned()), reason)
        }
    }
}
