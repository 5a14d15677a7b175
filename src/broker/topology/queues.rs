//! The queues as RabbitMQ sees them now: what waits in each, and how many consume it.

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::{Connection, ErrorKind, Queue};
use thiserror::Error;

use crate::broker::connection::step::{StepError, within};
use crate::broker::connection::{open, place};
use crate::config::BrokerSettings;

/// What RabbitMQ answers where a queue is not there.
const NOT_FOUND: u16 = 404;

/// RabbitMQ does not say how its queues are.
#[derive(Debug, Error)]
#[error("RabbitMQ at {broker}: {source}; is it running, and is the setting broker.url right?")]
pub struct QueueError {
    /// Address without the password.
    broker: String,
    /// What went wrong.
    source: StepError,
}

/// What a queue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum QueuePurpose {
    /// Submissions.
    Work,
    /// Submissions that may wait.
    Bulk,
    /// Submissions that another worker has in hand.
    Later,
    /// Messages that were given up.
    Dead,
    /// Messages that cannot be judged as their senders wrote them.
    Rejected,
    /// Verdicts that nothing has consumed yet.
    Verdicts,
}

/// A queue now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatus {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: QueuePurpose,
    /// Its figures; `None`: it is not there, since no worker has declared it.
    pub depth: Option<QueueDepth>,
}

/// The figures of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueDepth {
    /// Messages that no consumer has in hand.
    pub waiting: u32,
    /// Who consumes it.
    pub consumers: u32,
}

/// A connection over which the queues are looked at.
#[derive(Debug)]
pub struct QueueWatch {
    connection: Connection,
    settings: BrokerSettings,
}

impl QueuePurpose {
    /// The word for it, such as `work`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl QueueWatch {
    /// Connects.
    ///
    /// # Errors
    /// When the broker cannot be reached.
    pub async fn open(settings: &BrokerSettings) -> Result<Self, QueueError> {
        let connection = step(settings, open(settings, "assize status")).await?;
        Ok(Self {
            connection,
            settings: settings.clone(),
        })
    }

    /// Looks at every queue of the settings.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn look(&self) -> Result<Vec<QueueStatus>, QueueError> {
        let settings = &self.settings;
        let queues = [
            (&settings.queue, QueuePurpose::Work),
            (&settings.bulk_queue, QueuePurpose::Bulk),
            (&settings.later_queue, QueuePurpose::Later),
            (&settings.dead_letter_queue, QueuePurpose::Dead),
            (&settings.rejected_queue, QueuePurpose::Rejected),
            (&settings.verdict_queue, QueuePurpose::Verdicts),
        ];
        let mut found = Vec::new();
        // An empty name: there is no such queue.
        for (name, purpose) in queues.into_iter().filter(|(name, _purpose)| !name.is_empty()) {
            found.push(QueueStatus {
                name: name.clone(),
                purpose,
                depth: step(settings, depth(&self.connection, name)).await?,
            });
        }
        Ok(found)
    }
}

/// The figures of a queue, if it is there.
pub(in crate::broker) async fn depth(connection: &Connection, queue: &str) -> Result<Option<QueueDepth>, lapin::Error> {
    // A queue that is not there costs the channel.
    let channel = connection.create_channel().await?;
    let passive = QueueDeclareOptions {
        passive: true,
        ..Default::default()
    };
    match channel
        .queue_declare(queue.into(), passive, FieldTable::default())
        .await
    {
        Ok(found) => {
            channel.close(200, "bye".into()).await?;
            Ok(Some(QueueDepth::of(&found)))
        }
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

impl QueueDepth {
    fn of(queue: &Queue) -> Self {
        Self {
            waiting: queue.message_count(),
            consumers: queue.consumer_count(),
        }
    }
}

fn is_not_found(error: &lapin::Error) -> bool {
    matches!(error.kind(), ErrorKind::ProtocolError(error) if error.get_id() == NOT_FOUND)
}

async fn step<T, E>(settings: &BrokerSettings, asking: impl Future<Output = Result<T, E>>) -> Result<T, QueueError>
where
    StepError: From<E>,
{
    within(asking).await.map_err(|source| QueueError {
        broker: place(settings),
        source,
    })
}
