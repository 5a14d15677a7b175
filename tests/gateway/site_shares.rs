//! What all sites share, while one of them takes as much as it can: memory for bodies, and requests that wait.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{Answer, Client};
use crate::dialects::speaking;
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

/// The largest body of these services.
const LARGEST: usize = 1 << 20;

fn bearing(service: &Service, token: &str) -> Client {
    service.client().with("authorization", &format!("Bearer {token}"))
}

/// A request whose body does not come to its end: what is said of its length, and so many bytes.
async fn unfinished(service: &Service, token: &str, length: &str, come: usize) -> TcpStream {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "POST /v1/run HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         {length}\r\n\r\n",
        service.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; come]).await.unwrap();
    stream
}

/// A run whose body has so many bytes, or some more.
async fn run(client: &Client, bytes: usize) -> Answer {
    let run = json!({ "source": "#".repeat(bytes) }).to_string();
    client.send("POST", "/v1/run", Some(&run)).await
}

async fn for_bodies(tokens: &Tokens) -> Service {
    let path = tokens.path();
    Service::with(|settings| {
        settings.serve.token_file = path;
        settings.serve.max_body_bytes = LARGEST;
        settings.serve.body_timeout_ms = 600_000;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_declared_and_do_not_come_keep_no_other_one_out() {
    let tokens = Tokens::new();
    let [greedy, other] = ["greedy", "other"].map(|name| tokens.token(name, &["run"]));
    let service = for_bodies(&tokens).await;
    let mut held = Vec::new();
    for length in [
        format!("content-length: {LARGEST}"),
        "transfer-encoding: chunked".to_owned(),
    ] {
        for _ in 0..20 {
            held.push(unfinished(&service, &greedy, &length, 0).await);
        }
    }
    for token in [&greedy, &other] {
        run(&bearing(&service, token), 100_000).await.json(200);
    }
    drop(held);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_large_bodies_of_a_site_take_half_of_the_memory_and_small_ones_none() {
    let tokens = Tokens::new();
    let [greedy, other] = ["greedy", "other"].map(|name| tokens.token(name, &["run"]));
    let service = for_bodies(&tokens).await;
    let length = format!("content-length: {LARGEST}");
    let all_but_one = (0..4).map(|_| unfinished(&service, &greedy, &length, LARGEST - 1));
    let mut held = join_all(all_but_one).await;
    let clients = [&greedy, &other].map(|token| bearing(&service, token));
    eventually("what has come takes the share of its site", async || {
        // A run below may have had a part of the share while one of them came.
        for body in &mut held {
            if body.read(&mut [0; 1]).now_or_never().is_some() {
                *body = unfinished(&service, &greedy, &length, LARGEST - 1).await;
            }
        }
        run(&clients[0], 9000).await.status == 429
    })
    .await;
    let [greedy, other] = clients;
    let refused = run(&greedy, 9000).await;
    assert_eq!(refused.refused(429).0, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "1");
    run(&greedy, 100).await.json(200);
    run(&other, 100_000).await.json(200);
    drop(held);
    eventually("it is given back", async || run(&greedy, 9000).await.status == 200).await;
    service.stop().await;
}

const SLOW: &str = "import time\ntime.sleep(600)";

fn slow() -> String {
    json!({ "source": SLOW, "run": {}, "limits": { "wall_ms": 100_000 } }).to_string()
}

/// What is answered at once, before a request that waits would be.
async fn at_once(client: &Client, method: &str, path: &str, body: Option<&str>) -> Answer {
    let answered = timeout(Duration::from_secs(60), client.send(method, path, body));
    answered
        .await
        .unwrap_or_else(|_elapsed| panic!("{method} {path} waits"))
}

fn path_of(state: &Value) -> String {
    format!("/v1/submissions/{}", state["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_waits_as_often_as_it_may_is_not_kept_waiting_and_keeps_no_other_one_from_it() {
    let tokens = Tokens::new();
    let scopes = ["run", "submit", "read"];
    let [greedy, other] = ["greedy", "other"].map(|name| tokens.token(name, &scopes));
    let path = tokens.path();
    let service = speaking(|settings| {
        settings.serve.token_file = path;
        settings.serve.max_streams = 2;
        settings.serve.max_wait_ms = 600_000;
    })
    .await;
    let [greedy, other] = [&greedy, &other].map(|token| bearing(&service, token));
    let first = greedy.send("POST", "/v1/submissions", Some(&slow())).await.json(202);
    let waiting_for = format!("{}?wait=600", path_of(&first));
    let held: Vec<_> = (0..2)
        .map(|_| {
            let (client, path) = (greedy.clone(), waiting_for.clone());
            tokio::spawn(async move {
                loop {
                    // The look below may have its place for a moment.
                    let answer = client.send("GET", &path, None).await;
                    if answer.status != 429 {
                        return answer;
                    }
                }
            })
        })
        .collect();
    let shortly = |state: &Value| format!("{}?wait=0.01", path_of(state));
    eventually("both of them wait", async || {
        greedy.send("GET", &shortly(&first), None).await.status == 429
    })
    .await;

    let refused = at_once(&greedy, "GET", &waiting_for, None).await;
    assert_eq!(refused.refused(429).0, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "1");
    at_once(&greedy, "GET", &path_of(&first), None).await.json(200);
    let taken = at_once(&greedy, "POST", "/v1/submissions?wait=600", Some(&slow())).await;
    let second = taken.json(202);
    let run = json!({ "language": "python", "version": "*", "files": [{ "content": "print(1)" }] }).to_string();
    let judge0 = json!({ "source_code": "print(1)", "language_id": 71 }).to_string();
    for (path, request) in [("/api/v2/execute", run), ("/submissions?wait=true", judge0)] {
        let refused = at_once(&greedy, "POST", path, Some(&request)).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "1"), "{path}");
    }

    let theirs = other.send("POST", "/v1/submissions", Some(&slow())).await.json(202);
    other.send("GET", &shortly(&theirs), None).await.json(200);
    for (client, state) in [(&greedy, &second), (&other, &theirs), (&greedy, &first)] {
        client.send("DELETE", &path_of(state), None).await.json(202);
    }
    for held in held {
        assert_eq!(held.await.unwrap().json(200)["state"], "done");
    }
    // What has its answer waits for nothing.
    at_once(&greedy, "GET", &waiting_for, None).await.json(200);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_with_a_request_over_each_connection_that_it_may_have_leaves_some_to_another_one() {
    let tokens = Tokens::new();
    let [greedy, other] = ["greedy", "other"].map(|name| tokens.token(name, &["run", "submit", "read"]));
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        settings.serve.max_connections = 8;
        settings.serve.max_wait_ms = 600_000;
    })
    .await;
    let [greedy, other] = [&greedy, &other].map(|token| bearing(&service, token));
    let slow = greedy.send("POST", "/v1/submissions", Some(&slow())).await.json(202);
    let waiting_for = format!("{}?wait=600", path_of(&slow));
    let held: Vec<_> = (0..7)
        .map(|_| {
            let (client, path) = (greedy.clone(), waiting_for.clone());
            tokio::spawn(async move { client.send("GET", &path, None).await.status })
        })
        .collect();
    eventually("it has as many as it may", async || {
        let refused = greedy.send("GET", &path_of(&slow), None).await;
        refused.status == 429 && refused.text().contains("serve.max_connections")
    })
    .await;
    other.send("GET", "/v1/languages", None).await.json(200);
    service.stop().await;
    let mut statuses: Vec<u16> = Vec::new();
    for held in held {
        statuses.push(held.await.unwrap());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        6,
        "{statuses:?}"
    );
}
