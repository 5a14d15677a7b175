//! Does a verdict agree with what the author expects?

use crate::contract::{Judgement, TestVerdict, Verdict};
use crate::problem::{Expectation, Requirement, glob_matches};

/// Scores are sums of floating-point numbers.
const CLOSE_ENOUGH: f64 = 1e-6;

/// The first requirement that does not hold, in words. Where only some of the tests were run, what one of them must come
/// to, and scores, cannot be told.
pub(super) fn disagreement(expectation: &Expectation, judgement: &Judgement, all_tests: bool) -> Option<String> {
    let can_be_told = |requirement: &&Requirement| match requirement {
        Requirement::Permitted { .. } => true,
        Requirement::Verdict(_) => all_tests || judgement.verdict != Verdict::Ac,
        _ => all_tests,
    };
    let mut told = expectation.requirements.iter().filter(can_be_told);
    told.find_map(|requirement| complaint(requirement, judgement))
}

fn complaint(requirement: &Requirement, judgement: &Judgement) -> Option<String> {
    match requirement {
        Requirement::Verdict(verdicts) if verdicts.contains(&judgement.verdict) => None,
        Requirement::Verdict(verdicts) => Some(format!("expected {}", codes(verdicts))),
        _ if judgement.verdict == Verdict::Ce => Some("does not compile".to_owned()),
        Requirement::Permitted { tests, verdicts } => matching(judgement, tests.as_deref())
            .find(|test| !verdicts.contains(&test.verdict))
            .map(|test| format!("{} is {}, permitted: {}", test.name, test.verdict, codes(verdicts))),
        Requirement::Required { tests, verdicts } => {
            let found = matching(judgement, tests.as_deref()).any(|test| verdicts.contains(&test.verdict));
            (!found).then(|| format!("no test is {}", codes(verdicts)))
        }
        Requirement::Score { group, least, most } => {
            let score = match group {
                None => judgement.score,
                Some(name) => judgement
                    .groups
                    .iter()
                    .find(|group| group.name == *name)
                    .and_then(|group| group.score),
            };
            let fits = score.is_some_and(|score| score >= least - CLOSE_ENOUGH && score <= most + CLOSE_ENOUGH);
            (!fits).then(|| format!("expected a score from {least} to {most}, got {}", shown(score)))
        }
        Requirement::NotTheBestScore { best } => {
            let is_best = judgement.score.is_some_and(|score| (score - best).abs() < CLOSE_ENOUGH);
            is_best.then(|| format!("expected less than the best score of {best}"))
        }
        Requirement::Message(text) => {
            let said = judgement.tests.iter().filter_map(|test| test.judge_message.as_deref());
            (!said.into_iter().any(|message| message.contains(text)))
                .then(|| format!("no message to the judges holds {text:?}"))
        }
    }
}

/// The tests that ran and that the glob means.
fn matching<'a>(judgement: &'a Judgement, glob: Option<&'a str>) -> impl Iterator<Item = &'a TestVerdict> {
    judgement
        .tests
        .iter()
        .filter(|test| test.verdict != Verdict::Sk)
        .filter(move |test| glob.is_none_or(|glob| glob_matches(glob, &test.name)))
}

fn codes(verdicts: &[Verdict]) -> String {
    verdicts
        .iter()
        .map(|verdict| verdict.code())
        .collect::<Vec<_>>()
        .join(", ")
}

fn shown(score: Option<f64>) -> String {
    score.map_or("none".to_owned(), |score| score.to_string())
}
