//! The submissions that come with a package, and what is expected of them.

use assize::contract::Verdict;
use assize::problem::{Expectation, Requirement};

use crate::problem_packages::{NEW, loaded, warnings};

type Files<'a> = Vec<(&'a str, &'a str)>;

/// What is expected of the only submission.
fn expected(files: &[(&str, &str)]) -> Option<Expectation> {
    let package = loaded(files);
    assert_eq!(package.examples.len(), 1, "{files:?}");
    package.examples[0].expectation.clone()
}

#[test]
fn folders_tags_and_rules_say_what_is_expected_of_a_submission() {
    use Verdict::{Ac, Ce, Mle, Ole, Tle, Wa};
    let all = None::<String>;
    let permitted = |verdicts: &[Verdict]| Requirement::Permitted {
        tests: all.clone(),
        verdicts: verdicts.to_vec(),
    };
    let required = |verdicts: &[Verdict]| Requirement::Required {
        tests: all.clone(),
        verdicts: verdicts.to_vec(),
    };
    let legacy = |permitted: &[Verdict], required: &[Verdict]| {
        let (permitted, required) = (permitted.to_vec(), required.to_vec());
        vec![Requirement::LegacyFolder { permitted, required }]
    };
    let only = |verdicts: &[Verdict]| vec![Requirement::Verdict(verdicts.to_vec())];
    let on = |path, content| vec![(path, content)];
    let new = |mut files: Vec<(&'static str, &'static str)>| {
        files.push(("problem.yaml", NEW));
        files
    };
    let rules = "submissions/submissions.yaml";
    let slow = ("submissions/time_limit_exceeded/a.py", "");
    let rows: Vec<(Files<'_>, Vec<Requirement>)> = vec![
        (on("submissions/accepted/a.py", ""), legacy(&[Ac], &[Ac])),
        (on("submissions/wrong_answer/a.py", ""), legacy(&[Ac, Wa], &[Wa])),
        (
            new(on("submissions/wrong_answer/a.py", "")),
            vec![permitted(&[Ac, Wa]), required(&[Wa])],
        ),
        (vec![slow], legacy(&[Ac, Wa, Tle, Ole], &[Tle, Ole])),
        (new(vec![slow]), vec![permitted(&[Ac, Tle, Ole]), required(&[Tle, Ole])]),
        (on("submissions/compiler_error/a.py", ""), only(&[Ce])),
        (
            on("submissions/mixed/a.py", "# @EXPECTED_RESULTS@: CORRECT, TIMELIMIT\n"),
            only(&[Ac, Tle]),
        ),
        (
            on("submissions/accepted/a.py", "# @EXPECTED_RESULTS@: memory_limit\n"),
            only(&[Mle]),
        ),
        (
            new(vec![
                slow,
                (rules, "time_limit_exceeded:\n  permitted: [AC, WA, TLE]\n"),
            ]),
            vec![permitted(&[Ac, Wa, Tle]), required(&[Tle, Ole])],
        ),
        (
            new(vec![
                slow,
                (rules, "time_limit_exceeded/*.{py,cpp}:\n  required: [WA]\n"),
            ]),
            vec![permitted(&[Ac, Tle, Ole]), required(&[Tle, Ole]), required(&[Wa])],
        ),
        (
            new(vec![
                ("submissions/mixed/a.py", ""),
                (rules, "mixed:\n  permitted: [AC]\n  message: near\n"),
            ]),
            vec![
                permitted(&[Ac]),
                Requirement::Message {
                    tests: None,
                    text: "near".to_owned(),
                },
            ],
        ),
        (
            new(vec![
                ("submissions/mixed/a.py", ""),
                (
                    rules,
                    "mixed/a.py:\n  score: [0, 50.5]\n  secret/*-easy:\n    permitted: [AC]\n",
                ),
            ]),
            vec![
                Requirement::Score {
                    group: None,
                    least: 0.0,
                    most: 50.5,
                },
                Requirement::Permitted {
                    tests: Some("secret/*-easy".to_owned()),
                    verdicts: vec![Ac],
                },
            ],
        ),
    ];
    for (files, requirements) in rows {
        let expectation = expected(&files).unwrap();
        assert_eq!(expectation.requirements, requirements, "{files:?}");
    }
    assert_eq!(expected(&on("submissions/ideas/a.py", "")), None);
}

