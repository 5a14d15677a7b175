//! What a worker may do with boxes that another one has made, and what it gets of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use std::os::fd::AsRawFd as _;

use assize_docker_box::{Streams, WORKER_SECRET};
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use fixture::{Daemon, Fixture, create, create_with, name, post, update};

/// The same request by the worker of this secret.
fn by(secret: &str, request: &str) -> String {
    request.replacen("\r\n", &format!("\r\n{WORKER_SECRET}: {secret}\r\n"), 1)
}

fn remove(number: u8) -> String {
    let path = format!("/v1.41/containers/{}", name(number));
    format!("DELETE {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_box_is_used_by_its_maker_only() {
    let fixture = Fixture::start(Daemon::Keeps("running", 0), &[]).await;
    let said = fixture.ask(&by("mine", &create(1, 1 << 20))).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
    let calls = ["attach", "start", "streams"].map(|call| post(&format!("/containers/{}/{call}", name(1)), ""));
    let calls: Vec<_> = calls.into_iter().chain([update(1, 2 << 20), remove(1)]).collect();
    for call in &calls {
        for stranger in [by("another", call), call.clone()] {
            let said = fixture.ask(&stranger).await;
            assert!(
                said.starts_with("HTTP/1.1 403") && said.contains("another worker has"),
                "{stranger}: {said}"
            );
        }
    }
    for call in [&calls[1], &calls[3], &calls[4]] {
        let said = fixture.ask(&by("mine", call)).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{call}: {said}");
    }
}

#[tokio::test]
async fn workers_without_a_secret_have_their_boxes_to_themselves_too() {
    let fixture = Fixture::start(Daemon::Keeps("running", 0), &[]).await;
    let said = fixture.ask(&create(1, 1 << 20)).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
    let said = fixture.ask(&by("another", &update(1, 2 << 20))).await;
    assert!(said.starts_with("HTTP/1.1 403"), "{said}");
    let said = fixture.ask(&update(1, 2 << 20)).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
}

#[tokio::test]
async fn a_box_whose_maker_is_there_is_removed_by_nobody_else() {
    for state in ["running", "exited", "dead", "created", "paused"] {
        let fixture = Fixture::start(Daemon::Keeps(state, 3600), &[]).await;
        let said = fixture.ask(&by("mine", &create(1, 1 << 20))).await;
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        let said = fixture.ask(&by("another", &remove(1))).await;
        assert!(said.starts_with("HTTP/1.1 403"), "{state}: {said}");
    }
}

#[tokio::test]
async fn a_box_that_was_not_made_here_is_removed_when_it_was_over_a_while_ago() {
    let table = [
        ("exited", 3600, "200"),
        ("dead", 3600, "200"),
        ("created", 3600, "200"),
        ("exited", 5, "403"),
        ("created", 5, "403"),
        ("running", 3600, "403"),
        ("paused", 3600, "403"),
    ];
    for (state, since, status) in table {
        let fixture = Fixture::start(Daemon::Keeps(state, since), &[]).await;
        let said = fixture.ask(&remove(1)).await;
        assert!(
            said.starts_with(&format!("HTTP/1.1 {status}")),
            "{state} {since}: {said}"
        );
    }
}

#[tokio::test]
async fn a_box_is_attached_to_once_at_a_time() {
    let fixture = Fixture::start(Daemon::Echo, &[]).await;
    let said = fixture.ask(&create(1, 1 << 20)).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
    let attach = format!("POST /containers/{}/attach HTTP/1.1\r\nHost: d\r\n", name(1));
    let mut attached = fixture.connect().await;
    let upgrading = format!("{attach}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    attached.write_all(upgrading.as_bytes()).await.unwrap();
    let mut begins = [0; 12];
    attached.read_exact(&mut begins).await.unwrap();
    assert_eq!(&begins, b"HTTP/1.1 101");
    let said = fixture.ask(&format!("{attach}Connection: close\r\n\r\n")).await;
    assert!(
        said.starts_with("HTTP/1.1 403") && said.contains("another connection is attached"),
        "{said}"
    );
}

#[tokio::test]
async fn with_a_box_that_is_still_being_made_nothing_is_done() {
    let fixture = Fixture::start(Daemon::Shy, &[("BOXES", "1")]).await;
    let mut stream = fixture.connect().await;
    stream
        .write_all(by("mine", &create(1, 1 << 20)).as_bytes())
        .await
        .unwrap();
    fixture.asked.notified().await;
    let start = post(&format!("/containers/{}/start", name(1)), "");
    for secret in ["mine", "another"] {
        // There may be another one of this name.
        for call in [remove(1), start.clone()] {
            let said = fixture.ask(&by(secret, &call)).await;
            assert!(
                said.starts_with("HTTP/1.1 409") && said.contains("still being made"),
                "{said}"
            );
        }
    }
    let said = fixture.ask(&by("another", &create(2, 1 << 20))).await;
    assert!(said.contains("there are boxes = 1 boxes"), "{said}");
}

#[tokio::test]
async fn a_socket_for_streams_is_where_the_proxy_makes_it_and_is_given_once() {
    let place = std::env::temp_dir().join(format!("assize-proxy-streams-{}", std::process::id()));
    std::fs::create_dir(&place).unwrap();
    let settings = [("STREAMS_DIRECTORY", place.to_str().unwrap())];
    let fixture = Fixture::start(Daemon::Keeps("running", 0), &settings).await;
    for (source, status) in [("/", "403"), (place.to_str().unwrap(), "403"), ("", "201")] {
        let said = fixture
            .ask(&create_with(1, 1 << 20, Streams::Socket(source.to_owned())))
            .await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{source}: {said}");
    }
    let own = std::fs::read_dir(&place).unwrap().next().unwrap().unwrap().path();
    let directory = std::fs::File::open(own.join(name(1))).unwrap();
    // In a box the path is short; here it may be longer than one of a socket can be.
    let socket = format!("/proc/self/fd/{}/socket", directory.as_raw_fd());
    let asking = post(&format!("/containers/{}/streams", name(1)), "").replacen(
        "Connection: close",
        "Connection: Upgrade, close\r\nUpgrade: assize-streams",
        1,
    );
    // The user of this test is not that of the box.
    const SEQPACKET: i32 = 5;
    let runner = Socket::new(Domain::UNIX, Type::from(SEQPACKET), None).unwrap();
    runner.connect(&SockAddr::unix(&socket).unwrap()).unwrap();
    let said = fixture.ask(&asking).await;
    assert!(said.contains("has connected instead of"), "{said}");
    assert!(!own.join(name(1)).exists());
    let said = fixture.ask(&asking).await;
    assert!(said.contains("no streams that are still to be had"), "{said}");
    std::fs::remove_dir_all(&place).unwrap();
}
