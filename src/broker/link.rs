//! Two connections to RabbitMQ, and what goes over them.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use lapin::options::{BasicQosOptions, ConfirmSelectOptions};
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};
use thiserror::Error;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::broker::TopologyError;
use crate::broker::control::ControlConsumers;
use crate::broker::topology::declare;
use crate::config::BrokerSettings;

/// How long the broker may take for one thing: the client has no deadlines of its own.
pub(super) const STEP_TIMEOUT: Duration = Duration::from_secs(15);

/// How long saying good-bye may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Two connections, and what goes over them.
#[derive(Debug)]
pub(super) struct Link {
    consuming: Connection,
    publisher: Connection,
    pub(super) publishing: Channel,
    /// A channel without confirms, for what may be lost.
    pub(super) progress: Channel,
    /// Whoever finds the link broken says so here.
    pub(super) broken: CancellationToken,
}

impl Link {
    /// Whether the broker takes no messages for now.
    pub(super) fn is_blocked(&self) -> bool {
        self.publisher.status().blocked()
    }
}

/// A link with everything that is consumed over it.
pub(super) struct Opened {
    pub(super) link: Link,
    pub(super) submissions: Channel,
    pub(super) looking: Channel,
    pub(super) control: ControlConsumers,
}

#[derive(Debug, Error)]
pub(super) enum LinkError {
    #[error("{0}")]
    Amqp(#[from] lapin::Error),
    #[error("no answer within {0:?}")]
    Silent(Duration),
    #[error("the broker ended the consumer")]
    ConsumerEnded,
    #[error(transparent)]
    Topology(#[from] TopologyError),
}

/// Connects, and declares and consumes everything; `worker` names the connections.
pub(super) async fn connect(
    settings: &BrokerSettings,
    worker: &str,
    is_durable_reader: bool,
) -> Result<Opened, LinkError> {
    let connecting = async {
        let publisher = open(settings, &format!("assize worker {worker}, publishing")).await?;
        let publishing = publisher.create_channel().await?;
        publishing.confirm_select(ConfirmSelectOptions::default()).await?;
        let progress = publisher.create_channel().await?;
        declare(&publishing, settings).await?;
        let consuming = open(settings, &format!("assize worker {worker}")).await?;
        let submissions = consuming.create_channel().await?;
        // For each consumer, and there is one for each slot.
        submissions.basic_qos(1, BasicQosOptions::default()).await?;
        let looking = consuming.create_channel().await?;
        let control = consuming.create_channel().await?;
        let control = ControlConsumers::start(&control, settings, is_durable_reader).await?;
        let link = Link {
            consuming,
            publisher,
            publishing,
            progress,
            broken: CancellationToken::new(),
        };
        Ok(Opened {
            link,
            submissions,
            looking,
            control,
        })
    };
    let connected = timeout(STEP_TIMEOUT, connecting).await;
    connected.map_err(|_elapsed| LinkError::Silent(STEP_TIMEOUT))?
}

/// Errors of both connections, and whether the broker takes messages.
pub(super) fn events(link: &Link) -> impl Stream<Item = lapin::Event> + Unpin {
    let both = [&link.consuming, &link.publisher].map(|connection| connection.events_listener().boxed());
    futures::stream::select_all(both)
}

pub(super) async fn close(link: &Link) {
    for connection in [&link.consuming, &link.publisher] {
        if !connection.status().connected() {
            continue;
        }
        let closing = connection.close(200, "bye".into());
        if let Ok(Err(error)) = timeout(CLOSE_TIMEOUT, closing).await {
            tracing::debug!(%error, "RabbitMQ was gone before the connection could be closed");
        }
    }
}

pub(super) async fn open(settings: &BrokerSettings, name: &str) -> Result<Connection, lapin::Error> {
    let mut uri: AMQPUri = settings
        .url
        .parse()
        .map_err(|reason: String| lapin::Error::from(std::io::Error::other(reason)))?;
    uri.query.heartbeat.get_or_insert(settings.heartbeat_s);
    Connection::connect_uri(uri, ConnectionProperties::default().with_connection_name(name.into())).await
}

/// A URL without its password, for logs.
pub fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((credentials, host)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}
