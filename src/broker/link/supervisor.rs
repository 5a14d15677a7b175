//! One link at a time, and what happens when it is lost.
//!
//! ```text
//! supervisor
//!  `- link: two connections, since RabbitMQ blocks those that publish when it is short of memory or disk, and what was
//!     |     judged must be settled all the same
//!     |- consumers: one per slot, which takes submissions
//!     |- a look at the bulk queue every now and then
//!     `- control messages
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use backon::Retryable as _;
use futures::StreamExt as _;
use lapin::Channel;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::backoff::of_a_service;
use crate::broker::connection::place;
use crate::broker::consumers::control::ControlConsumers;
use crate::broker::consumers::{ConsumerState, Consumers};
use crate::broker::error::LinkError;
use crate::broker::link::{Link, Opened, close, connect, events};
use crate::broker::{ControlMessage, Delivery, TopologyError};
use crate::config::BrokerSettings;
use crate::telemetry::metrics;

/// Control messages that wait to be consumed.
const CONTROL_CAPACITY: usize = 64;

/// The worker's end of RabbitMQ. Clones share one link.
#[derive(Debug, Clone)]
pub struct Broker {
    pub(in crate::broker) settings: Arc<BrokerSettings>,
    pub(in crate::broker) worker: Arc<str>,
    links: watch::Receiver<Option<Arc<Link>>>,
    state: Arc<watch::Sender<ConsumerState>>,
    close: CancellationToken,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What comes from RabbitMQ.
#[derive(Debug)]
pub struct Incoming {
    /// Submissions, at most as many unsettled as there are slots.
    pub deliveries: mpsc::Receiver<Delivery>,
    /// Messages to the workers themselves.
    pub control: mpsc::Receiver<ControlMessage>,
}

enum Event {
    Connection(Box<lapin::Event>),
    Ended(Result<(), LinkError>),
    Broken,
    Close,
}

impl Broker {
    /// Connects, and stays connected until [`Broker::close`]. At most `slots` submissions are unsettled at a time. A worker that is
    /// `is_durable_reader` consumes the durable queue of control messages, too.
    ///
    /// # Errors
    /// When the topology of the broker is incompatible. A broker that is away is waited for.
    pub async fn start(
        settings: &BrokerSettings,
        worker: &str,
        slots: u16,
        is_durable_reader: bool,
    ) -> Result<(Self, Incoming), TopologyError> {
        let settings = Arc::new(settings.clone());
        let (link_sender, links) = watch::channel(None);
        let (delivery_sender, deliveries) = mpsc::channel(usize::from(slots.max(1)));
        let (control_sender, control) = mpsc::channel(CONTROL_CAPACITY);
        let (state, close) = (
            Arc::new(watch::Sender::new(ConsumerState::Running)),
            CancellationToken::new(),
        );
        let supervisor = LinkSupervisor {
            settings: Arc::clone(&settings),
            worker: worker.to_owned(),
            is_durable_reader,
            slots: Arc::new(Semaphore::new(usize::from(slots.max(1)))),
            consumers: usize::from(slots.max(1)),
            links: link_sender,
            deliveries: delivery_sender,
            control: control_sender,
            state: state.subscribe(),
            close: close.clone(),
        };
        let first = supervisor.connect_with_retry().await?;
        let task = Arc::new(Mutex::new(Some(tokio::spawn(supervisor.run(first)))));
        let broker = Self {
            settings,
            worker: worker.into(),
            links,
            state,
            close,
            task,
        };
        Ok((broker, Incoming { deliveries, control }))
    }

    /// Takes no submissions for now; what was delivered and not begun goes back.
    pub fn pause_consuming(&self) {
        self.turn(ConsumerState::Paused);
    }

    /// Takes submissions again.
    pub fn resume_consuming(&self) {
        self.turn(ConsumerState::Running);
    }

    /// Takes no more submissions. Publishing and settling go on.
    pub fn stop_consuming(&self) {
        self.turn(ConsumerState::Stopped);
    }

    fn turn(&self, to: ConsumerState) {
        self.state.send_if_modified(|state| {
            let changes = *state != ConsumerState::Stopped && *state != to;
            if changes {
                *state = to;
            }
            changes
        });
    }

    /// Closes the connections. What is not settled goes back to the queue.
    pub async fn close(&self) {
        self.close.cancel();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the task that holds the connection to RabbitMQ failed");
        }
    }

    /// The link, if there is one now.
    pub(in crate::broker) fn link_now(&self) -> Option<Arc<Link>> {
        self.links.borrow().clone()
    }

    /// The link, as soon as there is one; `None` once the broker was closed.
    pub(in crate::broker) async fn link(&self) -> Option<Arc<Link>> {
        let mut links = self.links.clone();
        let found = links
            .wait_for(|link| link.as_ref().is_some_and(|link| !link.broken.is_cancelled()))
            .await;
        found.ok().and_then(|link| link.clone())
    }
}

struct LinkSupervisor {
    settings: Arc<BrokerSettings>,
    worker: String,
    is_durable_reader: bool,
    slots: Arc<Semaphore>,
    consumers: usize,
    links: watch::Sender<Option<Arc<Link>>>,
    deliveries: mpsc::Sender<Delivery>,
    control: mpsc::Sender<ControlMessage>,
    state: watch::Receiver<ConsumerState>,
    close: CancellationToken,
}

impl LinkSupervisor {
    async fn run(self, first: Opened) {
        let mut next = Some(first);
        while let Some(opened) = next.take() {
            let tasks = self.consume(opened.submissions, opened.looking, opened.control);
            let link = Arc::new(opened.link);
            self.links.send_replace(Some(Arc::clone(&link)));
            let reason = self.watch_until_lost(&link, tasks).await;
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
        submissions: Channel,
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
        for number in 1..=self.consumers {
            tasks.spawn(Arc::clone(&consumers).consume(number));
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
    async fn connect_with_retry(&self) -> Result<Opened, TopologyError> {
        let broker = place(&self.settings);
        let connected = (|| connect(&self.settings, &self.worker, self.is_durable_reader))
            .retry(of_a_service())
            .when(|error| !matches!(error, LinkError::Topology(error) if error.is_final()))
            .notify(|error, delay| tracing::warn!(broker, %error, ?delay, "RabbitMQ cannot be used; it is tried again after the delay"))
            .await;
        let (queue, slots) = (&self.settings.queue, self.consumers);
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
