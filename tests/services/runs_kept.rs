//! A program that is only run is kept for as long as it says, and then nothing of it is left.

use std::time::Duration;

use assize::contract::{Rejected, RejectionCode};
use assize::store::{Store, StoredMessage};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::gateway::Gateway;
use crate::quotas::first;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Every table with rows of a submission.
const ROWS: &str = "
    SELECT (SELECT count(*) FROM submissions WHERE id = $1) + (SELECT count(*) FROM attempts WHERE submission_id = $1)
         + (SELECT count(*) FROM verdicts WHERE submission_id = $1) + (SELECT count(*) FROM test_runs WHERE submission_id = $1)
         + (SELECT count(*) FROM gateway_submissions WHERE id = $1) + (SELECT count(*) FROM gateway_open WHERE submission_id = $1)
         + (SELECT count(*) FROM gateway_callbacks WHERE submission_id = $1)
         + (SELECT count(*) FROM security_events WHERE submission_id = $1)";

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
    store.forget_runs().await.unwrap();
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
        "INSERT INTO security_events (id, submission_id, kind, severity, source, tests, first_test, detail, verdict, language,
                                      worker, at, document)
         VALUES (gen_random_uuid(), $1, 'tampering', 'alert', 'kernel', 1, '1', 'killed', 'AC', 'python', 'kept', now(),
                 '{ \"metadata\": { \"student\": \"7\" } }')",
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
async fn runs_that_are_still_to_be_called_back_keep_no_other_one_from_being_removed() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    // Some thousand whose receiver is away, and behind each ten of them one that is over.
    sqlx::raw_sql(
        "CREATE TABLE runs AS SELECT gen_random_uuid() AS id, number, number % 10 = 0 AS is_over
             FROM generate_series(1, 5000) AS number;
         INSERT INTO submissions (id, language) SELECT id, 'python' FROM runs;
         INSERT INTO gateway_submissions (id, site, fingerprint)
             SELECT id, 'site', sha256(id::text::bytea) FROM runs WHERE NOT is_over;
         INSERT INTO gateway_callbacks (submission_id, url)
             SELECT id, 'https://site.example/' FROM runs WHERE NOT is_over;
         INSERT INTO verdicts (submission_id, attempt, verdict, language, worker, received_at, judged_at, document, forget_at)
             SELECT id, 1, 'OK', 'python', 'w', now(), now(), '{}', now() - interval '1 day' + number * interval '1 second'
             FROM runs",
    )
    .execute(&mut database)
    .await
    .unwrap();
    assert_eq!(store.forget_runs().await.unwrap(), 500);
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM verdicts JOIN runs ON id = submission_id WHERE NOT is_over")
            .fetch_one(&mut database)
            .await
            .unwrap();
    assert_eq!(left, 4500);
    sqlx::raw_sql("UPDATE gateway_callbacks SET ended_at = now()")
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(store.forget_runs().await.unwrap(), 4500);
}

/// Runs that are kept as long as they say, and as long as others, with what PostgreSQL does not read in each.
async fn handed_in(gateway: &Gateway) -> Vec<(Uuid, bool)> {
    let inputs = [json!([{ "stdin": "" }]), json!([{ "stdin": "a\0b" }])];
    let mut handed_in = Vec::new();
    for (keep_s, is_kept) in [(json!(60), false), (Value::Null, true)] {
        for inputs in &inputs {
            let run = json!({ "inputs": inputs, "keep_s": keep_s });
            let (status, accepted) = gateway
                .post("/v1/submissions", &json!({ "source": "# \0", "run": run }))
                .await;
            assert_eq!(status, 202, "{accepted}");
            handed_in.push((accepted["id"].as_str().unwrap().parse().unwrap(), is_kept));
        }
    }
    handed_in
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_a_run_that_is_rejected_goes_at_once_where_it_says_how_long_it_is_kept() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    namespace.ready_worker("rejected-first", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    for (id, is_kept) in handed_in(&gateway).await {
        let rejected = Rejected {
            id: Some(id),
            code: RejectionCode::UnknownLanguage,
            field: None,
            reason: "no worker has it".to_owned(),
        };
        let rejection = rejected.into_rejection("w");
        store.reject(first(id), &rejection).await.unwrap();
        let kept = store.message(id).await.unwrap();
        assert_eq!(matches!(kept, StoredMessage::Kept(_)), is_kept, "{kept:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_a_run_that_was_not_sent_goes_where_it_says_how_long_it_is_kept() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    namespace.ready_worker("unsent-first", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    let runs = handed_in(&gateway).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let unsent = "UPDATE gateway_submissions SET published_at = NULL, accepted_at = now() - interval '2 hours'";
    sqlx::raw_sql(unsent).execute(&mut database).await.unwrap();
    let day = Duration::from_secs(24 * 3600);
    assert_eq!(store.forget_messages(day).await.unwrap(), 2);
    for (id, is_kept) in runs {
        let kept = store.message(id).await.unwrap();
        assert_eq!(matches!(kept, StoredMessage::Kept(_)), is_kept, "{kept:?}");
    }
}

/// A worker dies behind storing the result of a run, and another one publishes it.
#[cfg(feature = "failpoints")]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_result_was_stored_and_not_published_is_kept_until_it_is() {
    use assize::failpoint::{Stage, VARIABLE};
    let namespace = Namespace::new().await;
    let mut killed = namespace
        .ready_worker("dies-stored", &[(VARIABLE, Stage::Stored.name())])
        .await;
    let gateway = Gateway::ready(&namespace).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let run = json!({ "source": "print(6 * 7)", "run": { "keep_s": 0 } });
    let (status, accepted) = gateway.post("/v1/submissions", &run).await;
    assert_eq!(status, 202, "{accepted}");
    let id: Uuid = accepted["id"].as_str().unwrap().parse().unwrap();
    assert!(!killed.ended().await.success());

    let beyond_23_h = "SELECT forget_at > now() + interval '23 hours' FROM verdicts WHERE submission_id = $1";
    let is_kept: bool = sqlx::query_scalar(beyond_23_h)
        .bind(id)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert!(is_kept);
    let purge = async |options: &[&str]| {
        let mut command = namespace.assize();
        command.args(["purge", "--older-than", "90d", "--json"]).args(options);
        let output = command.output().await.unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["runs"].clone()
    };
    assert_eq!((purge(&["--dry-run"]).await, purge(&[]).await), (json!(0), json!(0)));
    assert!(rows(&mut database, id).await > 0);

    let worker = namespace.ready_worker("publishes", &[]).await;
    eventually("nothing of the run is left once its result was published", async || {
        let _removed = purge(&[]).await;
        rows(&mut database, id).await == 0
    })
    .await;
    worker.stop().await;
}
