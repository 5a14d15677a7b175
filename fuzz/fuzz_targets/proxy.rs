//! The Docker proxy: whatever clients ask for, the daemon hears of boxes only, within the bounds of one and of all.
//!
//! An input holds requests with a NUL between them: a line with the method and the target, then the body. A body that
//! begins with `$` and two bytes is one that a worker could send, with the changes of the lines behind, such as
//! `/HostConfig/Privileged=true`. A request that begins with `!` is sent as it is.
#![no_main]

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use assize_docker_box::{ContainerSpec, NETWORK_PURPOSE, Owner, Streams, limits_update};
use assize_docker_proxy::{DockerProxy, Settings};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::{LocalSet, spawn_local};
use uuid::Uuid;

const PROFILE: &str = r#"{"defaultAction":"SCMP_ACT_ERRNO"}"#;

/// Requests of one input, at most.
const REQUESTS: usize = 8;

const MEMORY: u64 = 512 << 20;
const ALL_MEMORY: u64 = 1 << 30;
const BOXES: usize = 3;

/// What the daemon says to one who attaches.
const UPGRADED: &str = "101 UPGRADED";

fuzz_target!(|data: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let directory = tempfile::tempdir().expect("a temporary directory");
    runtime.block_on(LocalSet::new().run_until(converse(directory.path(), data)));
});

async fn converse(directory: &Path, data: &[u8]) {
    let [docker, listen, profile] = ["daemon", "proxy", "profile"].map(|name| directory.join(name));
    std::fs::write(&profile, PROFILE).expect("room for a file");
    let variables = [
        ("DOCKER", format!("unix://{}", docker.display())),
        ("SECCOMP_PROFILE", profile.display().to_string()),
        ("MEMORY_BYTES", MEMORY.to_string()),
        ("ALL_MEMORY_BYTES", ALL_MEMORY.to_string()),
        ("BOXES", BOXES.to_string()),
    ];
    let variables = variables.map(|(key, value)| (format!("ASSIZE_DOCKER_PROXY_{key}"), value));
    let proxy = DockerProxy::new(&Settings::load(None, variables).expect("settings")).expect("a profile");
    let daemon = UnixListener::bind(&docker).expect("a socket");
    spawn_local(be_daemon(daemon));
    let listener = UnixListener::bind(&listen).expect("a socket");
    spawn_local(proxy.serve(listener, std::future::pending()));
    for request in data.split(|byte| *byte == 0).take(REQUESTS) {
        ask(&listen, request).await;
    }
}

