//! Test data groups.

use crate::problem::{Aggregation, Grading, Kind, LegacyGrader, OnReject, ScoreMode};

/// A test data group.
#[derive(Debug, Clone, PartialEq)]
pub struct TestGroup {
    /// Path below `data/`, such as `secret/group1`; empty for the root.
    pub name: String,
    /// Its tests and groups in the order in which they are judged. No group is empty.
    pub items: Vec<Item>,
    /// How judging proceeds after a rejected item.
    pub on_reject: OnReject,
    /// How it is graded.
    pub grading: Grading,
}

/// What a group holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A test, by its index in the order of judging.
    Case(usize),
    /// A group.
    Group(TestGroup),
}

impl TestGroup {
    /// The groups in it.
    pub fn groups(&self) -> impl Iterator<Item = &TestGroup> {
        self.items.iter().filter_map(|item| match item {
            Item::Group(group) => Some(group),
            Item::Case(_) => None,
        })
    }

    /// How many of its items are tests.
    pub(in crate::problem) fn tests_in_it(&self) -> usize {
        self.items.len() - self.groups().count()
    }

    /// What each test of a group gives whose points are added up (format 2025-09; 2023-07-draft has tests beside groups):
    /// an even share of those that its groups leave. `None` where the group has no highest score.
    pub fn points_of_test(&self) -> Option<f64> {
        let whole = self.highest()?;
        let of_groups: Vec<f64> = self.groups().filter_map(Self::highest).collect();
        Some(share_of_unset(whole, Aggregation::Sum, &of_groups, self.tests_in_it()))
    }

    /// `max_score` of the format 2025-09, given or inferred.
    pub(in crate::problem) fn highest(&self) -> Option<f64> {
        match &self.grading {
            Grading::V2025 { max_score, .. } => *max_score,
            Grading::Legacy(_) | Grading::Custom(_) => None,
        }
    }

    /// Whether it, or a group in it, is graded by the grader of the package.
    pub(in crate::problem) fn needs_grader(&self) -> bool {
        matches!(self.grading, Grading::Custom(_)) || self.groups().any(Self::needs_grader)
    }

    /// The group with some of its tests, by their new numbers; `None` when it would be empty.
    pub(in crate::problem) fn with_only(&self, numbers: &[Option<usize>]) -> Option<Self> {
        let kept = |item: &Item| match item {
            Item::Case(index) => numbers.get(*index).copied().flatten().map(Item::Case),
            Item::Group(group) => group.with_only(numbers).map(Item::Group),
        };
        let items: Vec<Item> = self.items.iter().filter_map(kept).collect();
        let mut grading = self.grading.clone();
        if let Grading::V2025 { require_pass, .. } = &mut grading {
            // The groups that it names may be left out.
            require_pass.clear();
        }
        (!items.is_empty()).then(|| Self {
            name: self.name.clone(),
            items,
            on_reject: self.on_reject,
            grading,
        })
    }

    /// The best score that a submission can get, where that is known.
    pub fn best_score(&self, kind: Kind) -> Option<f64> {
        match (kind, &self.grading) {
            (Kind::PassFail, _) => None,
            (Kind::Scoring { minimise: false }, _) => self.highest_score(),
            (Kind::Scoring { minimise: true }, grading) => {
                grading.range().map(|range| range.0).filter(|lowest| lowest.is_finite())
            }
        }
    }

    /// The highest score, where the package gives it and more is better. Validators give scores of their own, so a sum of
    /// what tests are worth says nothing about them.
    pub fn given_maximum(&self, kind: Kind) -> Option<f64> {
        match kind {
            Kind::Scoring { minimise: false } => self.highest_within(),
            _ => None,
        }
    }

