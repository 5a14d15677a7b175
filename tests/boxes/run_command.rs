//! `assize run` as people and scripts call it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use assize::contract::{Document, RunResult, schema_of};
use serde_json::Value;

/// Runs the command in a directory, with this standard input.
fn run(directory: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_assize"))
        .arg("run")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    child.wait_with_output().unwrap()
}

/// The same, of a program that is given as text.
fn run_source(source: &str, more: &[&str], stdin: &[u8]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.py"), source).unwrap();
    let arguments: Vec<&str> = more.iter().copied().chain(["main.py"]).collect();
    run(directory.path(), &arguments, stdin)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_program_has_its_streams_and_its_exit_code() {
    let source = "\
import sys
data = sys.stdin.buffer.read()
sys.stdout.buffer.write(data[::-1])
print('told', file=sys.stderr)
sys.exit(7)";
    let output = run_source(source, &[], b"\x00\xff\x1b[31m");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(output.stdout, b"m13[\x1b\xff\x00");
    assert_eq!(output.stderr, b"told\n");
}

#[test]
fn the_exit_code_says_what_ended_a_program_that_did_not_end_by_itself() {
    let rows: [(&str, i32, &str); 6] = [
        ("while True: pass", 124, "time limit exceeded: used "),
        ("x = bytearray(1 << 62)", 137, "memory limit exceeded: "),
        ("while True: print('x' * 9999)", 153, "output limit exceeded: "),
        ("import os\nos.abort()", 134, "killed by SIGABRT"),
        (
            "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)",
            159,
            "security violation",
        ),
        ("print(", 1, "does not compile: "),
    ];
    for (source, code, said) in rows {
        let output = run_source(source, &["--cpu", "0.5"], b"");
        assert_eq!(output.status.code(), Some(code), "{source}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&format!("assize: {said}")), "{output:?}");
    }
}

#[test]
fn files_lie_beside_the_program_and_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::create_dir(path("program")).unwrap();
    let source = "\
import sys, helper
open('out.txt', 'w').write(open('table.csv').read() + open('in/other.txt').read() + ' '.join(sys.argv[1:]))";
    fs::write(path("program/start.py"), source).unwrap();
    fs::write(path("program/helper.py"), "").unwrap();
    fs::write(path("table.csv"), "1,2\n").unwrap();
    let arguments = [
        "--entry-point",
        "start.py",
        "--file",
        "table.csv",
        "--files",
        "table.csv=in/other.txt",
        "--fetch",
        "out.txt",
        "--fetch",
        "none.txt",
        "--output",
        "results",
        "program",
        "--fast",
        "-x",
    ];
    let output = run(directory.path(), &arguments, b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let fetched = fs::read_to_string(path("results/out.txt")).unwrap();
    assert_eq!(fetched, "1,2\n1,2\n--fast -x");
    assert!(text(&output.stderr).contains("the program left no file none.txt"));
}

#[test]
fn a_program_can_come_from_standard_input() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = run(here, &["-"], b"import sys\nprint(6 * 7, repr(sys.stdin.read()))");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "42 ''\n"));
    let mut judge = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["judge", "-", "--problem", "examples/sum"])
        .current_dir(here)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    judge
        .stdin
        .take()
        .unwrap()
        .write_all(b"print(sum(map(int, input().split())))")
        .unwrap();
    let output = judge.wait_with_output().unwrap();
    assert!(text(&output.stdout).contains("AC accepted"), "{output:?}");
}

#[test]
fn json_is_one_document_that_obeys_its_schema() {
    let schema = jsonschema::validator_for(schema_of(Document::Result).as_value()).unwrap();
    for (source, code) in [
        ("print(input())", 0),
        ("print('\\xff\\0')", 0),
        ("print(", 1),
        ("1 / 0", 1),
    ] {
        let output = run_source(source, &["--json"], b"5\n");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        if let Err(error) = schema.validate(&document) {
            panic!("{}: {error}\n{document:#}", error.instance_path());
        }
        let _result: RunResult = serde_json::from_value(document).unwrap();
        assert_eq!(output.status.code(), Some(code), "{source}");
    }
}

#[test]
fn a_failure_of_ours_is_exit_code_125_and_a_wrong_call_2() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command
        .args(["run", "examples/sum/submissions/accepted/sum.py"])
        .stdin(Stdio::null())
        .env("ASSIZE__SANDBOX__DOCKER__IMAGES__PYTHON3", "assize/no-such-image:never");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(125), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("assize/no-such-image:never"));
    for (arguments, said) in [
        (&["--cpu", "nan"][..], "between 0.001 and 604800"),
        (&["--fetch", "../x"], "has an empty part, a . or a .."),
        (&["--file", "nowhere"], "cannot read nowhere"),
        (&["--language", "cobol"], "\"cobol\" is not configured here"),
    ] {
        let output = run_source("print(1)", arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}
