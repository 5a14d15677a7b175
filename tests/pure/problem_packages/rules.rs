//! Rules of the formats that a package may break and be judged all the same, and those that it may not.

use std::fs;

use assize::contract::Verdict;
use assize::problem::{Aggregation, Grading, Package, Requirement, TimeLimitBounds};

use crate::problem_packages::{CHECKER, NEW, NEW_SCORING, group, load, loaded, package, warnings};

const TWO_GROUPS: [(&str, &str); 4] = [
    ("data/secret/a/1.in", ""),
    ("data/secret/a/1.ans", ""),
    ("data/secret/b/1.in", ""),
    ("data/secret/b/1.ans", ""),
];

/// A scoring package of 2025-09 with two groups and no test beside them.
fn with_groups(files: &[(&str, &str)]) -> Result<Package, String> {
    let directory = package(&[&[NEW_SCORING], &TWO_GROUPS[..], files].concat());
    for file in ["1.in", "1.ans"] {
        fs::remove_file(directory.path().join("data/secret").join(file)).unwrap();
    }
    Package::load(directory.path()).map_err(|error| error.to_string())
}

#[test]
fn the_draft_keeps_groups_in_testdata_yaml_unless_it_is_of_the_legacy_format() {
    let draft = (
        "problem.yaml",
        "problem_format_version: 2023-07-draft\nname: Sum\ntype: scoring\n",
    );
    let yaml = "scoring: {score: 40, aggregation: min}\noutput_validator_args: [float_tolerance, '1e-2']\n";
    let package = loaded(&[draft, ("data/secret/testdata.yaml", yaml)]);
    let Grading::V2025 {
        aggregation, max_score, ..
    } = group(&package.root, "secret").grading
    else {
        panic!("{:?}", package.root)
    };
    assert_eq!((aggregation, max_score), (Aggregation::Min, Some(40.0)));
    assert_eq!(package.tests[0].validator_args, ["float_tolerance", "1e-2"]);
    assert!(package.warnings.is_empty(), "{:?}", package.warnings);

    // Both formats have this key.
    let flags = "input_validator_flags: --strict\n";
    let package = loaded(&[draft, ("data/secret/testdata.yaml", flags)]);
    assert_eq!(group(&package.root, "secret").points_of_test(), Some(100.0));
    let package = loaded(&[draft, ("data/secret/testdata.yaml", "grader_flags: max\n")]);
    assert!(matches!(group(&package.root, "secret").grading, Grading::Legacy(_)));
    let package = loaded(&[NEW_SCORING, ("data/secret/testdata.yaml", yaml)]);
    assert!(matches!(group(&package.root, "secret").grading, Grading::Legacy(_)));
}

#[test]
fn tests_beside_groups_share_what_the_groups_leave() {
    let draft = "problem_format_version: 2023-07-draft\nname: Sum\ntype: scoring\n";
    let rows = [
        ("max_score: 40\n", Some(20.0)),
        ("", Some(25.0)),
        ("max_score: 100\n", Some(0.0)),
    ];
    for (of_group, of_test) in rows {
        let package = loaded(&[
            ("problem.yaml", draft),
            ("data/secret/2.in", ""),
            ("data/secret/2.ans", ""),
            ("data/secret/3.in", ""),
            ("data/secret/3.ans", ""),
            ("data/secret/a/1.in", ""),
            ("data/secret/a/1.ans", ""),
            ("data/secret/a/test_group.yaml", of_group),
        ]);
        assert_eq!(group(&package.root, "secret").points_of_test(), of_test, "{of_group}");
        let told: Vec<String> = warnings(&package);
        assert!(
            !told.iter().any(|warning| warning.contains("beside groups")),
            "{told:?}"
        );
    }
}

#[test]
fn files_that_the_format_does_not_see_do_not_decide_how_groups_are_graded() {
    for place in ["data/secret/old (1)", "data/invalid_output"] {
        let legacy = format!("{place}/testdata.yaml");
        let package = loaded(&[NEW_SCORING, (legacy.as_str(), "grader_flags: max\n")]);
        let grading = &group(&package.root, "secret").grading;
        assert!(matches!(grading, Grading::V2025 { .. }), "{place}: {grading:?}");
    }
}

