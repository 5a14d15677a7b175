//! Clients that are slow, stop in the middle, or come in crowds.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::dialects::speaking;
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

/// What a connection says until it is closed by the service.
async fn until_closed(service: &Service, sent: &str) -> String {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut heard));
    let _reset = reading.await.unwrap();
    String::from_utf8_lossy(&heard).into_owned()
}

/// A connection over which half a body has come, for which the service waits.
async fn busy_connection(service: &Service) -> TcpStream {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "POST /v1/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\
         expect: 100-continue\r\n\r\n",
        service.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut told = [0; 12];
    stream.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100");
    stream.write_all(b"{\"source\":").await.unwrap();
    stream
}

async fn impatient() -> Service {
    Service::with(|settings| {
        settings.serve.client_timeout_ms = 300;
        settings.serve.body_timeout_ms = 500;
        settings.serve.max_connections = 4;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_request_is_not_waited_for_without_end() {
    let service = impatient().await;
    let head = format!(
        "POST /v1/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n",
        service.address
    );
    assert_eq!(until_closed(&service, "POST /v1/r").await, "", "half a head");
    let half_body = until_closed(&service, &format!("{head}connection: close\r\n\r\n{{\"source\":")).await;
    assert!(half_body.starts_with("HTTP/1.1 408 "), "{half_body}");
    let no_http = until_closed(&service, "\u{16}\u{3}\u{1}\0hello\r\n\r\n").await;
    assert!(no_http.is_empty() || no_http.starts_with("HTTP/1.1 400 "), "{no_http}");
    let long_head = until_closed(&service, &format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000))).await;
    assert!(
        long_head.is_empty() || long_head.starts_with("HTTP/1.1 4"),
        "{long_head}"
    );
    service.get("/v1/status").await.json(200);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_does_not_allow_is_refused_before_its_body_comes() {
    let tokens = Tokens::new();
    let token = tokens.token("reader", &["read"]);
    let path = tokens.path();
    let service = speaking(|settings| settings.serve.token_file = path).await;
    for path in [
        "/v1/run",
        "/v1/submissions",
        "/submissions",
        "/submissions/batch",
        "/api/v2/execute",
        "/run_code",
        "/submit",
        "/common_evaluate",
        "/common_evaluate_batch",
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: 1000\r\nconnection: close\r\n\r\n"
        );
        let heard = until_closed(&service, &head).await;
        assert!(heard.starts_with("HTTP/1.1 403 "), "{path}: {heard}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_ends_early_is_no_submission() {
    let service = Service::start().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "POST /v1/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\r\n{{\"source\": \"pri",
        service.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut heard = String::new();
    let _reset = stream.read_to_string(&mut heard).await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{heard}");
    let status = service.get("/v1/status").await.json(200);
    assert_eq!((&status["running"], &status["queued"]), (&json!(0), &json!(0)));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_told_to_come_again_and_idle_ones_make_room() {
    let service = Service::with(|settings| settings.serve.max_connections = 4).await;
    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(TcpStream::connect(service.address).await.unwrap());
    }
    service.get("/v1/status").await.json(200);
    let mut closed = String::new();
    let _reset = idle.remove(0).read_to_string(&mut closed).await;
    assert_eq!(closed, "", "the one that was idle for longest made room");
    drop(idle);
    service.stop().await;

    let service = Service::with(|settings| settings.serve.max_connections = 4).await;
    let mut busy = Vec::new();
    for _ in 0..4 {
        busy.push(busy_connection(&service).await);
    }
    let refused = until_closed(&service, "GET /v1/status HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(
        refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after: 1"),
        "{refused}"
    );
    for probe in ["/healthz", "/readyz"] {
        let heard = until_closed(&service, &format!("GET {probe} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
        assert!(heard.starts_with("HTTP/1.1 200 "), "{probe}: {heard}");
    }
    drop(busy);
    eventually("there is room again", async || {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        let request = format!(
            "GET /v1/status HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            service.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = String::new();
        let _reset = stream.read_to_string(&mut heard).await;
        heard.starts_with("HTTP/1.1 200 ")
    })
    .await;
    service.stop().await;
}

/// A connection over which the first bytes of an answer have come that is larger than what the system holds of it.
async fn asks_for_much(service: &Service) -> TcpStream {
    let body = json!({ "source": "print('x' * 20_000_000)", "limits": { "output_bytes": 30_000_000 } }).to_string();
    let request = format!(
        "POST /v1/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        service.address,
        body.len()
    );
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_over_which_an_answer_is_being_read_is_not_closed_for_another_one() {
    let service = Service::with(|settings| {
        settings.serve.max_connections = 1;
        settings.run.max_output_bytes = 64 << 20;
        settings.run.result_bytes = 64 << 20;
    })
    .await;
    let mut slow = asks_for_much(&service).await;
    for _ in 0..3 {
        let refused = until_closed(&service, "GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    }
    let mut rest = vec![0; 20_000_000];
    slow.read_exact(&mut rest).await.unwrap();
    eventually("it is idle once its answer was read, and makes room", async || {
        let mut other = TcpStream::connect(service.address).await.unwrap();
        let request = format!(
            "GET /v1/status HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            service.address
        );
        let _reset = other.write_all(request.as_bytes()).await;
        let mut heard = String::new();
        let _reset = other.read_to_string(&mut heard).await;
        heard.starts_with("HTTP/1.1 200 ")
    })
    .await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_take_its_answer_is_cut_off() {
    let service = Service::with(|settings| {
        settings.serve.client_timeout_ms = 300;
        settings.serve.max_connections = 1;
        settings.run.max_output_bytes = 64 << 20;
        settings.run.result_bytes = 64 << 20;
    })
    .await;
    let stream = asks_for_much(&service).await;
    eventually("the only connection is free again", async || {
        let mut other = TcpStream::connect(service.address).await.unwrap();
        let request = format!(
            "GET /v1/status HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            service.address
        );
        let _reset = other.write_all(request.as_bytes()).await;
        let mut heard = String::new();
        let _reset = other.read_to_string(&mut heard).await;
        heard.starts_with("HTTP/1.1 200 ")
    })
    .await;
    drop(stream);
    service.stop().await;
}
