//! What the scripts show to the person who runs them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::Command;

/// What a function of `docker/lib` prints.
fn said(call: &str, arguments: &[&str]) -> String {
    let script = format!(". docker/lib/say.sh; . docker/lib/portable.sh; {call} \"$@\"");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script, "say"])
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_line_of_progress_fits_and_ends_behind_a_whole_word_where_it_has_one() {
    for (text, columns, expected) in [
        ("   Compiling serde v1.0.2", "60", "Compiling serde v1.0.2"),
        ("Compiling serde v1.0.2", "22", "Compiling serde v1.0.2"),
        ("Compiling serde v1.0.2", "21", "Compiling serde…"),
        ("Compiling serde v1.0.2", "16", "Compiling serde…"),
        ("Compiling serde v1.0.2", "15", "Compiling…"),
        ("Compiling serde v1.0.2", "8", "Compili…"),
        ("sha256:5891b5b522d5", "10", "sha256:58…"),
        ("", "10", ""),
    ] {
        assert_eq!(said("shortened", &[text, columns]), expected, "{text:?} in {columns}");
    }
}

#[test]
fn a_line_that_is_still_being_written_is_not_shown() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let path = log.path().to_str().unwrap();
    for (text, expected) in [
        ("", ""),
        ("Compil", ""),
        ("Compiling serde v1.0.2\n", "Compiling serde v1.0.2"),
        ("Compiling serde v1.0.2\nCompiling ser", "Compiling serde v1.0.2"),
        ("10 %\r20 %\r30", "20 %"),
        ("\x1b[2Jred\u{7}\n", "[2Jred"),
    ] {
        fs::write(path, text).unwrap();
        assert_eq!(said("last_line", &[path]), expected, "{text:?}");
    }
}

#[test]
fn a_path_is_meant_from_where_it_was_given_whether_there_is_something_or_not() {
    for (path, expected) in [
        ("backup.dump", "/from/here/backup.dump\n"),
        ("../a b.dump", "/from/here/../a b.dump\n"),
        ("/not/there", "/not/there\n"),
    ] {
        assert_eq!(said("absolute", &["/from/here", path]), expected);
    }
}

#[test]
fn what_a_script_has_to_do_last_is_done_however_a_step_ends() {
    let stopped = "last() { echo 'started again'; }; AT_EXIT=last";
    for (step, code) in [("true", Some(0)), ("false", Some(1)), ("kill -TERM $$", Some(143))] {
        let script = format!(". docker/lib/say.sh; {stopped}; quietly 'A step' {step}; quietly 'Another' true");
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            (output.status.code(), said.matches("started again").count()),
            (code, 1),
            "{step}: {said}"
        );
    }
}

/// Called where the services run, which here are a script that says so.
fn beside_the_services(arguments: &str) -> (bool, String) {
    let place = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").args(["-r", "docker"]).arg(place.path()).status();
    assert!(copied.unwrap().success());
    fs::write(place.path().join(".env"), "ASSIZE_HTTP_PORT=18751\n").unwrap();
    fs::write(place.path().join("docker/compose.sh"), "#!/bin/sh\necho started\n").unwrap();
    let output = Command::new(place.path().join("docker/assize.sh"))
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn what_would_write_a_file_beside_the_services_is_stopped_with_what_to_call() {
    for (arguments, remedy) in [
        ("new sums", "target/images/bin/assize new"),
        ("image build", "target/images/bin/assize image"),
        ("eval tasks.jsonl", "--url http://127.0.0.1:18751"),
        ("token new site", "docker/compose.sh exec serve assize token new site"),
        ("run --fetch tour.txt main.py", "target/images/bin/assize run"),
        ("run main.py --fetch=tour.txt", "target/images/bin/assize run"),
        (
            "doctor --attack --report attacks.json",
            "target/images/bin/assize doctor",
        ),
    ] {
        let (is_done, said) = beside_the_services(arguments);
        assert!(!is_done && said.contains(remedy), "{arguments}: {said}");
    }
    for arguments in [
        "eval --help",
        "run --json --fetch tour.txt main.py",
        "run main.py",
        "status",
    ] {
        let (is_done, said) = beside_the_services(arguments);
        assert!(is_done && said.contains("started"), "{arguments}: {said}");
    }
}