#[test]
fn every_glob_asks_and_a_score_takes_the_place_of_the_one_of_the_folder_only() {
    let package = loaded(&[
        NEW_SCORING,
        ("submissions/accepted/a.py", ""),
        (
            "submissions/submissions.yaml",
            "accepted/*:\n  score: 5\naccepted/a.py:\n  score: [0, 100]\n  secret:\n    message: near\n",
        ),
    ]);
    let requirements = &package.examples[0].expectation.as_ref().unwrap().requirements;
    let score = |least, most| Requirement::Score {
        group: None,
        least,
        most,
    };
    let message = Requirement::Message {
        tests: Some("secret".to_owned()),
        text: "near".to_owned(),
    };
    assert_eq!(requirements[2..], [score(5.0, 5.0), score(0.0, 100.0), message]);
    assert!(
        matches!(&requirements[0], Requirement::Permitted { verdicts, .. } if *verdicts == [Verdict::Ac]),
        "{requirements:?}"
    );
}

#[test]
fn what_the_formats_do_not_allow_and_judging_can_do_without_is_warned_of() {
    let tests = [("data/sample/1.in", ""), ("data/sample/1.ans", "")];
    let new = ("problem.yaml", NEW);
    let rows: &[(&[(&str, &str)], &str)] = &[
        (
            &[
                new,
                ("submissions/accepted/a.py", ""),
                (
                    "submissions/submissions.yaml",
                    "accepted/a.py:\n  permitted: [AC]\n  secret/z*:\n    permitted: [WA]\n",
                ),
            ],
            "submissions/submissions.yaml:3: \"secret/z*\" matches no test",
        ),
        (
            &[(
                "submissions/accepted/a.py",
                "# @EXPECTED_RESULTS@: CORRECT\n# @EXPECTED_RESULTS@: TIMELIMIT\n",
            )],
            "submissions/accepted/a.py:2: has @EXPECTED_RESULTS@ again",
        ),
        (
            &[new, TWO_GROUPS[0], TWO_GROUPS[1], ("data/secret/a/test_group.yaml", "")],
            "data/secret: holds tests beside groups",
        ),
        (
            &[NEW_SCORING, TWO_GROUPS[0], TWO_GROUPS[1]],
            "data/secret/a: is no group, as it has no test_group.yaml",
        ),
        (
            &[new, ("data/sample/g/1.in", ""), ("data/sample/g/1.ans", "")],
            "data/sample/g: is a directory among the samples",
        ),
        (
            &[
                new,
                ("data/secret/test_group.yaml", "max_score: 3\nscore_aggregation: sum\n"),
            ],
            "data/secret/test_group.yaml: the format does not allow max_score, score_aggregation in a problem of the \
             type pass-fail",
        ),
        (
            &[
                NEW_SCORING,
                tests[0],
                tests[1],
                ("data/sample/test_group.yaml", "max_score: 3\n"),
            ],
            "data/sample/test_group.yaml: the format does not allow max_score in samples",
        ),
        (
            &[NEW_SCORING, ("data/secret/test_group.yaml", "max_score: 33.5\n")],
            "data/secret/test_group.yaml:1: max_score is 33.5, where the format wants a whole number",
        ),
        (
            &[(
                "problem.yaml",
                "problem_format_version: 2025-09\nname: Sum\nlimits: {memory: 64.5}\n",
            )],
            "problem.yaml:3: limits.memory is 64.5, where the format wants a whole number",
        ),
        (
            &[("problem.yaml", "name: Sum\nlimits: {validation_passes: 2}\n")],
            "problem.yaml:2: limits.validation_passes has no effect",
        ),
        (
            &[
                (
                    "problem.yaml",
                    "name: Sum\ntype: scoring\ngrading: {on_reject: grade, range: [0, 8], accept_score: 4}\n",
                ),
                (
                    "data/secret/testdata.yaml",
                    "on_reject: continue\nrange: 0 8.0\naccept_score: 5\n",
                ),
            ],
            "data/secret/testdata.yaml:3: accept_score is another than grading.accept_score of problem.yaml",
        ),
        (
            &[("problem.yaml", "name: Sum\nlicense: mit\n")],
            "problem.yaml:2: the license \"mit\" is unknown to the format",
        ),
        (
            &[(
                "problem.yaml",
                "problem_format_version: 2025-09\nname: Sum\nvalidator_flags: case_sensitive\n",
            )],
            "problem.yaml:3: validator_flags belongs to the format legacy",
        ),
        (
            &[("problem.yaml", "name: Sum\ntype: [pass-fail, pass-fail]\n")],
            "problem.yaml:2: the type pass-fail is there twice",
        ),
        (
            &[("problem.yaml", "name: Sum\nvalidation: custom score\n"), CHECKER],
            "problem.yaml:2: validation asks for scores, which have no effect",
        ),
        (
            &[("data/secret/testdata.yaml", "range: 0 1\n")],
            "data/secret/testdata.yaml:1: range has no effect",
        ),
        (
            &[("include/python3/tools.py", "")],
            "include/python3: holds Python files, none of them main.py or __main__.py",
        ),
        (
            &[("data/secret/zz.yaml", "a: x\n")],
            "data/secret/zz.yaml: belongs to no test",
        ),
        (
            &[new, ("data/secret/1.out", ""), ("data/secret/1.ans.statement", "")],
            "data/secret/1.ans.statement: lies beside an .out",
        ),
    ];
    for (files, expected) in rows {
        let found = warnings(&loaded(files));
        assert_eq!(found.len(), 1, "{files:?}: {found:?}");
        assert!(found[0].starts_with(expected), "{files:?}: {found:?}");
    }
}

