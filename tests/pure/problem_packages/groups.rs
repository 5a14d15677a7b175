//! Test data groups and how they are graded.

use std::fs;

use assize::problem::{Aggregation, Grading, Item, OnReject, Package, ScoreMode};

use crate::problem_packages::{NEW, NEW_SCORING, group, load, loaded, package, warnings};

#[test]
fn a_legacy_group_takes_what_it_does_not_set_from_the_nearest_group_above() {
    let package = loaded(&[
        ("problem.yaml", "type: scoring\n"),
        (
            "data/testdata.yaml",
            "on_reject: continue\nrange: -inf +inf\naccept_score: 5\ngrader_flags: ignore_sample max\n",
        ),
        ("data/secret/g/testdata.yaml", "accept_score: 20\non_reject: break\n"),
        ("data/secret/g/1.in", ""),
        ("data/secret/g/1.ans", ""),
        ("data/secret/h/testdata.yaml", "grader_flags: no_errors min\n"),
        ("data/secret/h/1.in", ""),
        ("data/secret/h/1.ans", ""),
    ]);
    let found = |name: &str| {
        let group = group(&package.root, name);
        let Grading::Legacy(grader) = &group.grading else {
            panic!("{group:?}")
        };
        (group.on_reject, grader.score, grader.accept_score, grader.ignore_sample)
    };
    // Only the root has a sample to ignore.
    assert_eq!(found(""), (OnReject::Continue, ScoreMode::Max, 5.0, true));
    assert_eq!(found("secret"), (OnReject::Continue, ScoreMode::Max, 5.0, false));
    assert_eq!(found("secret/g"), (OnReject::Break, ScoreMode::Max, 20.0, false));
    assert_eq!(found("secret/h"), (OnReject::Continue, ScoreMode::Min, 5.0, false));
}

#[test]
fn a_group_asks_for_the_grader_of_the_package_until_one_below_asks_for_the_default() {
    let package = loaded(&[
        ("problem.yaml", "type: scoring\n"),
        (
            "data/testdata.yaml",
            "grading: custom\ngrader_flags: any words\naccept_score: 5\n",
        ),
        ("data/secret/g/testdata.yaml", "grader_flags: others\n"),
        ("data/secret/g/1.in", ""),
        ("data/secret/g/1.ans", ""),
        ("data/secret/h/testdata.yaml", "grading: default\ngrader_flags: min\n"),
        ("data/secret/h/1.in", ""),
        ("data/secret/h/1.ans", ""),
        ("graders/best.py", ""),
    ]);
    let flags = |name: &str| match &group(&package.root, name).grading {
        Grading::Custom(grader) => (Some(grader.flags.join(" ")), grader.accept_score),
        Grading::Legacy(grader) => (None, grader.accept_score),
        grading @ Grading::V2025 { .. } => panic!("{grading:?}"),
    };
    assert_eq!(flags("secret"), (Some("any words".to_owned()), 5.0));
    assert_eq!(flags("secret/g"), (Some("others".to_owned()), 5.0));
    assert_eq!(flags("secret/h"), (None, 5.0));
    assert_eq!(package.grader.map(|grader| grader.name).as_deref(), Some("best"));
}

