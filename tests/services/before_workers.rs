//! What a service and the commands say before any worker has run: queues and exchanges are there from the first one on.

use assize::broker::undeclare;
use serde_json::json;

use crate::gateway::{Gateway, RIGHT};
use crate::proxy::Door;
use crate::services::{Services, amqp_url};
use crate::waiting::eventually;
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_asked_before_the_first_worker_says_what_is_missing_and_keeps_its_connection() {
    let services = Services::get().await;
    let mut amqp = Door::closed(services.amqp_port).await;
    amqp.open().await;
    let namespace = Namespace::of(amqp_url(amqp.port), services.database().await);
    let gateway = Gateway::start(&namespace, &[], &[]).await;
    eventually("it is connected, and misses the queue", async || {
        let (status, told) = gateway.get("/readyz").await;
        status == 503 && told.contains(&namespace.broker.queue)
    })
    .await;
    let connections = amqp.connections();
    let right = json!({ "source": RIGHT, "problem": { "id": "sum" } });
    for _ in 0..3 {
        let (status, told) = gateway.read("/v1/status").await;
        assert_eq!(
            (status, &told["queued"], &told["slots"]),
            (200, &json!(0), &json!(0)),
            "{told}"
        );
        let queues = told["queues"].as_array().unwrap();
        assert!(
            !queues.is_empty() && queues.iter().all(|queue| queue["waiting"].is_null()),
            "{told}"
        );
        let (status, told) = gateway.post("/v1/submissions", &right).await;
        assert_eq!((status, &told["code"]), (503, &json!("unavailable")), "{told}");
        assert!(told["detail"].as_str().unwrap().contains("start a worker"), "{told}");
    }

    let worker = namespace.ready_worker("first", &[]).await;
    eventually("it is ready", async || gateway.get("/readyz").await.0 == 200).await;
    let (status, done) = gateway.post("/v1/submissions?wait=50", &right).await;
    assert_eq!((status, &done["verdict"]["verdict"]), (200, &json!("AC")), "{done:#}");
    let later = amqp.connections();
    assert!(
        later.is_superset(&connections),
        "{connections:?} were lost meanwhile: {later:?}"
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_whose_queue_was_deleted_is_not_ready() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("undeclared", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    undeclare(&namespace.broker).await.unwrap();
    eventually("it misses the queue", async || {
        let (status, told) = gateway.get("/readyz").await;
        status == 503 && told.contains(&namespace.broker.queue)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_name_the_queue_that_is_missing() {
    let namespace = Namespace::new().await;
    for (command, queue) in [
        ("dead", &namespace.broker.dead_letter_queue),
        ("rejected", &namespace.broker.rejected_queue),
    ] {
        let output = namespace.assize().args([command, "list"]).output().await.unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(queue), "{told}");
    }
    let id = uuid::Uuid::new_v4().to_string();
    let output = namespace.assize().args(["cancel", &id]).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("start a worker"), "{told}");
}
