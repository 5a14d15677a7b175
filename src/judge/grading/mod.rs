//! Which test comes next, and what the results of tests mean for their groups. Pure functions of a package's groups, and
//! of what the grader of the package said, where it has one.

mod custom;
mod excess;
mod score;

use std::collections::BTreeMap;

use crate::contract::{GroupVerdict, Verdict};
use crate::problem::{Aggregation, Grading, Item, LegacyGrader, OnReject, ScoreMode, TestGroup, VerdictMode};

pub(super) use custom::{GraderAnswer, GraderInput};
pub(super) use score::{GivenScore, ScoreRule, Scoring, score_rules};

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TestResult {
    pub(super) verdict: Verdict,
    /// What the output validator gave (`score.txt`).
    pub(super) score: Option<f64>,
    /// The part of the highest score that it gave (`score_multiplier.txt`).
    pub(super) multiplier: Option<f64>,
}

/// What a group came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct GroupResult {
    pub(super) verdict: Verdict,
    pub(super) score: f64,
}

/// What the grader of the package made of groups, by their names.
pub(super) type CustomResults = BTreeMap<String, GroupResult>;

/// What judging needs next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next<'a> {
    /// The result of a test, by its index.
    Test(usize),
    /// What the grader of the package makes of a group.
    Grade(GraderInput<'a>),
    /// Nothing: the results of all groups are known.
    Nothing,
}

/// How early judging stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopping {
    /// As the groups say.
    AsGroupsSay,
    /// Never: every test is run.
    Never,
}

/// The tests in the order of judging with what is known of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Results<'p, 'a> {
    pub(super) root: &'p TestGroup,
    pub(super) tests: &'a [Option<TestResult>],
    pub(super) custom: &'a CustomResults,
    pub(super) stopping: Stopping,
}

/// From bad to worse (legacy format, `worst_error`): the first of these that occurs is the worst.
const WORST_FIRST: [Verdict; 8] = [
    Verdict::Je,
    Verdict::Sv,
    Verdict::Rte,
    Verdict::Mle,
    Verdict::Tle,
    Verdict::Ole,
    Verdict::Wa,
    Verdict::Sk,
];

