//! Submissions that are sent again have the answers that they got, whatever has become of what they needed.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::Client;
use crate::service::Service;
use crate::token_files::Tokens;

const RIGHT: &str = "print(sum(map(int, input().split())))";

async fn posted(service: &Service, key: &str, request: &Value) -> (u16, Value) {
    let client = service.client().with("idempotency-key", key);
    let body = request.to_string();
    let answer = client.send("POST", "/v1/submissions?wait=50", Some(&body)).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_submission_has_its_verdict_when_its_problem_and_its_tests_are_gone() {
    let problems = tempfile::tempdir().unwrap();
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sum");
    let copied = Command::new("cp").arg("-r").arg(package).arg(problems.path()).status();
    assert!(copied.unwrap().success());
    let directory = problems.path().to_owned();
    let service = Service::with(|settings| settings.problems.directory = directory).await;
    let tests = json!([{ "input": "1 2", "answer": "3" }]);
    let set = service.post("/v1/test-sets", &tests).await.json(201)["test_set"].clone();
    let to_problem = json!({ "id": Uuid::now_v7(), "source": RIGHT, "problem": { "id": "sum" } });
    let to_set = json!({ "source": RIGHT, "test_set": set });
    let mut known = Vec::new();
    for request in [&to_problem, &to_set] {
        let (status, done) = posted(&service, "key", request).await;
        assert_eq!((status, &done["verdict"]["verdict"]), (200, &json!("AC")), "{done:#}");
        known.push(done);
    }

    fs::rename(problems.path().join("sum"), problems.path().join("product")).unwrap();
    let path = format!("/v1/test-sets/{}", set.as_str().unwrap());
    let removed = service.client().send("DELETE", &path, None).await;
    assert_eq!(removed.status, 204);
    for (request, before) in [&to_problem, &to_set].into_iter().zip(&known) {
        assert_eq!(posted(&service, "key", request).await, (200, before.clone()));
        let mut new = request.clone();
        new["id"] = json!(Uuid::now_v7());
        let (status, refused) = posted(&service, "other", &new).await;
        assert_eq!(status, 422, "{refused}");
        let mut other = request.clone();
        (other["id"], other["source"]) = (before["id"].clone(), json!("print(0)"));
        let (status, refused) = posted(&service, "other", &other).await;
        assert_eq!((status, &refused["code"]), (409, &json!("id_conflict")), "{refused}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_in_before_is_not_counted_where_a_quota_is_used_up() {
    let service = Service::with(|settings| settings.serve.max_in_flight = 2).await;
    let endless = |number: usize| {
        let source = format!("import time\ntime.sleep({})", 600 + number);
        json!({ "source": source, "run": {}, "limits": { "wall_ms": 60_000 } })
    };
    let two = json!([endless(0), endless(1)]);
    let send = async |request: &Value| {
        let client = service.client().with("idempotency-key", "key");
        let answer = client.send("POST", "/v1/submissions", Some(&request.to_string())).await;
        (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap())
    };
    let ids = |told: &Value| [told[0]["id"].clone(), told[1]["id"].clone()];
    let (status, first) = send(&two).await;
    assert_eq!(status, 202, "{first}");
    assert_eq!(service.post("/v1/submissions", &endless(2)).await.status, 429);
    assert_eq!(
        send(&json!([endless(0), endless(1), endless(2)])).await.0,
        429,
        "one is new"
    );
    for _ in 0..2 {
        let (status, again) = send(&two).await;
        assert_eq!((status, ids(&again)), (202, ids(&first)), "{again}");
    }
    let (status, told) = send(&json!([endless(0), endless(3)])).await;
    assert_eq!((status, &told[1]["code"]), (202, &json!("id_conflict")), "{told}");
    assert_eq!(told[0]["id"], first[0]["id"]);
    for id in ids(&first) {
        let path = format!("/v1/submissions/{}", id.as_str().unwrap());
        service.client().send("DELETE", &path, None).await.json(202);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_is_not_paid_for_again_and_neither_is_what_was_refused() {
    let service = Service::with(|settings| {
        settings.serve.submissions_per_second = 1;
        settings.serve.max_in_flight = 8;
    })
    .await;
    let slow = json!({ "source": "import time\ntime.sleep(600)", "run": {}, "limits": { "wall_ms": 60_000 } });
    let send = async |key: &str, submissions: usize| {
        let body = Value::from(vec![slow.clone(); submissions]).to_string();
        let client = service.client().with("idempotency-key", key);
        client.send("POST", "/v1/submissions", Some(&body)).await
    };
    // Ten may come at once; ten seconds later they are there again.
    let first = send("key", 7).await.json(202);
    for _ in 0..3 {
        assert_eq!(send("other", 2).await.status, 429, "two more would be nine in flight");
        assert_eq!(send("key", 7).await.json(202)[6]["id"], first[6]["id"]);
    }
    assert_eq!(send("third", 1).await.status, 202);
    for submission in first.as_array().unwrap() {
        let path = format!("/v1/submissions/{}", submission["id"].as_str().unwrap());
        service.client().send("DELETE", &path, None).await.json(202);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_a_key_cannot_be_taken_by_another_site_and_what_has_one_of_before_keeps_it() {
    let tokens = Tokens::new();
    let [sender, thief] = ["sender", "thief"].map(|name| tokens.token(name, &["submit", "read"]));
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let bearing = |token: &str| service.client().with("authorization", &format!("Bearer {token}"));
    let hand_in = async |client: Client, source: &str, id: Option<Uuid>| {
        let mut request = json!({ "source": source, "run": {} });
        if let Some(id) = id {
            request["id"] = json!(id);
        }
        let answer = client.send("POST", "/v1/submissions", Some(&request.to_string())).await;
        answer.json_of(&[200, 202])["id"].clone()
    };
    // As services of before made it: anybody can.
    let before = |key: &str| {
        let name = format!("assize:idempotency-key:sender\n{key}\n0");
        Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
    };
    let keyed = |key: &str| bearing(&sender).with("idempotency-key", key);
    hand_in(bearing(&thief), "print(1)", Some(before("job-7"))).await;
    let first = hand_in(keyed("job-7"), "print(2)", None).await;
    assert_ne!(first, json!(before("job-7")));
    assert_eq!(hand_in(keyed("job-7"), "print(2)", None).await, first);

    let old = hand_in(bearing(&sender), "print(3)", Some(before("job-8"))).await;
    assert_eq!(hand_in(keyed("job-8"), "print(3)", None).await, old);
    service.stop().await;
}
