//! What RabbitMQ and its operators do to a worker in mid-run.

use assize::broker::SubmitClient;
use assize::contract::{Judgement, Rejection, RejectionCode, SubmissionMessage, Verdict};
use lapin::BasicProperties;
use lapin::options::{
    BasicPublishOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::flow::{to_sum, verdict};
use crate::http::{address_of, counts, metric, not_ready, reconnects};
use crate::leases::{ONE_SLOT, SHORT_LEASE, SOON, begun, slow};
use crate::proxy::Door;
use crate::raw::{RawClient, header};
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

pub(crate) fn bytes(message: &SubmissionMessage) -> Vec<u8> {
    serde_json::to_vec(message).unwrap()
}

/// A submission to a problem that no worker knows.
fn to_an_unknown_problem() -> Vec<u8> {
    let mut message = json!(to_sum(RIGHT));
    message["problem"]["id"] = json!("nowhere");
    message.to_string().into_bytes()
}

/// A queue that nothing consumes, with these arguments.
pub(crate) async fn declare(raw: &RawClient, queue: &str, arguments: &[(&str, AMQPValue)]) {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert((*name).into(), value.clone());
    }
    let options = QueueDeclareOptions {
        exclusive: true,
        ..Default::default()
    };
    raw.channel.queue_declare(queue.into(), options, table).await.unwrap();
}

/// A queue that has room for one message, which is there, and refuses every other one.
async fn declare_full(raw: &RawClient, queue: &str) {
    let bounds = [
        ("x-max-length", AMQPValue::LongInt(1)),
        ("x-overflow", AMQPValue::LongString("reject-publish".into())),
    ];
    declare(raw, queue, &bounds).await;
    let (options, none) = (BasicPublishOptions::default(), BasicProperties::default());
    let published = raw
        .channel
        .basic_publish("".into(), queue.into(), options, b"full", none);
    published.await.unwrap().await.unwrap();
    eventually("the queue is full", async || raw.ready_in(queue).await == 1).await;
}

