//! What the program says of a Docker daemon that cannot limit what boxes use.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};

use serde_json::Value;

use crate::command_line::{assize, told};

/// What a rootless daemon answers on a host with control groups of version 1, in the fields that matter.
const ROOTLESS: &str = r#"{"ServerVersion":"20.10.24","CgroupDriver":"none","CgroupVersion":"1","MemoryLimit":false,"SwapLimit":false,
    "PidsLimit":false,"CPUSet":false,"SecurityOptions":["name=seccomp,profile=default","name=rootless"],"DefaultRuntime":"runc"}"#;

/// What a daemon answers whose containers are gVisor's, under a name that does not say so.
const GVISOR: &str = r#"{"ServerVersion":"28.2.2","CgroupDriver":"systemd","CgroupVersion":"2","MemoryLimit":true,"SwapLimit":true,
    "PidsLimit":true,"CPUSet":true,"SecurityOptions":["name=seccomp,profile=builtin"],"DefaultRuntime":"safe",
    "Runtimes":{"runc":{"path":"runc"},"safe":{"path":"/usr/local/bin/runsc"}}}"#;

#[test]
fn a_daemon_that_does_not_wall_boxes_in_gets_none_and_the_doctor_says_why() {
    let unlimited = ["cannot limit memory and processes", "hint: `assize doctor`"];
    let failing = ["control groups", "limits", "a box"];
    assert_refused(ROOTLESS, &unlimited, &failing, "daemon's rights");
    let open = [
        "the runtime \"safe\"",
        "is gVisor",
        "hint: set sandbox.docker.runtime to runc",
    ];
    assert_refused(GVISOR, &open, &["runtime", "a box"], "limits");
}

/// Holds what `judge` and `doctor` say about a daemon against what they have to say, and which check it passes.
fn assert_refused(info: &'static str, said: &[&str], failing: &[&str], passing: &str) {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("docker.sock");
    answer_like_a_daemon(&socket, info);
    let host = format!("unix://{}", socket.display());
    let source = "examples/sum/submissions/accepted/sum.py";
    let mut judge = assize(&["judge", source, "--problem", "examples/sum"]);
    let output = judge.env("DOCKER_HOST", &host).output().unwrap();
    let (code, error) = told(&output);
    assert_eq!(code, Some(3), "{error}");
    for words in said {
        assert!(error.contains(words), "{words:?} in {error}");
    }

    let mut doctor = assize(&["doctor", "--json"]);
    let output = doctor.env("DOCKER_HOST", &host).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let checks: Value = serde_json::from_slice(&output.stdout).unwrap();
    let state = |name: &str| {
        let checks = checks.as_array().unwrap().iter();
        checks
            .filter(|check| check["check"] == name)
            .map(|check| check["state"].clone())
            .next()
            .unwrap()
    };
    for name in failing {
        assert_eq!(state(name), "fail", "{name}: {checks:#}");
    }
    assert_eq!(state(passing), "ok", "{checks:#}");
}

fn answer_like_a_daemon(socket: &std::path::Path, info: &'static str) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || converse(stream.unwrap(), info));
        }
    });
}

fn converse(mut stream: UnixStream, info: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    while let Some(Ok(request)) = lines.next() {
        // Its head ends with an empty line, and it has no body.
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let (status, body) = match request.split(' ').nth(1).unwrap_or_default() {
            path if path.ends_with("/info") => ("200 OK", info),
            path if path.ends_with("/version") => ("200 OK", r#"{"Version":"20.10.24","ApiVersion":"1.41"}"#),
            path if path.ends_with("/_ping") => ("200 OK", "OK"),
            _ => ("404 Not Found", r#"{"message":"no such thing"}"#),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}",
            body.len()
        );
        if stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).is_err() {
            return;
        }
    }
}
