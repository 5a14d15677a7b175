//! Scores of a legacy output validator that its author may not have meant. Judging takes them as they are.

use crate::contract::{Judgement, TestVerdict, Verdict};
use crate::problem::{Format, Kind, OutputValidator, Package};

/// The first test whose score is odd, in words. Kattis' problemtools end in a judge error where a validator that gives
/// scores accepts without one.
pub(super) fn odd_score(package: &Package, judgement: &Judgement) -> Option<String> {
    let is_asked_for = package.format == Format::Legacy && package.kind != Kind::PassFail && package.gives_scores;
    let is_custom = package.validator != OutputValidator::Default;
    judgement
        .tests
        .iter()
        .find_map(odd)
        .filter(|_| is_asked_for && is_custom)
}

fn odd(test: &TestVerdict) -> Option<String> {
    let name = &test.name;
    match (test.verdict, test.score) {
        (Verdict::Ac, None) => Some(format!(
            "the output validator accepted {name} and left no score.txt, though problem.yaml says that it gives scores: \
             accept_score counts"
        )),
        (Verdict::Wa, Some(score)) => Some(format!(
            "the output validator rejected {name} and left a score.txt: {score} counts, and not reject_score"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../docs/examples/verdict.json");

    #[test]
    fn a_score_that_is_missing_or_given_to_a_rejected_test_is_odd() {
        let example: Judgement = crate::contract::document(EXAMPLE.as_bytes()).expect("the example is a verdict");
        let test = example.tests.into_iter().next().expect("the example has tests");
        let rows = [
            (Verdict::Ac, None, Some("left no score.txt")),
            (Verdict::Ac, Some(0.0), None),
            (Verdict::Wa, Some(0.0), Some("rejected")),
            (Verdict::Wa, None, None),
            (Verdict::Tle, None, None),
            (Verdict::Sk, None, None),
        ];
        for (verdict, score, expected) in rows {
            let found = odd(&TestVerdict {
                verdict,
                score,
                ..test.clone()
            });
            assert_eq!(found.is_some(), expected.is_some(), "{verdict:?} {found:?}");
            assert!(expected.is_none_or(|text| found.unwrap().contains(text)), "{verdict:?}");
        }
    }
}