impl<'p> Results<'p, '_> {
    /// What is needed next.
    pub(super) fn next(&self) -> Next<'p> {
        self.next_in(self.root).unwrap_or(Next::Nothing)
    }

    /// What the submission came to.
    pub(super) fn submission(&self) -> GroupResult {
        self.of_group(self.root)
    }

    /// What every group came to, parents before their children.
    pub(super) fn groups(&self) -> Vec<GroupVerdict> {
        let mut verdicts = Vec::new();
        self.list(self.root, &mut verdicts);
        verdicts
    }

    fn list(&self, group: &TestGroup, verdicts: &mut Vec<GroupVerdict>) {
        if !group.name.is_empty() {
            let GroupResult { verdict, score } = self.of_group(group);
            let score = Some(score).filter(|_| verdict != Verdict::Sk);
            verdicts.push(GroupVerdict {
                name: group.name.clone(),
                verdict,
                score,
            });
        }
        for item in &group.items {
            if let Item::Group(inner) = item {
                self.list(inner, verdicts);
            }
        }
    }

    fn next_in(&self, group: &'p TestGroup) -> Option<Next<'p>> {
        if !self.may_run(group) {
            return None;
        }
        for item in &group.items {
            let verdict = match item {
                Item::Case(index) => match self.tests.get(*index)? {
                    Some(result) => result.verdict,
                    None => return Some(Next::Test(*index)),
                },
                Item::Group(inner) => match self.next_in(inner) {
                    Some(next) => return Some(next),
                    None => self.of_group(inner).verdict,
                },
            };
            if verdict != Verdict::Ac
                && !is_ignored(group, item)
                && group.on_reject == OnReject::Break
                && self.stopping == Stopping::AsGroupsSay
            {
                break;
            }
        }
        self.ungraded(group).map(Next::Grade)
    }

    /// What the grader of the package has to say yet about a group whose items are known.
    fn ungraded(&self, group: &'p TestGroup) -> Option<GraderInput<'p>> {
        let Grading::Custom(grader) = &group.grading else {
            return None;
        };
        let results = self.reached(group, |result| {
            given_or_usual(result, grader.accept_score, grader.reject_score)
        });
        let is_known = self.custom.contains_key(&group.name) || results.is_empty();
        (!is_known).then(|| GraderInput::new(group, grader, results))
    }

    /// Every group that it requires was accepted whole.
    fn may_run(&self, group: &TestGroup) -> bool {
        let Grading::V2025 { require_pass, .. } = &group.grading else {
            return true;
        };
        require_pass
            .iter()
            .all(|name| find(self.root, name).is_some_and(|required| self.all_accepted(required)))
    }

    fn all_accepted(&self, group: &TestGroup) -> bool {
        group.items.iter().all(|item| match item {
            Item::Case(index) => self.test(*index).is_some_and(|result| result.verdict == Verdict::Ac),
            Item::Group(inner) => self.all_accepted(inner),
        })
    }

    fn test(&self, index: usize) -> Option<TestResult> {
        self.tests.get(index).copied().flatten()
    }

    fn of_group(&self, group: &TestGroup) -> GroupResult {
        match &group.grading {
            Grading::Legacy(grader) => self.by_legacy_grader(group, grader),
            Grading::Custom(_) => self.by_custom_grader(group),
            Grading::V2025 {
                aggregation, max_score, ..
            } => self.by_aggregation(group, *aggregation, *max_score),
        }
    }

    /// The items that were reached, each with its verdict and its score. What ran although judging would have ended before
    /// is left out: running on changes no result.
    fn reached(&self, group: &TestGroup, score: impl Fn(TestResult) -> f64) -> Vec<GroupResult> {
        let results = group.items.iter().map(|item| match item {
            Item::Case(index) => self.test(*index).map(|result| GroupResult {
                verdict: result.verdict,
                score: score(result),
            }),
            Item::Group(inner) => Some(self.of_group(inner)),
        });
        let results = results.flatten().filter(|result| result.verdict != Verdict::Sk);
        let mut reached: Vec<GroupResult> = results.collect();
        if group.on_reject == OnReject::Break
            && let Some(failed) = reached.iter().position(|result| result.verdict != Verdict::Ac)
        {
            reached.truncate(failed + 1);
        }
        reached
    }

    fn by_legacy_grader(&self, group: &TestGroup, grader: &LegacyGrader) -> GroupResult {
        // A flag of the root; a group that has no settings of its own inherits it without a meaning.
        if grader.ignore_sample
            && group.name.is_empty()
            && let Some(secret) = find(self.root, "secret")
        {
            return self.of_group(secret);
        }
        let results = self.reached(group, |result| {
            given_or_usual(result, grader.accept_score, grader.reject_score)
        });
        let scores = results.iter().map(|result| result.score);
        let score = match grader.score {
            ScoreMode::Sum => total(scores),
            ScoreMode::Avg => total(scores) / count(&results),
            ScoreMode::Min => scores.reduce(f64::min).unwrap_or(0.0),
            ScoreMode::Max => scores.reduce(f64::max).unwrap_or(0.0),
        };
        GroupResult {
            verdict: legacy_verdict(group, grader, &results),
            score,
        }
    }

    /// A group that was not reached has no result of the grader.
    fn by_custom_grader(&self, group: &TestGroup) -> GroupResult {
        let unknown = GroupResult {
            verdict: Verdict::Sk,
            score: 0.0,
        };
        self.custom.get(&group.name).copied().unwrap_or(unknown)
    }

    fn by_aggregation(&self, group: &TestGroup, aggregation: Aggregation, max_score: Option<f64>) -> GroupResult {
        let share = match aggregation {
            Aggregation::Sum => group.points_of_test(),
            Aggregation::Min | Aggregation::PassFail => max_score,
        };
        let results = self.reached(group, |result| match result.verdict {
            Verdict::Ac => result
                .score
                .or(share.map(|share| share * result.multiplier.unwrap_or(1.0)))
                .unwrap_or(0.0),
            _ => 0.0,
        });
        let verdict = if group.items.is_empty() {
            Verdict::Ac
        } else {
            first_error(&results)
        };
        let complete = results.len() == group.items.len();
        let scores = results.iter().map(|result| result.score);
        let score = match aggregation {
            Aggregation::PassFail if verdict == Verdict::Ac && complete => max_score.unwrap_or(0.0),
            Aggregation::PassFail => 0.0,
            Aggregation::Sum => total(scores),
            // A test that was not run was not accepted, so it counts as nothing.
            Aggregation::Min if complete => scores.reduce(f64::min).unwrap_or(0.0),
            Aggregation::Min => 0.0,
        };
        // Samples give no points, and the root gives those of the secret data.
        match (group.name.as_str(), find(self.root, "secret")) {
            ("", Some(secret)) => GroupResult {
                verdict,
                score: self.of_group(secret).score,
            },
            ("sample", _) => GroupResult { verdict, score: 0.0 },
            _ => GroupResult { verdict, score },
        }
    }
}

/// The score of a test, which the legacy format has for one that got none.
fn given_or_usual(result: TestResult, accepted: f64, rejected: f64) -> f64 {
    let usual = if result.verdict == Verdict::Ac {
        accepted
    } else {
        rejected
    };
    result.score.unwrap_or(usual)
}

/// The sample group, where the root says that it does not count.
fn is_ignored(group: &TestGroup, item: &Item) -> bool {
    let ignores = matches!(&group.grading, Grading::Legacy(grader) if grader.ignore_sample && group.name.is_empty());
    ignores && matches!(item, Item::Group(inner) if inner.name == "sample")
}

fn legacy_verdict(group: &TestGroup, grader: &LegacyGrader, results: &[GroupResult]) -> Verdict {
    if results.is_empty() {
        return if group.items.is_empty() {
            Verdict::Ac
        } else {
            Verdict::Sk
        };
    }
    let any_accepted = results.iter().any(|result| result.verdict == Verdict::Ac);
    if grader.verdict == VerdictMode::AlwaysAccept || (grader.accept_if_any_accepted && any_accepted) {
        return Verdict::Ac;
    }
    if grader.verdict == VerdictMode::FirstError {
        return first_error(results);
    }
    let occurs = |wanted: &&Verdict| results.iter().any(|result| result.verdict == **wanted);
    WORST_FIRST.iter().find(occurs).copied().unwrap_or(Verdict::Ac)
}

fn first_error(results: &[GroupResult]) -> Verdict {
    match results {
        [] => Verdict::Sk,
        _ => results
            .iter()
            .map(|result| result.verdict)
            .find(|verdict| *verdict != Verdict::Ac)
            .unwrap_or(Verdict::Ac),
    }
}

fn find<'a>(group: &'a TestGroup, name: &str) -> Option<&'a TestGroup> {
    if group.name == name {
        return Some(group);
    }
    group.items.iter().find_map(|item| match item {
        Item::Group(inner) => find(inner, name),
        Item::Case(_) => None,
    })
}

/// Zero for nothing: the sum of an empty iterator of floats is `-0.0`.
fn total(scores: impl Iterator<Item = f64>) -> f64 {
    scores.fold(0.0, |sum, score| sum + score)
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 tests")]
fn count<T>(items: &[T]) -> f64 {
    items.len().max(1) as f64
}

#[cfg(test)]
mod tests;
