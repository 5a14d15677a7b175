//! Groups, verdicts and scores, without running anything.

use super::*;
use crate::problem::CustomGrader;

fn legacy(name: &str, on_reject: OnReject, flags: &[ScoreMode], items: Vec<Item>) -> TestGroup {
    let score = flags.first().copied().unwrap_or(ScoreMode::Sum);
    let grader = LegacyGrader {
        score,
        accept_score: 10.0,
        ..LegacyGrader::default()
    };
    TestGroup {
        name: name.to_owned(),
        items,
        on_reject,
        grading: Grading::Legacy(grader),
    }
}

fn v2025(name: &str, aggregation: Aggregation, max_score: f64, requires: &[&str], items: Vec<Item>) -> TestGroup {
    let require_pass = requires.iter().map(|name| (*name).to_owned()).collect();
    TestGroup {
        name: name.to_owned(),
        items,
        on_reject: OnReject::Continue,
        grading: Grading::V2025 {
            aggregation,
            max_score: Some(max_score),
            require_pass,
        },
    }
}

/// Runs a submission that gets these verdicts, and says which tests were run and what it came to. A grader of the package
/// accepts where the last line that it reads is accepted, and gives a point for each line.
fn judge(root: &TestGroup, verdicts: &[Verdict], stopping: Stopping) -> (Vec<usize>, GroupResult) {
    let mut tests = vec![None; verdicts.len()];
    let mut order = Vec::new();
    let mut custom = CustomResults::new();
    loop {
        let results = Results {
            root,
            tests: &tests,
            custom: &custom,
            stopping,
        };
        match results.next() {
            Next::Nothing => return (order, results.submission()),
            Next::Grade(input) => {
                let text = String::from_utf8(input.text().to_vec()).unwrap();
                let last = text.lines().last().unwrap();
                let verdict = if last.starts_with("AC") { Ac } else { Wa };
                let score = f64::from(u32::try_from(text.lines().count()).unwrap());
                custom.insert(input.group.name.clone(), GroupResult { verdict, score });
            }
            Next::Test(index) => {
                tests[index] = Some(TestResult {
                    verdict: verdicts[index],
                    score: None,
                    multiplier: None,
                });
                order.push(index);
            }
        }
    }
}

use Verdict::{Ac, Rte, Wa};

#[test]
fn a_rejected_test_ends_its_group_and_every_group_that_breaks_above_it() {
    let secret = |on_reject| {
        let first = legacy("secret/1", OnReject::Break, &[], vec![Item::Case(1), Item::Case(2)]);
        let second = legacy("secret/2", OnReject::Break, &[], vec![Item::Case(3)]);
        legacy("secret", on_reject, &[], vec![Item::Group(first), Item::Group(second)])
    };
    let root = |on_reject| {
        let sample = legacy("sample", OnReject::Break, &[], vec![Item::Case(0)]);
        legacy(
            "",
            OnReject::Break,
            &[],
            vec![Item::Group(sample), Item::Group(secret(on_reject))],
        )
    };
    let verdicts = [Ac, Wa, Ac, Rte];
    let (order, result) = judge(&root(OnReject::Break), &verdicts, Stopping::AsGroupsSay);
    assert_eq!((order, result.verdict), (vec![0, 1], Wa));
    let (order, result) = judge(&root(OnReject::Continue), &verdicts, Stopping::AsGroupsSay);
    assert_eq!(
        (order, result.verdict),
        (vec![0, 1, 3], Rte),
        "the worst error of those that occurred"
    );
    let (order, result) = judge(&root(OnReject::Break), &verdicts, Stopping::Never);
    assert_eq!(
        (order, result.verdict),
        (vec![0, 1, 2, 3], Wa),
        "running on does not change the verdict"
    );
}

/// Every way to grade a group of the legacy format.
fn gradings() -> Vec<Grading> {
    let mut gradings = vec![Grading::Custom(CustomGrader {
        flags: Vec::new(),
        accept_score: 1.0,
        reject_score: 0.0,
        range: (0.0, 10.0),
    })];
    let scores = [ScoreMode::Sum, ScoreMode::Avg, ScoreMode::Min, ScoreMode::Max];
    for verdict in [
        VerdictMode::WorstError,
        VerdictMode::FirstError,
        VerdictMode::AlwaysAccept,
    ] {
        for (score, accept_if_any_accepted) in scores.iter().flat_map(|score| [(*score, false), (*score, true)]) {
            gradings.push(Grading::Legacy(LegacyGrader {
                verdict,
                score,
                accept_if_any_accepted,
                ..LegacyGrader::default()
            }));
        }
    }
    gradings
}

/// All rows of four verdicts of these.
fn rows_of_four(verdicts: [Verdict; 3]) -> impl Iterator<Item = [Verdict; 4]> {
    let at = move |number: usize, place: u32| verdicts[number / 3_usize.pow(place) % 3];
    (0..81).map(move |number| [0, 1, 2, 3].map(|place| at(number, place)))
}

#[test]
fn a_submission_comes_to_the_same_where_all_tests_are_run_as_where_judging_stops() {
    let policies = [OnReject::Break, OnReject::Continue];
    for grading in gradings() {
        for [outer, inner] in policies.iter().flat_map(|outer| policies.map(|inner| [*outer, inner])) {
            let group = |name: &str, on_reject, items| TestGroup {
                name: name.to_owned(),
                items,
                on_reject,
                grading: grading.clone(),
            };
            let first = group("secret/1", inner, vec![Item::Case(1), Item::Case(2)]);
            let secret = vec![Item::Group(first), Item::Case(3)];
            let sample = group("sample", inner, vec![Item::Case(0)]);
            let items = vec![Item::Group(sample), Item::Group(group("secret", outer, secret))];
            let root = group("", outer, items);
            for verdicts in rows_of_four([Ac, Wa, Rte]) {
                let (_, stopped) = judge(&root, &verdicts, Stopping::AsGroupsSay);
                let (order, whole) = judge(&root, &verdicts, Stopping::Never);
                assert_eq!(order, [0, 1, 2, 3]);
                assert_eq!(whole, stopped, "{grading:?}, {outer:?}, {inner:?}: {verdicts:?}");
            }
        }
    }
}