#[test]
fn what_is_wrong_with_expectations_is_a_fault_and_keeps_no_package_from_being_judged() {
    let file = "submissions/submissions.yaml";
    let submission = ("submissions/accepted/a.py", "");
    let revision = loaded(&[submission]).revision;
    let rows = [
        (
            "accepted/*:\n  permitted: [AC, PE]\n",
            ":2: \"PE\" is no verdict here, expected AC, WA, TLE or RTE",
        ),
        (
            "accepted/*:\n  required: [ACCEPTED]\n",
            ":2: \"ACCEPTED\" is no verdict here",
        ),
        (
            "accepted/*:\n  secret:\n    score: [1, 2, 3]\n",
            ":3: accepted/*.secret.score is a list, expected a number",
        ),
        ("accepted/*:\n  score: [50, .inf]\n", ":2: accepted/*.score is a list"),
        (
            "accepted/*:\n  use_for_time_limit: maybe\n",
            ":2: accepted/*.use_for_time_limit is \"maybe\"",
        ),
        ("accepted/*:\n  message: [a]\n", ":2: accepted/*.message is a list"),
        (
            "accepted/*: {}\n---\nmixed/*: {}\n",
            ":3: expected one YAML document, found a second one",
        ),
        ("- accepted\n", ":1: expected keys and values"),
    ];
    for (rules, expected) in rows {
        let package = loaded(&[submission, (file, rules)]);
        let faults: Vec<String> = package.faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 1, "{rules}: {faults:?}");
        assert!(
            faults[0].starts_with(&format!("{file}{expected}")),
            "{rules}: {faults:?}"
        );
        assert_eq!((package.tests.len(), package.examples.len()), (1, 1), "{rules}");
        assert_eq!(package.revision, revision, "{rules}");
    }
}

#[test]
fn rules_that_have_no_effect_are_warned_of() {
    let package = loaded(&[
        ("problem.yaml", NEW),
        ("submissions/accepted/a.py", "# @EXPECTED_RESULTS@: CORRECT, FAST\n"),
        ("submissions/notes.txt", ""),
        (
            "submissions/submissions.yaml",
            "accepted/a.py:\n  premitted: [AC]\naccepted/b.py:\n  required: [AC]\n",
        ),
    ]);
    let expected = [
        "submissions/submissions.yaml:2: the key accepted/a.py.premitted is unknown and has no effect \
         (did you mean permitted?)",
        "submissions/accepted/a.py:1: @EXPECTED_RESULTS@ names \"FAST\", which is no result",
        "submissions/notes.txt: is no submission: those lie in folders that say what is expected, such as accepted/",
        "submissions/submissions.yaml:3: \"accepted/b.py\" matches no submission",
    ];
    assert_eq!(warnings(&package), expected);
}

