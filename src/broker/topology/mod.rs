//! Every exchange and queue, declared in one place.

pub(super) mod declaring;
pub(super) mod queues;
mod sorting;

use lapin::options::{ExchangeDeleteOptions, QueueDeleteOptions};
use lapin::types::AMQPValue;
use lapin::{Channel, Connection, ExchangeKind};

use crate::broker::connection::open;
use crate::broker::connection::step::StepError;
use crate::broker::topology::declaring::{TopologyError, bind, channel_for, count, exchange, of_exchange, queue, text};
use crate::config::BrokerSettings;

/// Deliveries after which RabbitMQ itself dead-letters a message: a net below the attempts that the worker counts, for
/// messages that kill their worker.
const DELIVERY_LIMIT: i32 = 20;

/// From 4.0 on a quorum queue has a limit by itself. Each look at a message that is kept counts as a delivery, and so does
/// each try to store a cancellation.
const NO_LIMIT: i32 = i32::MAX;

/// How long a message stays at most among those that were put off, in milliseconds: messages of a quorum queue expire at its
/// head only, so one that has no time to live of its own would hold up all others. What a worker puts off has one.
const LONGEST_LATER: i64 = 24 * 3600 * 1000;

/// A message leaves its queue when the queue that it goes to has confirmed it (RabbitMQ's documentation of dead lettering
/// from quorum queues, which asks for this overflow; there is nothing to overflow without a bound). Without these, a message
/// is lost where no queue takes it in that moment.
const LOSSLESS: [(&str, &str); 2] = [
    ("x-dead-letter-strategy", "at-least-once"),
    ("x-overflow", "reject-publish"),
];

/// Declares everything. Doing it again changes nothing.
pub(super) async fn declare(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    declare_exchanges(connection, settings).await?;
    declare_work_queues(connection, settings).await?;
    declare_later_queue(connection, settings).await?;
    declare_endless_queues(connection, settings).await?;
    declare_verdict_queue(connection, settings).await?;
    declare_rejected_queue(connection, settings).await?;
    sorting::declare(connection, settings).await
}

async fn declare_exchanges(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let opened = connection.create_channel().await;
    let channel = &opened.map_err(|source| of_exchange(&settings.exchange, source))?;
    exchange(channel, &settings.exchange, ExchangeKind::Direct).await?;
    exchange(channel, &settings.dead_letter_exchange, ExchangeKind::Direct).await?;
    exchange(channel, &settings.verdict_exchange, ExchangeKind::Topic).await?;
    exchange(channel, &settings.later_exchange, ExchangeKind::Fanout).await?;
    exchange(channel, &settings.control_exchange, ExchangeKind::Fanout).await
}

async fn declare_work_queues(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let work = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&settings.dead_letter_exchange)),
        ("x-dead-letter-routing-key", text(&settings.dead_letter_queue)),
        ("x-delivery-limit", AMQPValue::LongInt(DELIVERY_LIMIT)),
    ];
    for name in [&settings.queue, &settings.bulk_queue] {
        let channel = lossless_queue(connection, name, &work, &[]).await?;
        bind(&channel, name, &settings.exchange, name).await?;
    }
    Ok(())
}

/// Back by way of the same exchange that producers use, with the key that they used.
async fn declare_later_queue(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let later = [
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(&settings.exchange)),
    ];
    let bound = [("x-message-ttl", AMQPValue::LongLongInt(LONGEST_LATER))];
    let channel = lossless_queue(connection, &settings.later_queue, &later, &bound).await?;
    bind(&channel, &settings.later_queue, &settings.later_exchange, "").await
}

/// Cancellations and dead letters, which may be delivered as often as they are looked at.
async fn declare_endless_queues(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let channel = &channel_for(connection, &settings.cancel_queue).await?;
    let endless = [
        ("x-queue-type", text("quorum")),
        ("x-delivery-limit", AMQPValue::LongInt(NO_LIMIT)),
    ];
    queue(channel, &settings.cancel_queue, &endless).await?;
    bind(channel, &settings.cancel_queue, &settings.control_exchange, "").await?;

    queue(channel, &settings.dead_letter_queue, &endless).await
}

