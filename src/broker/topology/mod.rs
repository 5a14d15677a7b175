//! Every exchange and queue, declared in one place.

pub(super) mod queues;

use lapin::options::{
    ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};
use thiserror::Error;

use crate::broker::connection::open;
use crate::broker::connection::step::StepError;
use crate::config::BrokerSettings;

/// Deliveries after which RabbitMQ itself dead-letters a message: a net below the attempts that the worker counts, for
/// messages that kill their worker.
const DELIVERY_LIMIT: i32 = 20;

/// From 4.0 on a quorum queue has a limit by itself. Each look at a dead letter counts as a delivery, and so does each try to
/// store a cancellation.
const NO_LIMIT: i32 = i32::MAX;

/// An exchange or a queue that cannot be used.
#[derive(Debug, Error)]
#[error(
    "cannot declare the {kind} {name}: {source}; if it exists with other properties, delete it \
     (rabbitmqctl delete_{kind} {name}) or name another one in the settings of [broker]"
)]
pub struct TopologyError {
    /// `exchange` or `queue`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What the broker says.
    pub source: lapin::Error,
}

impl TopologyError {
    /// The broker refused what was asked, and will refuse it again.
    pub fn is_final(&self) -> bool {
        self.source.is_amqp_soft_error()
    }
}

/// Declares everything. Doing it again changes nothing.
pub(super) async fn declare(channel: &Channel, settings: &BrokerSettings) -> Result<(), TopologyError> {
    exchange(channel, &settings.exchange, ExchangeKind::Direct).await?;
    exchange(channel, &settings.dead_letter_exchange, ExchangeKind::Direct).await?;
    exchange(channel, &settings.verdict_exchange, ExchangeKind::Topic).await?;
    exchange(channel, &settings.later_exchange, ExchangeKind::Fanout).await?;
    exchange(channel, &settings.control_exchange, ExchangeKind::Fanout).await?;
    declare_work_queues(channel, settings).await?;
    declare_later_queue(channel, settings).await?;
    declare_endless_queues(channel, settings).await?;
    declare_verdict_queue(channel, settings).await
}

async fn declare_work_queues(channel: &Channel, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let work = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&settings.dead_letter_exchange)),
        ("x-dead-letter-routing-key", text(&settings.dead_letter_queue)),
        ("x-delivery-limit", AMQPValue::LongInt(DELIVERY_LIMIT)),
    ];
    for name in [&settings.queue, &settings.bulk_queue] {
        queue(channel, name, &work).await?;
        bind(channel, name, &settings.exchange, name).await?;
    }
    Ok(())
}

/// Back by way of the same exchange that producers use, with the key that they used.
async fn declare_later_queue(channel: &Channel, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let later = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&settings.exchange)),
    ];
    queue(channel, &settings.later_queue, &later).await?;
    bind(channel, &settings.later_queue, &settings.later_exchange, "").await
}

/// Cancellations and dead letters, which may be delivered as often as they are looked at.
async fn declare_endless_queues(channel: &Channel, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let endless = [
        ("x-queue-type", text("quorum")),
        ("x-delivery-limit", AMQPValue::LongInt(NO_LIMIT)),
    ];
    queue(channel, &settings.cancel_queue, &endless).await?;
    bind(channel, &settings.cancel_queue, &settings.control_exchange, "").await?;

    let dead = &settings.dead_letter_queue;
    queue(channel, dead, &endless).await?;
    bind(channel, dead, &settings.dead_letter_exchange, dead).await
}

/// The queue for verdicts, if there is to be one.
async fn declare_verdict_queue(channel: &Channel, settings: &BrokerSettings) -> Result<(), TopologyError> {
    if settings.verdict_queue.is_empty() {
        return Ok(());
    }
    let length = i64::try_from(settings.verdict_queue_length).unwrap_or(i64::MAX);
    let bounded = [
        ("x-queue-type", text("quorum")),
        ("x-max-length", AMQPValue::LongLongInt(length)),
        ("x-overflow", text("drop-head")),
    ];
    queue(channel, &settings.verdict_queue, &bounded).await?;
    for key in ["verdict.#", "result.#", "rejection.#"] {
        bind(channel, &settings.verdict_queue, &settings.verdict_exchange, key).await?;
    }
    Ok(())
}

/// Deletes everything that a worker with these settings declares, and whatever waits in it.
///
/// # Errors
/// When the broker cannot be reached, or refuses.
pub async fn undeclare(settings: &BrokerSettings) -> Result<(), StepError> {
    let connection = open(settings, "assize").await?;
    let channel = connection.create_channel().await?;
    for queue in [
        &settings.queue,
        &settings.bulk_queue,
        &settings.later_queue,
        &settings.cancel_queue,
        &settings.dead_letter_queue,
        &settings.verdict_queue,
    ] {
        if !queue.is_empty() {
            channel
                .queue_delete(queue.as_str().into(), QueueDeleteOptions::default())
                .await?;
        }
    }
    for exchange in [
        &settings.exchange,
        &settings.dead_letter_exchange,
        &settings.verdict_exchange,
        &settings.later_exchange,
        &settings.control_exchange,
    ] {
        channel
            .exchange_delete(exchange.as_str().into(), ExchangeDeleteOptions::default())
            .await?;
    }
    Ok(connection.close(200, "bye".into()).await?)
}

async fn exchange(channel: &Channel, name: &str, kind: ExchangeKind) -> Result<(), TopologyError> {
    let options = ExchangeDeclareOptions {
        durable: true,
        ..Default::default()
    };
    channel
        .exchange_declare(name.into(), kind, options, FieldTable::default())
        .await
        .map_err(|source| TopologyError {
            kind: "exchange",
            name: name.to_owned(),
            source,
        })
}

async fn queue(channel: &Channel, name: &str, arguments: &[(&str, AMQPValue)]) -> Result<(), TopologyError> {
    let mut table = FieldTable::default();
    for (key, value) in arguments {
        table.insert((*key).into(), value.clone());
    }
    let options = QueueDeclareOptions {
        durable: true,
        ..Default::default()
    };
    channel
        .queue_declare(name.into(), options, table)
        .await
        .map(drop)
        .map_err(|source| TopologyError {
            kind: "queue",
            name: name.to_owned(),
            source,
        })
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), TopologyError> {
    channel
        .queue_bind(
            queue.into(),
            exchange.into(),
            key.into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
        .map_err(|source| TopologyError {
            kind: "queue",
            name: queue.to_owned(),
            source,
        })
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
