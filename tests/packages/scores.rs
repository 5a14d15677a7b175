//! Points of groups: what the package allows, and what its author expects of them.

use crate::{laid, verify};

const NEW: &str = "problem_format_version: 2025-09\nname: Sum\ntype: scoring\nlimits: {time_limit: 2}\n";

const SUM_PY: &str = "print(sum(map(int, input().split())))\n";

/// Rejects what is not the answer, and says in which directory the test lies by its input.
const JUDGE: &str = "import sys\n\
                     a, b = map(int, open(sys.argv[1]).read().split())\n\
                     open(sys.argv[3] + 'judgemessage.txt', 'w').write(f'begins with {a}')\n\
                     sys.exit(42 if sys.stdin.read().split() == [str(a + b)] else 43)\n";

/// A package of two groups that give this many points, in files.
fn groups(points: &str) -> Vec<(&str, &str)> {
    vec![
        ("problem.yaml", NEW),
        ("data/secret/a/1.in", "1 2\n"),
        ("data/secret/a/1.ans", "3\n"),
        ("data/secret/a/test_group.yaml", points),
        ("data/secret/b/1.in", "4 2\n"),
        ("data/secret/b/1.ans", "6\n"),
        ("data/secret/b/test_group.yaml", points),
        ("submissions/accepted/sum.py", SUM_PY),
    ]
}

#[test]
fn more_points_than_a_group_may_give_are_a_judge_error_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    let package = laid::only(directory.path(), "more", groups("max_score: 60\n"));
    let (output, reports) = verify(&[package]);
    assert_eq!(output.status.code(), Some(3), "{reports:#?}");
    let submission = &reports[0]["submissions"][0];
    assert_eq!(submission["verdict"], "JE", "{submission}");
    let reason = submission["reason"].as_str().unwrap();
    assert!(
        reason.contains("the group secret of the problem more came to a score of 120, its max_score is 100"),
        "{reason}"
    );
    let error = reports[0]["errors"][0].as_str().unwrap();
    assert!(
        error.contains("the groups of secret give 120 points together"),
        "{error}"
    );
}

#[test]
fn scores_and_messages_are_looked_for_in_the_groups_that_a_glob_means() {
    let directory = tempfile::tempdir().unwrap();
    let rows = [
        ("score: 50", "message: begins with 4", None),
        (
            "score: 40",
            "message: begins with 4",
            Some("expected a score of secret/a from 40 to 40, got 50"),
        ),
        (
            "score: 50",
            "message: begins with 1",
            Some("no message to the judges about \"secret/b\" holds \"begins with 1\""),
        ),
    ];
    for (place, (score, message, reason)) in rows.into_iter().enumerate() {
        let rules = format!("accepted/*:\n  secret/{{a,b}}:\n    {score}\n  secret/b:\n    {message}\n");
        let mut files = groups("max_score: 50\nscore_aggregation: min\n");
        files.extend([
            ("output_validator/judge.py", JUDGE),
            ("submissions/submissions.yaml", rules.as_str()),
        ]);
        let package = laid::only(directory.path(), &format!("p{place}"), files);
        let (_, reports) = verify(&[package]);
        let submission = &reports[0]["submissions"][0];
        assert_eq!(submission["reason"].as_str(), reason, "{submission}");
    }
}

#[test]
fn a_score_outside_of_the_range_of_a_legacy_group_is_an_error_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    let scoring = "name: Sum\ntype: scoring\nlimits: {time_limit: 2}\n";
    let files = [
        ("problem.yaml", scoring),
        ("data/secret/testdata.yaml", "range: 0 1\naccept_score: 3\n"),
    ];
    let package = laid::sum(directory.path(), "range", files);
    let (output, reports) = verify(&[package]);
    assert_eq!(output.status.code(), Some(1), "{reports:#?}");
    let reason = reports[0]["submissions"][0]["reason"].as_str().unwrap();
    let expected = "the group secret came to the score 3, the package allows 0 to 1 (range)";
    assert_eq!(reason, expected);
}
