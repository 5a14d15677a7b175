//! What RabbitMQ and its operators do to a worker in mid-run.

use assize::broker::SubmitClient;
use assize::contract::{Judgement, Verdict};
use lapin::options::{ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;

use crate::flow::{to_sum, verdict};
use crate::http::{counts, reconnects};
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_the_broker_closes_costs_a_new_link_and_no_verdict() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("channel", &[]).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let exchange = namespace.broker.verdict_exchange.as_str().into();
    let deleted = raw.channel.exchange_delete(exchange, ExchangeDeleteOptions::default());
    deleted.await.unwrap();
    // To publish to an exchange that is not there is a channel error.
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum(RIGHT)).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    reconnects(&worker).await;
    let announced = raw.take(&namespace.broker.verdict_queue).await;
    assert_eq!(serde_json::from_slice::<Judgement>(&announced.data).unwrap(), judgement);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_the_broker_cancels_is_made_again_with_its_queue() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("cancelled", &[]).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let mut connections = 1.0;
    for queue in [
        &namespace.broker.queue,
        &namespace.broker.bulk_queue,
        &namespace.broker.cancel_queue,
    ] {
        connections += 1.0;
        let deleted = raw
            .channel
            .queue_delete(queue.as_str().into(), QueueDeleteOptions::default());
        deleted.await.unwrap();
        counts(&worker, "assize_broker_connections_total", connections).await;
        let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
        client.send(&to_sum(RIGHT)).await.unwrap();
        assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_no_queue_takes_is_kept_and_offered_again_until_one_does() {
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__BROKER__VERDICT_QUEUE", ""),
        ("ASSIZE__BROKER__LATER_MS", "200"),
    ];
    let worker = namespace.ready_worker("unheard", &settings).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let message = to_sum(RIGHT);
    raw.send_for_nobody(&serde_json::to_vec(&message).unwrap()).await;
    let store = namespace.store().await;
    eventually("the verdict is stored", async || {
        store.find(message.id).await.unwrap().is_some()
    })
    .await;

    let (channel, queue) = (&raw.channel, format!("{}.late", namespace.broker.verdict_queue));
    let options = QueueDeclareOptions {
        exclusive: true,
        ..Default::default()
    };
    let declared = channel.queue_declare(queue.as_str().into(), options, FieldTable::default());
    declared.await.unwrap();
    let exchange = namespace.broker.verdict_exchange.as_str().into();
    let (bind, none) = (QueueBindOptions::default(), FieldTable::default());
    let bound = channel.queue_bind(queue.as_str().into(), exchange, "verdict.#".into(), bind, none);
    bound.await.unwrap();
    let announced: Judgement = serde_json::from_slice(&raw.take(&queue).await.data).unwrap();
    assert_eq!(
        (announced.id, announced.attempt),
        (message.id, Some(1)),
        "it was judged once"
    );
    assert_eq!(namespace.store().await.find(message.id).await.unwrap(), Some(announced));
    worker.stop().await;
}
