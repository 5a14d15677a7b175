//! Submissions that their sender has cancelled.

use assize::broker::SubmitClient;
use assize::contract::{SubmissionMessage, Verdict};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::gateway::{Gateway, id_of};
use crate::http::{address_of, judges, metric, not_ready, reconnects};
use crate::leases::{SHORT_LEASE, SOON};
use crate::proxy::Door;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");

pub(crate) fn endless() -> SubmissionMessage {
    let mut message = to_sum("import time\ntime.sleep(3600)");
    message.limits.wall_ms = Some(120_000);
    message
}

pub(crate) async fn cancel(namespace: &Namespace, arguments: &[&str]) {
    let output = namespace.assize().arg("cancel").args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
}

async fn kept_cancellations(namespace: &Namespace) -> i64 {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let counted = sqlx::query_scalar("SELECT count(*) FROM cancellations");
    counted.fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_is_judged_stops_when_it_is_cancelled_and_its_box_goes() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("obedient", &[ONE_SLOT]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = endless();
    client.send(&message).await.unwrap();
    judges(&worker).await;
    cancel(&namespace, &[&message.id.to_string(), "--reason", "withdrawn"]).await;
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(
        (judgement.verdict, judgement.message.as_deref()),
        (Verdict::Cancelled, Some("withdrawn"))
    );
    let (asked, package) = (message.limits.wall_ms, (1000, 256 << 20));
    let limits = judgement.limits;
    assert_eq!(
        (Some(limits.wall_ms), (limits.cpu_ms, limits.memory_bytes)),
        (asked, package)
    );
    let environment = judgement.sandbox.environment.as_ref().map(|it| it.name.as_str());
    assert_eq!(environment, Some("python3"), "it had a box");
    let stored = namespace.store().await.find(message.id).await.unwrap();
    assert_eq!(stored, Some(judgement.clone()), "it is a verdict like any other");
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, judgement, "and it is the last word");

    let next = to_sum("print(sum(map(int, input().split())))");
    client.send(&next).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac, "the slot is free");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_waits_is_not_begun_when_it_is_cancelled_whatever_worker_takes_it() {
    for store in ["true", "false"] {
        let namespace = Namespace::new().await;
        let settings = [ONE_SLOT, ("ASSIZE__STORE__ENABLED", store)];
        let worker = namespace.ready_worker("busy", &settings).await;
        let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
        let (first, second) = (endless(), endless());
        client.send(&first).await.unwrap();
        judges(&worker).await;
        client.send(&second).await.unwrap();
        cancel(&namespace, &[&second.id.to_string()]).await;
        cancel(&namespace, &[&first.id.to_string()]).await;
        for expected in [first.id, second.id] {
            let (judgement, _) = verdict(&mut client).await;
            assert_eq!((judgement.id, judgement.verdict), (expected, Verdict::Cancelled));
        }
        let leased = metric(&address_of(&worker).await, "assize_boxes_leased_total").await;
        assert_eq!(leased, 1.0, "the second one never had a box: {}", worker.log());
        worker.stop().await;
        let raw = RawClient::connect(&namespace.broker).await;
        let kept = raw.ready_in(&namespace.broker.cancel_queue).await;
        assert_eq!(kept, 0, "no cancellation is left in its queue");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_comes_while_no_worker_lives_is_kept_for_the_next_one() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("gone", &[ONE_SLOT]).await.stop().await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = endless();
    cancel(&namespace, &[&message.id.to_string()]).await;
    let heir = namespace.ready_worker("heir", &[ONE_SLOT]).await;
    eventually("the cancellation is stored", async || {
        kept_cancellations(&namespace).await == 1
    })
    .await;
    heir.stop().await;
    let another = namespace.ready_worker("another", &[ONE_SLOT]).await;
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Cancelled);

    let rejudge = Uuid::new_v4();
    let mut again = to_sum("print(sum(map(int, input().split())))");
    (again.id, again.rejudge) = (message.id, Some(rejudge));
    client.send(&again).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(judgement.verdict, Verdict::Ac, "who asks for it again gets it");
    another.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_a_cancellation_that_comes_while_no_worker_lives_is_heard_by_the_next_one() {
    let namespace = Namespace::new().await;
    let settings = [ONE_SLOT, ("ASSIZE__STORE__ENABLED", "false")];
    namespace.ready_worker("gone", &settings).await.stop().await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = endless();
    client.send(&message).await.unwrap();
    cancel(&namespace, &[&message.id.to_string()]).await;
    let heir = namespace.ready_worker("heir", &settings).await;
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Cancelled);
    heir.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_comes_while_the_link_of_its_worker_is_lost_is_found_in_the_database() {
    let namespace = Namespace::new().await;
    let (mut door, through) = Door::before(&namespace.broker.url).await;
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__URL", through.as_str())];
    let worker = namespace.ready_worker("cut-off", &settings).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = endless();
    client.send(&message).await.unwrap();
    judges(&worker).await;
    door.cut();
    not_ready(&address_of(&worker).await, "broker", "").await;
    let other = namespace.ready_worker("other", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    cancel(&namespace, &[&message.id.to_string(), "--reason", "withdrawn"]).await;
    // The other one gets the message, too, and has the verdict to tell as soon as it is stored.
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(
        (judgement.verdict, judgement.message.as_deref(), &judgement.worker.id),
        (Verdict::Cancelled, Some("withdrawn"), &worker.id)
    );
    door.open().await;
    reconnects(&worker).await;
    worker.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_verdict_keeps_it() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("done", &[ONE_SLOT]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum("print(sum(map(int, input().split())))");
    client.send(&message).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    cancel(&namespace, &[&message.id.to_string()]).await;
    eventually("the cancellation is stored", async || {
        kept_cancellations(&namespace).await == 1
    })
    .await;
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, judgement);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_judged_once_more_is_cancelled_by_every_service_and_what_counts_stays() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("again", &[ONE_SLOT]).await;
    let one = Gateway::ready(&namespace).await;
    let request = json!({ "source": "print(3)", "tests": [{ "input": "", "answer": "3" }] });
    let (_, done) = one.post("/v1/submissions?wait=50", &request).await;
    let path = format!("/v1/submissions/{}", id_of(&done));
    let (status, told) = one.send("DELETE", &path, "").await;
    assert_eq!(status, 200, "nothing of it is under way: {told}");
    worker.stop().await;

    // Each is asked to cancel what it has sent itself, and what it knows from the database only.
    let other = Gateway::ready(&namespace).await;
    let mut asked = Vec::new();
    for service in [&one, &other] {
        let (status, again) = one.post(&format!("{path}/rejudge"), &json!(null)).await;
        assert_eq!(status, 202, "{again}");
        let (status, told) = service.send("DELETE", &path, "").await;
        assert_eq!(status, 202, "{told}");
        assert_eq!(
            serde_json::from_str::<Value>(&told).unwrap()["verdict"],
            done["verdict"]
        );
        asked.push(again["rejudge"].as_str().unwrap().parse::<Uuid>().unwrap());
    }
    let worker = namespace.ready_worker("again", &[ONE_SLOT]).await;
    let store = namespace.store().await;
    eventually("nothing is in flight", async || {
        store.count_open("local", 9).await.unwrap() == 0
    })
    .await;
    store.close().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let past = "SELECT rejudge FROM verdict_history WHERE verdict = 'CANCELLED' ORDER BY attempt";
    let past: Vec<Uuid> = sqlx::query_scalar(past).fetch_all(&mut database).await.unwrap();
    asked.sort();
    let mut cancelled = past.clone();
    cancelled.sort();
    assert_eq!(cancelled, asked);
    let stored = "SELECT DISTINCT rejudge FROM cancellations ORDER BY 1";
    let stored: Vec<Uuid> = sqlx::query_scalar(stored).fetch_all(&mut database).await.unwrap();
    assert_eq!(stored, asked, "what was first sent is not cancelled");
    assert_eq!(one.done(&id_of(&done)).await, done, "it has its answer, and keeps it");
    worker.stop().await;
}