#[test]
fn a_source_is_searched_at_both_ends_the_first_one_holds_and_another_folder_is_warned_of() {
    let padding = "# padding\n".repeat(20_000);
    let (late, middle) = (
        format!("{padding}# @EXPECTED_RESULTS@: WRONG-ANSWER\n"),
        format!("{padding}# @EXPECTED_RESULTS@: WRONG-ANSWER\n{padding}"),
    );
    let (late, middle) = (late.as_str(), middle.as_str());
    let (wrong, slow) = (
        "# @EXPECTED_RESULTS@: WRONG-ANSWER\n",
        "# @EXPECTED_RESULTS@: TIMELIMIT, CORRECT\n",
    );
    let rows: [(Files<'_>, &[&str], Option<&str>); 7] = [
        (vec![("wrong_answer/a.py", late)], &["WA"], None),
        (vec![("mixed/a.py", late)], &["WA"], None),
        (vec![("accepted/a.py", middle)], &["AC"], None),
        (
            vec![("accepted/a.py", wrong)],
            &["WA"],
            Some("submissions/accepted/a.py: has @EXPECTED_RESULTS@ without what accepted/ stands for"),
        ),
        (vec![("accepted/a.py", slow)], &["TLE", "AC"], None),
        (
            vec![("wrong_answer/a/a.py", wrong), ("wrong_answer/a/b.py", slow)],
            &["WA"],
            Some("submissions/wrong_answer/a/b.py:1: has @EXPECTED_RESULTS@, and that of a.py holds"),
        ),
        (
            vec![("accepted/a/a.py", ""), ("accepted/a/b.py", slow)],
            &["TLE", "AC"],
            None,
        ),
    ];
    for (sources, shown, told) in rows {
        let paths: Vec<String> = sources.iter().map(|(name, _)| format!("submissions/{name}")).collect();
        let texts = sources.iter().map(|(_, text)| *text);
        let package = loaded(&paths.iter().map(String::as_str).zip(texts).collect::<Vec<_>>());
        let expectation = package.examples[0].expectation.as_ref().unwrap();
        assert_eq!(expectation.shown, shown, "{paths:?}");
        let found = warnings(&package);
        assert_eq!(found.len(), usize::from(told.is_some()), "{paths:?}: {found:?}");
        assert!(
            found.iter().all(|it| it.starts_with(told.unwrap())),
            "{paths:?}: {found:?}"
        );
    }
    let silent = loaded(&[("submissions/mixed/a.py", "")]);
    assert_eq!(warnings(&silent), [""; 0]);
    assert_eq!(silent.examples[0].expectation, None);
}

#[test]
fn partially_accepted_submissions_must_not_get_the_best_score_of_the_objective() {
    let submission = ("submissions/partially_accepted/a.py", "");
    let range = ("data/testdata.yaml", "range: 10 100\n");
    for (objective, best) in [("max", 100.0), ("min", 10.0)] {
        let yaml = format!("type: scoring\ngrading: {{objective: {objective}}}\n");
        let expectation = expected(&[("problem.yaml", &yaml), range, submission]).unwrap();
        let accepted = Requirement::Verdict(vec![Verdict::Ac]);
        let less = Requirement::NotTheBestScore { best };
        assert_eq!(expectation.requirements, [accepted, less], "{objective}");
    }
}

#[test]
fn the_language_of_a_submission_is_told_by_its_files() {
    let rows: [(Files<'_>, Option<&str>); 7] = [
        (vec![("a.py", "print(3)\n")], Some("Python 3")),
        (vec![("a.py", "#!/usr/bin/python2\nprint 3\n")], Some("Python 2")),
        (
            vec![("a/main.py", ""), ("a/lib/more.py", ""), ("a/notes.txt", "")],
            Some("Python 3"),
        ),
        (vec![("a.cc", "")], Some("C++")),
        (vec![("A.java", "")], Some("Java")),
        (vec![("a/main.py", ""), ("a/main.cpp", "")], None),
        (vec![("a.xyz", "")], None),
    ];
    for (sources, language) in rows {
        let paths: Vec<String> = sources
            .iter()
            .map(|(name, _)| format!("submissions/accepted/{name}"))
            .collect();
        let files: Vec<(&str, &str)> = paths
            .iter()
            .map(String::as_str)
            .zip(sources.iter().map(|(_, text)| *text))
            .collect();
        let package = loaded(&files);
        assert_eq!(package.examples[0].language.as_deref(), language, "{sources:?}");
    }
}

#[test]
fn a_folder_that_stands_for_nothing_is_warned_of_with_the_one_that_is_meant() {
    let package = loaded(&[
        ("submissions/wrong-answer/a.py", ""),
        ("submissions/ideas/a.py", ""),
        ("submissions/mixed/a.py", "# @EXPECTED_RESULTS@: CORRECT\n"),
    ]);
    let warnings = warnings(&package);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("submissions/ideas: "), "{warnings:?}");
    assert!(
        warnings[1].ends_with("; wrong_answer/ is meant, perhaps"),
        "{warnings:?}"
    );
}

#[test]
fn a_legacy_package_has_a_driver_where_its_only_included_python_file_is_called_grader_py() {
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>, usize);
    let (grader, tools) = (("include/python3/grader.py", ""), ("include/python3/tools.py", ""));
    let main = ("include/python3/Main.py", "");
    let rows: [Row<'_>; 6] = [
        ("name: Sum\n", &[grader], Some("grader.py"), 0),
        ("name: Sum\n", &[grader, tools], None, 1),
        (
            "name: Sum
",
            &[grader, tools, main],
            None,
            0,
        ),
        ("name: Sum\n", &[("include/python3/lib/grader.py", "")], None, 1),
        ("name: Sum\n", &[("include/cpp/grader.cpp", "")], None, 0),
        (NEW, &[grader], None, 0),
    ];
    for (yaml, files, driver, told) in rows {
        let package = loaded(&[&[("problem.yaml", yaml)], files].concat());
        assert_eq!(package.driver_for(&["python3"]), driver, "{yaml} {files:?}");
        assert_eq!(package.warnings.len(), told, "{:?}", package.warnings);
    }
}
