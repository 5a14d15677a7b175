//! Groups, verdicts and scores, without running anything.

use super::*;

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

/// Runs a submission that gets these verdicts, and says which tests were run and what it came to.
fn judge(root: &TestGroup, verdicts: &[Verdict], stopping: Stopping) -> (Vec<usize>, GroupResult) {
    let mut tests = vec![None; verdicts.len()];
    let mut order = Vec::new();
    let custom = CustomResults::new();
    while let Next::Test(index) = (Results {
        root,
        tests: &tests,
        custom: &custom,
        stopping,
    })
    .next()
    {
        let (score, multiplier) = (None, None);
        tests[index] = Some(TestResult {
            verdict: verdicts[index],
            score,
            multiplier,
        });
        order.push(index);
    }
    (
        order,
        Results {
            root,
            tests: &tests,
            custom: &custom,
            stopping,
        }
        .submission(),
    )
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
