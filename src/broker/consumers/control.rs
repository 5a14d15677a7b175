//! Messages to the workers themselves.
//!
//! The control exchange fans out: each worker gets a copy in a queue of its own, which is gone with its connection, so that
//! it can act at once. One more copy waits in a durable queue, from which one worker stores it for all that come later. One
//! without a database takes it from there all the same, or the queue would grow for ever.

use futures::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Acker, Channel, Consumer};
use tokio::sync::mpsc;

use crate::broker::connection::step::within;
use crate::broker::error::LinkError;
use crate::broker::message::delivery::number_in;
use crate::config::BrokerSettings;

/// Messages to be stored that a worker has in hand.
const IN_HAND: u16 = 16;

/// A message to the workers: untrusted bytes.
#[derive(Debug)]
pub struct ControlMessage {
    /// The message itself.
    pub body: Vec<u8>,
    /// Present where this worker is to store it.
    acker: Option<Acker>,
    deliveries: u64,
}

impl ControlMessage {
    /// Whether this worker is to store it for all workers that start later.
    pub fn is_durable(&self) -> bool {
        self.acker.is_some()
    }

    /// How often it was delivered, this time included.
    pub fn deliveries(&self) -> u64 {
        self.deliveries
    }

    /// It was stored, or there is no use in storing it.
    pub async fn done(self) {
        if let Some(acker) = self.acker
            && let Err(error) = within(acker.ack(BasicAckOptions::default())).await
        {
            tracing::warn!(%error, "a control message cannot be settled; RabbitMQ delivers it again");
        }
    }

    /// It could not be stored; another worker shall try.
    pub async fn requeue(self) {
        if let Some(acker) = self.acker
            && let Err(error) = within(acker.reject(BasicRejectOptions { requeue: true })).await
        {
            tracing::debug!(%error, "a control message cannot be requeued; RabbitMQ delivers it again");
        }
    }
}

/// The two ways in which control messages come.
#[derive(Debug)]
pub(in crate::broker) struct ControlConsumers {
    received: Consumer,
    durable: Consumer,
}

impl ControlConsumers {
    /// Consumes a queue of this worker's own, and the durable one.
    pub(in crate::broker) async fn start(channel: &Channel, settings: &BrokerSettings) -> Result<Self, lapin::Error> {
        let own = QueueDeclareOptions {
            exclusive: true,
            auto_delete: true,
            ..Default::default()
        };
        let queue = channel.queue_declare("".into(), own, FieldTable::default()).await?;
        let (name, exchange) = (queue.name().clone(), settings.control_exchange.as_str().into());
        let (bind, none) = (QueueBindOptions::default(), FieldTable::default());
        channel
            .queue_bind(name.clone(), exchange, "".into(), bind, none)
            .await?;
        channel.basic_qos(IN_HAND, BasicQosOptions::default()).await?;
        let no_ack = BasicConsumeOptions {
            no_ack: true,
            ..Default::default()
        };
        let received = channel
            .basic_consume(name, "assize-cancel-broadcast".into(), no_ack, FieldTable::default())
            .await?;
        let queue = settings.cancel_queue.as_str().into();
        let options = BasicConsumeOptions::default();
        let durable = channel
            .basic_consume(queue, "assize-cancel-durable".into(), options, FieldTable::default())
            .await?;
        Ok(Self { received, durable })
    }

    /// Passes messages on for as long as the link lasts.
    pub(in crate::broker) async fn pass_on(self, messages: mpsc::Sender<ControlMessage>) -> Result<(), LinkError> {
        let Self {
            mut received,
            mut durable,
        } = self;
        loop {
            let (message, is_durable) = tokio::select! {
                message = received.next() => (message, false),
                message = durable.next() => (message, true),
            };
            let message = message.ok_or(LinkError::ConsumerEnded)??;
            let message = ControlMessage {
                deliveries: number_in(&message.properties, "x-delivery-count") + 1,
                body: message.data,
                acker: is_durable.then_some(message.acker),
            };
            // The receiver is gone only when the worker stops.
            let _gone = messages.send(message).await;
        }
    }
}
