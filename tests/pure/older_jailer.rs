//! What the program says of a jailer of the version before, which hangs up when it is asked what it does not know.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use serde_json::Value;

use crate::command_line::{assize, told};

/// What it knows, and what it answers.
const KNOWN: [(&str, &str); 2] = [
    ("facts", r#"{"facts":{"version":"0.0.9","profile":"{}"}}"#),
    ("examine", r#"{"examined":[]}"#),
];

#[test]
fn a_jailer_of_another_version_is_named_and_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("jailer.sock");
    answer_like_an_older_jailer(&socket);
    let by_nsjail = [
        ("ASSIZE__SANDBOX__BACKEND", "nsjail"),
        ("ASSIZE__SANDBOX__NSJAIL__SOCKET", socket.to_str().unwrap()),
    ];
    let source = "examples/sum/submissions/accepted/sum.py";
    let mut judge = assize(&["judge", source, "--problem", "examples/sum"]);
    let (code, error) = told(&judge.envs(by_nsjail).output().unwrap());
    assert_eq!(code, Some(3), "{error}");
    for words in [
        "it is assize-jailer 0.0.9",
        "hint: install the jailer of the same version",
    ] {
        assert!(error.contains(words), "{words:?} in {error}");
    }

    let mut doctor = assize(&["doctor", "--json"]);
    let output = doctor.envs(by_nsjail).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let checks: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut failing = checks
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["state"] == "fail");
    let names_it = |check: &Value| check["found"].as_str().unwrap().contains("assize-jailer 0.0.9");
    assert!(failing.any(names_it), "{checks:#}");
}

fn answer_like_an_older_jailer(socket: &Path) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || converse(stream.unwrap()));
        }
    });
}

/// Each message is its length, four bytes, and JSON.
fn converse(mut stream: UnixStream) -> Option<()> {
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let mut request = vec![0; u32::from_le_bytes(length).try_into().ok()?];
        stream.read_exact(&mut request).ok()?;
        let request = String::from_utf8(request).ok()?;
        let (_name, answer) = KNOWN.iter().find(|(name, _answer)| request.contains(name))?;
        stream
            .write_all(&u32::try_from(answer.len()).ok()?.to_le_bytes())
            .ok()?;
        stream.write_all(answer.as_bytes()).ok()?;
    }
}