/// The queue for verdicts, if there is to be one.
pub(super) async fn declare_verdict_queue(
    connection: &Connection,
    settings: &BrokerSettings,
) -> Result<(), TopologyError> {
    let name = &settings.verdict_queue;
    if name.is_empty() {
        return Ok(());
    }
    let bounds = [("x-max-length", count(settings.verdict_queue_length))];
    let channel = bounded_queue(connection, name, &bounds).await?;
    for key in ["verdict.#", "result.#", "rejection.#"] {
        bind(&channel, name, &settings.verdict_exchange, key).await?;
    }
    Ok(())
}

/// The queue for messages that were rejected, if there is to be one.
async fn declare_rejected_queue(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let name = &settings.rejected_queue;
    if name.is_empty() {
        return Ok(());
    }
    let bounds = [
        ("x-max-length", count(settings.rejected_queue_length)),
        ("x-max-length-bytes", count(settings.rejected_queue_bytes)),
        ("x-delivery-limit", AMQPValue::LongInt(NO_LIMIT)),
    ];
    let channel = bounded_queue(connection, name, &bounds).await?;
    bind(&channel, name, &settings.dead_letter_exchange, name).await
}

/// A queue that hands messages on to another one, and a channel on which it can be bound.
///
/// One that an earlier version has declared, with `arguments` alone, is used as it is: RabbitMQ changes no arguments of a
/// queue that is there. A policy does the same to it as the others.
async fn lossless_queue(
    connection: &Connection,
    name: &str,
    arguments: &[(&str, AMQPValue)],
    further: &[(&str, AMQPValue)],
) -> Result<Channel, TopologyError> {
    let channel = channel_for(connection, name).await?;
    let lossless = LOSSLESS.map(|(key, value)| (key, text(value)));
    match queue(&channel, name, &[arguments, lossless.as_slice(), further].concat()).await {
        Ok(()) => Ok(channel),
        Err(error) if error.has_other_properties() => {
            // The refusal has closed the channel.
            let channel = channel_for(connection, name).await?;
            queue(&channel, name, arguments).await?;
            tracing::info!(
                queue = name,
                "an earlier version has declared the queue; it is used as it is. A policy makes it hand on messages \
                 without loss: see \"Queues of earlier versions\" in docs/rabbitmq.md"
            );
            Ok(channel)
        }
        Err(error) => Err(error),
    }
}

/// A queue whose oldest messages go when it is full, and a channel on which it can be bound.
///
/// One that is there with other bounds is used as it is: while workers are replaced one after the other, those that still
/// run may have declared it with theirs.
async fn bounded_queue(
    connection: &Connection,
    name: &str,
    bounds: &[(&str, AMQPValue)],
) -> Result<Channel, TopologyError> {
    let kind = [("x-queue-type", text("quorum")), ("x-overflow", text("drop-head"))];
    let channel = channel_for(connection, name).await?;
    match queue(&channel, name, &[kind.as_slice(), bounds].concat()).await {
        Ok(()) => Ok(channel),
        Err(error) if error.has_other_properties() => {
            tracing::warn!(
                queue = name,
                reason = %error.source,
                "a queue has other bounds than the settings say; it is used as it is"
            );
            // The refusal has closed the channel.
            channel_for(connection, name).await
        }
        Err(error) => Err(error),
    }
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
        &settings.rejected_queue,
        &settings.verdict_queue,
    ] {
        if !queue.is_empty() {
            channel
                .queue_delete(queue.as_str().into(), QueueDeleteOptions::default())
                .await?;
        }
    }
    for exchange in [
        settings.exchange.clone(),
        settings.dead_letter_exchange.clone(),
        sorting::sorting_exchange(settings),
        sorting::kept_exchange(settings),
        settings.verdict_exchange.clone(),
        settings.later_exchange.clone(),
        settings.control_exchange.clone(),
    ] {
        channel
            .exchange_delete(exchange.into(), ExchangeDeleteOptions::default())
            .await?;
    }
    Ok(connection.close(200, "bye".into()).await?)
}
