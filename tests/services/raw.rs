//! A client that sends whatever bytes it likes, as an attacker or a careless site would.

use std::time::Duration;

use assize::config::BrokerSettings;
use futures::StreamExt as _;
use lapin::message::Delivery;
use lapin::options::{
    BasicConsumeOptions, BasicGetOptions, BasicNackOptions, BasicPublishOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer};
use tokio::time::timeout;

use crate::waiting::eventually;

/// A connection with a queue for answers.
pub(crate) struct RawClient {
    _connection: Connection,
    pub(crate) channel: Channel,
    broker: BrokerSettings,
    reply_queue: String,
    answers: Consumer,
}

impl RawClient {
    pub(crate) async fn connect(broker: &BrokerSettings) -> Self {
        let connection = Connection::connect(&broker.url, ConnectionProperties::default())
            .await
            .unwrap();
        let channel = connection.create_channel().await.unwrap();
        let options = QueueDeclareOptions {
            exclusive: true,
            ..Default::default()
        };
        let queue = channel
            .queue_declare("".into(), options, FieldTable::default())
            .await
            .unwrap();
        let options = BasicConsumeOptions {
            no_ack: true,
            ..Default::default()
        };
        let name = queue.name().clone();
        let answers = channel
            .basic_consume(name.clone(), "".into(), options, FieldTable::default())
            .await
            .unwrap();
        Self {
            _connection: connection,
            channel,
            broker: broker.clone(),
            reply_queue: name.to_string(),
            answers,
        }
    }

    pub(crate) async fn send(&self, body: &[u8], correlation_id: &str) {
        let properties = BasicProperties::default()
            .with_reply_to(self.reply_queue.as_str().into())
            .with_correlation_id(correlation_id.into());
        self.send_with(body, properties).await;
    }

    /// Sends something with further properties, and waits for an answer.
    pub(crate) async fn send_answered(&self, body: &[u8], correlation_id: &str, properties: BasicProperties) {
        let properties = properties
            .with_reply_to(self.reply_queue.as_str().into())
            .with_correlation_id(correlation_id.into());
        self.send_with(body, properties).await;
    }

    /// Sends a message without waiting for its answer.
    pub(crate) async fn send_for_nobody(&self, body: &[u8]) {
        self.send_with(body, BasicProperties::default()).await;
    }

    /// Sends a message with just these properties.
    pub(crate) async fn send_with(&self, body: &[u8], properties: BasicProperties) {
        let (exchange, key) = (self.broker.exchange.as_str().into(), self.broker.queue.as_str().into());
        let options = BasicPublishOptions::default();
        self.channel
            .basic_publish(exchange, key, options, body, properties)
            .await
            .unwrap()
            .await
            .unwrap();
    }

    /// Puts something among the dead letters, as RabbitMQ does with what was delivered too often.
    pub(crate) async fn put_dead_letter(&self, body: &[u8]) {
        let (exchange, queue) = (&self.broker.dead_letter_exchange, &self.broker.dead_letter_queue);
        let published = self.channel.basic_publish(
            exchange.as_str().into(),
            queue.as_str().into(),
            BasicPublishOptions::default(),
            body,
            BasicProperties::default(),
        );
        published.await.unwrap().await.unwrap();
    }

    /// The next answer that is no progress.
    pub(crate) async fn answer(&mut self) -> Delivery {
        loop {
            let next = timeout(Duration::from_secs(60), self.answers.next());
            let delivery = next.await.expect("an answer").unwrap().unwrap();
            if kind(&delivery) != "assize.progress.v1" {
                return delivery;
            }
        }
    }

    /// Takes one message out of a queue, as soon as there is one.
    pub(crate) async fn take(&self, queue: &str) -> Delivery {
        self.get(queue, BasicGetOptions { no_ack: true }).await
    }

    /// The same for a while: no other consumer gets it until it is given back.
    pub(crate) async fn hold(&self, queue: &str) -> Delivery {
        self.get(queue, BasicGetOptions { no_ack: false }).await
    }

    /// Gives back what was held.
    pub(crate) async fn give_back(&self, held: Delivery) {
        let options = BasicNackOptions {
            requeue: true,
            ..Default::default()
        };
        self.channel.basic_nack(held.delivery_tag, options).await.unwrap();
    }

    async fn get(&self, queue: &str, options: BasicGetOptions) -> Delivery {
        let taken = tokio::sync::Mutex::new(None);
        eventually(&format!("a message in {queue}"), async || {
            let got = self.channel.basic_get(queue.into(), options).await.unwrap();
            *taken.lock().await = got.map(|got| got.delivery);
            taken.lock().await.is_some()
        })
        .await;
        taken.into_inner().unwrap()
    }

    pub(crate) async fn take_dead_letter(&self) -> Delivery {
        self.take(&self.broker.dead_letter_queue).await
    }

    pub(crate) async fn take_rejected(&self) -> Delivery {
        self.take(&self.broker.rejected_queue).await
    }

    /// Messages in a queue that no connection has in hand.
    pub(crate) async fn ready_in(&self, queue: &str) -> u32 {
        let passive = QueueDeclareOptions {
            passive: true,
            ..Default::default()
        };
        let asked = self.channel.queue_declare(queue.into(), passive, FieldTable::default());
        asked.await.unwrap().message_count()
    }
}

pub(crate) fn kind(delivery: &Delivery) -> String {
    delivery
        .properties
        .kind()
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// A header that holds lines.
pub(crate) fn header_lines(delivery: &Delivery, name: &str) -> Vec<String> {
    let headers = delivery.properties.headers().clone().unwrap_or_default();
    match headers.inner().get(name) {
        Some(AMQPValue::FieldArray(lines)) => lines
            .as_slice()
            .iter()
            .map(|line| match line {
                AMQPValue::LongString(line) => line.to_string(),
                other => format!("{other:?}"),
            })
            .collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn header(delivery: &Delivery, name: &str) -> String {
    match delivery
        .properties
        .headers()
        .as_ref()
        .and_then(|headers| headers.inner().get(name))
    {
        Some(AMQPValue::LongString(value)) => value.to_string(),
        other => format!("{other:?}"),
    }
}
