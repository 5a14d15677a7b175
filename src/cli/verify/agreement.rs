//! Does a verdict agree with what the author expects?

use std::ops::RangeInclusive;

use crate::cli::verify::test_glob::TestGlob;
use crate::contract::{GroupVerdict, Judgement, TestVerdict, Verdict};
use crate::problem::{Expectation, Requirement};

/// Scores are sums of floating-point numbers.
const CLOSE_ENOUGH: f64 = 1e-6;

/// Whether a verdict is as expected, with what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Agreement {
    /// All of it holds.
    Full,
    /// It holds as the tools of the format look at it, and not as the format says, or the other way round.
    Odd(String),
    /// The first thing that does not hold.
    Not(String),
}

/// Holds a verdict against what is expected. Where only some of the tests were run, what one of them must come to, and
/// scores, cannot be told.
pub(super) fn agreement(expectation: &Expectation, judgement: &Judgement, all_tests: bool) -> Agreement {
    let mut agreement = Agreement::Full;
    for requirement in &expectation.requirements {
        match one(requirement, judgement, all_tests) {
            Agreement::Full => {}
            Agreement::Odd(remark) => agreement = Agreement::Odd(remark),
            not @ Agreement::Not(_) => return not,
        }
    }
    agreement
}

fn one(requirement: &Requirement, judgement: &Judgement, all_tests: bool) -> Agreement {
    let is_decided = match requirement {
        Requirement::Permitted { .. } | Requirement::LegacyFolder { .. } => true,
        Requirement::Verdict(_) => all_tests || judgement.verdict != Verdict::Ac,
        _ => all_tests,
    };
    let complaint = match requirement {
        _ if !is_decided => None,
        Requirement::Verdict(verdicts) if verdicts.contains(&judgement.verdict) => None,
        Requirement::Verdict(verdicts) => Some(format!("expected {}", codes(verdicts))),
        _ if judgement.verdict == Verdict::Ce => Some("does not compile".to_owned()),
        Requirement::LegacyFolder { permitted, required } => {
            return of_legacy_folder(permitted, required, judgement, all_tests);
        }
        Requirement::Permitted { tests, verdicts } => not_permitted(verdicts, tests.as_deref(), judgement),
        Requirement::Required { tests, verdicts } => not_there(verdicts, tests.as_deref(), judgement),
        Requirement::Score { group, least, most } => {
            let range = (least - CLOSE_ENOUGH)..=(most + CLOSE_ENOUGH);
            wrong_score(group.as_deref(), &range, judgement)
                .map(|(of, got)| format!("expected a score{of} from {least} to {most}, {got}"))
        }
        Requirement::NotTheBestScore { best } => {
            let is_best = judgement.score.is_some_and(|score| (score - best).abs() < CLOSE_ENOUGH);
            is_best.then(|| format!("expected less than the best score of {best}"))
        }
        Requirement::Message { tests, text } => not_said(text, tests.as_deref(), judgement),
    };
    complaint.map_or(Agreement::Full, Agreement::Not)
}

/// Of a verdict as a whole that fits, a test behind the first failure does not take anything away, since the tools of the
/// format do not judge it. They take one that does not fit for wrong, whatever the tests are.
fn of_legacy_folder(permitted: &[Verdict], required: &[Verdict], judgement: &Judgement, all_tests: bool) -> Agreement {
    let missing = || not_there(required, None, judgement).filter(|_| all_tests);
    match not_permitted(permitted, None, judgement).or_else(missing) {
        None if all_tests && !required.contains(&judgement.verdict) => Agreement::Odd(format!(
            "the verdict is {}, where the tools of the format expect {}; its tests are as the folder says",
            judgement.verdict,
            codes(required)
        )),
        None => Agreement::Full,
        Some(complaint) if required.contains(&judgement.verdict) => Agreement::Odd(format!(
            "{complaint}; the verdict is {} all the same, which is all that the tools of the format compare",
            judgement.verdict
        )),
        Some(complaint) => Agreement::Not(complaint),
    }
}

fn not_permitted(permitted: &[Verdict], tests: Option<&str>, judgement: &Judgement) -> Option<String> {
    matching(judgement, tests)
        .find(|test| !permitted.contains(&test.verdict))
        .map(|test| format!("{} is {}, permitted: {}", test.name, test.verdict, codes(permitted)))
}

fn not_there(required: &[Verdict], tests: Option<&str>, judgement: &Judgement) -> Option<String> {
    let found = matching(judgement, tests).any(|test| required.contains(&test.verdict));
    (!found).then(|| format!("no test is {}", codes(required)))
}

fn not_said(text: &str, tests: Option<&str>, judgement: &Judgement) -> Option<String> {
    let mut messages = matching(judgement, tests).filter_map(|test| test.judge_message.as_deref());
    let of = tests.map(|glob| format!(" about {glob:?}")).unwrap_or_default();
    let is_there = messages.any(|message| message.contains(text));
    (!is_there).then(|| format!("no message to the judges{of} holds {text:?}"))
}

