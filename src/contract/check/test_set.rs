//! Test sets are read, and compared with the options that a submission gives for them.

use std::sync::Arc;

use crate::contract::check::fields::wrong;
use crate::contract::check::files::Check;
use crate::contract::check::submission::check_tests;
use crate::contract::json::read::read_tests;
use crate::contract::{
    Rejected, RejectionCode, Submission, SubmissionCaps, Target, TestSet, TestSetHash, TestSetKind, TestSetTarget,
};

impl TestSet {
    /// Reads a JSON array of tests, and checks them as those that come with a submission.
    ///
    /// # Errors
    /// The first mistake that is found, with the path of its field.
    pub fn read(json: &[u8], caps: &SubmissionCaps) -> Result<Self, Rejected> {
        Ok(Self {
            hash: TestSetHash::of(json),
            tests: check_tests(read_tests("tests", json)?, caps).map_err(Rejected::shortened)?,
            bytes: json.len(),
        })
    }
}

impl TestSetTarget {
    /// The options have to make sense for tests of this kind.
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

    /// Whether the options of the submission make sense for a test set of this kind.
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
