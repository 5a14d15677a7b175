//! What all clients and all boxes together may take.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use fixture::{Daemon, Fixture, LARGE, MANY, create, name, update};

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
        // The daemon lists the last one only, so that the other counts no more.
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        let said = fixture.ask(&update(3, 4_000_000)).await;
        let is_refused = said.starts_with("HTTP/1.1 503") && said.contains(expected);
        assert_eq!(is_refused, key == "ALL_MEMORY_BYTES", "{said}");
    }
}

#[tokio::test]
async fn a_box_that_the_daemon_does_not_make_takes_no_place_and_one_that_it_may_make_does_without_its_client() {
    let settings = [("BOXES", "1"), ("ANSWER_TIMEOUT_MS", "500")];
    let fixture = Fixture::start(Daemon::Shy, &settings).await;
    let mut stream = fixture.connect().await;
    stream.write_all(create(1, 1 << 20).as_bytes()).await.unwrap();
    fixture.asked.notified().await;
    drop(stream);
    let said = fixture.ask(&create(2, 1 << 20)).await;
    assert!(said.contains("there are boxes = 1 boxes"), "{said}");
    // The daemon is given up after a while.
    let mut said = String::new();
    for _attempt in 0..1_000_000 {
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
