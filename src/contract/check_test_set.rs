//! Test sets are read, and held against what a submission says about them.

use std::sync::Arc;

use crate::contract::check_calls::wrong;
use crate::contract::check_files::Check;
use crate::contract::parse::check_tests;
use crate::contract::read::read_list;
use crate::contract::{
    InlineTest, Rejected, RejectionCode, Submission, SubmissionCaps, Target, TestSet, TestSetHash, TestSetKind,
    TestSetTarget,
};

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
}

impl TestSetTarget {
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