#[test]
fn a_package_has_one_grader_where_a_group_asks_for_it_and_else_none() {
    let custom = ("data/secret/testdata.yaml", "grading: custom\n");
    let rows: [(&[(&str, &str)], &str); 4] = [
        (
            &[custom],
            "graders: \"grading: custom\" asks for a grader, and there is none: expected a program here",
        ),
        (
            &[custom, ("graders/a.py", ""), ("graders/b.py", "")],
            "graders: holds 2 graders, one is allowed",
        ),
        (
            &[custom, ("graders/a.py", ""), ("grader/b.py", "")],
            "graders: holds 2 graders, one is allowed",
        ),
        (
            &[custom, ("graders/a.java", "")],
            "graders/a.java: is no program that can be built",
        ),
    ];
    for (files, expected) in rows {
        let error = load(files).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let unused = loaded(&[("graders/a.py", "")]);
    assert_eq!(unused.grader, None);
    assert_eq!(
        warnings(&unused),
        ["graders: is not used: no testdata.yaml says \"grading: custom\""]
    );
}

#[test]
fn groups_of_the_new_format_have_points_of_their_own_or_a_share() {
    let case = |group: &str| {
        [
            format!("data/secret/{group}/1.in"),
            format!("data/secret/{group}/1.ans"),
        ]
    };
    let mut files = vec![
        NEW_SCORING,
        ("data/secret/a/test_group.yaml", "max_score: 40\n"),
        (
            "data/secret/b/test_group.yaml",
            "score_aggregation: min\nrequire_pass: secret/a\n",
        ),
        ("data/secret/c/test_group.yaml", ""),
        ("data/secret/c/deep/2.in", ""),
        ("data/secret/c/deep/2.ans", ""),
    ];
    let cases: Vec<String> = ["a", "b", "c"].iter().flat_map(|group| case(group)).collect();
    files.extend(cases.iter().map(|name| (name.as_str(), "")));
    let directory = package(&files);
    fs::remove_file(directory.path().join("data/secret/1.in")).unwrap();
    let package = Package::load(directory.path()).unwrap();
    let found = |name: &str| match &group(&package.root, name).grading {
        Grading::V2025 {
            aggregation,
            max_score,
            require_pass,
        } => (*aggregation, *max_score, require_pass.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(found("secret"), (Aggregation::Sum, Some(100.0), 0));
    assert_eq!(found("secret/a"), (Aggregation::PassFail, Some(40.0), 0));
    assert_eq!(found("secret/b"), (Aggregation::Min, Some(30.0), 1));
    assert_eq!(found("secret/c"), (Aggregation::PassFail, Some(30.0), 0));
    let of_c = &group(&package.root, "secret/c").items;
    assert_eq!(
        of_c,
        &[Item::Case(2), Item::Case(3)],
        "deeper directories are no groups"
    );
    assert_eq!(package.tests[3].name, "secret/c/deep/2");
}

#[test]
fn a_directory_without_test_group_yaml_is_a_group_in_the_formats_before_2025_09() {
    let test = [("data/secret/a/1.in", ""), ("data/secret/a/1.ans", "")];
    let rows = [
        ("name: Sum\n", true, false),
        ("name: Sum\ntype: scoring\n", true, false),
        ("problem_format_version: 2023-07-draft\nname: Sum\n", true, false),
        (NEW, false, false),
        (NEW_SCORING.1, false, true),
    ];
    for (yaml, is_group, is_told) in rows {
        let package = loaded(&[&[("problem.yaml", yaml)], &test[..]].concat());
        let secret = group(&package.root, "secret");
        assert_eq!(secret.groups().next().is_some(), is_group, "{yaml}");
        let told = warnings(&package);
        assert_eq!(
            told.iter().any(|it| it.contains("is no group")),
            is_told,
            "{yaml}: {told:?}"
        );
        let names: Vec<&str> = package.tests.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, ["secret/1", "secret/a/1"], "{yaml}");
    }
}

#[test]
fn the_scoring_map_of_the_draft_is_understood() {
    let package = loaded(&[
        (
            "problem.yaml",
            "problem_format_version: 2023-07-draft\nname: Sum\ntype: scoring\n",
        ),
        (
            "data/secret/test_group.yaml",
            "static_validation: false\nscoring:\n  score: unbounded\n  aggregation: min\n",
        ),
    ]);
    let Grading::V2025 {
        aggregation, max_score, ..
    } = group(&package.root, "secret").grading
    else {
        panic!("{:?}", package.root)
    };
    assert_eq!((aggregation, max_score), (Aggregation::Min, None));
    assert!(package.warnings.is_empty(), "{:?}", package.warnings);
}

#[test]
fn a_required_group_must_come_before_and_a_missing_sample_is_not_waited_for() {
    let case = [("data/secret/a/1.in", ""), ("data/secret/a/1.ans", "")];
    for required in ["secret/b", "secret/a", "a"] {
        let yaml = format!("max_score: 1\nrequire_pass: [{required}]\n");
        let files = [&case[..], &[NEW_SCORING, ("data/secret/a/test_group.yaml", &yaml)]].concat();
        let error = load(&files).unwrap_err().to_string();
        let expected = format!(
            "data/secret/a/test_group.yaml:2: require_pass names {required:?}, which is no group before \"secret/a\""
        );
        assert_eq!(error, expected);
    }
    let yaml = ("data/secret/a/test_group.yaml", "max_score: 1\nrequire_pass: sample\n");
    let package = loaded(&[&case[..], &[NEW_SCORING, yaml]].concat());
    let Grading::V2025 { require_pass, .. } = &group(&package.root, "secret/a").grading else {
        panic!("{:?}", package.root)
    };
    assert!(
        require_pass.is_empty(),
        "without a sample the group would never be judged"
    );
}

#[test]
fn empty_directories_are_no_groups() {
    for yaml in ["name: Sum\n", NEW] {
        let directory = package(&[("problem.yaml", yaml)]);
        fs::create_dir_all(directory.path().join("data/sample")).unwrap();
        fs::create_dir_all(directory.path().join("data/secret/empty")).unwrap();
        let package = Package::load(directory.path()).unwrap();
        let names: Vec<&str> = package.root.groups().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["secret"], "{yaml}");
        let place = if yaml == NEW { "directory" } else { "group" };
        let expected = format!("data/secret/empty: there is no test (.in) in this {place}");
        assert_eq!(warnings(&package), [expected]);
    }
}

#[test]
fn groups_are_graded_by_the_format_of_their_files_when_all_are_of_the_other_one() {
    let legacy = ("data/secret/testdata.yaml", "grader_flags: max\n");
    let package = loaded(&[NEW_SCORING, legacy]);
    let Grading::Legacy(grader) = &group(&package.root, "secret").grading else {
        panic!("{:?}", package.root)
    };
    assert_eq!(grader.score, ScoreMode::Max);
    let understood = "data/secret/testdata.yaml: belongs to the format legacy; it is understood all the same";
    assert_eq!(warnings(&package), [understood]);

    let package = loaded(&[NEW_SCORING, legacy, ("data/secret/test_group.yaml", "max_score: 50\n")]);
    let Grading::V2025 { max_score, .. } = group(&package.root, "secret").grading else {
        panic!("{:?}", package.root)
    };
    assert_eq!(max_score, Some(50.0));
    let ignored =
        "data/secret/testdata.yaml: belongs to the format legacy; only its arguments for the validator are used";
    assert_eq!(warnings(&package), [ignored]);
}

#[test]
fn grading_in_problem_yaml_holds_where_no_testdata_yaml_says_otherwise() {
    let yaml = "type: scoring\ngrading: {on_reject: grade, accept_score: 4, range: 0 8}\n";
    let package = loaded(&[("problem.yaml", yaml), ("data/secret/testdata.yaml", "range: 0 4\n")]);
    let told =
        "data/secret/testdata.yaml:1: range is another than grading.range of problem.yaml; the one in this file holds";
    assert_eq!(warnings(&package), [told]);
    let secret = group(&package.root, "secret");
    let Grading::Legacy(grader) = &secret.grading else {
        panic!("{secret:?}")
    };
    assert_eq!(
        (secret.on_reject, grader.accept_score, grader.range),
        (OnReject::Continue, 4.0, (0.0, 4.0))
    );
}

#[test]
fn a_flag_that_would_keep_the_secret_tests_from_being_judged_is_warned_of() {
    let package = loaded(&[
        ("problem.yaml", "type: scoring\n"),
        ("data/testdata.yaml", "grader_flags: ignore_sample\n"),
        ("data/secret/testdata.yaml", "grader_flags: ignore_sample\n"),
    ]);
    let expected = [
        "data/testdata.yaml:1: ignore_sample needs \"on_reject: continue\": else a failed sample ends judging",
        "data/secret/testdata.yaml:1: the grader flag ignore_sample has no effect here, only in data/testdata.yaml",
    ];
    assert_eq!(warnings(&package), expected);
}

#[test]
fn files_of_a_test_say_nothing_about_the_format_of_groups_whatever_they_are_called() {
    let new = loaded(&[
        NEW_SCORING,
        ("data/secret/1.files/testdata.yaml", "grader_flags: max\n"),
        ("data/secret/1.files/deeper/testdata.yaml", "grader_flags: max\n"),
    ]);
    let grading = &group(&new.root, "secret").grading;
    assert!(matches!(grading, Grading::V2025 { .. }), "{grading:?}");
    let legacy = loaded(&[
        ("problem.yaml", "name: Sum\ntype: scoring\n"),
        ("data/secret/1.files/test_group.yaml", "max_score: 50\n"),
    ]);
    let grading = &group(&legacy.root, "secret").grading;
    assert!(matches!(grading, Grading::Legacy(_)), "{grading:?}");
    let draft = loaded(&[
        (
            "problem.yaml",
            "problem_format_version: 2023-07-draft\nname: Sum\ntype: scoring\n",
        ),
        ("data/secret/1.files/testdata.yaml", "[no, map]\n"),
    ]);
    assert!(group(&draft.root, "secret").groups().next().is_none());
    for package in [new, legacy, draft] {
        assert_eq!(warnings(&package), [""; 0]);
        assert_eq!(package.tests.len(), 1, "{:?}", package.tests);
    }
}

#[test]
fn a_directory_of_unit_tests_is_a_group_whatever_it_is_called() {
    let package = loaded(&[
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\ntype: [scoring, unit-tests]\n",
        ),
        ("data/secret/1.files/test_sum.py", "def test_sum():\n    pass\n"),
        ("data/secret/1.files/testdata.yaml", "grader_flags: max\n"),
    ]);
    let inner = group(&package.root, "secret").groups().next().unwrap();
    assert!(matches!(inner.grading, Grading::Legacy(_)), "{:?}", inner.grading);
}
