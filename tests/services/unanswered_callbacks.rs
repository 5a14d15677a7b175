//! Callbacks of submissions that have no answer yet: they cost nothing, and are due with it.

use std::collections::HashMap;

use assize::contract::{Answer, CallbackFormat, CallbackTarget, Judgement, Request};
use assize::store::{Claim, Lease, Recorded, RejectedMessage, Store, Wanted};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::callback_shares::{due, of, reject};
use crate::callbacks::{Calling, to_call};
use crate::proxy::Door;
use crate::quotas::{accept_calling, again, first, open_again};
use crate::rejections::rejection;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// As if a service of an earlier version had taken so many submissions of a site, none of which has its answer.
const UNANSWERED: &str = "
    WITH numbered AS (SELECT gen_random_uuid() AS id FROM generate_series(1, 300)),
    accepted AS (
        INSERT INTO gateway_submissions (id, site, fingerprint, published_at)
        SELECT id, 'many', decode(repeat('00', 32), 'hex'), now() FROM numbered
    )
    INSERT INTO gateway_callbacks (submission_id, url) SELECT id, 'http://127.0.0.1:9/' FROM numbered";

/// As if a worker of an earlier version had stored them, which tells no callback.
const STORED_BEFORE: &str = "
    INSERT INTO verdicts (submission_id, verdict, language, worker, received_at, judged_at, document, attempt)
    SELECT submission_id, 'AC', 'python3', 'w', now(), now(), $1::json, 1 FROM gateway_callbacks";

/// The time has come at which each is looked at once more.
const LATER: &str = "UPDATE gateway_callbacks SET due_at = clock_timestamp()";

/// Where nothing listens.
fn closed_port() -> CallbackTarget {
    CallbackTarget {
        url: "http://127.0.0.1:9/".to_owned(),
        format: CallbackFormat::Standard,
    }
}

async fn database(namespace: &Namespace) -> PgConnection {
    PgConnection::connect(&namespace.database).await.unwrap()
}

