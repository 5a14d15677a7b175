//! How the results of tests become the result of a group: one model for both formats.

/// How judging proceeds after a rejected item (legacy `testdata.yaml`, key `on_reject`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnReject {
    /// The rest of the group is not run.
    Break,
    /// The rest of the group is run all the same.
    Continue,
}

/// How a group is graded.
#[derive(Debug, Clone, PartialEq)]
pub enum Grading {
    /// The default grader of the legacy format.
    Legacy(LegacyGrader),
    /// The grader of the package, a program.
    Custom(CustomGrader),
    /// The aggregation of the format 2025-09.
    V2025 {
        /// How scores are put together.
        aggregation: Aggregation,
        /// Highest score; `None` is unbounded.
        max_score: Option<f64>,
        /// Groups that must be accepted whole, or this one is not run.
        require_pass: Vec<String>,
    },
}

/// The default grader (legacy format, section "Default Grader Specification").
#[derive(Debug, Clone, PartialEq)]
pub struct LegacyGrader {
    /// How the verdict is found.
    pub verdict: VerdictMode,
    /// How the score is found.
    pub score: ScoreMode,
    /// At the root: only `secret` counts.
    pub ignore_sample: bool,
    /// Accepted if any item is.
    pub accept_if_any_accepted: bool,
    /// Score of an accepted test without a score of its own.
    pub accept_score: f64,
    /// Score of a rejected test without a score of its own.
    pub reject_score: f64,
    /// Lowest and highest possible score.
    pub range: (f64, f64),
}

/// What a group says that the grader of its package grades (legacy format, section "Graders").
#[derive(Debug, Clone, PartialEq)]
pub struct CustomGrader {
    /// Arguments of the grader.
    pub flags: Vec<String>,
    /// Score of an accepted test without a score of its own.
    pub accept_score: f64,
    /// Score of a rejected test without a score of its own.
    pub reject_score: f64,
    /// Lowest and highest possible score.
    pub range: (f64, f64),
}

impl Default for LegacyGrader {
    fn default() -> Self {
        Self {
            verdict: VerdictMode::WorstError,
            score: ScoreMode::Sum,
            ignore_sample: false,
            accept_if_any_accepted: false,
            accept_score: 1.0,
            reject_score: 0.0,
            range: (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// How the legacy grader finds a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictMode {
    /// The worst one.
    WorstError,
    /// The first one that is not accepted.
    FirstError,
    /// Always accepted.
    AlwaysAccept,
}

/// How the legacy grader finds a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreMode {
    /// All of them together.
    Sum,
    /// Their mean.
    Avg,
    /// The lowest.
    Min,
    /// The highest.
    Max,
}

/// How scores are put together in the format 2025-09 (section "Scoring test data groups").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// All or nothing.
    PassFail,
    /// All of them together.
    Sum,
    /// The lowest.
    Min,
}

impl Grading {
    /// Lowest and highest possible score, where `testdata.yaml` can say it.
    pub(in crate::problem) fn range(&self) -> Option<(f64, f64)> {
        match self {
            Self::Legacy(grader) => Some(grader.range),
            Self::Custom(grader) => Some(grader.range),
            Self::V2025 { .. } => None,
        }
    }
}

impl LegacyGrader {
    /// Applies `grader_flags`; of two that contradict each other the last one holds.
    ///
    /// # Errors
    /// The flag that is unknown.
    pub(in crate::problem) fn with_flags(mut self, flags: &[String]) -> Result<Self, String> {
        for flag in flags {
            match flag.as_str() {
                // `no_errors` is its old name.
                "worst_error" | "no_errors" => self.verdict = VerdictMode::WorstError,
                "first_error" => self.verdict = VerdictMode::FirstError,
                "always_accept" => self.verdict = VerdictMode::AlwaysAccept,
                "sum" => self.score = ScoreMode::Sum,
                "avg" => self.score = ScoreMode::Avg,
                "min" => self.score = ScoreMode::Min,
                "max" => self.score = ScoreMode::Max,
                "ignore_sample" => self.ignore_sample = true,
                "accept_if_any_accepted" => self.accept_if_any_accepted = true,
                unknown => return Err(unknown.to_owned()),
            }
        }
        Ok(self)
    }
}
