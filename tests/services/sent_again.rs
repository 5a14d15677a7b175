//! Submissions and requests that are sent again have the answers that they got, whatever has become of what they needed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use assize::broker::SubmitClient;
use assize::contract::{Request, Verdict};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::gateway::{Gateway, RIGHT, id_of};
use crate::leases::attempts;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// A directory of its own with the problem `sum`, and another one that stays.
fn problems() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for problem in ["sum", "guess"] {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(problem);
        let copied = Command::new("cp").arg("-r").arg(package).arg(directory.path()).status();
        assert!(copied.unwrap().success());
    }
    directory
}

fn to_sum_as(id: Uuid) -> Value {
    json!({ "id": id, "source": RIGHT, "problem": { "id": "sum" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_submission_has_its_verdict_when_its_problem_is_gone_over_http_and_amqp() {
    let namespace = Namespace::new().await;
    let problems = problems();
    let settings = [
        ("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ];
    let worker = namespace.ready_worker("sent-again", &settings).await;
    let gateway = Gateway::ready_with(&namespace, &settings).await;
    let known = to_sum_as(Uuid::now_v7());
    let (status, first) = gateway.post("/v1/submissions?wait=50", &known).await;
    assert_eq!((status, &first["verdict"]["verdict"]), (200, &json!("AC")), "{first:#}");
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum(RIGHT);
    client.send(&message).await.unwrap();
    let (judged, _progress) = verdict(&mut client).await;
    assert_eq!(judged.verdict, Verdict::Ac);

    fs::remove_dir_all(problems.path().join("sum")).unwrap();
    eventually("a new submission is refused", async || {
        let (status, told) = gateway.post("/v1/submissions", &to_sum_as(Uuid::now_v7())).await;
        status == 422 && told["code"] == "unknown_problem"
    })
    .await;
    assert_eq!(gateway.post("/v1/submissions", &known).await, (200, first));
    let mut other = known.clone();
    other["source"] = json!("print(0)");
    let (status, told) = gateway.post("/v1/submissions", &other).await;
    assert_eq!((status, &told["code"]), (409, &json!("id_conflict")), "{told}");
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, judged);
    assert_eq!(
        attempts(&namespace, message.id).await.len(),
        1,
        "it is not judged again"
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_the_same_key_is_answered_when_a_quota_is_used_up_and_the_program_is_not_kept() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("same-key", &[]).await;
    let in_flight = [("ASSIZE__SERVE__MAX_IN_FLIGHT", "1")];
    let gateway = Gateway::ready_with(&namespace, &in_flight).await;
    let right = json!({ "source": RIGHT, "problem": { "id": "sum" } });
    let (_, first) = gateway.post_as("key", "/v1/submissions?wait=50", &right).await;
    let again = format!("/v1/submissions/{}/rejudge", id_of(&first));
    let (status, asked) = gateway.post_as("once-more", &again, &json!(null)).await;
    assert_eq!(status, 202, "{asked}");
    let path = format!("/v1/submissions/{}", id_of(&first));
    eventually("it is judged once more", async || {
        gateway.read(&path).await.1["verdict"]["rejudge"] == asked["rejudge"]
    })
    .await;

    let endless = json!({ "source": "import time\ntime.sleep(600)", "run": {}, "limits": { "wall_ms": 100_000 } });
    let (status, running) = gateway.post("/v1/submissions", &endless).await;
    assert_eq!(status, 202, "{running}");
    let (status, refused) = gateway.post("/v1/submissions", &right).await;
    assert_eq!(
        (status, &refused["code"]),
        (429, &json!("too_many_requests")),
        "{refused}"
    );
    let (status, latest) = gateway.post_as("key", "/v1/submissions", &right).await;
    assert_eq!((status, &latest["id"]), (200, &first["id"]), "{latest}");
    assert_eq!(
        gateway.post_as("once-more", &again, &json!(null)).await,
        (202, asked.clone())
    );
    assert_eq!(gateway.post_as("another", &again, &json!(null)).await.0, 429);

    let store = namespace.store().await;
    store.forget_messages(Duration::ZERO).await.unwrap();
    assert_eq!(gateway.post_as("once-more", &again, &json!(null)).await, (202, asked));
    let cancelled = gateway
        .send("DELETE", &format!("/v1/submissions/{}", id_of(&running)), "")
        .await;
    assert_eq!(cancelled.0, 202);
    gateway.done(&id_of(&running)).await;
    assert_eq!(gateway.post_as("another", &again, &json!(null)).await.0, 410);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_the_same_key_puts_one_message_into_the_queue() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("one-message", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let right = json!({ "source": RIGHT, "problem": { "id": "sum" } });
    let (_, first) = gateway.post("/v1/submissions?wait=50", &right).await;
    assert_eq!(first["verdict"]["verdict"], "AC", "{first:#}");
    worker.stop().await;

    let one = format!("/v1/submissions/{}/rejudge", id_of(&first));
    let mut requests = Vec::new();
    for path in [one.as_str(), "/v1/problems/sum/rejudge"] {
        let (status, asked) = gateway.post_as("key", path, &json!(null)).await;
        assert_eq!(status, 202, "{asked}");
        for _ in 0..5 {
            assert_eq!(gateway.post_as("key", path, &json!(null)).await, (202, asked.clone()));
        }
        requests.push(Request {
            submission: id_of(&first).parse().unwrap(),
            rejudge: Some(asked["rejudge"].as_str().unwrap().parse().unwrap()),
        });
    }
    eventually("two requests wait", async || {
        gateway.read("/v1/status").await.1["queued"] == 2
    })
    .await;
    let worker = namespace.ready_worker("one-message-late", &[]).await;
    let store = namespace.store().await;
    eventually("both are judged", async || {
        store.answers_to(&requests).await.unwrap().len() == 2
    })
    .await;
    worker.stop().await;
    for path in [one.as_str(), "/v1/problems/sum/rejudge"] {
        assert_eq!(gateway.post_as("key", path, &json!(null)).await.0, 202);
    }
    // No worker takes anything away. What the service tells is counted once in a second.
    eventually("nothing was sent", async || {
        gateway.read("/v1/status").await.1["queued"] == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_the_same_id_at_every_service_and_that_of_before_where_it_was_sent_before() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("same-id", &[]).await.stop().await;
    let services = [Gateway::ready(&namespace).await, Gateway::ready(&namespace).await];
    let mut right = json!({ "source": RIGHT, "problem": { "id": "sum" } });
    let mut ids = Vec::new();
    for service in &services {
        let (status, accepted) = service.post_as("key", "/v1/submissions", &right).await;
        assert_eq!(status, 202, "{accepted}");
        ids.push(id_of(&accepted));
    }
    assert_eq!(ids[0], ids[1]);

    let old = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"assize:idempotency-key:local\nold\n0");
    right["id"] = json!(old);
    let (status, accepted) = services[0].post("/v1/submissions", &right).await;
    assert_eq!(status, 202, "{accepted}");
    right.as_object_mut().unwrap().remove("id");
    let (status, accepted) = services[1].post_as("old", "/v1/submissions", &right).await;
    assert_eq!((status, id_of(&accepted)), (202, old.to_string()));
}