pub(crate) async fn bind(raw: &RawClient, queue: &str, exchange: &str, key: &str) {
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    let bound = raw
        .channel
        .queue_bind(queue.into(), exchange.into(), key.into(), options, none);
    bound.await.unwrap();
}

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
async fn no_answer_goes_into_a_queue_of_the_judges_own() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("own-queues", &[]).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let broker = &namespace.broker;
    let own = [
        &broker.later_queue,
        &broker.dead_letter_queue,
        &broker.rejected_queue,
        &broker.cancel_queue,
        &broker.verdict_queue,
        &broker.queue,
        &broker.bulk_queue,
    ];
    for queue in own {
        let properties = BasicProperties::default().with_reply_to(queue.as_str().into());
        let message = to_sum(RIGHT);
        raw.send_with(&bytes(&message), properties).await;
        let announced = raw.take(&broker.verdict_queue).await;
        let announced: Judgement = serde_json::from_slice(&announced.data).unwrap();
        assert_eq!((announced.id, announced.verdict), (message.id, Verdict::Ac), "{queue}");
    }
    worker.stop().await;
    for queue in own {
        assert_eq!(raw.ready_in(queue).await, 0, "{queue}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_cannot_be_put_off_comes_again_and_so_does_the_queue_that_was_missing() {
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__WORKER__SLOTS", "1"),
        ("ASSIZE__BROKER__LATER_MS", "200"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "1"),
    ];
    let worker = namespace.ready_worker("no-later", &settings).await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let later = namespace.broker.later_queue.as_str().into();
    let deleted = raw.channel.queue_delete(later, QueueDeleteOptions::default());
    deleted.await.unwrap();
    raw.send(&to_an_unknown_problem(), "unknown").await;
    let rejection: Rejection = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(rejection.code, RejectionCode::UnknownProblem);
    reconnects(&worker).await;
    // The one slot is free again.
    raw.send(&bytes(&to_sum(RIGHT)), "known").await;
    let judgement: Judgement = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(judgement.verdict, Verdict::Ac);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_put_off_comes_again_once_where_its_link_is_lost_meanwhile() {
    let namespace = Namespace::new().await;
    let (mut door, through) = Door::before(&namespace.broker.url).await;
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__URL", through.as_str())];
    let worker = namespace.ready_worker("cut-off", &settings).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let message = slow();
    raw.send_for_nobody(&bytes(&message)).await;
    begun(&namespace, message.id).await;
    door.cut();
    let address = address_of(&worker).await;
    not_ready(&address, "broker", "").await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let taken_over = "UPDATE attempts SET ended_at = now(), outcome = 'lost', reason = 'on purpose'";
    database.execute(taken_over).await.unwrap();
    counts(&worker, "assize_leases_lost_total", 1.0).await;
    door.open().await;
    let announced = raw.take(&namespace.broker.verdict_queue).await;
    let judgement: Judgement = serde_json::from_slice(&announced.data).unwrap();
    assert_eq!((judgement.id, judgement.attempt), (message.id, Some(2)));
    worker.stop().await;
    for queue in [
        &namespace.broker.queue,
        &namespace.broker.later_queue,
        &namespace.broker.verdict_queue,
    ] {
        assert_eq!(raw.ready_in(queue).await, 0, "{queue}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_queue_that_is_full_costs_its_sender_the_reply_and_nothing_else() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("full-reply", &[]).await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let full = format!("{}.full", namespace.broker.queue);
    declare_full(&raw, &full).await;
    let message = to_sum(RIGHT);
    let properties = BasicProperties::default().with_reply_to(full.as_str().into());
    raw.send_with(&bytes(&message), properties).await;
    let announced = raw.take(&namespace.broker.verdict_queue).await;
    assert_eq!(
        serde_json::from_slice::<Judgement>(&announced.data).unwrap().id,
        message.id
    );
    raw.send(&bytes(&to_sum(RIGHT)), "next").await;
    let judgement: Judgement = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(judgement.verdict, Verdict::Ac);
    worker.stop().await;
    for queue in [&namespace.broker.queue, &namespace.broker.dead_letter_queue] {
        assert_eq!(raw.ready_in(queue).await, 0, "{queue}");
    }
    assert_eq!(raw.ready_in(&full).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_a_full_queue_refuses_is_a_dead_letter_in_the_end_and_its_sender_has_it_once() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("full-verdicts", &[("ASSIZE__BROKER__LATER_MS", "50")])
        .await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let full = format!("{}.full", namespace.broker.verdict_queue);
    declare_full(&raw, &full).await;
    bind(&raw, &full, &namespace.broker.verdict_exchange, "verdict.#").await;
    for (token, dead_letters) in [("first", 1.0), ("second", 2.0)] {
        let message = to_sum(RIGHT);
        raw.send(&bytes(&message), token).await;
        let answer = raw.answer().await;
        let correlation = answer.properties.correlation_id().as_ref().unwrap();
        assert_eq!(correlation.as_str(), token, "no answer comes twice");
        let judgement: Judgement = serde_json::from_slice(&answer.data).unwrap();
        assert_eq!((judgement.id, judgement.verdict), (message.id, Verdict::Ac));
        let dead = raw.take_dead_letter().await;
        assert_eq!(dead.data, bytes(&message));
        assert_eq!(header(&dead, "x-assize-code"), "undeliverable");
        assert!(header(&dead, "x-assize-reason").contains("reject-publish"));
        counts(&worker, "assize_dead_letters_total", dead_letters).await;
        assert_eq!(namespace.store().await.find(message.id).await.unwrap(), Some(judgement));
    }
    worker.stop().await;
    assert_eq!(raw.ready_in(&namespace.broker.queue).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_under_another_key_than_the_name_of_its_queue_comes_back_to_that_queue() {
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__BROKER__LATER_MS", "200"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "1"),
    ];
    let worker = namespace.ready_worker("other-key", &settings).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let queue = namespace.broker.queue.as_str();
    let key = format!("{queue}.another-key");
    bind(&raw, queue, "amq.direct", &key).await;
    let (options, none) = (BasicPublishOptions::default(), BasicProperties::default());
    let message = to_an_unknown_problem();
    let published = raw
        .channel
        .basic_publish("amq.direct".into(), key.as_str().into(), options, &message, none);
    published.await.unwrap().await.unwrap();
    let rejected = raw.take_rejected().await;
    assert_eq!(rejected.data, message);
    assert_eq!(header(&rejected, "x-assize-queue"), queue);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_that_an_earlier_version_has_declared_are_used_as_they_are() {
    let namespace = Namespace::new().await;
    let raw = RawClient::connect(&namespace.broker).await;
    let broker = &namespace.broker;
    let text = |value: &str| AMQPValue::LongString(value.into());
    let work = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&broker.dead_letter_exchange)),
        ("x-dead-letter-routing-key", text(&broker.dead_letter_queue)),
        ("x-delivery-limit", AMQPValue::LongInt(20)),
    ];
    let later = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&broker.exchange)),
    ];
    for (queue, arguments) in [
        (&broker.queue, work.as_slice()),
        (&broker.bulk_queue, work.as_slice()),
        (&broker.later_queue, later.as_slice()),
    ] {
        let mut table = FieldTable::default();
        for (name, value) in arguments {
            table.insert((*name).into(), value.clone());
        }
        let options = QueueDeclareOptions {
            durable: true,
            ..Default::default()
        };
        let declared = raw.channel.queue_declare(queue.as_str().into(), options, table);
        declared.await.unwrap();
    }
    let settings = [
        ("ASSIZE__BROKER__LATER_MS", "200"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "1"),
    ];
    let worker = namespace.ready_worker("upgraded", &settings).await;
    raw.send_for_nobody(&to_an_unknown_problem()).await;
    assert_eq!(header(&raw.take_rejected().await, "x-assize-code"), "unknown_problem");
    assert!(worker.log().contains("an earlier version has declared the queue"));
    let links = metric(&address_of(&worker).await, "assize_broker_connections_total").await;
    assert!((links - 1.0).abs() < f64::EPSILON, "its link was lost: {links}");
    worker.stop().await;
}
