//! A worker's end of RabbitMQ: what the rest of the worker starts, pauses and closes.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::broker::consumers::ConsumerState;
use crate::broker::consumers::slots::Slots;
use crate::broker::link::Link;
use crate::broker::link::supervisor::LinkSupervisor;
use crate::broker::{ControlMessage, Delivery, TopologyError};
use crate::config::BrokerSettings;

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
    /// Submissions, at most as many unsettled as there are slots: those that were fetched ahead wait for one.
    pub deliveries: mpsc::Receiver<Delivery>,
    /// Messages to the workers themselves.
    pub control: mpsc::Receiver<ControlMessage>,
}

impl Broker {
    /// Connects, and stays connected until [`Broker::close`]. At most `slots` submissions are handed out at a time, and at most
    /// `broker.prefetch` more are in hand.
    ///
    /// # Errors
    /// When the topology of the broker is incompatible. A broker that is away is waited for.
    pub async fn start(settings: &BrokerSettings, worker: &str, slots: u16) -> Result<(Self, Incoming), TopologyError> {
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
            slots: Arc::new(Slots::new(usize::from(slots.max(1)))),
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
