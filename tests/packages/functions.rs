//! Packages whose tests call functions.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::wall_settings::cheapest_wall;
use crate::{assize, verify};

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
        (
            "no-json",
            "t.json",
            "[{\"call\": ]".to_owned(),
            "data/secret/t.json: expected value",
        ),
        (
            "no-json-line",
            "t.jsonl",
            lines("call add"),
            "data/secret/t.jsonl:3: expected value",
        ),
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
        (
            "asks-nothing",
            "t.jsonl",
            lines(r#"{"asserts": "def check(c): assert c(1)"}"#),
            "data/secret/t.jsonl:3: [1].asserts: the test \"2\" asks the program for nothing: nothing calls",
        ),
        (
            "constant",
            "t.json",
            "[\n  \"assert add(1, 2) == 3\",\n\n  \"assert True\"\n]".to_owned(),
            "data/secret/t.json:4: asserts[1]: the test \"2\" asks the program for nothing",
        ),
        (
            "nothing",
            "t.json",
            "[ ]".to_owned(),
            "data/secret/t.json: asserts: is empty",
        ),
        (
            "million-calls",
            "t.json",
            format!(
                r#"{{"fn_name": "f", "inputs": [{}[]], "outputs": [{}0]}}"#,
                "[],".repeat(999_999),
                "0,".repeat(999_999)
            ),
            "data/secret/t.json: functional.inputs: 1000000 calls, at most 10000 are allowed",
        ),
        (
            "million-lines",
            "t.jsonl",
            format!("{RIGHT}\n").repeat(1_000_000),
            "data/secret/t.jsonl: has more than 16777216 bytes",
        ),
        (
            "many-lines",
            "t.jsonl",
            "{}\n".repeat(1_000_000),
            "data/secret/t.jsonl: 1000000 tests, at most 10000 are allowed",
        ),
        (
            "program",
            "1.in",
            "1 2\n".to_owned(),
            "data/secret/1.in: is no test of a problem of the type functions",
        ),
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
    let judged = assize()
        .args(["judge", "--json", "--all-tests", "--problem", "examples/merge"])
        .arg("examples/merge/submissions/wrong_answer/equals_everything.py")
        .output()
        .unwrap();
    assert_eq!(
        judged.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&judged.stderr)
    );
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

/// Each function does something else to the process that it is called in.
const HARD_ON_ITS_PROCESS: &str = "
import os, sys
print('imported')
seen = []

def add(a, b):
    print(a, b)
    return a + b

def fails():
    raise KeyError('no key')

def leaves():
    sys.exit(0)

def ends():
    os._exit(0)

def crashes():
    os.kill(os.getpid(), 11)

def hangs():
    while True:
        pass

def floods():
    print('x' * 200000)
    return 1

def forgets_its_output():
    sys.stdout = None
    return 1

def remembers():
    seen.append(1)
    return len(seen)

def large():
    return 'x' * LARGE
";

/// Characters of a value that is larger than a program may return, unless one as large is expected.
const LARGE: usize = 2 << 20;

const CALLS: &str = r#"
{"call": "add", "args": [1, 2], "expect": 3}
{"call": "fails", "raises": "LookupError"}
{"call": "fails", "expect": 1}
{"call": "leaves", "expect": 1}
{"call": "ends", "expect": 1}
{"call": "crashes", "expect": 1}
{"call": "hangs", "expect": 1}
{"call": "missing", "expect": 1}
{"call": "floods", "expect": 1}
{"call": "forgets_its_output", "expect": 1}
{"call": "add", "args": [1, "2"], "raises": "TypeError"}
{"call": "add", "args": [2, 2], "expect": 5}
{"call": "remembers", "expect": 1}
{"call": "remembers", "expect": 1}
"#;

