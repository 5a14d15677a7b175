//! Two connections to RabbitMQ, and what goes over them.

pub(super) mod broker;
pub(super) mod status;
mod supervisor;

use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use lapin::options::BasicQosOptions;
use lapin::{Channel, Connection};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::broker::connection::step::{STEP_TIMEOUT, StepError};
use crate::broker::connection::{CLOSE_TIMEOUT, Nodes};
use crate::broker::consumers::SubmissionChannel;
use crate::broker::consumers::control::ControlConsumers;
use crate::broker::error::LinkError;
use crate::broker::publishing::channels::PublishingChannels;
use crate::broker::topology::declare;
use crate::config::BrokerSettings;

/// Two connections, and what goes over them.
#[derive(Debug)]
pub(super) struct Link {
    consuming: Connection,
    pub(super) publisher: Connection,
    /// Channels with confirms.
    pub(super) publishing: Arc<PublishingChannels>,
    /// A channel without confirms, for what may be lost.
    pub(super) progress: Channel,
    /// Cancelled by whichever part finds the link broken.
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
    /// Where RabbitMQ is, without the password.
    pub(super) node: String,
    pub(super) link: Link,
    pub(super) submissions: SubmissionChannel,
    pub(super) looking: Channel,
    pub(super) control: ControlConsumers,
}

/// Connects, and declares and consumes everything; `worker` names the connections.
pub(super) async fn connect(settings: &BrokerSettings, worker: &str) -> Result<Opened, LinkError> {
    let connecting = async {
        // Both at one node: a link is lost with either of its connections.
        let mut nodes = Nodes::of(settings);
        let publisher = nodes.open(&format!("assize worker {worker}, publishing")).await?;
        let publishing = PublishingChannels::of(&publisher).await?;
        let progress = publisher.create_channel().await?;
        declare(&publisher, settings).await?;
        let consuming = nodes.open(&format!("assize worker {worker}")).await?;
        let submissions = consuming.create_channel().await?;
        // For each consumer, and there is one for each slot.
        submissions.basic_qos(1, BasicQosOptions::default()).await?;
        let looking = consuming.create_channel().await?;
        let control = consuming.create_channel().await?;
        let control = ControlConsumers::start(&control, settings).await?;
        let broken = CancellationToken::new();
        let submissions = SubmissionChannel {
            channel: submissions,
            broken: broken.clone(),
        };
        let link = Link {
            consuming,
            publisher,
            publishing,
            progress,
            broken,
        };
        Ok(Opened {
            node: nodes.latest(),
            link,
            submissions,
            looking,
            control,
        })
    };
    let connected = timeout(STEP_TIMEOUT, connecting).await;
    connected.map_err(|_elapsed| StepError::Silent(STEP_TIMEOUT))?
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
