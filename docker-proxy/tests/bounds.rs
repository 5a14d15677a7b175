//! The proxy between clients and a daemon of the test's own, which answers what each test needs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use assize_docker_box::{ContainerSpec, Owner, SECCOMP_PROFILE, Streams, compact_profile, limits_update};
use assize_docker_proxy::{DockerProxy, Settings, listen_at};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use uuid::Uuid;

/// More connections than the proxy lets be silent at once.
const MANY: usize = 1200;

/// More than the kernel and the proxy keep of an answer that is not read, in bytes.
const LARGE: usize = 8 << 20;

/// What the daemon does with a request.
#[derive(Debug, Clone, Copy)]
enum Daemon {
    /// Takes it and says nothing.
    Silent,
    /// Never makes the first box, and makes every other one.
    Shy,
    /// Makes what is asked for.
    Willing,
    /// Sends a large answer.
    Long,
    /// Takes the streams of a container, and sends back what comes.
    Echo,
}

struct Fixture {
    directory: PathBuf,
    /// The daemon has a request.
    asked: Arc<Notify>,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.directory);
    }
}

impl Fixture {
    async fn start(daemon: Daemon, settings: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("assize-proxy-bounds-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let asked = Arc::new(Notify::new());
        let listener = UnixListener::bind(directory.join("daemon")).unwrap();
        tokio::spawn(be_daemon(listener, daemon, Arc::clone(&asked)));
        let docker = format!("unix://{}", directory.join("daemon").display());
        let settings = settings.iter().copied().chain([("DOCKER", docker.as_str())]);
        let variables = settings.map(|(key, value)| (format!("ASSIZE_DOCKER_PROXY_{key}"), value.to_owned()));
        let settings = Settings::load(None, variables.collect::<Vec<_>>()).unwrap();
        let fixture = Self { directory, asked };
        let proxy = DockerProxy::new(&settings).unwrap();
        let listener = listen_at(&fixture.socket(), 0o600).await.unwrap();
        tokio::spawn(proxy.serve(listener, std::future::pending()));
        fixture
    }

    fn socket(&self) -> PathBuf {
        self.directory.join("proxy")
    }

    async fn connect(&self) -> UnixStream {
        UnixStream::connect(self.socket()).await.unwrap()
    }

    /// The status and the body of the answer.
    async fn ask(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        said
    }

    async fn many_silent(&self) -> Vec<UnixStream> {
        let mut silent = Vec::new();
        for _number in 0..MANY {
            silent.push(self.connect().await);
        }
        // The one that has waited longest is given up: all of them are known by then.
        assert_eq!(silent[0].read(&mut [0]).await.unwrap_or(0), 0);
        silent
    }
}

async fn be_daemon(listener: UnixListener, daemon: Daemon, asked: Arc<Notify>) {
    let mut held = Vec::new();
    loop {
        let (mut stream, _address) = listener.accept().await.unwrap();
        let head = read_request(&mut stream).await;
        asked.notify_one();
        let is_create = head.contains("/containers/create");
        match daemon {
            Daemon::Silent => held.push(stream),
            Daemon::Shy if is_create && held.is_empty() => held.push(stream),
            _ if head.contains("/containers/json") => send(&mut stream, "200 OK", "[]").await,
            _ if is_create => {
                send(
                    &mut stream,
                    "201 Created",
                    &format!(r#"{{"Id":"{}","Warnings":[]}}"#, id_in(&head)),
                )
                .await;
            }
            Daemon::Willing | Daemon::Shy => send(&mut stream, "200 OK", "{}").await,
            Daemon::Long => {
                tokio::spawn(async move { send(&mut stream, "200 OK", &" ".repeat(LARGE)).await });
            }
            Daemon::Echo => {
                tokio::spawn(async move {
                    let head = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
                    stream.write_all(head.as_bytes()).await.unwrap();
                    let (mut reading, mut writing) = stream.split();
                    let _copied = tokio::io::copy(&mut reading, &mut writing).await;
                });
            }
        }
    }
}

/// The head of a request, whose body is read too.
async fn read_request(stream: &mut UnixStream) -> String {
    let mut read = Vec::new();
    let head = loop {
        stream.read_buf(&mut read).await.unwrap();
        if let Some(end) = read.windows(4).position(|end| end == b"\r\n\r\n") {
            break String::from_utf8(read[..end].to_vec()).unwrap();
        }
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse::<usize>().ok())?
    });
    let whole = head.len() + 4 + length.unwrap_or(0);
    while read.len() < whole {
        stream.read_buf(&mut read).await.unwrap();
    }
    head
}

/// 64 digits, made of the 32 of the box's name.
fn id_in(head: &str) -> String {
    let digits = head.split("assize-").nth(1).unwrap_or_default();
    digits.chars().take(32).collect::<String>().repeat(2)
}

