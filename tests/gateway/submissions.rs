//! Submissions, one and many.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::document::conforms;
use crate::service::Service;

const RIGHT: &str = "print(sum(map(int, input().split())))";

fn to_sum(source: &str) -> Value {
    json!({ "source": source, "problem": { "id": "sum" } })
}

/// Runs until it is cancelled.
fn endless() -> Value {
    json!({
        "source": "import time\ntime.sleep(600)",
        "tests": [{ "input": "" }],
        "limits": { "wall_ms": 100_000 },
    })
}

fn id_of(state: &Value) -> String {
    state["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_accepted_and_has_its_verdict_later_or_at_once() {
    let service = Service::start().await;
    let accepted = service.post("/v1/submissions", &to_sum(RIGHT)).await;
    let state = accepted.json(202);
    conforms("Accepted", &state);
    let id = id_of(&state);
    assert_eq!(accepted.header("location"), format!("/v1/submissions/{id}"));
    let done = service.done(&id).await;
    assert_eq!(done["verdict"]["verdict"], "AC", "{done:#}");
    assert_eq!((&done["finished"], &done["tests"]), (&json!(7), &json!(7)));

    let waited = service
        .post("/v1/submissions?wait=50", &to_sum("print(0)"))
        .await
        .json(200);
    assert_eq!(
        (&waited["state"], &waited["verdict"]["verdict"]),
        (&json!("done"), &json!("WA"))
    );
    let run = json!({ "source": "print(2)", "run": {} });
    let ran = service.post("/v1/submissions?wait=50", &run).await.json(200);
    assert_eq!(ran["result"]["runs"][0]["stdout"]["text"], "2\n");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_submissions_each_is_right_or_wrong_by_itself() {
    let service = Service::start().await;
    let tests = json!({ "source": "print(input())", "tests": [{ "input": "1\n", "answer": "1\n" }] });
    let many = json!([
        to_sum(RIGHT),
        { "source": "" },
        tests,
        { "source": "1", "problem": { "id": "no-such" } },
        { "source": "1", "language": "cobol", "run": {} },
        7,
    ]);
    let entries = service.post("/v1/submissions?wait=50", &many).await.json(202);
    conforms("Accepted", &entries);
    let entries = entries.as_array().unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| match entry["verdict"]["verdict"].as_str() {
            Some(verdict) => verdict.to_owned(),
            None => format!(
                "{} {}",
                entry["code"].as_str().unwrap(),
                entry["field"].as_str().unwrap_or("-")
            ),
        })
        .collect();
    let expected = [
        "AC",
        "schema problem",
        "AC",
        "unknown_problem problem.id",
        "unknown_language language",
        "schema -",
    ];
    assert_eq!(seen, expected);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_or_key_is_the_same_submission_and_takes_no_other_content() {
    let service = Service::start().await;
    let id = Uuid::now_v7().to_string();
    let with_id = |source: &str| {
        let mut request = to_sum(source);
        request["id"] = json!(id);
        request
    };
    let first = service.post("/v1/submissions?wait=50", &with_id(RIGHT)).await.json(200);
    assert_eq!(first["id"], id);
    let again = service.post("/v1/submissions", &with_id(RIGHT)).await.json(200);
    assert_eq!(again, first, "it has its verdict already");
    let other = service.post("/v1/submissions", &with_id("print(0)")).await;
    assert_eq!(other.refused(409).0, "id_conflict");

    let keyed = service.client().with("idempotency-key", "job-7");
    let send = async |body: Value| keyed.send("POST", "/v1/submissions", Some(&body.to_string())).await;
    let first = id_of(&send(to_sum(RIGHT)).await.json(202));
    let state = service.done(&first).await;
    assert_eq!(send(to_sum(RIGHT)).await.json(200), state);
    assert_eq!(send(to_sum("print(0)")).await.refused(409).0, "id_conflict");
    let long = service.client().with("idempotency-key", &"k".repeat(256));
    let body = to_sum(RIGHT).to_string();
    assert_eq!(
        long.send("POST", "/v1/submissions", Some(&body)).await.refused(400).0,
        "schema"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_has_a_place_and_a_full_queue_says_when_to_come_again() {
    let service = Service::with(|settings| settings.serve.queue = 2).await;
    let running = id_of(&service.post("/v1/submissions", &endless()).await.json(202));
    service.running(&running).await;
    let mut waiting = Vec::new();
    for place in 0..2 {
        let state = service.post("/v1/submissions", &endless()).await.json(202);
        assert_eq!((&state["state"], &state["place"]), (&json!("queued"), &json!(place)));
        waiting.push(id_of(&state));
    }
    let refused = service.post("/v1/submissions", &endless()).await;
    assert_eq!(refused.refused(503).0, "busy");
    assert_eq!(refused.header("retry-after"), "1");

    let cancel = async |id: &str, status: u16| {
        let path = format!("/v1/submissions/{id}?reason=enough");
        service.client().send("DELETE", &path, None).await.json(status);
        service.done(id).await
    };
    for id in [&waiting[0], &running, &waiting[1]] {
        let done = cancel(id, 202).await;
        assert_eq!(done["verdict"]["verdict"], "CANCELLED", "{done:#}");
        assert_eq!(done["verdict"]["message"], "enough");
    }
    assert_eq!(
        cancel(&running, 200).await["verdict"]["verdict"],
        "CANCELLED",
        "what is decided stays"
    );
    let next = service.post("/v1/submissions?wait=50", &to_sum(RIGHT)).await.json(200);
    assert_eq!(next["verdict"]["verdict"], "AC");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_as_far_as_there_is_room() {
    let service = Service::with(|settings| settings.serve.answer_bytes = 3000).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        let request = json!({ "source": "print(1)", "run": {} });
        ids.push(id_of(
            &service.post("/v1/submissions?wait=50", &request).await.json(200),
        ));
    }
    assert_eq!(
        service.get(&format!("/v1/submissions/{}", ids[0])).await.refused(404).0,
        "not_found"
    );
    service.get(&format!("/v1/submissions/{}", ids[5])).await.json(200);
    service.stop().await;
}
