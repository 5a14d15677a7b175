//! Test sets that are named over HTTP and over AMQP: through a real RabbitMQ and a real PostgreSQL to a worker.

use std::sync::Arc;

use assize::broker::{Reply, SubmitClient};
use assize::contract::{RejectionCode, SubmissionMessage};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

const HALVE: &str = "print(int(input()) // 2)";

fn halves() -> Value {
    json!([{ "input": "4", "answer": "2" }, { "input": "6", "answer": "4" }])
}

async fn database(namespace: &Namespace) -> PgConnection {
    PgConnection::connect(&namespace.database).await.unwrap()
}

async fn uploaded(gateway: &Gateway, tests: &Value) -> Value {
    let (status, info) = gateway.post("/v1/test-sets", tests).await;
    assert!([200, 201].contains(&status), "{info}");
    info["test_set"].clone()
}

fn naming(set: &Value) -> SubmissionMessage {
    let mut message = to_sum(HALVE);
    message.problem = None;
    message.test_set = Some(set.as_str().unwrap().parse().unwrap());
    message
}

/// The verdicts of a submission and of its tests.
fn told(state: &Value) -> Value {
    let tests = state["verdict"]["tests"].as_array().unwrap().iter();
    let tests = tests.map(|test| {
        json!([
            test["name"],
            test["verdict"],
            test["input"],
            test["answer"],
            test["stdout"]
        ])
    });
    json!([state["verdict"]["verdict"], tests.collect::<Value>()])
}

