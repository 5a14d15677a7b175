//! Each submission has one verdict, also where workers die or stall or a message is delivered twice.

use assize::broker::SubmitClient;
use assize::contract::{Answer, Judgement, Request, SubmissionMessage, Verdict};
use assize::store::{Claim, Wanted};
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::http::{address_of, metric, not_ready};
use crate::proxy::Door;
use crate::waiting::eventually;
use crate::worker::Namespace;

pub(crate) const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");
pub(crate) const SHORT_LEASE: (&str, &str) = ("ASSIZE__STORE__LEASE_MS", "2000");
pub(crate) const SOON: (&str, &str) = ("ASSIZE__BROKER__LATER_MS", "200");

/// Right, after a while.
pub(crate) fn slow() -> SubmissionMessage {
    let program = "import time\nn = sum(map(int, input().split()))\ntime.sleep(1)\nprint(n)";
    let mut message = to_sum(program);
    message.stop_on_first_failure = Some(true);
    message
}

/// Workers of the attempts at a submission, and how each ended.
pub(crate) async fn attempts(namespace: &Namespace, submission: Uuid) -> Vec<(String, Option<String>)> {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let rows = sqlx::query("SELECT worker, outcome FROM attempts WHERE submission_id = $1 ORDER BY number")
        .bind(submission)
        .fetch_all(&mut database)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Waits until a worker has the submission in hand.
pub(crate) async fn begun(namespace: &Namespace, submission: Uuid) {
    eventually("the first attempt", async || {
        !attempts(namespace, submission).await.is_empty()
    })
    .await;
}

fn ended(worker: &str, outcome: &str) -> (String, Option<String>) {
    (worker.to_owned(), Some(outcome.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_two_workers_get_at_once_is_judged_by_one_of_them() {
    let namespace = Namespace::new().await;
    let left = namespace.ready_worker("left", &[ONE_SLOT, SOON]).await;
    let right = namespace.ready_worker("right", &[ONE_SLOT, SOON]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = slow();
    for _ in 0..2 {
        client.send(&message).await.unwrap();
    }
    let (first, _) = verdict(&mut client).await;
    let (second, _) = verdict(&mut client).await;
    assert_eq!(first.verdict, Verdict::Ac);
    assert_eq!(first, second);
    assert_eq!(
        attempts(&namespace, message.id).await,
        [ended(&first.worker.id, "verdict")]
    );
    let mut deliveries = 0.0;
    for worker in [&left, &right] {
        deliveries += metric(&address_of(worker).await, "assize_deliveries_total").await;
    }
    assert!(deliveries > 2.0, "one of them was put off, and came again");
    left.stop().await;
    right.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_had_in_hand_is_judged_by_another_one() {
    let namespace = Namespace::new().await;
    let mut killed = namespace.ready_worker("killed", &[ONE_SLOT, SHORT_LEASE]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = slow();
    client.send(&message).await.unwrap();
    begun(&namespace, message.id).await;
    killed.kill().await;
    let heir = namespace.ready_worker("heir", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!((judgement.verdict, &judgement.worker.id), (Verdict::Ac, &heir.id));
    let expected = [ended(&killed.id, "lost"), ended(&heir.id, "verdict")];
    assert_eq!(attempts(&namespace, message.id).await, expected);
    heir.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_sleeps_through_its_lease_stores_and_publishes_nothing() {
    let namespace = Namespace::new().await;
    let sleeper = namespace.ready_worker("sleeper", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = slow();
    client.send(&message).await.unwrap();
    begun(&namespace, message.id).await;
    sleeper.signal("STOP");
    // RabbitMQ does not know yet; its sender sends it again.
    let heir = namespace.ready_worker("heir", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    client.send(&message).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!((judgement.verdict, &judgement.worker.id), (Verdict::Ac, &heir.id));
    sleeper.signal("CONT");
    let (again, _) = verdict(&mut client).await;
    assert_eq!(
        again, judgement,
        "the first delivery is answered with the verdict that counts"
    );
    let expected = [ended(&sleeper.id, "lost"), ended(&heir.id, "verdict")];
    assert_eq!(attempts(&namespace, message.id).await, expected);
    sleeper.stop().await;
    heir.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_gives_back_what_it_has_in_hand_at_once() {
    let namespace = Namespace::new().await;
    let hasty = [ONE_SLOT, ("ASSIZE__WORKER__SHUTDOWN_GRACE_MS", "1")];
    let stopped = namespace.ready_worker("stopped", &hasty).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = slow();
    client.send(&message).await.unwrap();
    begun(&namespace, message.id).await;
    let id = stopped.id.clone();
    stopped.stop().await;
    assert_eq!(attempts(&namespace, message.id).await, [ended(&id, "given_back")]);
    let heir = namespace.ready_worker("heir", &[ONE_SLOT]).await;
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    heir.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_in_mid_run_costs_no_verdict() {
    let namespace = Namespace::new().await;
    let (mut door, through) = Door::before(&namespace.database).await;
    let settings = [ONE_SLOT, SHORT_LEASE, ("ASSIZE__STORE__URL", through.as_str())];
    let worker = namespace.ready_worker("waits", &settings).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let (first, second) = (slow(), slow());
    client.send(&first).await.unwrap();
    begun(&namespace, first.id).await;
    door.cut();
    client.send(&second).await.unwrap();
    not_ready(&address_of(&worker).await, "database", "").await;
    door.open().await;
    let verdicts: Vec<Judgement> = vec![verdict(&mut client).await.0, verdict(&mut client).await.0];
    for (judgement, message) in verdicts.iter().zip([&first, &second]) {
        assert_eq!((judgement.verdict, judgement.id), (Verdict::Ac, message.id));
        assert_eq!(attempts(&namespace, message.id).await, [ended(&worker.id, "verdict")]);
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_judged_before_there_were_attempts_is_not_judged_again() {
    const BEFORE: i64 = 20_261_123_000_001;
    let namespace = Namespace::unmigrated().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::migrate!("./migrations")
        .run_to(BEFORE, &mut database)
        .await
        .unwrap();
    let document = std::fs::read_to_string("docs/examples/verdict.json").unwrap();
    let judged: Judgement = serde_json::from_str(&document).unwrap();
    sqlx::query(
        "INSERT INTO verdicts (submission_id, verdict, language, worker, received_at, judged_at, document)
         VALUES ($1, $2, $3, 'old', now(), now(), $4::json)",
    )
    .bind(judged.id)
    .bind(judged.verdict.code())
    .bind(&judged.language)
    .bind(&document)
    .execute(&mut database)
    .await
    .unwrap();
    let store = namespace.store().await;
    let wanted = Wanted {
        request: Request {
            submission: judged.id,
            rejudge: None,
        },
        language: &judged.language,
        fingerprint: None,
        problem: None,
        file: None,
        metadata: &judged.metadata,
    };
    match store.claim(&wanted, "new").await.unwrap() {
        Claim::Judged(found) => assert_eq!(*found, Answer::Verdict(judged.clone())),
        other => panic!("{other:?}"),
    }
    assert_eq!(attempts(&namespace, judged.id).await, [ended("old", "verdict")]);
    store.close().await;
}
