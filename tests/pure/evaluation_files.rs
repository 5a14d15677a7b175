//! Files of tasks and candidates: what is read, and what is said of lines that cannot be.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Stdio};

/// Exit code and standard error of an evaluation of these lines, with boxes that cannot be had.
fn eval(tasks: &str, candidates: &str, results: &str, more: &[&str]) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::write(path("tasks.jsonl"), tasks).unwrap();
    fs::write(path("candidates.jsonl"), candidates).unwrap();
    fs::write(path("candidates.results.jsonl"), results).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["eval", "tasks.jsonl", "--candidates", "candidates.jsonl"])
        .args(more)
        .current_dir(&directory)
        .env("ASSIZE__SANDBOX__DOCKER__HOST", "unix:///nonexistent/docker.sock")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn lines_that_cannot_be_understood_are_told_with_their_numbers_before_anything_is_judged() {
    let task = r#"{"task_id": 1, "test_list": ["assert f(1) == 1"]}"#;
    let candidate = r#"{"task_id": "1", "solution": "x"}"#;
    let table: [(&str, &str, &[&str]); 9] = [
        (
            "{}\n\n{\"task_id\": []}\n",
            candidate,
            &["tasks.jsonl line 3: task_id: is neither text nor a number"],
        ),
        (
            &format!("{task}\n{task}"),
            candidate,
            &["tasks.jsonl line 2: the task \"1\" stands in a line before, too"],
        ),
        (
            task,
            "{\"task_id\": 2, \"solution\": \"\"}",
            &["candidates.jsonl line 1: the data set has no task \"2\""],
        ),
        (
            task,
            "{\"solution\": \"\"}",
            &["candidates.jsonl line 1: names no task"],
        ),
        (
            task,
            "{\"task_id\": 1}\n[]",
            &["line 1: has no program", "candidates.jsonl line 2: "],
        ),
        (
            task,
            "{\"task_id\": 1, \"solution\": \"\", \"code\": \"\"}",
            &["candidates.jsonl line 1: has several of"],
        ),
        (
            "{\"task_id\": 1, \"tests\": [{\"call\": \"f\"}]}",
            candidate,
            &[
                "tasks.jsonl line 1: tests[0].expect",
                "hint: mend them, or leave them out with --skip-bad-lines",
            ],
        ),
        ("\u{1f}\u{8b}", candidate, &["tasks.jsonl line 1: "]),
        (
            &format!("\n[{task},\n{task}]"),
            candidate,
            &["tasks.jsonl is one JSON array", "jq -c"],
        ),
    ];
    for (tasks, candidates, expected) in table {
        let (code, error) = eval(tasks, candidates, "", &[]);
        assert_eq!(code, Some(2), "{error}");
        for words in expected {
            assert!(error.contains(words), "{words}: {error}");
        }
    }
}

#[test]
fn what_is_left_to_judge_is_judged_and_a_file_that_holds_no_results_is_not_written() {
    let task = r#"{"task_id": 1, "test_list": ["assert f(1) == 1"]}"#;
    let candidates = "nothing\n{\"task_id\": 1, \"solution\": \"x\"}";
    let (code, error) = eval(task, candidates, "", &["--skip-bad-lines"]);
    assert_eq!(code, Some(3), "only boxes are missing: {error}");
    let (code, error) = eval(task, "nothing", "", &["--skip-bad-lines"]);
    assert!(code == Some(2) && error.contains("holds no candidate"), "{error}");
    let contest = r#"{"name": "1_A", "public_tests": {"input": ["1"], "output": ["1"]}}"#;
    let (code, error) = eval(contest, r#"{"name": "1_A", "code": "x"}"#, "", &[]);
    assert_eq!(code, Some(3), "only boxes are missing: {error}");
    for program in [
        r#""solution": null"#,
        r#""completions": [null, "\ud800"]"#,
        r#""code": null, "solution": "x""#,
    ] {
        let (code, error) = eval(task, &format!("{{\"task_id\": 1, {program}}}"), "", &[]);
        assert_eq!(code, Some(3), "only boxes are missing: {error}");
    }
    for results in ["notes", "{\"a\": 1}\n"] {
        let (code, error) = eval(task, candidates, results, &["--skip-bad-lines"]);
        assert!(code == Some(2) && error.contains("is no result"), "{error}");
    }
}

#[test]
fn what_is_compressed_or_comes_from_a_pipe_is_read_and_its_results_need_a_place() {
    use std::io::Write as _;

    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let task = "\u{feff}{\"task_id\": 1, \"test_list\": [\"assert f(1) == 1\"]}\n";
    let packed = fs::File::create(path("tasks.jsonl.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packed.write_all(task.as_bytes()).unwrap();
    packed.finish().unwrap();
    let run = |more: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_assize"))
            .args(["eval", "tasks.jsonl.gz", "--candidates", "-"])
            .args(more)
            .current_dir(&directory)
            .env("ASSIZE__SANDBOX__DOCKER__HOST", "unix:///nonexistent/docker.sock")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may have ended before it reads.
        let _written = child
            .stdin
            .take()
            .unwrap()
            .write_all(b"{\"task_id\": 1, \"solution\": \"x\"}\n");
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, error) = run(&[]);
    assert!(code == Some(2) && error.contains("--results"), "{error}");
    let (code, error) = run(&["--results", "results.jsonl"]);
    assert_eq!(code, Some(3), "only boxes are missing: {error}");
}
