//! One link at a time, and what happens when it is lost.
//!
//! ```text
//! supervisor
//!  `- link: two connections, since RabbitMQ blocks those that publish when it is short of memory or disk, and what was
//!     |     judged must be settled all the same
//!     |- consumers: one per slot and some ahead of them, which take submissions
//!     |- a look at the bulk queue every now and then
//!     `- control messages
//! ```

use std::sync::Arc;

use backon::Retryable as _;
use futures::StreamExt as _;
use lapin::Channel;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::backoff::of_a_service;
use crate::broker::connection::place;
use crate::broker::consumers::control::ControlConsumers;
use crate::broker::consumers::slots::Slots;
use crate::broker::consumers::{ConsumerState, Consumers, Rank, SubmissionChannel};
use crate::broker::error::LinkError;
use crate::broker::link::{Link, Opened, close, connect, events};
use crate::broker::{ControlMessage, Delivery, TopologyError};
use crate::config::BrokerSettings;
use crate::telemetry::metrics;

enum Event {
    Connection(Box<lapin::Event>),
    Ended(Result<(), LinkError>),
    Broken,
    Close,
}

/// Makes a link, and makes it again when it is lost.
pub(super) struct LinkSupervisor {
    pub(super) settings: Arc<BrokerSettings>,
    pub(super) worker: String,
    pub(super) slots: Arc<Slots>,
    pub(super) links: watch::Sender<Option<Arc<Link>>>,
    pub(super) deliveries: mpsc::Sender<Delivery>,
    pub(super) control: mpsc::Sender<ControlMessage>,
    pub(super) state: watch::Receiver<ConsumerState>,
    pub(super) close: CancellationToken,
}

impl LinkSupervisor {
    /// Watches one link after the other, from the first on, until the broker is closed.
    pub(super) async fn run(self, first: Opened) {
        let mut next = Some(first);
        while let Some(opened) = next.take() {
            let tasks = self.consume(opened.submissions, opened.looking, opened.control);
            let link = Arc::new(opened.link);
            self.links.send_replace(Some(Arc::clone(&link)));
            let reason = self.watch_until_lost(&link, tasks).await;
            // Deliveries in hand that came over it know from now on.
            link.broken.cancel();
            self.links.send_replace(None);
            close(&link).await;
            let Some(reason) = reason else {
                return;
            };
            tracing::warn!(%reason, "the connection to RabbitMQ is lost; it is made again");
            next = self.reconnect().await;
        }
    }

    fn consume(
        &self,
        submissions: SubmissionChannel,
        looking: Channel,
        control: ControlConsumers,
    ) -> JoinSet<Result<(), LinkError>> {
        let consumers = Arc::new(Consumers::new(
            Arc::clone(&self.settings),
            submissions,
            Arc::clone(&self.slots),
            self.state.clone(),
            self.deliveries.clone(),
        ));
        let mut tasks = JoinSet::new();
        let (slots, ahead) = (self.slots.number(), usize::from(self.settings.prefetch));
        for number in 1..=slots + ahead {
            let rank = if number <= slots { Rank::OfSlot } else { Rank::Ahead };
            tasks.spawn(Arc::clone(&consumers).consume(number, rank));
        }
        tasks.spawn(consumers.poll_bulk(looking));
        tasks.spawn(control.pass_on(self.control.clone()));
        tasks
    }

    /// Waits until the link is lost (`Some` reason) or no longer wanted.
    async fn watch_until_lost(&self, link: &Link, mut tasks: JoinSet<Result<(), LinkError>>) -> Option<LinkError> {
        let mut events = events(link);
        loop {
            let event = tokio::select! {
                () = self.close.cancelled() => Event::Close,
                () = link.broken.cancelled() => Event::Broken,
                Some(event) = events.next() => Event::Connection(Box::new(event)),
                Some(ended) = tasks.join_next() => Event::Ended(ended.unwrap_or(Err(LinkError::ConsumerEnded))),
            };
            match event {
                Event::Close => return None,
                Event::Broken => return Some(LinkError::PublishingFailed),
                Event::Ended(Err(error)) => return Some(error),
                // A consumer ends when nothing is to be taken any more.
                Event::Ended(Ok(())) => {}
                Event::Connection(event) => match *event {
                    lapin::Event::Error(error) => return Some(error.into()),
                    lapin::Event::ConnectionBlocked(reason) => {
                        tracing::warn!(reason, "RabbitMQ accepts no messages for now; verdicts wait");
                    }
                    lapin::Event::ConnectionUnblocked => tracing::info!("RabbitMQ accepts messages again"),
                    _ => {}
                },
            }
        }
    }

    async fn reconnect(&self) -> Option<Opened> {
        tokio::select! {
            () = self.close.cancelled() => None,
            connected = self.connect_with_retry() => match connected {
                Ok(connected) => Some(connected),
                Err(error) => {
                    tracing::error!(%error, "RabbitMQ came back with an incompatible topology; this worker stops");
                    None
                }
            },
        }
    }

    /// Tries until it works, with a line per attempt. Only a topology that cannot be used is an error.
    pub(super) async fn connect_with_retry(&self) -> Result<Opened, TopologyError> {
        let broker = place(&self.settings);
        let connected = (|| connect(&self.settings, &self.worker))
            .retry(of_a_service())
            .when(|error| !matches!(error, LinkError::Topology(error) if error.is_final()))
            .notify(|error, delay| tracing::warn!(broker, %error, ?delay, "RabbitMQ cannot be used; it is tried again after the delay"))
            .await;
        let (queue, slots) = (&self.settings.queue, self.slots.number());
        match connected {
            Ok(connected) => {
                metrics().messages.connections.inc();
                tracing::info!(
                    broker = connected.node,
                    queue,
                    slots,
                    "the worker is connected to RabbitMQ and takes submissions"
                );
                Ok(connected)
            }
            Err(LinkError::Topology(error)) => Err(error),
            // The others are tried again for ever, so it never ends with one of them.
            Err(other) => Err(TopologyError {
                kind: "queue",
                name: queue.clone(),
                source: lapin::Error::from(std::io::Error::other(other)),
            }),
        }
    }
}
