//! One exchange, queue or binding: how it is declared, and the error that names it.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Connection, ErrorKind, ExchangeKind};
use thiserror::Error;

/// What RabbitMQ answers where a queue is there and has other properties.
const PRECONDITION_FAILED: u16 = 406;

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

    pub(super) fn has_other_properties(&self) -> bool {
        matches!(self.source.kind(), ErrorKind::ProtocolError(error) if error.get_id() == PRECONDITION_FAILED)
    }
}

pub(in crate::broker) async fn exchange(
    channel: &Channel,
    name: &str,
    kind: ExchangeKind,
) -> Result<(), TopologyError> {
    exchange_with(channel, name, kind, FieldTable::default()).await
}

pub(super) async fn exchange_with(
    channel: &Channel,
    name: &str,
    kind: ExchangeKind,
    arguments: FieldTable,
) -> Result<(), TopologyError> {
    let options = ExchangeDeclareOptions {
        durable: true,
        ..Default::default()
    };
    channel
        .exchange_declare(name.into(), kind, options, arguments)
        .await
        .map_err(|source| of_exchange(name, source))
}

pub(super) fn of_exchange(name: &str, source: lapin::Error) -> TopologyError {
    TopologyError {
        kind: "exchange",
        name: name.to_owned(),
        source,
    }
}

pub(super) async fn channel_for(connection: &Connection, queue: &str) -> Result<Channel, TopologyError> {
    let opened = connection.create_channel().await;
    opened.map_err(|source| of_queue(queue, source))
}

pub(super) async fn queue(channel: &Channel, name: &str, arguments: &[(&str, AMQPValue)]) -> Result<(), TopologyError> {
    let options = QueueDeclareOptions {
        durable: true,
        ..Default::default()
    };
    channel
        .queue_declare(name.into(), options, table(arguments))
        .await
        .map(drop)
        .map_err(|source| of_queue(name, source))
}

pub(super) async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), TopologyError> {
    bind_with(channel, queue, (exchange, key), FieldTable::default()).await
}

pub(super) async fn bind_with(
    channel: &Channel,
    queue: &str,
    (exchange, key): (&str, &str),
    arguments: FieldTable,
) -> Result<(), TopologyError> {
    let options = QueueBindOptions::default();
    channel
        .queue_bind(queue.into(), exchange.into(), key.into(), options, arguments)
        .await
        .map_err(|source| of_queue(queue, source))
}

pub(super) fn of_queue(name: &str, source: lapin::Error) -> TopologyError {
    TopologyError {
        kind: "queue",
        name: name.to_owned(),
        source,
    }
}

pub(super) fn table(arguments: &[(&str, AMQPValue)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in arguments {
        table.insert((*key).into(), value.clone());
    }
    table
}

pub(super) fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

pub(super) fn count(value: u64) -> AMQPValue {
    AMQPValue::LongLongInt(i64::try_from(value).unwrap_or(i64::MAX))
}