async fn send(stream: &mut UnixStream, status: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    // The proxy may have gone away.
    let _sent = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

fn spec(memory_bytes: u64) -> ContainerSpec {
    ContainerSpec {
        image: "assize/python3:latest".to_owned(),
        memory_bytes,
        processes: 64,
        cpus: 1,
        user: 3,
        cpuset: "1".to_owned(),
        scratch_bytes: 4096,
        scratch_inodes: 16,
        executable_work: false,
        file_bytes: 4096,
        open_files: 256,
        purpose: "warm".to_owned(),
        streams: Streams::Daemon,
    }
}

fn name(number: u8) -> String {
    format!("assize-{}", format!("{number:02x}").repeat(16))
}

fn create(number: u8, memory_bytes: u64) -> String {
    let profile = compact_profile(SECCOMP_PROFILE).unwrap();
    let owner = Owner {
        worker: "a worker",
        boot: Uuid::from_u128(0xfe << 120),
        profile: &profile,
        runtime: "",
    };
    let body = serde_json::to_string(&owner.create_request(&spec(memory_bytes), "none".to_owned())).unwrap();
    post(&format!("/v1.41/containers/create?name={}", name(number)), &body)
}

fn update(number: u8, memory_bytes: u64) -> String {
    let body = serde_json::to_string(&limits_update(&spec(memory_bytes))).unwrap();
    post(&format!("/v1.41/containers/{}/update", name(number)), &body)
}

fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_daemon_that_does_not_answer_is_told_and_not_waited_for() {
    let fixture = Fixture::start(Daemon::Silent, &[("ANSWER_TIMEOUT_MS", "50")]).await;
    let requests = [
        "GET /v1.41/info HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".to_owned(),
        create(1, 1 << 20),
        format!(
            "DELETE /v1.41/containers/{} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
            name(2)
        ),
    ];
    for request in requests {
        let said = fixture.ask(&request).await;
        assert!(
            said.starts_with("HTTP/1.1 502") && said.contains("does not answer"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn boxes_are_bounded_by_what_all_of_them_have() {
    let table = [
        ("ALL_MEMORY_BYTES", "3000000", "all_memory_bytes"),
        ("ALL_CPUS", "2", "all_cpus"),
    ];
    for (key, value, expected) in table {
        let fixture = Fixture::start(Daemon::Willing, &[(key, value)]).await;
        for number in [1, 2] {
            let said = fixture.ask(&create(number, 1_000_000)).await;
            assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        }
        let said = fixture.ask(&create(3, 1_500_000)).await;
        // The daemon lists no box, so that those that it was given count no more.
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        let said = fixture.ask(&update(3, 4_000_000)).await;
        let is_refused = said.starts_with("HTTP/1.1 403") && said.contains(expected);
        assert_eq!(is_refused, key == "ALL_MEMORY_BYTES", "{said}");
    }
}

#[tokio::test]
async fn a_box_whose_client_has_gone_takes_no_place() {
    let fixture = Fixture::start(Daemon::Shy, &[("BOXES", "1")]).await;
    let mut stream = fixture.connect().await;
    stream.write_all(create(1, 1 << 20).as_bytes()).await.unwrap();
    fixture.asked.notified().await;
    let said = fixture.ask(&create(2, 1 << 20)).await;
    assert!(said.contains("there are boxes = 1 boxes"), "{said}");
    drop(stream);
    // The proxy sees a moment later that it is gone.
    let mut said = String::new();
    for _attempt in 0..1000 {
        said = fixture.ask(&create(3, 1 << 20)).await;
        if said.starts_with("HTTP/1.1 201") {
            return;
        }
    }
    panic!("{said}");
}

#[tokio::test]
async fn an_answer_that_is_being_read_is_not_cut_by_silent_clients() {
    let fixture = Fixture::start(Daemon::Long, &[]).await;
    let mut stream = fixture.connect().await;
    let request = "GET /v1.41/info HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = vec![0; 1 << 20];
    stream.read_exact(&mut read).await.unwrap();
    let mut silent = Vec::new();
    for _round in 0..4 {
        for _number in 0..MANY / 4 {
            silent.push(fixture.connect().await);
        }
        stream.read_exact(&mut read).await.unwrap();
    }
    assert_eq!(silent[0].read(&mut [0]).await.unwrap_or(0), 0);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.len() >= LARGE - 5 * read.len());
}

#[tokio::test]
async fn attached_streams_outlive_silent_clients_however_quiet_they_are() {
    let fixture = Fixture::start(Daemon::Echo, &[]).await;
    let said = fixture.ask(&create(1, 1 << 20)).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
    let mut stream = fixture.connect().await;
    let attach = format!(
        "POST /v1.41/containers/{}/attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
        name(1)
    );
    stream.write_all(attach.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    let _silent = fixture.many_silent().await;
    stream.write_all(b"still here").await.unwrap();
    let mut echoed = [0; 10];
    stream.read_exact(&mut echoed).await.unwrap();
    assert_eq!(&echoed, b"still here");
}

#[tokio::test]
async fn a_head_that_does_not_end_is_refused() {
    let fixture = Fixture::start(Daemon::Willing, &[]).await;
    let mut stream = fixture.connect().await;
    let head = format!("GET /_ping HTTP/1.1\r\nHost: d\r\nX: {}", "x".repeat(64 << 10));
    let _closed = stream.write_all(head.as_bytes()).await;
    let mut said = vec![0; 12];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(String::from_utf8(said).unwrap(), "HTTP/1.1 431");
}