#[test]
fn keys_of_bapctools_are_known_and_truth_values_may_be_those_of_yaml_1_1() {
    let package = loaded(&[
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nverified: yes\ncomment: short\nans_is_output: false\n\
             limits: {generator_time: 60, visualizer_time: 60}\n",
        ),
        (
            "data/secret/test_group.yaml",
            "answer_validator_args: [a]\nstatic_validation: False\n",
        ),
        ("submissions/accepted/a.py", ""),
        ("submissions/accepted/b.py", ""),
        (
            "submissions/submissions.yaml",
            "accepted/a.py: {use_for_time_limit: No}\naccepted/b.py: {use_for_time_limit: on}\n",
        ),
    ]);
    assert_eq!(warnings(&package), [""; 0]);
    let is_bound = |number: usize| package.examples[number].bounds != TimeLimitBounds::default();
    assert_eq!((is_bound(0), is_bound(1)), (false, true));
}

#[test]
fn submissions_that_bound_the_time_limit_are_fast_or_slow_enough_for_it() {
    let package = loaded(&[
        ("problem.yaml", "problem_format_version: 2025-09\nname: Sum\n"),
        ("submissions/mixed/fast.py", ""),
        ("submissions/mixed/slow.py", ""),
        (
            "submissions/submissions.yaml",
            "mixed/fast.py: {use_for_time_limit: lower}\nmixed/slow.py: {use_for_time_limit: upper}\n",
        ),
    ]);
    let asked = |number: usize| &package.examples[number].expectation.as_ref().unwrap().requirements;
    let [Requirement::Permitted { tests: None, verdicts }] = &asked(0)[..] else {
        panic!("{:?}", asked(0));
    };
    assert!(
        verdicts.contains(&Verdict::Wa) && !verdicts.contains(&Verdict::Tle),
        "{verdicts:?}"
    );
    let [Requirement::Required { tests: None, verdicts }] = &asked(1)[..] else {
        panic!("{:?}", asked(1));
    };
    assert_eq!(verdicts[..], [Verdict::Tle]);
}

