//! Who calls a command that reads standard input is told so, where nothing else shows it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use crate::command_line::{assize, told};

/// What is shown at a terminal to a person who ends their input at once.
fn at_a_terminal(arguments: &[&str]) -> String {
    let spawn = "import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let mut terminal = Command::new("python3")
        .args(["-c", spawn, env!("CARGO_BIN_EXE_assize")])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    terminal.stdin.take().unwrap().write_all(b"\x04").unwrap();
    let output = terminal.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_person_at_a_terminal_is_told_what_is_read_from_it_and_what_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let main = directory.path().join("main.py");
    fs::write(&main, "").unwrap();
    let reading = "reading the program from the terminal; Ctrl-D on a line of its own ends it";
    let nothing = "the program gets nothing to read, as at a terminal; its input is given with < FILE or a pipe";
    let verdict = "reading the verdict from the terminal; Ctrl-D on a line of its own ends it";
    let shown = at_a_terminal(&["report", "--format", "junit", "-"]);
    assert!(
        shown.contains(verdict) && shown.contains("no verdict document"),
        "{shown}"
    );
    for (arguments, expected) in [
        (&["judge", "-", "--tests", "/nowhere.json"][..], reading),
        (&["submit", "-", "--tests", "/nowhere.json"], reading),
        (&["run", "-", "--file", "/nowhere"], reading),
        (&["run", main.to_str().unwrap(), "--file", "/nowhere"], nothing),
    ] {
        let shown = at_a_terminal(arguments);
        assert!(
            shown.contains(expected) && shown.contains("cannot read /nowhere"),
            "{arguments:?}: {shown}"
        );
        let output = assize(arguments).output().unwrap();
        let (code, error) = told(&output);
        assert!(code == Some(2) && !error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn a_caller_who_leaves_standard_input_open_is_told_that_it_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let main = directory.path().join("main.py");
    fs::write(&main, "").unwrap();
    let mut waiting = assize(&["run", main.to_str().unwrap(), "--file", "/nowhere"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let expected =
        "waiting for the input of the program on standard input, which is open; with < /dev/null there is none";
    assert_eq!(first, expected);
    drop(waiting.stdin.take());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(rest.join("\n").contains("cannot read /nowhere"), "{rest:?}");
    assert_eq!(waiting.wait().unwrap().code(), Some(2));
}
