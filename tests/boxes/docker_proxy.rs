//! The socket that can make boxes and nothing else, between a real judge and a real Docker Engine.

use std::path::{Path, PathBuf};

use assize::config::{self, Settings, StreamsOf};
use assize::contract::Verdict;
use assize::sandbox::open_backend;
use assize_docker_proxy::{DockerProxy, Settings as ProxySettings, listen_at};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::containers;
use crate::judge::{JudgeFixture, submission};

/// A proxy that ends with this.
pub(super) struct Proxied {
    pub(super) directory: TempDir,
    _stop: DropGuard,
    _serving: JoinHandle<()>,
}

impl Proxied {
    pub(super) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::start_in(directory, ProxySettings::load(None, []).unwrap()).await
    }

    pub(super) async fn start_in(directory: TempDir, settings: ProxySettings) -> Self {
        let listener = listen_at(&directory.path().join("docker.sock"), 0o600).await.unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let serving = DockerProxy::new(&settings).unwrap().serve(listener, stopped);
        Self {
            _serving: tokio::spawn(serving),
            _stop: stop.drop_guard(),
            directory,
        }
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("docker.sock")
    }

    pub(super) fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// The Docker client of this machine, at the proxy; what it said and whether it was content.
    pub(super) async fn docker(&self, arguments: &[&str]) -> (bool, String) {
        docker(&["-H", &self.host()], arguments).await
    }
}