#[test]
fn groups_that_contradict_each_other_are_warned_of_where_they_can_be_judged() {
    let whole = ("data/secret/a/test_group.yaml", "max_score: 50\n");
    let parts = (
        "data/secret/a/test_group.yaml",
        "max_score: 50\nscore_aggregation: sum\n",
    );
    let other = ("data/secret/b/test_group.yaml", "max_score: 50\n");
    let requires = (
        "data/secret/b/test_group.yaml",
        "max_score: 50\nrequire_pass: secret/a\n",
    );
    let all = ("data/secret/test_group.yaml", "score_aggregation: pass-fail\n");
    assert_eq!(
        warnings(&with_groups(&[whole, requires]).unwrap()),
        Vec::<String>::new()
    );
    let found = warnings(&with_groups(&[parts, requires]).unwrap());
    assert!(
        found[0].starts_with("data/secret/b/test_group.yaml:2: require_pass names \"secret/a\", which gives a part"),
        "{found:?}"
    );
    let found = warnings(&with_groups(&[parts, other, all]).unwrap());
    assert!(
        found[0]
            .starts_with("data/secret/test_group.yaml: secret is aggregated by pass-fail, and so has to be secret/a"),
        "{found:?}"
    );
}

#[test]
fn groups_that_give_more_than_the_whole_are_a_fault_and_one_without_a_bound_in_it_an_error() {
    let sixty = [
        ("data/secret/a/test_group.yaml", "max_score: 60\n"),
        ("data/secret/b/test_group.yaml", "max_score: 60\n"),
    ];
    let package = with_groups(&sixty).unwrap();
    assert_eq!(package.faults.len(), 1, "{:?}", package.faults);
    let told = package.faults[0].to_string();
    assert!(
        told.starts_with("data/secret/test_group.yaml: the groups of secret give 120 points together"),
        "{told}"
    );
    let enough = ("data/secret/test_group.yaml", "max_score: 120\n");
    let package = with_groups(&[sixty[0], sixty[1], enough]).unwrap();
    assert!(package.faults.is_empty(), "{:?}", package.faults);

    let unbounded = (
        "data/secret/b/test_group.yaml",
        "score_aggregation: sum\nmax_score: unbounded\n",
    );
    let error = with_groups(&[sixty[0], unbounded]).unwrap_err();
    assert!(
        error.starts_with("data/secret/b/test_group.yaml:2: max_score is unbounded, and that of secret is 100"),
        "{error}"
    );
    let whole = ("data/secret/test_group.yaml", "max_score: unbounded\n");
    assert!(with_groups(&[sixty[0], unbounded, whole]).is_ok());
}

#[test]
fn a_margin_below_one_is_an_error_where_the_format_asks_for_margins() {
    let yaml = format!("{NEW}limits:\n  time_multipliers: {{ac_to_time_limit: 0.5}}\n");
    let error = load(&[("problem.yaml", &yaml)]).unwrap_err().to_string();
    assert!(error.ends_with("expected a factor of at least 1, such as 2"), "{error}");
    loaded(&[("problem.yaml", "name: Sum\nlimits: {time_multiplier: 0.5}\n")]);
}

#[test]
fn a_package_of_the_legacy_format_says_whether_its_validator_gives_scores() {
    for (yaml, gives_scores) in [
        ("type: scoring\nvalidation: custom\n", false),
        ("type: scoring\nvalidation: custom score\n", true),
        (
            "type: scoring\nvalidation: custom\ngrading: {custom_scoring: true}\n",
            true,
        ),
        (
            "type: scoring\nvalidation: custom\ngrading: {custom_scoring: Yes}\n",
            true,
        ),
        (
            "type: scoring\nvalidation: custom\ngrading: {custom_scoring: off}\n",
            false,
        ),
    ] {
        let package = loaded(&[("problem.yaml", yaml), CHECKER]);
        assert_eq!(package.gives_scores, gives_scores, "{yaml}");
    }
    assert!(loaded(&[NEW_SCORING]).gives_scores);
}