    /// What the package allows the group, or what the groups in it come to together, where that is less.
    fn highest_within(&self) -> Option<f64> {
        let own = match &self.grading {
            Grading::V2025 { .. } if self.name.is_empty() => return self.secret()?.highest_within(),
            Grading::V2025 { max_score, .. } => *max_score,
            grading => grading.range().map(|range| range.1).filter(|it| it.is_finite()),
        }?;
        let together = self.highest_of_groups();
        Some(together.filter(|less| is_less(*less, own)).unwrap_or(own))
    }

    /// What its groups come to together at most, where it holds nothing else and each of them has a highest score.
    pub(in crate::problem) fn highest_of_groups(&self) -> Option<f64> {
        let (mode, ignores_sample) = match &self.grading {
            Grading::V2025 { aggregation, .. } => (aggregation.score_mode()?, false),
            Grading::Legacy(grader) => (grader.score, grader.ignore_sample),
            Grading::Custom(_) => return None,
        };
        if self.tests_in_it() > 0 {
            return None;
        }
        let counted = self.groups().filter(|group| !ignores_sample || group.name != "sample");
        let scores: Option<Vec<f64>> = counted.map(Self::highest_within).collect();
        mode.of(scores?)
    }

    /// The root gives the score of the secret data (format 2025-09).
    fn secret(&self) -> Option<&Self> {
        self.groups().find(|group| group.name == "secret")
    }

    fn highest_score(&self) -> Option<f64> {
        match &self.grading {
            Grading::V2025 { .. } if self.name.is_empty() => self.secret()?.highest_score(),
            Grading::V2025 { max_score, .. } => *max_score,
            Grading::Legacy(grader) if grader.range.1.is_finite() => Some(grader.range.1),
            Grading::Legacy(grader) => self.highest_by(grader),
            Grading::Custom(grader) => Some(grader.range.1).filter(|highest| highest.is_finite()),
        }
    }

    fn highest_by(&self, grader: &LegacyGrader) -> Option<f64> {
        let scores = self.items.iter().filter_map(|item| match item {
            Item::Case(_) => Some(Some(grader.accept_score)),
            Item::Group(group) if grader.ignore_sample && group.name == "sample" => None,
            Item::Group(group) => Some(group.highest_score()),
        });
        grader.score.of(scores.collect::<Option<_>>()?)
    }
}

impl ScoreMode {
    /// These scores put together; `None` where the lowest or the highest of none is asked for.
    fn of(self, scores: Vec<f64>) -> Option<f64> {
        match self {
            Self::Sum => Some(scores.iter().sum()),
            Self::Avg => Some(scores.iter().sum::<f64>() / count(scores.len())),
            Self::Min => scores.into_iter().reduce(f64::min),
            Self::Max => scores.into_iter().reduce(f64::max),
        }
    }
}

impl Aggregation {
    /// How scores of groups are put together; `None` where all of them have to be accepted for what the whole gives.
    fn score_mode(self) -> Option<ScoreMode> {
        match self {
            Self::PassFail => None,
            Self::Sum => Some(ScoreMode::Sum),
            Self::Min => Some(ScoreMode::Min),
        }
    }
}

/// By how much points may exceed a highest score, since shares are rounded quotients.
pub const ROUNDING: f64 = 1e-9;

/// Whether points are less than others, and not only since shares are rounded.
pub(in crate::problem) fn is_less(points: f64, others: f64) -> bool {
    points < others - others.abs() * ROUNDING
}

/// Highest score of each group of `secret` that sets none, and of each test beside them (2023-07-draft, section "Maximum
/// Score Inference"): what is left of the points is shared evenly, and a minimum can be as high as the whole.
pub(in crate::problem) fn share_of_unset(whole: f64, aggregation: Aggregation, set: &[f64], unset: usize) -> f64 {
    match aggregation {
        Aggregation::Sum => (whole - set.iter().sum::<f64>()).max(0.0) / count(unset),
        Aggregation::Min | Aggregation::PassFail => whole,
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 tests")]
fn count(items: usize) -> f64 {
    items.max(1) as f64
}
