//! `assize judge` as people and scripts call it.

use std::fs;
use std::process::{Command, Output, Stdio};

use assize::contract::{Document, Judgement, schema_of};
use serde_json::Value;

const ACCEPTED: &str = "a, b = map(int, input().split())\nprint(a + b)\n";

fn judge(source: &str, more: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("main.py");
    fs::write(&file, source).unwrap();
    Command::new(env!("CARGO_BIN_EXE_assize"))
        .arg("judge")
        .arg(file)
        .args(["--problem", "examples/sum"])
        .args(more)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_exit_code_tells_accepted_from_every_other_verdict() {
    let cases = [
        (ACCEPTED, "AC accepted", 0),
        ("print(0)", "WA wrong answer", 1),
        ("import sys; sys.exit(3)", "RTE run-time error", 1),
        ("print(", "CE does not compile", 1),
    ];
    for (source, verdict, code) in cases {
        let output = judge(source, &[]);
        let report = String::from_utf8(output.stdout).unwrap();
        assert!(report.lines().last().unwrap().starts_with(verdict), "{report}");
        assert_eq!(output.status.code(), Some(code), "{report}");
        assert!(
            output.stderr.is_empty(),
            "{:?}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn json_is_one_document_that_obeys_its_schema() {
    let schema = jsonschema::validator_for(schema_of(Document::Verdict).as_value()).unwrap();
    for source in [ACCEPTED, "print('\\x1b[2J\\0')", "print(", "1 / 0"] {
        let output = judge(source, &["--json", "--all-tests"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        if let Err(error) = schema.validate(&document) {
            panic!("{}: {error}\n{document:#}", error.instance_path());
        }
        let judgement: Judgement = serde_json::from_value(document).unwrap();
        assert_eq!(
            output.status.code(),
            Some(i32::from(judgement.totals.passed < judgement.totals.tests))
        );
    }
}

#[test]
fn a_failure_of_ours_is_exit_code_3_with_a_document_that_says_why() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command
        .args([
            "judge",
            "examples/sum/submissions/accepted/sum.py",
            "--problem",
            "examples/sum",
            "--json",
        ])
        .env("ASSIZE__SANDBOX__DOCKER__IMAGES__PYTHON3", "assize/no-such-image:never");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let judgement: Judgement = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(judgement.verdict.code(), "JE");
    assert!(judgement.message.unwrap().contains("assize/no-such-image:never"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("the judge failed, the submission did not"), "{error}");
    assert!(error.contains("\nhint: build it with `make images`"), "{error}");
}
