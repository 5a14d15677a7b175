//! A submission that names a test set is judged as one that brings the same tests.

use crate::contract::{CheckedTests, Rejected, Submission, TestSetTarget};
use crate::judge::Judge;
use crate::judge::plan::Planned;

impl Judge {
    pub(super) fn of_test_set(&self, submission: &Submission, target: &TestSetTarget) -> Result<Planned, Rejected> {
        // A judge knows no test sets: who asks it has given the submission its own.
        let Some(set) = &target.found else {
            return Err(Rejected::unknown_test_set(submission, target.hash));
        };
        Ok(match &set.tests {
            CheckedTests::Programs(tests) => self.inline(submission, tests, &target.validator_flags)?,
            CheckedTests::Calls(tests) => self.calls(tests, target.processes.unwrap_or_default()),
            CheckedTests::Asserts(tests) => self.asserts(tests),
        })
    }
}