#[test]
fn a_group_that_breaks_is_graded_by_what_was_reached() {
    let accepts_any = LegacyGrader {
        accept_if_any_accepted: true,
        ..LegacyGrader::default()
    };
    for (on_reject, verdict, score) in [(OnReject::Break, Wa, 0.0), (OnReject::Continue, Ac, 1.0)] {
        let root = TestGroup {
            name: String::new(),
            items: vec![Item::Case(0), Item::Case(1)],
            on_reject,
            grading: Grading::Legacy(accepts_any.clone()),
        };
        let (order, result) = judge(&root, &[Wa, Ac], Stopping::Never);
        assert_eq!((order, result), (vec![0, 1], GroupResult { verdict, score }));
    }
}

#[test]
fn scores_are_put_together_as_the_flags_say() {
    let rows = [
        (ScoreMode::Sum, 20.0),
        (ScoreMode::Avg, 20.0 / 3.0),
        (ScoreMode::Min, 0.0),
        (ScoreMode::Max, 10.0),
    ];
    for (mode, expected) in rows {
        let root = legacy(
            "",
            OnReject::Continue,
            &[mode],
            vec![Item::Case(0), Item::Case(1), Item::Case(2)],
        );
        let (_, result) = judge(&root, &[Ac, Wa, Ac], Stopping::AsGroupsSay);
        assert!((result.score - expected).abs() < 1e-9, "{mode:?}: {result:?}");
    }
}

#[test]
fn ignore_sample_is_a_flag_of_the_root_that_a_group_may_inherit_without_harm() {
    let sample = legacy("sample", OnReject::Continue, &[], vec![Item::Case(0)]);
    let secret = legacy("secret", OnReject::Continue, &[], vec![Item::Case(1)]);
    let mut root = legacy("", OnReject::Break, &[], vec![Item::Group(sample), Item::Group(secret)]);
    let ignore = |group: &mut TestGroup| {
        if let Grading::Legacy(grader) = &mut group.grading {
            grader.ignore_sample = true;
        }
    };
    ignore(&mut root);
    for item in &mut root.items {
        if let Item::Group(group) = item {
            ignore(group);
        }
    }
    let (order, result) = judge(&root, &[Wa, Ac], Stopping::AsGroupsSay);
    assert_eq!(
        (order, result),
        (
            vec![0, 1],
            GroupResult {
                verdict: Ac,
                score: 10.0
            }
        )
    );
}

#[test]
fn a_group_that_comes_to_more_than_its_highest_score_is_named() {
    let row = |of_group: f64, of_secret: f64| {
        let group = v2025("secret/1", Aggregation::PassFail, of_group, &[], vec![Item::Case(0)]);
        let thirds = (1..4).map(Item::Case).collect();
        let shares = v2025("secret/2", Aggregation::Sum, 10.0, &[], thirds);
        let secret = v2025(
            "secret",
            Aggregation::Sum,
            of_secret,
            &[],
            vec![Item::Group(group), Item::Group(shares)],
        );
        let root = v2025("", Aggregation::Sum, of_secret, &[], vec![Item::Group(secret)]);
        let accepted = Some(TestResult {
            verdict: Ac,
            score: None,
            multiplier: None,
        });
        let results = Results {
            root: &root,
            tests: &[accepted; 4],
            custom: &CustomResults::new(),
            stopping: Stopping::AsGroupsSay,
        };
        results.excess().map(|excess| (excess.group, excess.score))
    };
    // Three thirds of ten are no excess.
    assert_eq!(row(90.0, 100.0), None);
    assert_eq!(row(95.0, 100.0), Some(("secret".to_owned(), 105.0)));
}

#[test]
fn a_group_is_run_only_when_the_groups_that_it_requires_were_accepted() {
    let groups = vec![
        Item::Group(v2025("secret/1", Aggregation::PassFail, 40.0, &[], vec![Item::Case(0)])),
        Item::Group(v2025(
            "secret/2",
            Aggregation::Sum,
            60.0,
            &["secret/1"],
            vec![Item::Case(1), Item::Case(2)],
        )),
    ];
    let secret = v2025("secret", Aggregation::Sum, 100.0, &[], groups);
    let empty_sample = v2025("sample", Aggregation::PassFail, 0.0, &[], Vec::new());
    let items = vec![Item::Group(empty_sample), Item::Group(secret)];
    let root = v2025("", Aggregation::Sum, 100.0, &[], items);
    let run = |verdicts: &[Verdict]| judge(&root, verdicts, Stopping::AsGroupsSay);
    assert_eq!(
        run(&[Ac, Ac, Wa]),
        (
            vec![0, 1, 2],
            GroupResult {
                verdict: Wa,
                score: 70.0
            }
        )
    );
    assert_eq!(
        run(&[Wa, Ac, Ac]),
        (
            vec![0],
            GroupResult {
                verdict: Wa,
                score: 0.0
            }
        )
    );
    assert_eq!(
        run(&[Ac, Ac, Ac]),
        (
            vec![0, 1, 2],
            GroupResult {
                verdict: Ac,
                score: 100.0
            }
        )
    );
}