/// Whose score is the first that does not lie in the range, and what was got there.
fn wrong_score(groups: Option<&str>, range: &RangeInclusive<f64>, judgement: &Judgement) -> Option<(String, String)> {
    let fits = |score: Option<f64>| score.is_some_and(|score| range.contains(&score));
    let got = |score| format!("got {}", shown(score));
    let Some(name) = groups else {
        return (!fits(judgement.score)).then(|| (String::new(), got(judgement.score)));
    };
    let glob = TestGlob::of(groups);
    let mut meant = judgement
        .groups
        .iter()
        .filter(|group| glob.means_group(&group.name))
        .peekable();
    if meant.peek().is_none() {
        return Some((format!(" of {name}"), "and no group is called so".to_owned()));
    }
    let wrong = meant.find(|group| !fits(score_of(group)))?;
    Some((format!(" of {}", wrong.name), got(score_of(wrong))))
}

/// A group that was not run gave no points.
fn score_of(group: &GroupVerdict) -> Option<f64> {
    match group.verdict {
        Verdict::Sk => Some(0.0),
        _ => group.score,
    }
}

/// The tests that ran and that the glob means.
fn matching<'a>(judgement: &'a Judgement, glob: Option<&str>) -> impl Iterator<Item = &'a TestVerdict> {
    let glob = TestGlob::of(glob);
    judgement
        .tests
        .iter()
        .filter(|test| test.verdict != Verdict::Sk)
        .filter(move |test| glob.means(&test.name))
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

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Ac, Ce, Mle, Ole, Rte, Sk, Tle, Wa};

    const EXAMPLE: &str = include_str!("../../../docs/examples/verdict.json");

    fn judged(verdict: Verdict, tests: &[Verdict]) -> Judgement {
        let example: Judgement = crate::contract::document(EXAMPLE.as_bytes()).expect("the example is a verdict");
        let test = |verdict: &Verdict| TestVerdict {
            verdict: *verdict,
            ..example.tests[0].clone()
        };
        Judgement {
            verdict,
            tests: tests.iter().map(test).collect(),
            ..example.clone()
        }
    }

    #[test]
    fn a_folder_of_the_legacy_format_asks_for_the_verdict_and_warns_of_tests_that_do_not_fit() {
        let (full, odd, not) = ("as expected", "with a warning", "not as expected");
        let crash: &[Verdict] = &[Rte, Mle, Ole];
        type Row<'a> = (&'a [Verdict], &'a [Verdict], Verdict, &'a [Verdict], bool, &'a str);
        let rows: [Row<'_>; 17] = [
            // wrong_answer/
            (&[Ac, Wa], &[Wa], Wa, &[Ac, Wa, Ac], true, full),
            (&[Ac, Wa], &[Wa], Wa, &[Ac, Wa, Tle], true, odd),
            (&[Ac, Wa], &[Wa], Wa, &[Wa, Rte, Sk], true, odd),
            (&[Ac, Wa], &[Wa], Tle, &[Ac, Tle, Wa], true, not),
            (&[Ac, Wa], &[Wa], Ac, &[Ac, Ac], true, not),
            (&[Ac, Wa], &[Wa], Ac, &[Ac, Wa], true, odd),
            (&[Ac, Wa], &[Wa], Ac, &[Ac, Wa], false, full),
            (&[Ac, Wa], &[Wa], Ac, &[Ac, Sk], false, full),
            (&[Ac, Wa], &[Wa], Ce, &[Sk, Sk], true, not),
            // time_limit_exceeded/
            (&[Ac, Wa, Tle, Ole], &[Tle, Ole], Wa, &[Wa, Tle], true, odd),
            (&[Ac, Wa, Tle, Ole], &[Tle, Ole], Ole, &[Ole, Rte], true, odd),
            (&[Ac, Wa, Tle, Ole], &[Tle, Ole], Rte, &[Rte, Tle], true, not),
            // run_time_error/
            (&[Ac, Wa, Tle, Rte, Mle, Ole], crash, Mle, &[Ac, Mle], true, full),
            (&[Ac, Wa, Tle, Rte, Mle, Ole], crash, Wa, &[Wa, Wa], true, not),
            // accepted/ with a grader that accepts a part of it
            (&[Ac], &[Ac], Ac, &[Ac, Wa], true, odd),
            (&[Ac], &[Ac], Wa, &[Ac, Wa], true, not),
            (&[Ac], &[Ac], Ac, &[Wa], true, odd),
        ];
        for (permitted, required, verdict, tests, all_tests, expected) in rows {
            let expectation = Expectation {
                requirements: vec![Requirement::LegacyFolder {
                    permitted: permitted.to_vec(),
                    required: required.to_vec(),
                }],
                ..Expectation::default()
            };
            let found = match agreement(&expectation, &judged(verdict, tests), all_tests) {
                Agreement::Full => full,
                Agreement::Odd(_) => odd,
                Agreement::Not(_) => not,
            };
            assert_eq!(found, expected, "{required:?}: {verdict} with {tests:?}");
        }
    }
}
