//! Sites that consume every verdict, each from a queue of its own, and note what they receive.

use std::collections::HashSet;
use std::time::Duration;

use assize::config::BrokerSettings;
use futures::StreamExt as _;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Connection, Consumer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::link::connect;
use crate::chaos::pause;
use crate::history::{Answer, Recorder, What};

/// How long a node may take for one thing before another one is asked.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often a site looks whether it is connected still.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A pause before another node is asked.
const PAUSE: Duration = Duration::from_millis(500);

/// A site with a queue for every verdict.
pub(super) struct Listener {
    broker: BrokerSettings,
    name: &'static str,
    recorder: Recorder,
    received: HashSet<Uuid>,
    /// On how many submissions it received a verdict.
    count: watch::Sender<usize>,
}

impl Listener {
    pub(super) fn new(broker: &BrokerSettings, name: &'static str, recorder: &Recorder) -> Self {
        Self {
            broker: broker.clone(),
            name,
            recorder: recorder.clone(),
            received: HashSet::new(),
            count: watch::Sender::new(0),
        }
    }

    pub(super) fn count(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    /// Makes the queue, so that nothing is published before it is there.
    pub(super) async fn bind(&self) {
        let (_connection, consumer) = self.consume(0).await.unwrap();
        drop(consumer);
    }

    /// Consumes over as many connections as it takes.
    pub(super) async fn listen(mut self, over: CancellationToken) {
        for turn in 1.. {
            if over.run_until_cancelled(self.hear(turn)).await.is_none() {
                return;
            }
            pause(PAUSE).await;
        }
    }

    /// Ends with the connection.
    async fn hear(&mut self, turn: usize) {
        let Some((connection, mut consumer)) = self.consume(turn).await else {
            return;
        };
        while connection.status().connected() {
            // The consumer of a connection that is lost does not always end.
            let delivery = match timeout(LOOK_EVERY, consumer.next()).await {
                Ok(Some(Ok(delivery))) => delivery,
                Ok(_ended) => return,
                Err(_elapsed) => continue,
            };
            let document: Value = serde_json::from_slice(&delivery.data).unwrap();
            let answer = answer_of(&document);
            self.received.insert(answer.id);
            let consumer = self.name.to_owned();
            self.recorder.record(What::Received { consumer, answer });
            self.count.send_replace(self.received.len());
            let acked = timeout(PATIENCE, delivery.acker.ack(BasicAckOptions::default())).await;
            if !matches!(acked, Ok(Ok(true))) {
                println!("{}: a delivery could not be settled: {acked:?}", self.name);
                return;
            }
        }
    }

    async fn consume(&self, turn: usize) -> Option<(Connection, Consumer)> {
        let (connection, _site) = connect(&self.broker, turn).await?;
        let asking = async {
            let channel = connection.create_channel().await?;
            let queue = format!("{}.{}", self.broker.verdict_queue, self.name);
            let options = QueueDeclareOptions {
                durable: true,
                ..Default::default()
            };
            let mut quorum = FieldTable::default();
            quorum.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
            channel.queue_declare(queue.as_str().into(), options, quorum).await?;
            let exchange = self.broker.verdict_exchange.as_str().into();
            let (options, nothing) = (QueueBindOptions::default(), FieldTable::default);
            channel
                .queue_bind(queue.as_str().into(), exchange, "verdict.#".into(), options, nothing())
                .await?;
            let options = BasicConsumeOptions::default();
            channel
                .basic_consume(queue.as_str().into(), self.name.into(), options, nothing())
                .await
        };
        let consumer = timeout(PATIENCE, asking).await.ok()?.ok()?;
        Some((connection, consumer))
    }
}

/// What a document says.
pub(super) fn answer_of(document: &Value) -> Answer {
    let id = |name: &str| document[name].as_str().unwrap().parse().unwrap();
    Answer {
        id: id("id"),
        verdict_id: id("verdict_id"),
        verdict: document["verdict"].as_str().unwrap().to_owned(),
        sha256: hex::encode(Sha256::digest(document.to_string())),
    }
}

/// Notes every verdict that the database holds.
pub(super) async fn note_stored(database: &str, recorder: &Recorder) {
    let mut database = PgConnection::connect(database).await.unwrap();
    let documents: Vec<String> = sqlx::query_scalar("SELECT document::text FROM verdicts")
        .fetch_all(&mut database)
        .await
        .unwrap();
    for document in documents {
        let answer = answer_of(&serde_json::from_str(&document).unwrap());
        recorder.record(What::Stored { answer });
    }
}
