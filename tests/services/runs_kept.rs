//! A program that is only run is kept for as long as it says, and then nothing of it is left.

use assize::contract::{Rejected, RejectionCode};
use assize::store::Store;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Every table with rows of a submission.
const ROWS: &str = "
    SELECT (SELECT count(*) FROM submissions WHERE id = $1) + (SELECT count(*) FROM attempts WHERE submission_id = $1)
         + (SELECT count(*) FROM verdicts WHERE submission_id = $1) + (SELECT count(*) FROM test_runs WHERE submission_id = $1)
         + (SELECT count(*) FROM gateway_submissions WHERE id = $1) + (SELECT count(*) FROM gateway_open WHERE submission_id = $1)
         + (SELECT count(*) FROM gateway_callbacks WHERE submission_id = $1)";

async fn rows(database: &mut PgConnection, id: Uuid) -> i64 {
    sqlx::query_scalar(ROWS).bind(id).fetch_one(database).await.unwrap()
}

async fn ran(gateway: &Gateway, fields: Value) -> Uuid {
    let mut body = json!({ "source": "print(6 * 7)" });
    body.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    let (status, result) = gateway.post("/v1/run", &body).await;
    assert_eq!(
        (status, &result["runs"][0]["stdout"]["text"]),
        (200, &json!("42\n")),
        "{result}"
    );
    result["id"].as_str().unwrap().parse().unwrap()
}

/// Has what is due removed, as workers do every minute.
async fn forget(store: &Store) {
    while store.forget_some_runs().await.unwrap() > 0 {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_removed_with_all_that_is_known_of_it_when_its_time_is_over_and_others_stay() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let worker = namespace.ready_worker("kept", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let gone = ran(&gateway, json!({ "keep_s": 0 })).await;
    let kept = [
        ran(&gateway, json!({ "keep_s": 3600 })).await,
        ran(&gateway, json!({})).await,
    ];
    eventually("nothing of the run is left", async || {
        forget(&store).await;
        gateway.get(&format!("/v1/submissions/{gone}")).await.0 == 404
    })
    .await;
    assert_eq!(rows(&mut database, gone).await, 0);
    for id in kept {
        assert_eq!(gateway.done(&id.to_string()).await["state"], "done");
    }

    // An answer that is still to be sent is not removed before that is over.
    let [hour, _for_ever] = kept;
    for statement in [
        "INSERT INTO gateway_callbacks (submission_id, url) VALUES ($1, 'https://site.example/')",
        "UPDATE verdicts SET forget_at = now() - interval '1 minute' WHERE submission_id = $1",
    ] {
        sqlx::query(statement).bind(hour).execute(&mut database).await.unwrap();
    }
    forget(&store).await;
    assert!(rows(&mut database, hour).await > 0);
    sqlx::query("UPDATE gateway_callbacks SET ended_at = now()")
        .execute(&mut database)
        .await
        .unwrap();
    eventually("it is removed behind its callback", async || {
        forget(&store).await;
        gateway.get(&format!("/v1/submissions/{hour}")).await.0 == 404
    })
    .await;
    assert_eq!(rows(&mut database, hour).await, 0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_a_run_that_is_rejected_goes_at_once_where_it_says_how_long_it_is_kept() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    namespace.ready_worker("rejected-first", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    for (run, is_kept) in [(json!({ "keep_s": 60 }), false), (json!({}), true)] {
        let (status, accepted) = gateway
            .post("/v1/submissions", &json!({ "source": "", "run": run }))
            .await;
        assert_eq!(status, 202, "{accepted}");
        let id: Uuid = accepted["id"].as_str().unwrap().parse().unwrap();
        let rejected = Rejected {
            id: Some(id),
            code: RejectionCode::UnknownLanguage,
            field: None,
            reason: "no worker has it".to_owned(),
        };
        store.reject(id, &rejected.into_rejection("w")).await.unwrap();
        assert_eq!(store.message(id).await.unwrap().is_some(), is_kept);
    }
}