/// The Docker client of this machine; what it said and whether it was content.
pub(super) async fn docker(host: &[&str], arguments: &[&str]) -> (bool, String) {
    let output = Command::new("docker")
        .args(host)
        .args(arguments)
        .output()
        .await
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A container that is made past the proxy, never started, and removed with this.
struct Foreign(String);

impl Foreign {
    async fn with_labels(labels: &[&str]) -> Self {
        let labels: Vec<_> = labels.iter().flat_map(|label| ["--label", *label]).collect();
        let arguments = [&["create"], labels.as_slice(), &["assize/python3:latest"]].concat();
        let (made, said) = docker(&[], &arguments).await;
        assert!(made, "{said}");
        Self(said.trim().to_owned())
    }

    async fn is_there(&self) -> bool {
        docker(&[], &["inspect", &self.0]).await.0
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may have been removed by the test.
        let _gone = std::process::Command::new("docker")
            .args(["rm", "-f", &self.0])
            .output();
    }
}

/// Judges a submission of every kind through the proxy at this address, and looks for boxes that are left.
pub(super) async fn judges_every_kind_through(host: &str, worker: &str, streams: StreamsOf) {
    let worker = format!("{}-{worker}", config::load(None).unwrap().worker.id);
    let fixture = JudgeFixture::with(|settings| {
        host.clone_into(&mut settings.sandbox.docker.host);
        settings.sandbox.docker.streams = streams;
        settings.worker.id.clone_from(&worker);
        // These boxes have a share of CPUs that the tests beside them keep busy.
        settings.limits.starvation_factor = 1000.0;
    })
    .await;
    for (source, verdict) in [
        ("print(int(input()) + 1)", Verdict::Ac),
        ("print(0)", Verdict::Wa),
        ("while True: pass", Verdict::Tle),
        ("x = bytearray(1 << 40)", Verdict::Mle),
        ("while True: print('x' * 65536)", Verdict::Ole),
        ("import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)", Verdict::Sv),
    ] {
        let judged = fixture.judge(&submission(source, "1\n", "2\n")).await;
        assert_eq!(judged.verdict, verdict, "{source}");
    }
    fixture.close().await;
    let left = containers::containers_of(&worker).await;
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_are_judged_through_the_proxy_and_no_box_is_left() {
    let proxied = Proxied::start().await;
    judges_every_kind_through(&proxied.host(), "proxied", StreamsOf::Daemon).await;
    let mut settings = config::load(None).unwrap();
    settings.sandbox.docker.host = proxied.host();
    let filtered = "where boxes can be made and nothing else";
    assert!(found_of_socket(&settings).await.contains(filtered));
    assert!(!found_of_socket(&config::load(None).unwrap()).await.contains(filtered));
}

/// What the doctor finds about the socket of these settings.
async fn found_of_socket(settings: &Settings) -> String {
    let backend = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
    let checks = backend.examine(&[]).await;
    let socket = checks.into_iter().find(|check| check.check == "docker socket");
    socket.unwrap().found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_container_is_neither_seen_nor_touched() {
    let proxied = Proxied::start().await;
    let stranger = Foreign::with_labels(&["io.assize.test=stranger"]).await;
    let id = stranger.0.as_str();
    for arguments in [
        &["rm", "-f", id] as &[&str],
        &["start", id],
        &["inspect", "--type", "container", id],
        &["update", "--memory", "64m", id],
        &["attach", id],
        &["exec", id, "id"],
        &["kill", id],
        &["rename", id, "mine"],
        &["cp", &format!("{id}:/etc/passwd"), "-"],
        &["logs", id],
        &["commit", id, "mine"],
        &["ps", "-a"],
        &["ps", "-a", "--filter", "label=io.assize.test"],
    ] {
        let (content, said) = proxied.docker(arguments).await;
        let refused = said.contains("refused by assize-docker-proxy") || said.contains("No such container");
        assert!(refused || content && !said.contains(&id[..12]), "{arguments:?}: {said}");
    }
    assert!(stranger.is_there().await);
    let (_, state) = docker(&[], &["inspect", "--format", "{{.State.Status}}", id]).await;
    assert_eq!(state.trim(), "created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_was_not_made_here_can_be_seen_and_not_used_nor_removed_before_its_worker_may_have_started_it() {
    let proxied = Proxied::start().await;
    // Its state is "created" for far less than what the proxy and a sweep wait.
    let left = Foreign::with_labels(&["io.assize=1", "io.assize.boot=7b0cf5a4-0000-4000-8000-000000000000"]).await;
    let id = left.0.as_str();
    for arguments in [&["start", id] as &[&str], &["update", "--memory", "64m", id]] {
        let (content, said) = proxied.docker(arguments).await;
        assert!(!content && said.contains("No such container"), "{arguments:?}: {said}");
    }
    assert!(proxied.docker(&["inspect", "--type", "container", id]).await.0);
    let (removed, said) = proxied.docker(&["rm", "-f", id]).await;
    assert!(
        !removed && said.contains("another worker has it or may have it"),
        "{said}"
    );
    assert!(left.is_there().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_runs_is_removed_only_through_the_proxy_that_made_it() {
    let proxied = Proxied::start().await;
    let labels = ["io.assize=1", "io.assize.boot=7b0cf5a4-0000-4000-8000-000000000001"];
    let labels = labels.iter().flat_map(|label| ["--label", *label]);
    let waiting = ["-c", "import time; time.sleep(600)"];
    let options = ["--entrypoint", "/usr/bin/python3", "assize/python3:latest"];
    let arguments: Vec<_> = ["run", "-d"]
        .into_iter()
        .chain(labels)
        .chain(options)
        .chain(waiting)
        .collect();
    let (started, said) = docker(&[], &arguments).await;
    assert!(started, "{said}");
    let running = Foreign(said.trim().to_owned());
    let (removed, said) = proxied.docker(&["rm", "-f", &running.0]).await;
    assert!(!removed && said.contains("another worker has it"), "{said}");
    assert!(running.is_there().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_are_silent_hold_up_nobody() {
    let proxied = Proxied::start().await;
    let mut silent = Vec::new();
    for _number in 0..1200 {
        silent.push(UnixStream::connect(proxied.socket()).await.unwrap());
    }
    // The one that has waited longest was given up for those that came behind it.
    let mut byte = [0];
    assert_eq!(silent[0].read(&mut byte).await.unwrap_or(0), 0);
    assert!(proxied.docker(&["info"]).await.0);
    // And so is a body that does not end.
    let create = format!("/v1.41/containers/create?name=assize-{}", "0c".repeat(16));
    let head = format!("POST {create} HTTP/1.1\r\nHost: d\r\nContent-Length: 1000000\r\n\r\n");
    let mut unfinished = Vec::new();
    for _number in 0..100 {
        let mut stream = UnixStream::connect(proxied.socket()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // It is closed on when the bodies take up what all of them may have.
        let _closed = stream.write_all(&vec![b' '; 999_999]).await;
        unfinished.push(stream);
    }
    assert!(proxied.docker(&["info"]).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_never_asks_is_refused_with_the_reason() {
    let proxied = Proxied::start().await;
    let name = format!("assize-{}", "0a".repeat(16));
    let mount = ["create", "--name", &name, "-v", "/:/host", "assize/python3:latest"];
    for arguments in [
        &mount as &[&str],
        &["create", "--name", &name, "--privileged", "assize/python3:latest"],
        &[
            "create",
            "--name",
            &name,
            "--pid",
            "host",
            "--network",
            "host",
            "assize/python3:latest",
        ],
        &["volume", "ls"],
        &["network", "ls"],
        &["images"],
        &["rmi", "assize/python3:latest"],
        &["image", "inspect", "debian:trixie-slim"],
        &["swarm", "init"],
        &["system", "df"],
        &["events", "--until", "1s"],
    ] {
        let (content, said) = proxied.docker(arguments).await;
        assert!(
            !content && said.contains("refused by assize-docker-proxy"),
            "{arguments:?}: {said}"
        );
    }
    assert!(
        !docker(&[], &["inspect", "--type", "container", &name]).await.0,
        "a container was made"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_honest_request_reach_no_daemon() {
    let proxied = Proxied::start().await;
    let name = format!("assize-{}", "0b".repeat(16));
    let create = format!("/v1.41/containers/create?name={name}");
    let large = 2 << 20;
    let table = [
        (
            format!(
                "POST {create} HTTP/1.1\r\nHost: d\r\nContent-Length: {large}\r\n\r\n{}",
                " ".repeat(large)
            ),
            "403",
        ),
        (
            format!(
                "POST {create} HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1.41/volumes HTTP/1.1\r\n\r\n"
            ),
            "40",
        ),
        // CVE-2024-41110: a body that is said to be empty was not shown to what had to allow it, and used.
        (
            format!(
                "POST {create} HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n{{\"Image\":\"assize/python3:latest\"}}"
            ),
            "403",
        ),
        (
            format!("POST {create} HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"),
            "400",
        ),
        (
            "GET http://other/v1.41/volumes HTTP/1.1\r\nHost: d\r\n\r\n".to_owned(),
            "403",
        ),
        (
            "GET /v1.41/info/%2e%2e/volumes HTTP/1.1\r\nHost: d\r\n\r\n".to_owned(),
            "403",
        ),
        (
            "POST /v1.41/session HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n".to_owned(),
            "403",
        ),
        (
            format!("GET /_ping HTTP/1.1\r\nHost: d\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
            "431",
        ),
    ];
    for (request, status) in table {
        let said = raw(&proxied.socket(), request.as_bytes()).await;
        let start: String = request.chars().take(80).collect();
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{start:?}: {said}");
        assert!(!said.contains("\"Volumes\""), "{start:?}: {said}");
    }
    let (made, said) = docker(&[], &["inspect", "--type", "container", &name]).await;
    assert!(!made, "{said}");
}

/// What comes back for these bytes, to the end of its head.
async fn raw(socket: &Path, request: &[u8]) -> String {
    let (mut answers, mut asks) = UnixStream::connect(socket).await.unwrap().into_split();
    let request = request.to_vec();
    // The other side need not read all of it, and closes when it has said why.
    let asking = tokio::spawn(async move {
        let cut = asks.write_all(&request).await;
        (asks, cut)
    });
    let mut said = Vec::new();
    let is_whole = |said: &[u8]| said.windows(4).any(|end| end == b"\r\n\r\n");
    while !is_whole(&said) && answers.read_buf(&mut said).await.is_ok_and(|read| read > 0) {}
    asking.abort();
    String::from_utf8_lossy(&said).into_owned()
}
