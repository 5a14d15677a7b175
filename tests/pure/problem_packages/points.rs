//! Points that the groups of a package come to together, and what is expected of accepted submissions.

use std::fs;

use assize::problem::{Package, Requirement};

use crate::problem_packages::{NEW_SCORING, package, warnings};

const DRAFT: &str = "problem_format_version: 2023-07-draft\nname: Sum\ntype: scoring\n";
const LEGACY: &str = "type: scoring\n";

/// A package with the groups `secret/a` and `secret/b`, an accepted submission, and what stands in the files about the
/// whole and about the groups.
fn with_groups(yaml: &str, [whole, first, second]: [&str; 3]) -> Package {
    let (whole_path, file) = match yaml {
        LEGACY => ("data/testdata.yaml", "testdata.yaml"),
        _ => ("data/secret/test_group.yaml", "test_group.yaml"),
    };
    let mut files = vec![
        ("problem.yaml".to_owned(), yaml),
        (whole_path.to_owned(), whole),
        ("submissions/accepted/a.py".to_owned(), ""),
    ];
    for (group, settings) in [("a", first), ("b", second)] {
        let path = |name: &str| format!("data/secret/{group}/{name}");
        files.extend([(path("1.in"), ""), (path("1.ans"), ""), (path(file), settings)]);
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let directory = package(&files);
    for file in ["1.in", "1.ans"] {
        fs::remove_file(directory.path().join("data/secret").join(file)).unwrap();
    }
    Package::load(directory.path()).unwrap()
}

#[test]
fn an_accepted_submission_has_the_best_score_that_the_groups_can_come_to() {
    let new = NEW_SCORING.1;
    let unbounded = "max_score: unbounded\nscore_aggregation: sum\n";
    type Row<'a> = (&'a str, [&'a str; 3], Option<f64>);
    let rows: [Row<'_>; 14] = [
        (new, ["", "max_score: 30", "max_score: 40"], Some(70.0)),
        (new, ["max_score: 70", "max_score: 30", "max_score: 40"], Some(70.0)),
        (new, ["", "max_score: 60", "max_score: 40"], Some(100.0)),
        (new, ["", "max_score: 60", "max_score: 60"], Some(100.0)),
        (new, ["", "", "max_score: 40"], Some(100.0)),
        (
            new,
            ["score_aggregation: min", "max_score: 30", "max_score: 40"],
            Some(30.0),
        ),
        (
            new,
            ["score_aggregation: pass-fail", "max_score: 30", "max_score: 40"],
            Some(100.0),
        ),
        (new, ["max_score: unbounded", "max_score: 30", unbounded], None),
        (DRAFT, ["", "max_score: 30", "max_score: 40"], Some(70.0)),
        (LEGACY, ["range: 0 100", "range: 0 30", "range: 0 40"], Some(70.0)),
        (
            LEGACY,
            ["range: 0 100\ngrader_flags: max", "range: 0 30", "range: 0 40"],
            Some(40.0),
        ),
        (LEGACY, ["range: 0 100", "range: 0 30", ""], Some(100.0)),
        (LEGACY, ["range: 0 50", "range: 0 30", "range: 0 40"], Some(50.0)),
        (LEGACY, ["", "range: 0 30", "range: 0 40"], None),
    ];
    for (yaml, settings, best) in rows {
        let package = with_groups(yaml, settings);
        let requirements = &package.examples[0].expectation.as_ref().unwrap().requirements;
        let scores = requirements.iter().filter_map(|requirement| match requirement {
            Requirement::Score { least, most, .. } => Some((*least, *most)),
            _ => None,
        });
        let expected: Vec<(f64, f64)> = best.map(|best| (best, best)).into_iter().collect();
        assert_eq!(scores.collect::<Vec<_>>(), expected, "{yaml} {settings:?}");
        let told = warnings(&package);
        let is_out_of_reach = yaml != LEGACY && best.is_some_and(|best| best < 100.0) && settings[0] != "max_score: 70";
        let is_told = told.iter().any(|it| it.contains("which no submission can get"));
        assert_eq!(is_told, is_out_of_reach, "{yaml} {settings:?}: {told:?}");
    }
}
