//! Two workers at one submission in the same moment, which is made long by a lock.

use assize::config;
use assize::contract::{Answer, Judgement, Request};
use assize::store::{Claim, Recorded, Store, Wanted};
use sqlx::{Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use crate::waiting::eventually;
use crate::worker::Namespace;

async fn store_with_long_leases(namespace: &Namespace) -> Store {
    let mut settings = config::load(None).unwrap().store;
    settings.url.clone_from(&namespace.database);
    settings.lease_ms = 600_000;
    Store::open(&settings).await.unwrap()
}

/// Waits until so many others wait for a lock.
async fn wait_for_a_lock(namespace: &Namespace, others: i64) {
    eventually("others wait for a lock", async || {
        let mut database = PgConnection::connect(&namespace.database).await.unwrap();
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut database)
        .await
        .unwrap();
        waiting == others
    })
    .await;
}

/// A claim that comes while the verdict of another worker is on its way into the database.
async fn claim_in_the_moment_of_the_verdict(rejudge: Option<Uuid>) {
    let namespace = Namespace::new().await;
    let store = store_with_long_leases(&namespace).await;
    let document = std::fs::read_to_string("docs/examples/verdict.json").unwrap();
    let mut judged: Judgement = serde_json::from_str(&document).unwrap();
    judged.rejudge = rejudge;
    let wanted = Wanted {
        request: Request {
            submission: judged.id,
            rejudge,
        },
        language: &judged.language,
        fingerprint: None,
        problem: None,
        file: None,
        metadata: &judged.metadata,
    };
    let Claim::Ours(mut lease) = store.claim(&wanted, "first").await.unwrap() else {
        panic!("a submission that was never seen could not be claimed");
    };
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    database
        .execute("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")
        .await
        .unwrap();
    let mut blocking = database.begin().await.unwrap();
    blocking
        .execute("LOCK TABLE verdicts IN SHARE ROW EXCLUSIVE MODE")
        .await
        .unwrap();

    let unblocking = async {
        wait_for_a_lock(&namespace, 2).await;
        blocking.rollback().await.unwrap();
    };
    let claiming = async {
        wait_for_a_lock(&namespace, 1).await;
        store.claim(&wanted, "second").await
    };
    let answer = Answer::Verdict(judged.clone());
    let (recorded, claimed, ()) = tokio::join!(lease.record(&answer, &[]), claiming, unblocking);
    assert_eq!(recorded.unwrap(), Recorded::New);
    match claimed.unwrap() {
        Claim::Judged(found) => assert_eq!(*found, answer),
        other => panic!("what has a verdict is judged once more: {other:?}"),
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_gets_its_verdict_while_it_is_claimed_is_not_judged_again() {
    claim_in_the_moment_of_the_verdict(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_one_that_was_to_be_judged_once_more() {
    claim_in_the_moment_of_the_verdict(Some(Uuid::new_v4())).await;
}
