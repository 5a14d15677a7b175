//! The bulk queue: it waits behind the other one, and moves all the same.

use assize::broker::SubmitClient;
use assize::contract::SubmissionMessage;
use uuid::Uuid;

use crate::flow::{to_sum, verdict};
use crate::worker::Namespace;

const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");

fn quick() -> SubmissionMessage {
    to_sum("print(sum(map(int, input().split())))")
}

/// Ids in the order in which they were judged.
async fn judged(client: &mut SubmitClient, count: usize) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(verdict(client).await.0.id);
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_work_waits_behind_other_work_and_moves_all_the_same() {
    let namespace = Namespace::new().await;
    // Declares the queues.
    namespace.ready_worker("first", &[ONE_SLOT]).await.stop().await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let (bulk, other): (Vec<_>, Vec<_>) = (0..12).map(|_| (quick(), quick())).unzip();
    for message in &bulk {
        client.send_in_bulk(message).await.unwrap();
    }
    for message in &other {
        client.send(message).await.unwrap();
    }
    let every = ("ASSIZE__BROKER__BULK_EVERY", "4");
    let worker = namespace.ready_worker("second", &[ONE_SLOT, every]).await;
    let order = judged(&mut client, 24).await;
    let is_bulk = |id: &Uuid| bulk.iter().any(|message| message.id == *id);
    let last_other = order.iter().rposition(|id| !is_bulk(id)).unwrap();
    let before = order[..last_other].iter().filter(|id| is_bulk(id)).count();
    // One in four, give or take what the worker took before it had looked at the bulk queue.
    assert!(
        (2..=5).contains(&before),
        "{before} bulk ones before the last other one"
    );
    assert_eq!(order.len(), 24);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_worker_takes_bulk_work_and_what_comes_then_into_the_other_queue() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("idle", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    for _ in 0..2 {
        let (bulk, other) = (quick(), quick());
        client.send_in_bulk(&bulk).await.unwrap();
        assert_eq!(judged(&mut client, 1).await, [bulk.id]);
        client.send(&other).await.unwrap();
        assert_eq!(judged(&mut client, 1).await, [other.id]);
    }
    worker.stop().await;
}
