//! What the program says of a Docker daemon that cannot limit what boxes use.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use assize::config;
use assize::sandbox::Pool;
use serde_json::Value;
use tokio::sync::Notify;

use crate::command_line::{assize, told};
use crate::small_box::small_box;

/// What a rootless daemon answers on a host with control groups of version 1, in the fields that matter.
const ROOTLESS: &str = r#"{"ServerVersion":"20.10.24","CgroupDriver":"none","CgroupVersion":"1","MemoryLimit":false,"SwapLimit":false,
    "PidsLimit":false,"CPUSet":false,"SecurityOptions":["name=seccomp,profile=default","name=rootless"],"DefaultRuntime":"runc"}"#;

/// What a rootless daemon answers to which the controller cpuset was not delegated.
const UNPINNED: &str = r#"{"ServerVersion":"28.2.2","CgroupDriver":"systemd","CgroupVersion":"2","MemoryLimit":true,"SwapLimit":true,
    "PidsLimit":true,"CPUSet":false,"SecurityOptions":["name=seccomp,profile=builtin","name=rootless"],"DefaultRuntime":"runc",
    "Runtimes":{"runc":{"path":"runc"}}}"#;

/// What a usual daemon answers.
const RUNC: &str = r#"{"ServerVersion":"28.2.2","CgroupDriver":"systemd","CgroupVersion":"2","MemoryLimit":true,"SwapLimit":true,
    "PidsLimit":true,"CPUSet":true,"SecurityOptions":["name=seccomp,profile=builtin"],"DefaultRuntime":"runc",
    "Runtimes":{"runc":{"path":"runc"}}}"#;

/// What a daemon answers whose containers are gVisor's, under a name that does not say so.
const GVISOR: &str = r#"{"ServerVersion":"28.2.2","CgroupDriver":"systemd","CgroupVersion":"2","MemoryLimit":true,"SwapLimit":true,
    "PidsLimit":true,"CPUSet":true,"SecurityOptions":["name=seccomp,profile=builtin"],"DefaultRuntime":"safe",
    "Runtimes":{"runc":{"path":"runc"},"safe":{"path":"/usr/local/bin/runsc"}}}"#;

/// What one says that hangs up instead of answering.
const AWAY: &str = "";

#[test]
fn a_daemon_that_does_not_wall_boxes_in_gets_none_and_the_doctor_says_why() {
    let unlimited = ["cannot limit memory, processes, CPUs", "hint: `assize doctor`"];
    let failing = ["control groups", "limits", "a box"];
    assert_refused(ROOTLESS, &unlimited, &failing, &["daemon's rights"]);
    assert_refused(
        UNPINNED,
        &["cannot limit CPUs of a container"],
        &["limits", "a box"],
        &["runtime"],
    );
    let open = [
        "the runtime \"safe\"",
        "is gVisor",
        "hint: set sandbox.docker.runtime to runc",
    ];
    // It has no runc whose version it could tell.
    assert_refused(GVISOR, &open, &["runtime", "a box"], &["limits", "known holes"]);
}

/// Holds what `judge` and `doctor` say about a daemon against what they have to say, and which checks it passes.
fn assert_refused(info: &'static str, said: &[&str], failing: &[&str], passing: &[&str]) {
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
    let check = |name: &str| {
        let mut checks = checks.as_array().unwrap().iter();
        checks.find(|check| check["check"] == name).unwrap().clone()
    };
    let state = |name: &str| check(name)["state"].clone();
    assert_eq!(check("wall")["found"], "container by docker");
    for name in failing {
        assert_eq!(state(name), "fail", "{name}: {checks:#}");
    }
    for name in passing {
        assert_eq!(state(name), "ok", "{name}: {checks:#}");
    }
}

#[tokio::test]
async fn a_daemon_that_comes_back_without_walls_gets_no_box_any_more() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("docker.sock");
    let says = answer_like_a_daemon(&socket, RUNC);
    let mut settings = config::load(None).unwrap().sandbox;
    settings.docker.host = format!("unix://{}", socket.display());
    let pool = Pool::open(&settings, "a-test", vec![String::new()], 0).await.unwrap();
    assert_eq!(pool.facts().runtime, "runc");

    *says.lock().unwrap() = GVISOR;
    let failed = Notify::new();
    tokio::select! {
        () = pool.sweep_regularly(|| failed.notify_one()) => {}
        () = failed.notified() => {}
    }
    let slot = pool.slot().await;
    let refused = pool.fresh(&slot, &small_box()).await.unwrap_err().to_string();
    assert!(refused.contains("is gVisor"), "{refused}");

    *says.lock().unwrap() = RUNC;
    let refused = pool.fresh(&slot, &small_box()).await.unwrap_err().to_string();
    assert!(refused.contains("no such thing"), "it is asked for one: {refused}");
}

#[tokio::test]
async fn a_daemon_that_was_away_gets_no_box_before_it_has_said_what_it_is_now() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("docker.sock");
    let says = answer_like_a_daemon(&socket, RUNC);
    let mut settings = config::load(None).unwrap().sandbox;
    settings.docker.host = format!("unix://{}", socket.display());
    let pool = Pool::open(&settings, "a-test", vec![String::new(); 2], 0)
        .await
        .unwrap();
    let (slot, other) = (pool.slot().await, pool.slot().await);

    *says.lock().unwrap() = AWAY;
    let failed = pool.fresh(&slot, &small_box()).await.unwrap_err().to_string();
    assert!(failed.contains("does not answer"), "{failed}");
    *says.lock().unwrap() = GVISOR;
    let spec = small_box();
    let at_once = tokio::join!(pool.fresh(&slot, &spec), pool.fresh(&other, &spec));
    for refused in [at_once.0, at_once.1] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("is gVisor"), "{refused}");
    }
}

/// What it says of itself can be changed.
fn answer_like_a_daemon(socket: &Path, info: &'static str) -> Arc<Mutex<&'static str>> {
    let listener = UnixListener::bind(socket).unwrap();
    let says = Arc::new(Mutex::new(info));
    let answered = Arc::clone(&says);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let says = Arc::clone(&answered);
            std::thread::spawn(move || converse(stream.unwrap(), &says));
        }
    });
    says
}

fn converse(mut stream: UnixStream, says: &Mutex<&'static str>) {
    let mut requests = BufReader::new(stream.try_clone().unwrap());
    while let Some(path) = next_path(&mut requests) {
        if *says.lock().unwrap() == AWAY {
            return;
        }
        let (status, body) = match path.as_str() {
            path if path.ends_with("/info") => ("200 OK", *says.lock().unwrap()),
            path if path.contains("/containers/json") => ("200 OK", "[]"),
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

/// The path of the next request, which is read to its end.
fn next_path(requests: &mut impl BufRead) -> Option<String> {
    let lines = requests.by_ref().lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let length = |line: &String| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
    let body = head.iter().find_map(length).unwrap_or(0);
    io::copy(&mut requests.take(body), &mut io::sink()).ok()?;
    head.first()?.split(' ').nth(1).map(str::to_owned)
}
