//! Dialects of other services, and what there is to be asked for, before RabbitMQ, PostgreSQL and a worker.

use std::process::Command;

use assize::gateway::openapi;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinSet;

use crate::gateway::Gateway;
use crate::http::say;
use crate::published_clients::passes;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// A token for these clients, in a new file of tokens.
fn token(file: &str) -> String {
    let scopes = ["--scope", "run", "--scope", "submit", "--scope", "read"];
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["token", "new", "site", "--file", file])
        .args(scopes)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_other_services_run_unchanged_before_a_queue() {
    let namespace = Namespace::new().await;
    let directory = tempfile::tempdir().unwrap();
    let tokens = directory.path().join("tokens").to_str().unwrap().to_owned();
    let token = token(&tokens);
    let worker = namespace.ready_worker("dialects", &[]).await;
    for (program, dialect) in [
        ("judge0_client.py", "judge0"),
        ("piston_client.py", "piston"),
        ("sandbox_fusion_client.py", "sandbox_fusion"),
    ] {
        let settings = [
            ("ASSIZE__SERVE__DIALECTS", dialect),
            ("ASSIZE__SERVE__TOKEN_FILE", tokens.as_str()),
        ];
        let gateway = Gateway::ready_with(&namespace, &settings).await;
        passes(program, &gateway.address, &token).await;
        gateway.stop().await;
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_before_a_queue_says_what_there_is_and_learns_versions_from_answers() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("what-there-is", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let python = async || {
        let (status, languages) = gateway.read("/v1/languages").await;
        assert_eq!(status, 200, "{languages}");
        let languages = languages.as_array().unwrap().clone();
        languages
            .into_iter()
            .find(|language| language["default"] == true)
            .unwrap()
    };
    assert_eq!(python().await["versions"], Value::Null);
    let (_, ran) = gateway
        .post(
            "/v1/run",
            &json!({ "source": "import sys\nprint(sys.version.split()[0])" }),
        )
        .await;
    let version = ran["runs"][0]["stdout"]["text"].as_str().unwrap().trim();
    assert_eq!(python().await["versions"]["python"], version, "{ran:#}");

    let (status, problems) = gateway.read("/v1/problems").await;
    assert!(
        status == 200 && problems["problems"].as_array().unwrap().contains(&json!("sum")),
        "{problems}"
    );
    let (status, problem) = gateway.read("/v1/problems/sum").await;
    assert_eq!(
        (status, &problem["id"], &problem["tests"]),
        (200, &json!("sum"), &json!(7))
    );
    let (status, missing) = gateway.read("/v1/problems/none").await;
    assert_eq!((status, &missing["code"]), (404, &json!("not_found")));
    assert_eq!(gateway.read("/v1/openapi.json").await, (200, openapi()));
    assert_eq!(gateway.get("/healthz").await.0, 200);
    worker.stop().await;
}

/// A request of a client of SandboxFusion, whose program no worker judges; the answer to it.
fn asks(gateway: &Gateway) -> impl Future<Output = String> + Send + use<> {
    let address = gateway.address.clone();
    let body = json!({ "code": "print(1)", "language": "python" }).to_string();
    let request = format!(
        "POST /run_code HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    async move { say(&address, request.as_bytes()).await }
}

async fn accepted(namespace: &Namespace) -> i64 {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let counted = sqlx::query_scalar("SELECT count(*) FROM gateway_submissions");
    counted.fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_turn_when_the_service_stops_is_told_so_and_not_handed_in() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("turns", &[]).await.stop().await;
    let settings = [
        ("ASSIZE__SERVE__DIALECTS", "sandbox_fusion"),
        ("ASSIZE__SERVE__MAX_STREAMS", "1"),
    ];
    let gateway = Gateway::ready_with(&namespace, &settings).await;
    let mut answers = JoinSet::new();
    answers.spawn(asks(&gateway));
    eventually("one is handed in", async || accepted(&namespace).await == 1).await;
    // Two turns are waited for at most, of which the first one may have its own for a moment more.
    (0..3).for_each(|_| drop(answers.spawn(asks(&gateway))));
    let refused = answers.join_next().await.unwrap().unwrap();
    assert!(refused.contains("wait for their turn already"), "{refused}");
    gateway.stop().await;
    let answers = answers.join_all().await;
    assert!(
        answers.iter().all(|answer| answer.starts_with("HTTP/1.1 504 ")),
        "{answers:#?}"
    );
    let stopped = answers.iter().filter(|answer| answer.contains("the service stops"));
    assert!(stopped.count() >= 2, "{answers:#?}");
    assert_eq!(
        accepted(&namespace).await,
        1,
        "nothing is handed in for a client that is gone"
    );
}
