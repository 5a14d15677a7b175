//! Submissions that a worker has in hand before it has a slot for them.

use assize::broker::SubmitClient;
use assize::contract::{Judgement, SubmissionMessage};

use crate::cancelling::{cancel, endless};
use crate::flow::{to_sum, verdict};
use crate::http::{address_of, judges, metric};
use crate::proxy::Door;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");

fn quick() -> SubmissionMessage {
    to_sum("print(sum(map(int, input().split())))")
}

fn is_by(judgement: &Judgement, worker: &str) -> bool {
    judgement.worker.id.contains(&format!("-{worker}-"))
}

/// Submissions whose wait in the queue the worker has counted, and those that had been in hand before.
async fn waited_and_returned(worker: &WorkerProcess) -> (f64, f64) {
    let address = address_of(worker).await;
    let waited = metric(&address, "assize_queue_wait_seconds_count{queue=\"work\"}").await;
    (waited, metric(&address, "assize_redeliveries_total").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_judges_briskly_has_the_next_submission_ready_and_gives_it_back_when_it_has_to_wait() {
    let namespace = Namespace::new().await;
    // Declares the queues.
    namespace.ready_worker("first", &[ONE_SLOT]).await.stop().await;
    // On a host that is busy for a second the worker is not brisk, and takes one submission after the other.
    for _ in 0..5 {
        if waits_behind_a_long_one_and_is_given_back(&namespace).await {
            return;
        }
    }
    panic!("no submission was ready behind the one that is judged");
}

/// Whether the worker had the last of many submissions ready while it judged the one before, which takes long; another
/// worker then judges it.
async fn waits_behind_a_long_one_and_is_given_back(namespace: &Namespace) -> bool {
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let (long, next) = (endless(), quick());
    let burst: Vec<_> = (0..12).map(|_| quick()).collect();
    for message in burst.iter().chain([&long, &next]) {
        client.send(message).await.unwrap();
    }
    let busy = namespace.ready_worker("busy", &[ONE_SLOT]).await;
    let mut judged = Vec::new();
    while !burst.iter().all(|message| judged.contains(&message.id)) {
        judged.push(verdict(&mut client).await.0.id);
    }
    let raw = RawClient::connect(&namespace.broker).await;
    let is_first = judged.contains(&next.id)
        || tokio::select! {
            // The long one was given back behind a slow one, and the last one came while it was away.
            (judgement, _) = verdict(&mut client) => {
                assert_eq!(judgement.id, next.id);
                true
            }
            () = eventually("the last one is in the queue", async || {
                raw.ready_in(&namespace.broker.queue).await == 1
            }) => false,
        };
    if is_first {
        cancel(namespace, &[&long.id.to_string()]).await;
        assert_eq!(verdict(&mut client).await.0.id, long.id);
        busy.stop().await;
        return false;
    }

    let idle = namespace.ready_worker("idle", &[ONE_SLOT]).await;
    let (judgement, _) = verdict(&mut client).await;
    let is_by_the_other = judgement.id == next.id && is_by(&judgement, "idle");
    let is_given_back = is_by_the_other && waited_and_returned(&idle).await == (1.0, 1.0);
    cancel(namespace, &[&long.id.to_string()]).await;
    assert_eq!(verdict(&mut client).await.0.id, long.id);
    idle.stop().await;
    busy.stop().await;
    is_given_back
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_goes_to_a_free_slot_and_not_behind_one_that_is_judged() {
    let namespace = Namespace::new().await;
    let busy = namespace.ready_worker("busy", &[ONE_SLOT]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let long = endless();
    client.send(&long).await.unwrap();
    judges(&busy).await;
    let idle = namespace.ready_worker("idle", &[ONE_SLOT]).await;
    for _ in 0..5 {
        let next = quick();
        client.send(&next).await.unwrap();
        let (judgement, _) = verdict(&mut client).await;
        assert!(judgement.id == next.id && is_by(&judgement, "idle"), "{judgement:#?}");
    }
    assert_eq!(
        waited_and_returned(&idle).await,
        (5.0, 0.0),
        "none was given back: {}",
        idle.log()
    );
    cancel(&namespace, &[&long.id.to_string()]).await;
    assert_eq!(verdict(&mut client).await.0.id, long.id);
    idle.stop().await;
    busy.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_of_a_submission_is_counted_once_though_its_first_worker_dies_before_it_has_a_lease() {
    let namespace = Namespace::new().await;
    let (door, through) = Door::before(&namespace.database).await;
    let settings = [ONE_SLOT, ("ASSIZE__STORE__URL", through.as_str())];
    let mut killed = namespace.ready_worker("killed", &settings).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    door.cut();
    client.send(&quick()).await.unwrap();
    let address = address_of(&killed).await;
    eventually("it asks for a lease", async || {
        metric(&address, "assize_deliveries_total").await == 1.0
    })
    .await;
    assert_eq!(waited_and_returned(&killed).await, (0.0, 0.0));
    killed.kill().await;

    let heir = namespace.ready_worker("heir", &[ONE_SLOT]).await;
    let (judgement, _) = verdict(&mut client).await;
    assert!(is_by(&judgement, "heir"), "{judgement:#?}");
    assert_eq!(waited_and_returned(&heir).await, (1.0, 1.0), "{}", heir.log());
    heir.stop().await;
}
