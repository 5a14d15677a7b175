//! What the program that runs unit tests reports of them.

use serde::Deserialize;

/// One report to the judge: which tests there are, that one begins or has ended, that the tests are wrong, or that all
/// have been reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct UnitReport {
    /// The tests that there are.
    pub collected: Option<Vec<CollectedTest>>,
    /// The test that begins.
    pub begin: Option<String>,
    /// The test that has ended; the other fields say how.
    pub tested: Option<String>,
    /// How it ended.
    pub outcome: Option<UnitOutcome>,
    /// The message of its failure.
    pub message: String,
    /// What was printed meanwhile.
    pub stdout: String,
    /// What the tests wrote to standard error, and what they logged.
    pub stderr: String,
    /// It was skipped for an exception of the program.
    pub caused: bool,
    /// How long it took, in microseconds.
    pub us: u64,
    /// What the program answered may be why collecting fails.
    pub answered: bool,
    /// The tests themselves are wrong, and why.
    pub broken: Option<String>,
    /// All tests have been reported.
    pub finished: bool,
}

/// A test that was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CollectedTest {
    /// Its node id.
    pub name: String,
    /// Its code, as far as it is known.
    pub source: String,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitOutcome {
    /// It passed.
    Passed,
    /// An assertion about the program failed.
    Failed,
    /// The program raised an exception.
    Raised,
    /// The process of the program ended.
    Ended,
    /// The test took too long on what it was answered.
    TooLong,
    /// It was not run, or its failure is expected.
    Skipped,
    /// The test itself is wrong.
    Broken,
}
