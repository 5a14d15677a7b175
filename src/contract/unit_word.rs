//! What the program that runs unit tests says of them.

use serde::Deserialize;

/// A word to the judge. Each says one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct UnitWord {
    /// The tests that there are.
    pub collected: Option<Vec<CollectedTest>>,
    /// The test that begins.
    pub begin: Option<String>,
    /// The test that has ended; the other fields say how.
    pub tested: Option<String>,
    /// How it ended.
    pub outcome: Option<UnitOutcome>,
    /// What there is to say about it.
    pub message: String,
    /// What was printed meanwhile.
    pub stdout: String,
    /// How long it took, in microseconds.
    pub us: u64,
    /// What the program answered may be why collecting fails.
    pub answered: bool,
    /// The tests themselves are wrong, and why.
    pub broken: Option<String>,
    /// There is nothing more to say.
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
    /// It says that the program is wrong.
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
