//! Scores that the package does not allow its groups (`range` of the legacy format). Its judging does not hold them: it is
//! for the author to know.

use crate::contract::{Judgement, Verdict};
use crate::problem::{Grading, Kind, TestGroup};

/// The first group whose score lies outside of its range, in words.
pub(super) fn outside_of_range(root: &TestGroup, kind: Kind, judgement: &Judgement) -> Option<String> {
    if kind == Kind::PassFail {
        return None;
    }
    let groups = judgement.groups.iter().filter(|group| group.verdict != Verdict::Sk);
    let groups = groups.filter_map(|group| Some((group.name.as_str(), group.score?)));
    let whole = judgement.score.map(|score| ("", score));
    groups
        .chain(whole)
        .find_map(|(name, score)| outside(find(root, name)?, score))
}

fn outside(group: &TestGroup, score: f64) -> Option<String> {
    let (lowest, highest) = match &group.grading {
        Grading::Legacy(grader) => grader.range,
        Grading::Custom(grader) => grader.range,
        Grading::V2025 { .. } => return None,
    };
    let place = match group.name.as_str() {
        "" => "all tests together".to_owned(),
        name => format!("the group {name}"),
    };
    (!(lowest..=highest).contains(&score))
        .then(|| format!("{place} came to the score {score}, the package allows {lowest} to {highest} (range)"))
}

fn find<'a>(group: &'a TestGroup, name: &str) -> Option<&'a TestGroup> {
    match group.name == name {
        true => Some(group),
        false => group.groups().find_map(|inner| find(inner, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::GroupVerdict;
    use crate::problem::{Item, LegacyGrader, OnReject};

    const EXAMPLE: &str = include_str!("../../../docs/examples/verdict.json");

    fn group(name: &str, range: (f64, f64), items: Vec<Item>) -> TestGroup {
        let grader = LegacyGrader {
            range,
            ..LegacyGrader::default()
        };
        TestGroup {
            name: name.to_owned(),
            items,
            on_reject: OnReject::Continue,
            grading: Grading::Legacy(grader),
        }
    }

    #[test]
    fn the_first_group_with_a_score_that_its_range_does_not_allow_is_named() {
        let inner = group("secret", (0.0, 40.0), vec![Item::Case(0)]);
        let root = group("", (f64::NEG_INFINITY, 50.0), vec![Item::Group(inner)]);
        let rows = [
            (Some((Verdict::Ac, 40.0)), Some(50.0), None),
            (Some((Verdict::Ac, 40.5)), Some(40.5), Some("the group secret")),
            (Some((Verdict::Wa, -1.0)), Some(-1.0), Some("the group secret")),
            (Some((Verdict::Sk, -1.0)), Some(0.0), None),
            (None, Some(50.5), Some("all tests together")),
            (None, None, None),
        ];
        for (secret, score, named) in rows {
            let groups = secret.map(|(verdict, score)| GroupVerdict {
                name: "secret".to_owned(),
                verdict,
                score: Some(score),
            });
            let example: Judgement = crate::contract::document(EXAMPLE.as_bytes()).expect("the example is a verdict");
            let judgement = Judgement {
                groups: groups.into_iter().collect(),
                score,
                ..example
            };
            let found = outside_of_range(&root, Kind::Scoring { minimise: false }, &judgement);
            assert_eq!(found.is_some(), named.is_some(), "{found:?}");
            assert!(named.is_none_or(|name| found.unwrap().starts_with(name)), "{secret:?}");
            assert_eq!(outside_of_range(&root, Kind::PassFail, &judgement), None);
        }
    }
}