#[test]
fn calls_that_share_a_process_get_the_verdicts_of_those_that_do_not() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("main.py");
    fs::write(&program, format!("LARGE = {LARGE}\n{HARD_ON_ITS_PROCESS}")).unwrap();
    let judged = |processes: &str, calls: &str| -> Value {
        let yaml = format!("{YAML}limits: {{time_limit: 1}}\nfunctions: {{processes: {processes}}}\n");
        let files = [("problem.yaml", yaml.as_str()), ("data/sample/t.jsonl", calls)];
        let problem = package(directory.path(), processes, &files);
        let mut command = assize();
        command.args(["judge", "--json", "--all-tests", "--problem", &problem]);
        let output = command.arg(&program).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{processes}: {error}: {said}"))
    };
    let told = |verdict: &Value, fields: &[&str]| -> Vec<Value> {
        let tests = verdict["tests"].as_array().unwrap().iter();
        let of_test = |test: &Value| fields.iter().map(|field| test[field].clone()).collect();
        tests.map(of_test).collect()
    };
    let fields = ["name", "verdict", "exit_code", "signal", "value", "checker_message"];
    let large = json!({ "call": "large", "expect": "x".repeat(LARGE) });
    let large = format!("{large}\n{{\"call\": \"large\", \"expect\": 1}}");
    let calls = format!("{CALLS}{large}\n");
    let alone = judged("each", &calls);
    let wanted = "AC AC RTE RTE WA RTE TLE RTE AC AC AC WA AC AC AC WA";
    let wanted: Vec<Value> = wanted.split(' ').map(|verdict| json!([verdict])).collect();
    assert_eq!(told(&alone, &["verdict"]), wanted, "{alone:#}");
    assert_eq!(told(&judged("forks", &calls), &fields), told(&alone, &fields));
    let remembering = r#"{"call": "remembers", "expect": 1}"#;
    let one = judged(
        "one",
        &format!(
            "{RIGHT}\n{remembering}\n{{\"call\": \"ends\", \"expect\": 1}}\n{remembering}\n{remembering}\n{large}\n"
        ),
    );
    // The third call ends the process, and those behind it begin in a new one.
    let wanted = ["AC", "AC", "WA", "AC", "WA", "AC", "WA"].map(|verdict| json!([verdict]));
    assert_eq!(told(&one, &["verdict"]), wanted, "{one:#}");
    let printed = |verdict: &Value| verdict["tests"][0]["stdout"]["text"].clone();
    assert_eq!(
        (printed(&alone), printed(&one)),
        (json!("imported\n1 2\n"), json!("imported\n1 2\n"))
    );
}

#[test]
fn calls_in_a_file_of_tests_share_a_process_where_the_command_line_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = directory.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let program = file(
        "main.py",
        "print('imported')\nseen = []\ndef remembers():\n    seen.append(1)\n    return len(seen)\n",
    );
    let calls = "{\"call\": \"remembers\", \"expect\": 1}\n".repeat(2);
    let (calls, asserts) = (
        file("calls.jsonl", &calls),
        file("asserts.json", "[\"assert remembers() == 1\"]"),
    );
    let run = |command: &str, tests: &Path, processes: &str| {
        let mut run = assize();
        run.arg(command).arg(&program).arg("--tests").arg(tests);
        run.args(["--processes", processes]).envs(cheapest_wall());
        if command == "judge" {
            run.arg("--json");
        }
        run.output().unwrap()
    };
    for (processes, expected) in [("each", ["AC", "AC"]), ("forks", ["AC", "AC"]), ("one", ["AC", "WA"])] {
        let output = run("judge", &calls, processes);
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
        let verdicts = [0, 1].map(|test| verdict["tests"][test]["verdict"].clone());
        assert_eq!(verdicts, expected, "{processes}: {verdict:#}");
    }
    let told = "belongs to tests with call";
    for (command, tests, processes, told) in [
        ("judge", &asserts, "forks", told),
        ("judge", &calls, "many", "[possible values: each, forks, one]"),
        ("submit", &calls, "many", "[possible values: each, forks, one]"),
    ] {
        let output = run(command, tests, processes);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(told),
            "{command} {processes}: {said}"
        );
    }
}
