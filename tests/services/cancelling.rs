//! Submissions that their sender has cancelled.

use assize::broker::SubmitClient;
use assize::contract::{SubmissionMessage, Verdict};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::http::{address_of, judges, metric};
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