async fn ask(proxy: &Path, request: &[u8]) {
    let mut stream = UnixStream::connect(proxy).await.expect("the proxy");
    // The proxy may answer and hang up before all of it is read.
    let _sent = if let Some(raw) = request.strip_prefix(b"!") {
        let sent = stream.write_all(raw).await;
        let _closed = stream.shutdown().await;
        sent
    } else {
        let end = request.iter().position(|byte| *byte == b'\n').unwrap_or(request.len());
        let (line, body) = (&request[..end], request.get(end + 1..).unwrap_or_default());
        let body = written(body).unwrap_or_else(|| body.to_vec());
        let upgrade = line.windows(7).any(|part| part == b"/attach");
        // Without the second word a refusal would leave the connection open.
        let connection = if upgrade {
            "Upgrade, close\r\nUpgrade: tcp"
        } else {
            "close"
        };
        let length = body.len();
        let head = format!(" HTTP/1.1\r\nHost: docker\r\nConnection: {connection}\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(&[line, head.as_bytes(), &body].concat()).await
    };
    let _answer = stream.read_to_end(&mut Vec::new()).await;
}

/// The body that `$` stands for.
fn written(body: &[u8]) -> Option<Vec<u8>> {
    let (&[memory, kind], changes) = body.strip_prefix(b"$")?.split_first_chunk()?;
    let spec = ContainerSpec {
        image: "assize/python3:latest".to_owned(),
        memory_bytes: u64::from(memory) << 22,
        processes: 64,
        cpus: 1,
        user: 3,
        cpuset: if kind & 1 == 0 { String::new() } else { "0-1".to_owned() },
        scratch_bytes: 4096,
        scratch_inodes: 16,
        executable_work: kind & 2 == 0,
        file_bytes: 4096,
        open_files: 256,
        purpose: if kind & 4 == 0 { "warm" } else { NETWORK_PURPOSE }.to_owned(),
        // A proxy without a directory for sockets refuses boxes that ask for one.
        streams: if kind & 16 == 0 { Streams::Daemon } else { Streams::Socket(String::new()) },
    };
    let owner = Owner {
        worker: "a worker",
        boot: Uuid::from_u128(0xfe << 120),
        profile: PROFILE,
        runtime: "",
    };
    let mut body = match kind & 8 {
        0 => serde_json::to_value(owner.create_request(&spec, "none".to_owned())),
        _ => serde_json::to_value(limits_update(&spec)),
    }
    .expect("a request");
    for line in String::from_utf8_lossy(changes).lines() {
        change(&mut body, line);
    }
    Some(body.to_string().into_bytes())
}

fn change(body: &mut Value, line: &str) {
    let Some((pointer, value)) = line.split_once('=') else {
        return;
    };
    let Ok(value) = serde_json::from_str(value) else { return };
    if let Some(place) = body.pointer_mut(pointer) {
        *place = value;
    } else if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = body.pointer_mut(parent)
    {
        parent.insert(key.to_owned(), value);
    }
}

/// The memory of the boxes that there are, by their ids.
type Boxes = Rc<RefCell<HashMap<String, u64>>>;

async fn be_daemon(listener: UnixListener) {
    let boxes = Boxes::default();
    while let Ok((stream, _address)) = listener.accept().await {
        spawn_local(serve(stream, Rc::clone(&boxes)));
    }
}

async fn serve(mut stream: UnixStream, boxes: Boxes) {
    let Some((line, body)) = read(&mut stream).await else {
        return;
    };
    let mut words = line.split(' ');
    let (method, target) = (words.next().expect("a method"), words.next().expect("a target"));
    let (status, answer) = answer(method, target, &body, &mut boxes.borrow_mut());
    let headers = match status {
        UPGRADED => "Connection: Upgrade\r\nUpgrade: tcp".to_owned(),
        _ => format!("Content-Type: application/json\r\nContent-Length: {}", answer.len()),
    };
    let head = format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n");
    let _sent = stream.write_all(format!("{head}{answer}").as_bytes()).await;
}

/// The first line of a request, and its body.
async fn read(stream: &mut UnixStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let end = loop {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = read.windows(4).position(|end| end == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8(read[..end].to_vec()).expect("a head of plain text");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let whole = end + 4 + length.map_or(0, |length| length.parse().expect("a length"));
    while read.len() < whole {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
    Some((head.lines().next()?.to_owned(), read.split_off(end + 4)))
}

/// What a daemon says, after it was held against what it may hear.
fn answer(method: &str, target: &str, body: &[u8], boxes: &mut HashMap<String, u64>) -> (&'static str, String) {
    let path = target.split('?').next().unwrap_or_default();
    let path = path
        .strip_prefix("/v1.")
        .and_then(|rest| Some(&rest[rest.find('/')?..]))
        .unwrap_or(path);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (method, &parts[..]) {
        ("GET", ["_ping" | "version" | "info"]) => ("200 OK", "{}".to_owned()),
        ("GET", ["images", name @ .., "json"]) => {
            assert!(!name.is_empty() && name.iter().all(|part| !part.is_empty() && !part.starts_with('.')));
            ("200 OK", "{}".to_owned())
        }
        ("GET", ["containers", "json"]) => {
            assert!(target.contains("io.assize."), "{target}");
            let listed: Vec<Value> = boxes.keys().map(|id| serde_json::json!({ "Id": id })).collect();
            ("200 OK", Value::Array(listed).to_string())
        }
        ("POST", ["containers", "create"]) => create(target, body, boxes),
        ("POST", ["containers", id, call @ ("start" | "attach")]) => {
            assert!(is_box(id) && body.is_empty());
            (if *call == "attach" { UPGRADED } else { "200 OK" }, String::new())
        }
        ("POST", ["containers", id, "update"]) => {
            assert!(boxes.contains_key(*id), "a box that is not there gets new limits");
            boxes.insert((*id).to_owned(), memory_of(&json(body)["Memory"]));
            hold(boxes);
            ("200 OK", "{}".to_owned())
        }
        ("GET", ["containers", id, "json"]) => {
            assert!(is_box(id), "{id}");
            ("404 Not Found", "{}".to_owned())
        }
        ("DELETE", ["containers", id]) => {
            assert!(is_box(id), "{id}");
            boxes.remove(*id);
            ("200 OK", String::new())
        }
        _ => panic!("the daemon hears {method} {target}"),
    }
}

fn create(target: &str, body: &[u8], boxes: &mut HashMap<String, u64>) -> (&'static str, String) {
    let name = target.split_once("?name=").expect("a name").1;
    assert!(is_box(name), "{name}");
    let id = name["assize-".len()..].repeat(2);
    if boxes.contains_key(&id) {
        return ("409 Conflict", "{}".to_owned());
    }
    let asked = json(body);
    let host = &asked["HostConfig"];
    for absent in [
        "Binds",
        "Mounts",
        "VolumesFrom",
        "Devices",
        "DeviceRequests",
        "CapAdd",
        "PidMode",
        "UsernsMode",
    ] {
        let value = &host[absent];
        assert!(
            value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty),
            "{absent}: {value}"
        );
    }
    assert_eq!(
        (&host["ReadonlyRootfs"], &host["CapDrop"][0]),
        (&true.into(), &"ALL".into()),
        "{host}"
    );
    assert!(host["Privileged"].is_null() || host["Privileged"] == false, "{host}");
    let network = host["NetworkMode"].as_str().expect("a network");
    assert!(
        network == "none" || network.strip_prefix("container:").is_some_and(|id| !id.is_empty()),
        "{network}"
    );
    let user = asked["User"].as_str().expect("a user");
    assert!(
        user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id >= 1000)),
        "{user}"
    );
    assert!(
        asked["Image"]
            .as_str()
            .is_some_and(|image| image.starts_with("assize/"))
    );
    boxes.insert(id.clone(), memory_of(&host["Memory"]));
    hold(boxes);
    (
        "201 Created",
        serde_json::json!({ "Id": id, "Warnings": [] }).to_string(),
    )
}

/// All boxes together are within their bounds.
fn hold(boxes: &HashMap<String, u64>) {
    assert!(boxes.len() <= BOXES, "{} boxes", boxes.len());
    let memory: u64 = boxes.values().sum();
    assert!(memory <= ALL_MEMORY, "{memory} bytes");
}

fn memory_of(value: &Value) -> u64 {
    let memory = value.as_u64().expect("a limit of memory");
    assert!(memory > 0 && memory <= MEMORY, "{memory} bytes");
    memory
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("the proxy writes JSON")
}

/// The name of a box, or an id.
fn is_box(name: &str) -> bool {
    let digits = name.strip_prefix("assize-").map_or((name, 64), |digits| (digits, 32));
    digits.0.len() == digits.1 && digits.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