/// How many callbacks are in the range that a look reads.
async fn looked_at(database: &mut PgConnection) -> i64 {
    let counted = "SELECT count(*) FROM gateway_callbacks WHERE ended_at IS NULL AND due_at <= clock_timestamp()";
    sqlx::query_scalar(counted).fetch_one(database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_answer_is_looked_at_more_and_more_rarely_and_keeps_nothing_that_has_one_waiting() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = database(&namespace).await;
    sqlx::query(UNANSWERED).execute(&mut database).await.unwrap();
    reject(&namespace, "many", 1, "http://127.0.0.1:9/").await;
    reject(&namespace, "few", 1, "http://127.0.0.1:9/").await;
    let mut found = HashMap::new();
    for _site in 0..2 {
        found.extend(due(&store, 16, &[]).await);
    }
    assert_eq!(found, of(&[("many", 1), ("few", 1)]));
    let mut pauses = Vec::new();
    for _look in 0..3 {
        assert_eq!(looked_at(&mut database).await, 0, "no look reads any of them");
        let pause =
            "SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8 FROM gateway_callbacks WHERE tries = 0";
        pauses.push(
            sqlx::query_scalar::<_, f64>(pause)
                .fetch_one(&mut database)
                .await
                .unwrap(),
        );
        sqlx::query("UPDATE gateway_callbacks SET due_at = clock_timestamp() WHERE tries = 0")
            .execute(&mut database)
            .await
            .unwrap();
        assert_eq!(due(&store, 16, &[]).await, of(&[]));
    }
    assert!(pauses[1] > pauses[0] && pauses[2] > 2.0 * pauses[0], "{pauses:?}");
    store.close().await;
}

/// How a submission gets its answer.
#[derive(Debug, Clone, Copy)]
enum Way {
    Verdict,
    Rejection,
    RejectionWithoutALease,
    RejectionThatAServiceHears,
    VerdictOfARejudging,
}

async fn lease(store: &Store, request: Request, judged: &Judgement) -> Lease {
    let wanted = Wanted {
        request,
        language: &judged.language,
        fingerprint: None,
        problem: None,
        file: None,
        metadata: &judged.metadata,
    };
    match store.claim(&wanted, "w").await.unwrap() {
        Claim::Ours(lease) => lease,
        other => panic!("it could not be claimed: {other:?}"),
    }
}

async fn record(store: &Store, request: Request, judged: &Judgement) {
    let mut judged = judged.clone();
    (judged.id, judged.rejudge, judged.verdict_id) = (request.submission, request.rejudge, Uuid::new_v4());
    let mut lease = lease(store, request, &judged).await;
    let recorded = lease.record(&Answer::Verdict(judged), &[]).await.unwrap();
    assert_eq!(recorded, Recorded::New);
}

async fn answer(store: &Store, way: Way, id: Uuid, judged: &Judgement) {
    let rejected = rejection(id, "no worker has it");
    match way {
        Way::Verdict => record(store, first(id), judged).await,
        Way::Rejection => assert!(lease(store, first(id), judged).await.reject(&rejected).await.unwrap()),
        Way::RejectionThatAServiceHears => store.reject(first(id), &rejected).await.unwrap(),
        Way::RejectionWithoutALease => {
            let message = RejectedMessage {
                request: first(id),
                fingerprint: None,
                body: b"{}",
            };
            store.reject_unclaimed(message, &rejected).await.unwrap();
        }
        Way::VerdictOfARejudging => {
            let rejudge = Uuid::new_v4();
            open_again(store, again(id, rejudge)).await;
            store.sent_again(id, rejudge, None).await.unwrap();
            assert_eq!(due(store, 16, &[]).await, of(&[]), "neither of both has its answer");
            record(store, again(id, rejudge), judged).await;
        }
    }
}

fn judged() -> Judgement {
    let document = std::fs::read_to_string("docs/examples/verdict.json").unwrap();
    serde_json::from_str(&document).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_due_as_soon_as_its_answer_is_stored_whatever_that_is() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = database(&namespace).await;
    for way in [
        Way::Verdict,
        Way::Rejection,
        Way::RejectionWithoutALease,
        Way::RejectionThatAServiceHears,
        Way::VerdictOfARejudging,
    ] {
        let id = Uuid::now_v7();
        accept_calling(&store, id, Some(&closed_port())).await;
        assert_eq!(looked_at(&mut database).await, 0, "{way:?}");
        assert_eq!(due(&store, 16, &[]).await, of(&[]), "{way:?}");
        answer(&store, way, id, &judged()).await;
        assert_eq!(due(&store, 16, &[]).await, of(&[("a", 1)]), "{way:?}");
        assert_eq!(due(&store, 16, &[]).await, of(&[]), "{way:?}: it is taken");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_worker_of_an_earlier_version_has_stored_is_found_at_the_next_look() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = database(&namespace).await;
    accept_calling(&store, Uuid::now_v7(), Some(&closed_port())).await;
    let stored = sqlx::query(STORED_BEFORE).bind(serde_json::to_string(&judged()).unwrap());
    stored.execute(&mut database).await.unwrap();
    assert_eq!(due(&store, 16, &[]).await, of(&[]));
    sqlx::query(LATER).execute(&mut database).await.unwrap();
    assert_eq!(due(&store, 16, &[]).await, of(&[("a", 1)]));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_leaves_nothing_behind_that_waits_for_an_answer() {
    let namespace = Namespace::new().await;
    let (door, url) = Door::before(&namespace.broker.url).await;
    let worker = namespace.ready_worker("unsent", &[]).await;
    let through = [("ASSIZE__BROKER__URL", url.as_str())];
    let gateway = Calling::new().ready_with(&namespace, &through).await;
    let new = to_call("http://127.0.0.1:9/");
    let mut known = new.clone();
    known["id"] = json!(Uuid::now_v7());
    let (status, done) = gateway.post("/v1/submissions?wait=50", &known).await;
    assert_eq!(status, 200, "{done}");
    door.cut();
    eventually("the service is not ready", async || {
        gateway.get("/readyz").await.0 == 503
    })
    .await;
    let (status, refused) = gateway.post("/v1/submissions", &new).await;
    assert_eq!((status, &refused["code"]), (503, &json!("unavailable")), "{refused}");
    assert_eq!(gateway.post("/v1/submissions", &known).await, (200, done));
    let counted = "SELECT count(*) FROM gateway_submissions";
    let counted: i64 = sqlx::query_scalar(counted)
        .fetch_one(&mut database(&namespace).await)
        .await
        .unwrap();
    assert_eq!(counted, 1);
    worker.stop().await;
}
