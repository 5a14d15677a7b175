//! Groups that the grader of a package grades.

use crate::{laid, submissions, verify};

/// Accepts where at least half of the results are; the score is how many there are, and 100 for each argument.
const HALF: &str = "\
import sys
results = [line.split()[0] for line in sys.stdin]
accepted = results.count('AC')
print('AC' if 2 * accepted >= len(results) else min(results, key=lambda it: it == 'AC'), len(results) + 100 * len(sys.argv[1:]))
";

/// The same in C++, with a header beside it.
const HALF_CPP: &str = r#"
#include "names.h"
#include <iostream>
#include <string>
int main(int argc, char **) {
    int results = 0, accepted = 0;
    std::string verdict, error;
    double score;
    while (std::cin >> verdict >> score) {
        results++;
        if (verdict == ACCEPTED) accepted++;
        else if (error.empty()) error = verdict;
    }
    std::cout << (2 * accepted >= results ? ACCEPTED : error) << " " << results + 100 * (argc - 1) << std::endl;
}
"#;

/// Says what it reads, on a stream that is not shown where it does not fail.
const SUM_OF_SCORES: &str = "\
#!/bin/sh
total=0
while read verdict score; do total=$((total + score)); done
echo AC $total
";

/// Right for even numbers only.
const EVEN: &str = "a = int(input())\nprint(a if a % 2 == 0 else 'odd')\n";

#[test]
fn a_group_comes_to_what_its_grader_says() {
    let scoring = "name: Same\ntype: scoring\nlimits: {time_limit: 2}\n";
    let pass_fail = "name: Same\nlimits: {time_limit: 2}\n";
    let less_is_better = "name: Same\ntype: scoring\ngrading: {objective: min}\nlimits: {time_limit: 2}\n";
    let custom = "grading: custom\non_reject: continue\n";
    type Row<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, (&'a str, Option<f64>));
    let rows: [Row<'_>; 10] = [
        // One of two tests of secret/a and two of three of secret/b are right. The root has one group.
        (
            "all-groups",
            scoring,
            vec![("data/testdata.yaml", custom), ("graders/half.py", HALF)],
            ("AC", Some(1.0)),
        ),
        (
            "pass-fail",
            pass_fail,
            vec![("data/testdata.yaml", custom), ("graders/half.py", HALF)],
            ("AC", None),
        ),
        (
            "stops-at-the-first-failure",
            scoring,
            vec![("data/testdata.yaml", "grading: custom\n"), ("graders/half.py", HALF)],
            // 1 of secret/a fails at once, and nothing else is run.
            ("WA", Some(0.0)),
        ),
        (
            "sum-of-what-the-grader-gives",
            scoring,
            vec![
                ("data/testdata.yaml", "on_reject: continue\n"),
                (
                    "data/secret/a/testdata.yaml",
                    "grading: custom\ngrader_flags: x y\non_reject: continue\n",
                ),
                ("data/secret/b/testdata.yaml", "grading: custom\non_reject: continue\n"),
                ("graders/half/half.cpp", HALF_CPP),
                ("graders/half/names.h", "#define ACCEPTED std::string(\"AC\")\n"),
            ],
            ("AC", Some(205.0)),
        ),
        (
            "a-default-group-in-a-custom-one",
            scoring,
            vec![
                (
                    "data/testdata.yaml",
                    "on_reject: continue\naccept_score: 7\ngrading: custom\n",
                ),
                (
                    "data/secret/a/testdata.yaml",
                    "grading: default\ngrader_flags: sum accept_if_any_accepted\n",
                ),
                ("data/secret/b/testdata.yaml", "grading: default\ngrader_flags: max\n"),
                ("grader/sum/run", SUM_OF_SCORES),
                ("grader/sum/build", "#!/bin/sh\n"),
            ],
            ("AC", Some(14.0)),
        ),
        (
            "a-group-that-is-not-reached-has-no-result",
            scoring,
            vec![
                ("data/testdata.yaml", "on_reject: continue\n"),
                ("data/secret/testdata.yaml", "on_reject: break\n"),
                ("data/secret/a/testdata.yaml", "on_reject: continue\n"),
                ("data/secret/b/testdata.yaml", "grading: custom\n"),
                ("graders/any.py", "print('AC 1000')\n"),
            ],
            ("WA", Some(1.0)),
        ),
        (
            "reads-nothing",
            scoring,
            vec![("data/testdata.yaml", custom), ("graders/any.py", "print('AC -2.5')\n")],
            ("AC", Some(-2.5)),
        ),
        (
            "judges-all-wrong",
            scoring,
            vec![("data/testdata.yaml", custom), ("graders/any.py", "print('WA 1')\n")],
            ("WA", Some(0.0)),
        ),
        (
            "rejected-where-less-is-better",
            less_is_better,
            vec![("data/testdata.yaml", "on_reject: continue\n")],
            ("WA", None),
        ),
        (
            "accepted-where-less-is-better",
            less_is_better,
            vec![("data/testdata.yaml", custom), ("graders/half.py", HALF)],
            ("AC", Some(1.0)),
        ),
    ];
    let tests = [
        ("secret/a/1", 1),
        ("secret/a/2", 2),
        ("secret/b/1", 2),
        ("secret/b/2", 4),
        ("secret/b/3", 5),
    ];
    let tests = tests.map(|(name, number)| (name, format!("{number}\n")));
    let data: Vec<(String, &str)> = tests
        .iter()
        .flat_map(|(name, text)| ["in", "ans"].map(|ending| (format!("data/{name}.{ending}"), text.as_str())))
        .collect();
    let directory = tempfile::tempdir().unwrap();
    let packages = rows.each_ref().map(|(name, yaml, files, _)| {
        let data = data.iter().map(|(path, text)| (path.as_str(), *text));
        let own = [("problem.yaml", *yaml), ("submissions/accepted/even.py", EVEN)];
        laid::only(directory.path(), name, data.chain(own).chain(files.iter().copied()))
    });
    let (_, reports) = verify(&packages);
    for ((name, _, _, (verdict, score)), (_, submission)) in rows.iter().zip(submissions(&reports)) {
        assert_eq!(
            (submission["verdict"].as_str(), submission["score"].as_f64()),
            (Some(*verdict), *score),
            "{name}: {submission:#}"
        );
    }
    assert_eq!(reports.len(), rows.len());
}

#[test]
fn a_test_behind_the_failure_that_ends_judging_accepts_nothing_where_it_is_run_too() {
    let directory = tempfile::tempdir().unwrap();
    let right_for_4 = "a, b = map(int, input().split())\nprint(a + b if a == 4 else 0)\n";
    let files = [
        ("data/testdata.yaml", "grader_flags: accept_if_any_accepted\n"),
        ("submissions/wrong_answer/late.py", right_for_4),
    ];
    let (output, reports) = verify(&[laid::sum(directory.path(), "late", files)]);
    let (_, submission) = submissions(&reports)
        .find(|(_, it)| it["path"] == "submissions/wrong_answer/late.py")
        .unwrap();
    let tests: Vec<&str> = submission["tests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["verdict"].as_str().unwrap())
        .collect();
    assert_eq!((tests, submission["verdict"].as_str()), (vec!["WA", "AC"], Some("WA")));
    assert_eq!(output.status.code(), Some(0), "{reports:#?}");
}