async fn purge(namespace: &Namespace) -> Value {
    let mut command = namespace.assize();
    let output = command
        .args(["purge", "--older-than", "90d", "--json"])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_of_a_batch_travel_with_the_hash_and_are_judged_by_the_tests() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("test-sets", &[]).await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    let (_, inline) = gateway
        .post(
            "/v1/submissions?wait=50",
            &json!({ "source": HALVE, "tests": halves() }),
        )
        .await;
    let set = uploaded(&gateway, &halves()).await;
    assert_eq!(gateway.post("/v1/test-sets", &halves()).await.0, 200, "it is there");
    let many: Vec<Value> = (0..10)
        .map(|number| json!({ "source": format!("{HALVE}  # {number}"), "test_set": set }))
        .collect();
    let (status, answered) = gateway.post("/v1/submissions?wait=50", &json!(many)).await;
    assert_eq!(status, 202);
    for state in answered.as_array().unwrap() {
        assert_eq!(told(state), told(&inline), "{state:#}");
    }
    let messages: Vec<String> =
        sqlx::query_scalar("SELECT message::text FROM gateway_submissions WHERE message ->> 'test_set' IS NOT NULL")
            .fetch_all(&mut database(&namespace).await)
            .await
            .unwrap();
    assert_eq!(messages.len(), 10);
    assert!(
        messages.iter().all(|message| !message.contains("answer")),
        "{messages:?}"
    );

    let id = answered[0]["id"].as_str().unwrap();
    let (status, _) = gateway
        .post(&format!("/v1/submissions/{id}/rejudge"), &json!(null))
        .await;
    assert_eq!(status, 202);

    // Over AMQP the hash alone is enough.
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&naming(&set)).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict.code(), told(&inline)[0]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_that_is_unknown_or_another_sites_or_was_not_named_for_too_long_is_refused() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("test-sets-gone", &[]).await;
    let room = [("ASSIZE__SERVE__TEST_SET_BYTES", "10000")];
    let gateway = Gateway::ready_with(&namespace, &room).await;
    let [used, unused, foreign] = [
        uploaded(&gateway, &halves()).await,
        uploaded(&gateway, &json!([{ "input": "unused" }])).await,
        json!(format!("sha256:{}", "a".repeat(64))),
    ];
    let (status, full) = gateway.post("/v1/test-sets", &json!([{ "input": "too much" }])).await;
    assert_eq!((status, &full["code"]), (409, &json!("cannot_keep")), "{full}");
    let mut connection = database(&namespace).await;
    sqlx::raw_sql(
        "UPDATE test_sets SET used_at = now() - interval '100 days';
         INSERT INTO test_sets (hash, site, content, bytes, tests, kind)
         VALUES (decode(repeat('aa', 32), 'hex'), 'another', '[]', 2, 1, 'programs')",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let submit = async |set: &Value| {
        let request = json!({ "source": HALVE, "test_set": set });
        gateway.post("/v1/submissions?wait=50", &request).await
    };
    assert_eq!(submit(&used).await.0, 200, "it is used again before it is removed");
    assert_eq!(purge(&namespace).await["test_sets"], 1);
    for set in [&unused, &foreign] {
        let (status, refused) = submit(set).await;
        assert_eq!(
            (status, &refused["code"]),
            (422, &json!("unknown_test_set")),
            "{refused}"
        );
    }
    assert_eq!(submit(&used).await.0, 200);

    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&naming(&unused)).await.unwrap();
    let rejection = loop {
        if let Reply::Rejection(rejection) = client.next().await.unwrap() {
            break rejection;
        }
    };
    assert_eq!(
        (rejection.code, rejection.field.as_deref()),
        (RejectionCode::UnknownTestSet, Some("test_set"))
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_uploads_many_sets_at_once_keeps_no_other_request_waiting_and_the_same_again_is_not_written() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("test-sets-many", &[]).await.stop().await;
    let gateway = Arc::new(Gateway::ready_with(&namespace, &[("ASSIZE__STORE__CONNECTIONS", "3")]).await);
    let set = |number: usize| {
        let numbers = (0..3000).map(|index| (index * 7919 + number) % 10_007);
        json!([{ "input": numbers.map(|number| number.to_string()).collect::<String>() }])
    };
    let mut other_service = database(&namespace).await;
    sqlx::raw_sql("SELECT pg_advisory_lock(hashtextextended('assize test sets of local', 0))")
        .execute(&mut other_service)
        .await
        .unwrap();
    let mut uploads = JoinSet::new();
    for number in 0..12 {
        let gateway = Arc::clone(&gateway);
        uploads.spawn(async move { gateway.post("/v1/test-sets", &set(number)).await.0 });
    }
    eventually("one waits for the set of the other service", async || {
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut other_service).await.unwrap();
        waiting > 0
    })
    .await;
    for _ in 0..20 {
        let (status, missing) = gateway.get(&format!("/v1/submissions/{}", Uuid::nil())).await;
        assert_eq!(status, 404, "{missing}");
    }
    sqlx::raw_sql("SELECT pg_advisory_unlock_all()")
        .execute(&mut other_service)
        .await
        .unwrap();
    assert_eq!(uploads.join_all().await, [201; 12]);

    let written = "SELECT array_agg(pg_column_toast_chunk_id(content)::bigint ORDER BY hash) FROM test_sets";
    let before: Vec<i64> = sqlx::query_scalar(written).fetch_one(&mut other_service).await.unwrap();
    assert_eq!(gateway.post("/v1/test-sets", &set(0)).await.0, 200);
    let after: Vec<i64> = sqlx::query_scalar(written).fetch_one(&mut other_service).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_whose_bytes_were_altered_is_a_judge_error_until_it_is_uploaded_again() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("test-sets-altered", &[("ASSIZE__BROKER__MAX_ATTEMPTS", "2")])
        .await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    let right = json!([{ "input": "4", "answer": "2" }]);
    let set = uploaded(&gateway, &right).await;
    sqlx::raw_sql(
        "UPDATE test_sets SET content = convert_to(replace(convert_from(content, 'UTF8'), '4', '5'), 'UTF8')",
    )
    .execute(&mut database(&namespace).await)
    .await
    .unwrap();
    let request = json!({ "source": HALVE, "test_set": set });
    let (_, failed) = gateway.post("/v1/submissions?wait=50", &request).await;
    assert_eq!(failed["verdict"]["verdict"], "JE", "{failed:#}");
    assert_eq!(uploaded(&gateway, &right).await, set);
    let (_, judged) = gateway.post("/v1/submissions?wait=50", &request).await;
    assert_eq!(judged["verdict"]["verdict"], "AC", "{judged:#}");
    worker.stop().await;
}
