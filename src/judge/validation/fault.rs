//! How a program of a package can fail. Each of these is a judge error.

use std::fmt;

use thiserror::Error;

use crate::judge::text::escaped;
use crate::judge::verdict::signal::signal_name;
use crate::sandbox::RunFacts;

/// Standard error that a message quotes, in bytes.
const QUOTED: usize = 2048;

/// An output validator, or a grader, that did not do its work.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidatorFault {
    /// What it did.
    pub reason: FaultReason,
    /// What it wrote to standard error, escaped; it never reaches a log line raw.
    pub stderr: String,
}

/// What it did wrong.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FaultReason {
    /// Another exit code than 42 and 43.
    #[error("it ended with exit code {0}, expected 42 or 43")]
    ExitCode(i32),
    /// Another exit code than 0, of a grader.
    #[error("it ended with exit code {0}, expected 0")]
    GraderExitCode(i32),
    /// A grader that printed no result.
    #[error("it printed \"{text}\", expected a verdict and a score, such as \"AC 10\"")]
    NoResult {
        /// The start of what it printed, escaped.
        text: String,
    },
    /// A signal killed it.
    #[error("it was killed by {}", signal_name(*.0))]
    Signal(i32),
    /// More memory than `validation_memory`.
    #[error("it needs more memory than it may use")]
    Memory,
    /// More time than `validation_time`.
    #[error("it took longer than it may")]
    Time,
    /// More output than `validation_output`.
    #[error("it wrote more than it may")]
    Output,
    /// The worker ended it.
    #[error("it was stopped")]
    Stopped,
    /// More passes than `validation_passes`.
    #[error("it asks for more than {0} passes")]
    Passes(u32),
    /// The input of the next pass cannot be taken out of its box.
    #[error("its nextpass.in is larger than validation_output allows, or cannot be read")]
    NextPassTooLarge,
    /// It rejected and asked for another pass.
    #[error("it rejected with exit code 43 and left a nextpass.in, which asks for another pass")]
    NextPassAfterRejection,
    /// A score file does not hold a number.
    #[error("{file} holds {text:?}, expected one number")]
    NotANumber {
        /// Name of the file.
        file: &'static str,
        /// What it holds.
        text: String,
    },
    /// It rejected and gave a score.
    #[error("it rejected with exit code 43 and left a {0}, which only an accepted test may have")]
    ScoreAfterRejection(&'static str),
    /// Both score files.
    #[error("it left both score.txt and score_multiplier.txt, one is allowed")]
    BothScores,
    /// More points than there are, or fewer than none.
    #[error("{file} holds {given}, expected 0 to {highest}")]
    ScoreOutOfRange {
        /// Name of the file.
        file: &'static str,
        /// What it gave.
        given: f64,
        /// The highest that is allowed.
        highest: f64,
    },
    /// More points for a group than its package allows, or fewer.
    #[error("it gave the score {given}, the package allows {lowest} to {highest} (range)")]
    GraderScore {
        /// What it gave.
        given: f64,
        /// The lowest that is allowed.
        lowest: f64,
        /// The highest that is allowed.
        highest: f64,
    },
    /// A score in a group that is all or nothing.
    #[error("it left a {0} for a test of a group that is aggregated by pass-fail")]
    ScoreInPassFailGroup(&'static str),
    /// The test itself is wrong, and why.
    #[error("{0}")]
    WrongTest(String),
    /// A multiplier in a group without a highest score.
    #[error(
        "it left a score_multiplier.txt for a test of a group whose max_score is unbounded: there are no points to multiply, expected a score.txt"
    )]
    NothingToMultiply,
    /// A score of a validator that is not said to give any.
    #[error(
        "it left a score.txt, and the package does not say that its validator gives scores: expected \"validation: custom score\" in problem.yaml"
    )]
    ScoreNotAskedFor,
    /// A group without a highest score, and no score.
    #[error("it accepted a test of a group whose max_score is unbounded and left no score.txt")]
    NoScore,
}

/// `SIGKILL` and `SIGTERM` (`signal(7)`).
const FROM_OUTSIDE: [i32; 2] = [9, 15];

impl FaultReason {
    /// Whether the host may have ended the program.
    pub(in crate::judge) fn may_be_from_outside(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Signal(signal) => FROM_OUTSIDE.contains(signal),
            _ => false,
        }
    }
}

impl ValidatorFault {
    /// Whether it is the test itself that is wrong.
    pub(in crate::judge) fn is_of_test(&self) -> bool {
        matches!(self.reason, FaultReason::WrongTest(_))
    }
}

impl From<FaultReason> for ValidatorFault {
    fn from(reason: FaultReason) -> Self {
        Self {
            reason,
            stderr: String::new(),
        }
    }
}

impl fmt::Display for ValidatorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if self.stderr.is_empty() {
            return Ok(());
        }
        write!(f, "; {}", self.stderr)
    }
}

/// How building an output validator failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BuildFault {
    /// The compiler, or the script `build`, failed.
    #[error("its compiler ended with exit code {code}; {stderr}")]
    ExitCode {
        /// The exit code.
        code: i32,
        /// What it wrote to standard error, escaped.
        stderr: String,
    },
    /// A signal killed the compiler.
    #[error("its compiler was killed by {}; {stderr}", signal_name(*.signal))]
    Signal {
        /// The signal.
        signal: i32,
        /// What it wrote to standard error, escaped.
        stderr: String,
    },
    /// The compiler reached a limit.
    #[error("its compiler was stopped at a limit (validators.compile_cpu_ms, validators.scratch_bytes); {stderr}")]
    Stopped {
        /// What it wrote to standard error, escaped.
        stderr: String,
    },
    /// What was built is too large for a box.
    #[error("what was built has more than {most} bytes, the most that is laid into a box")]
    TooLarge {
        /// The most that it may have.
        most: u64,
    },
    /// The compiler needs too much memory.
    #[error("the compiler needs more memory than validators.memory_bytes")]
    Memory,
}

/// What a program wrote to standard error, for a message: its start, or its end where that is longer.
pub(in crate::judge) fn quoted_stderr(facts: &RunFacts) -> String {
    let stderr = [&facts.stderr_head[..], &facts.stderr_tail[..]].concat();
    escaped(String::from_utf8_lossy(&stderr).trim_end(), QUOTED)
}
