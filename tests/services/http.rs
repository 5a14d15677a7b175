//! A client of a worker's HTTP service that sends whatever bytes it likes.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::waiting::eventually;
use crate::worker::WorkerProcess;

/// The setting for a free port.
pub(crate) const ANY_PORT: (&str, &str) = ("ASSIZE__HTTP__LISTEN", "127.0.0.1:0");

/// Where a worker answers: the one socket that its process listens at.
pub(crate) async fn address_of(worker: &WorkerProcess) -> String {
    let found = tokio::sync::Mutex::new(None);
    eventually("the worker listens", async || {
        let port = listening_ports(worker.pid()).pop();
        *found.lock().await = port;
        port.is_some()
    })
    .await;
    format!("127.0.0.1:{}", found.into_inner().unwrap())
}

/// From `/proc`: the sockets of the process among those that listen.
pub(crate) fn listening_ports(pid: u32) -> Vec<u16> {
    const LISTENS: &str = "0A";
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten();
    let own: HashSet<String> = descriptors
        .filter_map(|entry| Some(fs::read_link(entry.ok()?.path()).ok()?.to_str()?.to_owned()))
        .collect();
    let table = fs::File::open(format!("/proc/{pid}/net/tcp")).into_iter();
    let lines = table.flat_map(|table| BufReader::new(table).lines().map_while(Result::ok).skip(1));
    let sockets = lines.map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    // Those that listen are listed first, before thousands that do not.
    let listening = sockets.take_while(|columns| columns.get(3).is_some_and(|state| state == LISTENS));
    let ports = listening.filter_map(|columns| {
        let (address, inode) = (columns.get(1)?, columns.get(9)?);
        let port = address.split_once(':')?.1;
        let is_own = own.contains(&format!("socket:[{inode}]"));
        is_own.then(|| u16::from_str_radix(port, 16).ok()).flatten()
    });
    ports.collect()
}

/// Status and body.
pub(crate) async fn get(address: &str, path: &str) -> (u16, String) {
    answer_to(address, path).await.unwrap()
}

/// Status and body; `None` where the connection was closed without an answer.
pub(crate) async fn answer_to(address: &str, path: &str) -> Option<(u16, String)> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let answer = say(address, request.as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()))
}

/// Everything that comes back before the connection ends.
pub(crate) async fn say(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses a request may not read it to the end.
    let _refused = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// What the worker says of itself, and under which status.
pub(crate) async fn readiness(address: &str) -> (u16, Value) {
    let (status, body) = get(address, "/readyz").await;
    (status, serde_json::from_str(&body).unwrap())
}

/// Waits until a part is not ready, for a reason with these words.
pub(crate) async fn not_ready(address: &str, part: &str, words: &str) {
    eventually(&format!("{part} is not ready: {words}"), async || {
        let (status, readiness) = readiness(address).await;
        let part = &readiness["parts"][part];
        status == 503 && part["ready"] == false && part["found"].as_str().unwrap().contains(words)
    })
    .await;
}

/// Waits until every part is ready.
pub(crate) async fn ready(address: &str) {
    eventually("the worker is ready", async || {
        let (status, readiness) = readiness(address).await;
        status == 200 && readiness["ready"] == true
    })
    .await;
}

/// Waits until a part is ready.
pub(crate) async fn part_ready(worker: &WorkerProcess, part: &str) {
    let address = address_of(worker).await;
    eventually(&format!("{part} is ready"), async || {
        readiness(&address).await.1["parts"][part]["ready"] == true
    })
    .await;
}

/// Waits until a worker has counted so much.
pub(crate) async fn counts(worker: &WorkerProcess, series: &str, least: f64) {
    let address = address_of(worker).await;
    eventually(&format!("{series} is {least} or more"), async || {
        metric(&address, series).await >= least
    })
    .await;
}

/// Waits until a box of the worker is given to a submission.
pub(crate) async fn judges(worker: &WorkerProcess) {
    counts(worker, "assize_boxes_leased_total", 1.0).await;
}

/// Waits until the worker has lost RabbitMQ and is connected again.
pub(crate) async fn reconnects(worker: &WorkerProcess) {
    counts(worker, "assize_broker_connections_total", 2.0).await;
}

/// Waits until the worker knows that its host cannot judge, for a reason with these words.
pub(crate) async fn cannot_judge(worker: &WorkerProcess, words: &str) {
    not_ready(&address_of(worker).await, "host", words).await;
}

/// The value of one series.
pub(crate) async fn metric(address: &str, series: &str) -> f64 {
    let (status, text) = get(address, "/metrics").await;
    assert_eq!(status, 200);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in\n{text}"))
        .parse()
        .unwrap()
}
