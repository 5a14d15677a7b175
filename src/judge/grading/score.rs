//! Which scores an output validator may give to a test.
//!
//! Format 2025-09, section "Scoring test cases"; the legacy format only wants a number.

use crate::judge::validation::fault::FaultReason;
use crate::judge::validation::feedback::Feedback;
use crate::problem::{Aggregation, Grading, Item, ROUNDING, TestGroup};

const SCORE: &str = "score.txt";
const MULTIPLIER: &str = "score_multiplier.txt";

/// Which scores an output validator may give to a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::judge) enum ScoreRule {
    /// Scores do not count here: the problem is pass-fail, or the test is a sample.
    Ignored,
    /// Any number, as in the legacy format.
    Any,
    /// None, since the package does not say that its validator gives scores (legacy format).
    NotAskedFor,
    /// None, since the group is all or nothing.
    Forbidden,
    /// A share of the points, or a number up to it.
    UpTo(f64),
    /// There has to be one.
    Required,
}

/// What a validator gave to a test.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::judge) struct GivenScore {
    /// `score.txt`
    pub(in crate::judge) score: Option<f64>,
    /// `score_multiplier.txt`
    pub(in crate::judge) multiplier: Option<f64>,
}

/// Whether there are scores, and who gives them.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Scoring {
    /// The problem is one with scores.
    pub(in crate::judge) is_scored: bool,
    /// Its validator may give them.
    pub(in crate::judge) by_validator: bool,
}

/// The rule of each test, in the order of the tests.
pub(in crate::judge) fn score_rules(root: &TestGroup, scoring: Scoring, tests: usize) -> Vec<ScoreRule> {
    let mut rules = vec![ScoreRule::Ignored; tests];
    add_rules(root, scoring, &mut rules);
    rules
}

fn add_rules(group: &TestGroup, scoring: Scoring, rules: &mut [ScoreRule]) {
    let rule = rule_in(group, scoring);
    for item in &group.items {
        match item {
            Item::Group(inner) => add_rules(inner, scoring, rules),
            Item::Case(index) => {
                if let Some(place) = rules.get_mut(*index) {
                    *place = rule;
                }
            }
        }
    }
}

fn rule_in(group: &TestGroup, scoring: Scoring) -> ScoreRule {
    match &group.grading {
        Grading::Legacy(_) | Grading::Custom(_) if scoring.is_scored && !scoring.by_validator => ScoreRule::NotAskedFor,
        Grading::Legacy(_) | Grading::Custom(_) => ScoreRule::Any,
        Grading::V2025 { .. } if !scoring.is_scored || group.name == "sample" || group.name.is_empty() => {
            ScoreRule::Ignored
        }
        Grading::V2025 {
            aggregation: Aggregation::PassFail,
            ..
        } => ScoreRule::Forbidden,
        Grading::V2025 { max_score: None, .. } => ScoreRule::Required,
        Grading::V2025 {
            aggregation: Aggregation::Sum,
            max_score: Some(highest),
            ..
        } => ScoreRule::UpTo(group.points_of_test().unwrap_or(*highest)),
        Grading::V2025 {
            max_score: Some(highest),
            ..
        } => ScoreRule::UpTo(*highest),
    }
}

impl ScoreRule {
    /// What the validator gave to a test that it accepted, or to one that it rejected.
    ///
    /// # Errors
    /// When the format calls it a judge error.
    pub(in crate::judge) fn read(self, feedback: &Feedback, accepted: bool) -> Result<GivenScore, FaultReason> {
        let files = [
            (SCORE, feedback.score.as_deref()),
            (MULTIPLIER, feedback.score_multiplier.as_deref()),
        ];
        let mut left = files.iter().filter(|(_, content)| content.is_some());
        match (self, left.next(), left.next()) {
            (Self::Ignored, ..) => return Ok(GivenScore::default()),
            (Self::NotAskedFor, _, _) if files[0].1.is_some() => return Err(FaultReason::ScoreNotAskedFor),
            (Self::NotAskedFor, ..) => return Ok(GivenScore::default()),
            (Self::Any, ..) => {}
            (_, Some(_), Some(_)) => return Err(FaultReason::BothScores),
            (_, Some((file, _)), None) if !accepted => return Err(FaultReason::ScoreAfterRejection(file)),
            (Self::Forbidden, Some((file, _)), None) => return Err(FaultReason::ScoreInPassFailGroup(file)),
            (Self::Required, Some((MULTIPLIER, _)), None) => return Err(FaultReason::NothingToMultiply),
            (Self::Required, None, _) if accepted => return Err(FaultReason::NoScore),
            _ => {}
        }
        Ok(GivenScore {
            score: self.number(SCORE, files[0].1)?,
            multiplier: self.number(MULTIPLIER, files[1].1)?,
        })
    }

    fn number(self, file: &'static str, content: Option<&str>) -> Result<Option<f64>, FaultReason> {
        let Some(text) = content else {
            return Ok(None);
        };
        let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        let given = number.ok_or_else(|| FaultReason::NotANumber {
            file,
            text: text.to_owned(),
        })?;
        let highest = match self {
            Self::UpTo(_) if file == MULTIPLIER => 1.0,
            Self::UpTo(highest) => highest,
            Self::Required => f64::INFINITY,
            _ => return Ok(Some(given)),
        };
        if given < 0.0 || given > highest * (1.0 + ROUNDING) {
            return Err(FaultReason::ScoreOutOfRange { file, given, highest });
        }
        Ok(Some(given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feedback(score: Option<&str>, multiplier: Option<&str>) -> Feedback {
        Feedback {
            score: score.map(str::to_owned),
            score_multiplier: multiplier.map(str::to_owned),
            ..Feedback::default()
        }
    }

    #[test]
    fn a_score_that_the_format_forbids_is_a_judge_error() {
        use ScoreRule::{Any, Forbidden, Ignored, NotAskedFor, Required, UpTo};
        type Row = (ScoreRule, Option<&'static str>, Option<&'static str>, bool, bool);
        let rows: [Row; 22] = [
            (UpTo(10.0), None, None, true, true),
            (UpTo(10.0), Some("10"), None, true, true),
            (UpTo(10.0), Some("10.5"), None, true, false),
            (UpTo(10.0), Some("-1"), None, true, false),
            (UpTo(10.0), None, Some("0.5"), true, true),
            (UpTo(10.0), None, Some("1.5"), true, false),
            (UpTo(10.0), Some("1"), Some("1"), true, false),
            (UpTo(10.0), Some("1"), None, false, false),
            (UpTo(10.0), None, Some("1"), false, false),
            (UpTo(10.0), None, None, false, true),
            (UpTo(10.0), Some("nan"), None, true, false),
            (Required, None, None, true, false),
            (Required, None, Some("1"), true, false),
            (Required, Some("1e6"), None, true, true),
            (Required, None, None, false, true),
            (Forbidden, Some("1"), None, true, false),
            (Ignored, Some("x"), Some("y"), false, true),
            (Any, Some("7"), None, false, true),
            (Any, Some("seven"), None, true, false),
            (NotAskedFor, None, None, true, true),
            (NotAskedFor, Some("7"), None, true, false),
            (NotAskedFor, Some("7"), None, false, false),
        ];
        for (rule, score, multiplier, accepted, is_right) in rows {
            let read = rule.read(&feedback(score, multiplier), accepted);
            assert_eq!(
                read.is_ok(),
                is_right,
                "{rule:?} {score:?} {multiplier:?} {accepted}: {read:?}"
            );
        }
    }
}
