//! A site that sends submissions, is answered in the queue of all verdicts only, and looks at it when everything is over.

use assize::config::BrokerSettings;
use assize::contract::SubmissionMessage;
use lapin::message::Delivery;
use lapin::options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};

/// A connection of its own, which may be lost.
pub(crate) struct Site {
    /// Where it is not that of a caller.
    _connection: Option<Connection>,
    channel: Channel,
    broker: BrokerSettings,
}

impl Site {
    pub(crate) async fn connect(broker: &BrokerSettings) -> Result<Self, lapin::Error> {
        let connection = Connection::connect(&broker.url, ConnectionProperties::default()).await?;
        let site = Self::over(&connection, broker).await?;
        Ok(Self {
            _connection: Some(connection),
            ..site
        })
    }

    /// Over a connection of the caller.
    pub(crate) async fn over(connection: &Connection, broker: &BrokerSettings) -> Result<Self, lapin::Error> {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self {
            _connection: None,
            channel,
            broker: broker.clone(),
        })
    }

    /// Returns when the broker has it. After an error it may have it, too.
    pub(crate) async fn send(&self, message: &SubmissionMessage) -> Result<(), lapin::Error> {
        let body = serde_json::to_vec(message).unwrap();
        let properties = BasicProperties::default()
            .with_delivery_mode(2)
            .with_message_id(message.id.to_string().into());
        let options = BasicPublishOptions {
            mandatory: true,
            ..Default::default()
        };
        let (exchange, key) = (self.broker.exchange.as_str().into(), self.broker.queue.as_str().into());
        let confirmation = self
            .channel
            .basic_publish(exchange, key, options, &body, properties)
            .await?
            .await?;
        assert!(matches!(confirmation, Confirmation::Ack(None)), "{confirmation:?}");
        Ok(())
    }

    /// Submissions that no worker has in hand.
    pub(crate) async fn waiting(&self) -> Result<u32, lapin::Error> {
        // In the order in which messages move, so that none is overlooked on its way.
        let later = self.ready(&self.broker.later_queue).await?;
        Ok(later + self.ready(&self.broker.queue).await?)
    }

    pub(crate) async fn announced(&self) -> Result<u32, lapin::Error> {
        self.ready(&self.broker.verdict_queue).await
    }

    /// Takes everything that was announced.
    pub(crate) async fn take_announced(&self) -> Vec<Delivery> {
        self.take_all(&self.broker.verdict_queue).await
    }

    /// Takes everything that was given up.
    pub(crate) async fn take_dead(&self) -> Vec<Delivery> {
        self.take_all(&self.broker.dead_letter_queue).await
    }

    async fn take_all(&self, queue: &str) -> Vec<Delivery> {
        let mut taken = Vec::new();
        let options = BasicGetOptions { no_ack: true };
        while let Some(got) = self.channel.basic_get(queue.into(), options).await.unwrap() {
            taken.push(got.delivery);
        }
        taken
    }

    async fn ready(&self, queue: &str) -> Result<u32, lapin::Error> {
        let options = QueueDeclareOptions {
            passive: true,
            ..Default::default()
        };
        let queue = self.channel.queue_declare(queue.into(), options, FieldTable::default());
        Ok(queue.await?.message_count())
    }
}
