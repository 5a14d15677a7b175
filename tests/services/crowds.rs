//! A crowd of connections before a real process of the service, that ask for nothing or do not come to the end of it.

use std::fs;
use std::net::Ipv4Addr;

use assize::serve::allow_open_files;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::wall_settings::cheapest_wall;
use crate::worker::Namespace;

const CROWD: usize = 10_000;

/// Clients of one address: each has as many ports as one may have.
const OF_AN_ADDRESS: usize = 5_000;

/// Bodies that do not come to their end.
const HALF_BODIES: usize = 500;

/// Memory that a connection may take, in KiB.
const KIB_EACH: usize = 24;

/// Memory that the service may take beside, in KiB.
const KIB_BESIDE: usize = 24 << 10;

/// Those that were opened, numbered from here on; each has sent something that is no request yet, or one and no further.
async fn crowd(gateway: &Gateway, numbers: std::ops::Range<usize>) -> Vec<TcpStream> {
    let mut crowd = Vec::new();
    for number in numbers {
        let socket = TcpSocket::new_v4().unwrap();
        let host = u8::try_from(2 + number / OF_AN_ADDRESS).unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).unwrap();
        let mut stream = socket.connect(gateway.address.parse().unwrap()).await.unwrap();
        let sent = match number {
            ..HALF_BODIES => half_of_a_body(&gateway.address),
            _ => match number % 3 {
                0 => String::new(),
                1 => "POST /v1/run HTTP/1.1\r\nhost: 127".to_owned(),
                _ => format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", gateway.address),
            },
        };
        // It may be closed already, for another one.
        let _closed = stream.write_all(sent.as_bytes()).await;
        crowd.push(stream);
    }
    crowd
}

fn half_of_a_body(address: &str) -> String {
    format!(
        "POST /v1/run HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: 4000\r\n\r\n{{\"source\": \"print("
    )
}

/// Files that the process has open.
fn open_files(gateway: &Gateway) -> usize {
    let pid = gateway.process.id().unwrap();
    fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

/// Memory of the process that is in RAM, in KiB.
fn memory(gateway: &Gateway) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", gateway.process.id().unwrap())).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    resident.trim_end_matches("kB").trim().parse().unwrap()
}

async fn is_answered(gateway: &Gateway) {
    let (status, ran) = gateway.post("/v1/run", &json!({ "source": "print(6 * 7)" })).await;
    assert_eq!(
        (status, &ran["runs"][0]["stdout"]["text"]),
        (200, &json!("42\n")),
        "{ran:#}"
    );
}

/// What the service holds of the crowd, where it may have so many connections.
async fn held_of_a_crowd(namespace: &Namespace, most: usize) -> usize {
    let most = most.to_string();
    let mut settings = cheapest_wall();
    settings.extend([
        ("ASSIZE__SERVE__MAX_CONNECTIONS", most.as_str()),
        ("ASSIZE__SERVE__CLIENT_TIMEOUT_MS", "600000"),
        ("ASSIZE__SERVE__BODY_TIMEOUT_MS", "600000"),
        ("ASSIZE__LOG__FILTER", "info"),
    ]);
    let gateway = Gateway::standalone(namespace, &settings).await;
    is_answered(&gateway).await;
    let (files, kib) = (open_files(&gateway), memory(&gateway));
    let held = crowd(&gateway, 0..CROWD).await;
    is_answered(&gateway).await;
    let late = crowd(&gateway, CROWD..CROWD + 500).await;
    for _ in 0..3 {
        is_answered(&gateway).await;
    }
    let (crowded, more_kib) = (open_files(&gateway) - files, memory(&gateway).saturating_sub(kib));
    println!("{crowded} connections: {more_kib} KiB more than {kib}");
    assert!(
        more_kib <= crowded * KIB_EACH + KIB_BESIDE,
        "{crowded} connections take {more_kib} KiB"
    );
    drop((held, late));
    eventually("its connections are closed", async || open_files(&gateway) < files + 50).await;
    gateway.stop().await;
    crowded
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_holds_connections_keeps_no_client_out_and_takes_little_memory() {
    // A connection is an open file, here and in the process that is started from here.
    let files = allow_open_files();
    let is_enough = files.is_none_or(|files| files > CROWD as u64 + 2_000);
    assert!(is_enough, "{files:?}: raise the hard limit of open files (ulimit -Hn)");
    // It judges by itself: nothing listens there.
    let nowhere = |scheme: &str| format!("{scheme}://127.0.0.1:9/nowhere");
    let namespace = Namespace::of(nowhere("amqp"), nowhere("postgres"));
    let all = held_of_a_crowd(&namespace, CROWD + 2_000).await;
    assert!(all >= CROWD, "{all}: there is room for all of them");
    let bounded = held_of_a_crowd(&namespace, 2_048).await;
    assert!((HALF_BODIES..=2_048 + 50).contains(&bounded), "{bounded}");
}
