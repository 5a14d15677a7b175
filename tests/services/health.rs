//! What a worker reports about itself over HTTP, to orchestrators, to Prometheus and to strangers that reach the port.

use assize::broker::{Reply, SubmitClient};
use assize::contract::Verdict;

use crate::flow::{to_sum, verdict};
use crate::http::{address_of, answer_to, get, metric, not_ready, ready, say};
use crate::proxy::Door;
use crate::services::Services;
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

/// What `assize worker --check` says, and its exit code.
async fn check(namespace: &Namespace, worker: &str, address: &str) -> (Option<i32>, String) {
    let mut command = namespace.assize();
    command
        .args(["worker", "--check"])
        .env("ASSIZE__WORKER__ID", worker)
        .env("ASSIZE__HTTP__LISTEN", address);
    let output = command.output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_alive_at_once_and_ready_while_it_has_all_that_it_needs() {
    let namespace = Namespace::new().await;
    let services = Services::get().await;
    let mut postgres = Door::closed(services.postgres_port).await;
    let mut amqp = Door::closed(services.amqp_port).await;
    let through = |url: &str, from: u16, to: u16| url.replace(&format!(":{from}/"), &format!(":{to}/"));
    let database = through(&namespace.database, services.postgres_port, postgres.port);
    let broker = through(&namespace.broker.url, services.amqp_port, amqp.port);
    let urls = [("ASSIZE__STORE__URL", &*database), ("ASSIZE__BROKER__URL", &*broker)];
    let mut worker = namespace.worker("watched", &urls);
    let address = address_of(&worker).await;

    assert_eq!(get(&address, "/healthz").await, (200, "ok\n".to_owned()));
    not_ready(&address, "database", "refused").await;
    not_ready(&address, "broker", "refused").await;
    not_ready(&address, "worker", "waiting for PostgreSQL").await;
    postgres.open().await;
    not_ready(&address, "worker", "waiting for RabbitMQ").await;
    amqp.open().await;
    ready(&address).await;
    assert_eq!(
        check(&namespace, &worker.id, &address).await,
        (Some(0), "ready\n".to_owned())
    );
    let (code, said) = check(&namespace, "another", &address).await;
    assert!(code == Some(1) && said.contains("not another"), "{said}");

    postgres.cut();
    not_ready(&address, "database", "").await;
    assert_eq!(metric(&address, "assize_part_ready{part=\"database\"}").await, 0.0);
    assert_eq!(metric(&address, "assize_part_ready{part=\"broker\"}").await, 1.0);
    assert_eq!(metric(&address, "assize_ready").await, 0.0);
    let (code, said) = check(&namespace, &worker.id, &address).await;
    assert!(code == Some(1) && said.starts_with("not ready: database: "), "{said}");
    assert_eq!(get(&address, "/healthz").await.0, 200);
    postgres.open().await;
    ready(&address).await;
    amqp.cut();
    not_ready(&address, "broker", "refused").await;
    amqp.open().await;
    ready(&address).await;

    stops_while_something_is_in_hand(&namespace, &mut worker, &address).await;
    let (code, said) = check(&namespace, &worker.id, &address).await;
    assert!(code == Some(1) && said.contains("no worker answers"), "{said}");
}

async fn stops_while_something_is_in_hand(namespace: &Namespace, worker: &mut WorkerProcess, address: &str) {
    let client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum("import time\ntime.sleep(3600)");
    message.limits.wall_ms = Some(120_000);
    client.send(&message).await.unwrap();
    eventually("it is in hand", async || {
        metric(address, "assize_submissions_in_hand").await == 1.0
    })
    .await;
    worker.terminate();
    not_ready(address, "worker", "stopping").await;
    worker.terminate();
    assert_eq!(worker.ended().await.code(), Some(3), "{}", worker.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_its_image_says_which_one_is_missing() {
    let namespace = Namespace::new().await;
    let no_image = ("ASSIZE__SANDBOX__DOCKER__IMAGES__PYTHON3", "assize/not-there:latest");
    let worker = namespace.ready_worker("bare", &[no_image]).await;
    let address = address_of(&worker).await;
    not_ready(&address, "sandbox", "assize/not-there:latest").await;
    not_ready(&address, "boxes", "assize/not-there:latest").await;
    eventually("a failed start is counted", async || {
        metric(&address, "assize_boxes_failed_total").await > 0.0
    })
    .await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_attacks_and_rejections_are_counted() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("counted", &[]).await;
    let address = address_of(&worker).await;
    let accepted = "assize_verdicts_total{language=\"python3\",code=\"AC\"}";
    let alerts = "assize_security_events_total{kind=\"forbidden_call\",severity=\"alert\"}";
    let unknown = "assize_rejections_total{code=\"unknown_language\"}";
    for series in [accepted, alerts, unknown, "assize_dead_letters_total"] {
        assert_eq!(metric(&address, series).await, 0.0, "{series} is there from the start");
    }

    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let right = to_sum("print(sum(map(int, input().split())))");
    for _ in 0..2 {
        client.send(&right).await.unwrap();
        assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    }
    client
        .send(&to_sum("import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)"))
        .await
        .unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Sv);
    let mut foreign = to_sum("");
    foreign.language = "cobol".to_owned();
    client.send(&foreign).await.unwrap();
    assert!(matches!(client.next().await.unwrap(), Reply::Rejection(_)));

    eventually("everything is settled", async || {
        metric(&address, "assize_deliveries_total").await == 4.0
            && metric(&address, "assize_submissions_in_hand").await == 0.0
    })
    .await;
    let dead = metric(&address, "assize_dead_letters_total").await;
    assert_eq!(dead, 0.0, "a message that was wrong is no dead letter");
    assert_eq!(metric(&address, accepted).await, 1.0, "a verdict counts once");
    assert_eq!(metric(&address, alerts).await, 1.0);
    assert_eq!(metric(&address, unknown).await, 1.0);
    assert_eq!(metric(&address, "assize_delivery_to_verdict_seconds_count").await, 2.0);
    assert!(metric(&address, "assize_cpu_judged_seconds_total").await > 0.0);
    assert!(metric(&address, "assize_boxes_started_total").await >= 2.0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_strangers_send_to_the_port_the_worker_goes_on() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("beset", &[]).await;
    let address = address_of(&worker).await;
    let long = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("GET /healthz HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(1000));
    let post = "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\nmuch";
    let cases: [(&[u8], &[&str]); 7] = [
        (
            b"POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
            &["405", "allow: GET, HEAD"],
        ),
        (b"GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", &["404"]),
        (b"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n", &["200"]),
        (post.as_bytes(), &[]),
        (long.as_bytes(), &[]),
        (many.as_bytes(), &[]),
        (b"\x16\x03\x01\x00\xff\xff\r\n\r\n", &[]),
    ];
    for (bytes, expected) in cases {
        let answer = say(&address, bytes).await;
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]);
        assert!(
            !answer.starts_with("HTTP/1.1 200") || expected == ["200"],
            "{shown}: {answer}"
        );
        for words in expected {
            assert!(answer.contains(words), "{shown}: {answer}");
        }
    }
    // Those that say nothing are many, and hold a place each until it is taken from them.
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    assert_eq!(get(&address, "/healthz").await.0, 200);
    drop(silent);
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum("print(0)")).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Wa);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_port_is_taken_goes_on_at_another_one_and_says_so() {
    let namespace = Namespace::new().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let worker = namespace
        .ready_worker("second", &[("ASSIZE__HTTP__LISTEN", &address)])
        .await;
    let other = address_of(&worker).await;
    assert_ne!(other, address);
    // The log is the only place that an operator can learn the port from.
    eventually("the log names the address", async || worker.log().contains(&other)).await;
    ready(&other).await;
    worker.stop().await;
}

/// The answer of the first connection that is not closed without one.
async fn first_answer(address: &str) -> (u16, String) {
    loop {
        if let Some(answer) = answer_to(address, "/healthz").await {
            return answer;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_that_come_again_and_again_keep_nobody_from_an_answer() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("crowded", &[]).await;
    let address = address_of(&worker).await;
    let mut slow = tokio::task::JoinSet::new();
    for _ in 0..600 {
        let address = address.clone();
        slow.spawn(async move {
            loop {
                // Renewed whenever the worker closes it.
                say(&address, b"GET /healthz HTTP/1.1\r\nX-Slow: ").await;
            }
        });
    }
    for _ in 0..20 {
        // A busy host may let a client come to its request when it is the oldest already; a probe asks again then.
        let answered = tokio::time::timeout(std::time::Duration::from_secs(10), first_answer(&address));
        assert_eq!(answered.await.expect("an answer within 10 s"), (200, "ok\n".to_owned()));
    }
    slow.shutdown().await;
    worker.stop().await;
}
