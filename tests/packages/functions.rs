//! Packages whose tests call functions.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::verify;

const YAML: &str = "problem_format_version: 2025-09\nname: Sum\ntype: functions\n";

const RIGHT: &str = r#"{"call": "add", "args": [1, 2], "expect": 3}"#;

fn package(root: &Path, name: &str, files: &[(&str, &str)]) -> String {
    let adding = ("submissions/accepted/add.py", "def add(a, b):\n    return a + b\n");
    for (path, content) in [("problem.yaml", YAML), adding].iter().chain(files) {
        let path = root.join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root.join(name).display().to_string()
}

#[test]
fn a_file_of_tests_that_is_wrong_is_told_with_its_line_and_is_the_fault_of_the_package() {
    let directory = tempfile::tempdir().unwrap();
    let lines = |second: &str| format!("{RIGHT}\n\n{second}\n");
    let rows = [
        ("no-json", "t.json", "[{\"call\": ]".to_owned(), "data/secret/t.json: expected value"),
        ("no-json-line", "t.jsonl", lines("call add"), "data/secret/t.jsonl:3: expected value"),
        (
            "unknown-field",
            "t.jsonl",
            lines(r#"{"call": "add", "expects": 3}"#),
            "data/secret/t.jsonl:3: expects: unknown field",
        ),
        (
            "no-data",
            "t.json",
            format!("[\n  {RIGHT},\n  {{\"call\": \"add\", \"expect\": {{\"$typo\": \"1\"}}}}\n]"),
            "data/secret/t.json:3: [1].expect: holds the unknown tag",
        ),
        (
            "no-name",
            "t.jsonl",
            lines(r#"{"call": "a b", "expect": 3}"#),
            "data/secret/t.jsonl:3: [1].call: is no name of a function",
        ),
        (
            "no-call",
            "t.jsonl",
            lines(r#"{"input": "1 2", "answer": "3"}"#),
            "data/secret/t.jsonl:3: [1].call: is missing",
        ),
        (
            "no-validator",
            "t.jsonl",
            lines(r#"{"call": "add", "expect": 3, "compare": {"mode": "validator"}}"#),
            "data/secret/t.jsonl:3: [1].compare.mode: validator wants an output validator",
        ),
        (
            "fewer-outputs",
            "t.json",
            r#"{"fn_name": "add", "inputs": [[1, 2], [3, 4]], "outputs": [3]}"#.to_owned(),
            "data/secret/t.json: functional.outputs: 1 outputs for 2 inputs",
        ),
        (
            "mixed",
            "t.jsonl",
            lines(r#"{"asserts": "assert add(1, 2) == 3"}"#),
            "data/secret/t.jsonl: has asserts, and t.jsonl has calls",
        ),
        ("nothing", "t.json", "[ ]".to_owned(), "data/secret/t.json: is empty"),
        ("program", "1.in", "1 2\n".to_owned(), "data/secret/1.in: is no test of a problem of the type functions"),
    ];
    for (name, file, content, expected) in rows {
        let path = format!("data/secret/{file}");
        let (output, reports) = verify(&[package(directory.path(), name, &[(&path, &content)])]);
        let error = reports[0]["error"].as_str().unwrap_or_default();
        assert!(error.contains(expected), "{name}: {error}");
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
}

#[test]
fn what_a_secret_test_calls_and_expects_is_for_judges_only() {
    let judged = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["judge", "--json", "--all-tests", "--problem", "examples/merge"])
        .arg("examples/merge/submissions/wrong_answer/equals_everything.py")
        .output()
        .unwrap();
    assert_eq!(judged.status.code(), Some(1), "{}", String::from_utf8_lossy(&judged.stderr));
    let verdict: Value = serde_json::from_slice(&judged.stdout).unwrap();
    let tests = verdict["tests"].as_array().unwrap();
    let shown = |test: &&Value| test["input"].is_object() && test["checker_message"].is_string();
    let (samples, secret): (Vec<&Value>, Vec<&Value>) = tests.iter().partition(|test| test["sample"] == json!(true));
    assert!(!samples.is_empty() && samples.iter().all(shown), "{samples:#?}");
    for test in secret.iter().filter(|test| test["verdict"] == "WA") {
        let told = ["input", "answer", "checker_message", "judge_message"].map(|field| test[field].clone());
        assert_eq!(told, [(); 4].map(|()| Value::Null), "{test:#}");
    }
    assert!(secret.iter().any(|test| test["verdict"] == "WA"));
}
