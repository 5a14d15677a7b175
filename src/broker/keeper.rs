//! One link at a time, and what happens when it is lost.
//!
//! ```text
//! keeper
//!  `- link: two connections, since RabbitMQ blocks those that publish when it is short of memory or disk, and what was
//!     |     judged must be settled all the same
//!     |- lanes: a lane per slot that takes submissions
//!     |- a look at the bulk queue every now and then
//!     `- control messages
//! ```

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use futures::StreamExt as _;
use lapin::Channel;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::broker::control::ControlConsumers;
use crate::broker::lanes::{Lanes, Taking};
use crate::broker::link::{Link, LinkError, Opened, connect, redacted, say_goodbye, what_is_said};
use crate::broker::{ControlMessage, Delivery, TopologyError};
use crate::config::BrokerSettings;

/// Control messages that nobody has read yet.
const CONTROL_UNDER_WAY: usize = 64;

/// The worker's end of RabbitMQ. Clones share one link.
#[derive(Debug, Clone)]
pub struct Broker {
    pub(super) settings: Arc<BrokerSettings>,
    pub(super) worker: Arc<str>,
    links: watch::Receiver<Option<Arc<Link>>>,
    taking: Arc<watch::Sender<Taking>>,
    close: CancellationToken,
    task: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
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
    Said(Box<lapin::Event>),
    Ended(Result<(), LinkError>),
    Broken,
    Close,
}

impl Broker {
    /// Connects, and stays connected until [`Broker::close`]. At most `slots` submissions are unsettled at a time. Whoever
    /// `keeps` control messages gets those that are to be kept.
    ///
    /// # Errors
    /// When the topology of the broker is incompatible. A broker that is away is waited for.
    pub async fn start(
        settings: &BrokerSettings,
        worker: &str,
        slots: u16,
        keeps: bool,
    ) -> Result<(Self, Incoming), TopologyError> {
        let settings = Arc::new(settings.clone());
        let (link_sender, links) = watch::channel(None);
        let (delivery_sender, deliveries) = mpsc::channel(usize::from(slots.max(1)));
        let (control_sender, control) = mpsc::channel(CONTROL_UNDER_WAY);
        let (taking, close) = (Arc::new(watch::Sender::new(Taking::Yes)), CancellationToken::new());
        let keeper = LinkKeeper {
            settings: Arc::clone(&settings),
            worker: worker.to_owned(),
            keeps,
            slots: Arc::new(Semaphore::new(usize::from(slots.max(1)))),
            lanes: usize::from(slots.max(1)),
            links: link_sender,
            deliveries: delivery_sender,
            control: control_sender,
            taking: taking.subscribe(),
            close: close.clone(),
        };
        let first = keeper.connect_for_ever().await?;
        let task = Arc::new(tokio::sync::Mutex::new(Some(tokio::spawn(keeper.keep(first)))));
        let broker = Self {
            settings,
            worker: worker.into(),
            links,
            taking,
            close,
            task,
        };
        Ok((broker, Incoming { deliveries, control }))
    }

    /// Takes no submissions for now; what was delivered and not begun goes back.
    pub fn pause_consuming(&self) {
        self.turn(Taking::Paused);
    }

    /// Takes submissions again.
    pub fn resume_consuming(&self) {
        self.turn(Taking::Yes);
    }

    /// Takes no more submissions. Publishing and settling go on.
    pub fn stop_consuming(&self) {
        self.turn(Taking::Stopped);
    }

    fn turn(&self, to: Taking) {
        self.taking.send_if_modified(|taking| {
            let turns = *taking != Taking::Stopped && *taking != to;
            if turns {
                *taking = to;
            }
            turns
        });
    }

    /// Says good-bye. What is not settled goes back to the queue.
    pub async fn close(&self) {
        self.close.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the task that keeps the connection to RabbitMQ failed");
        }
    }

    /// The link, if there is one now.
    pub(super) fn link_now(&self) -> Option<Arc<Link>> {
        self.links.borrow().clone()
    }

    /// The link, as soon as there is one; `None` once the broker was closed.
    pub(super) async fn link(&self) -> Option<Arc<Link>> {
        let mut links = self.links.clone();
        let found = links
            .wait_for(|link| link.as_ref().is_some_and(|link| !link.broken.is_cancelled()))
            .await;
        found.ok().and_then(|link| link.clone())
    }
}

struct LinkKeeper {
    settings: Arc<BrokerSettings>,
    worker: String,
    keeps: bool,
    slots: Arc<Semaphore>,
    lanes: usize,
    links: watch::Sender<Option<Arc<Link>>>,
    deliveries: mpsc::Sender<Delivery>,
    control: mpsc::Sender<ControlMessage>,
    taking: watch::Receiver<Taking>,
    close: CancellationToken,
}

impl LinkKeeper {
    async fn keep(self, first: Opened) {
        let mut next = Some(first);
        while let Some(opened) = next.take() {
            let tasks = self.consume(opened.submissions, opened.looking, opened.control);
            let link = Arc::new(opened.link);
            self.links.send_replace(Some(Arc::clone(&link)));
            let reason = self.use_up(&link, tasks).await;
            self.links.send_replace(None);
            say_goodbye(&link).await;
            let Some(reason) = reason else {
                return;
            };
            tracing::warn!(reason, "lost RabbitMQ; connecting again");
            next = self.reconnect().await;
        }
    }

    fn consume(
        &self,
        submissions: Channel,
        looking: Channel,
        control: ControlConsumers,
    ) -> JoinSet<Result<(), LinkError>> {
        let lanes = Arc::new(Lanes::new(
            Arc::clone(&self.settings),
            submissions,
            Arc::clone(&self.slots),
            self.taking.clone(),
            self.deliveries.clone(),
        ));
        let mut tasks = JoinSet::new();
        for number in 1..=self.lanes {
            tasks.spawn(Arc::clone(&lanes).lane(number));
        }
        tasks.spawn(lanes.look_at_bulk(looking));
        tasks.spawn(control.pass_on(self.control.clone()));
        tasks
    }

    /// Waits until the link is lost (`Some` reason) or no longer wanted.
    async fn use_up(&self, link: &Link, mut tasks: JoinSet<Result<(), LinkError>>) -> Option<String> {
        let mut said = what_is_said(link);
        loop {
            let event = tokio::select! {
                () = self.close.cancelled() => Event::Close,
                () = link.broken.cancelled() => Event::Broken,
                Some(said) = said.next() => Event::Said(Box::new(said)),
                Some(ended) = tasks.join_next() => Event::Ended(ended.unwrap_or(Err(LinkError::ConsumerEnded))),
            };
            match event {
                Event::Close => return None,
                Event::Broken => return Some("publishing failed".to_owned()),
                Event::Ended(Err(error)) => return Some(error.to_string()),
                // A lane ends when nothing is to be taken any more.
                Event::Ended(Ok(())) => {}
                Event::Said(said) => match *said {
                    lapin::Event::Error(error) => return Some(error.to_string()),
                    lapin::Event::ConnectionBlocked(reason) => {
                        tracing::warn!(reason, "RabbitMQ takes no messages for now; verdicts wait");
                    }
                    lapin::Event::ConnectionUnblocked => tracing::info!("RabbitMQ takes messages again"),
                    _ => {}
                },
            }
        }
    }

    async fn reconnect(&self) -> Option<Opened> {
        tokio::select! {
            () = self.close.cancelled() => None,
            connected = self.connect_for_ever() => match connected {
                Ok(connected) => Some(connected),
                Err(error) => {
                    tracing::error!(%error, "RabbitMQ came back with an incompatible topology; this worker stops");
                    None
                }
            },
        }
    }

    /// Tries until it works, with a line per attempt. Only a topology that cannot be used is an error.
    async fn connect_for_ever(&self) -> Result<Opened, TopologyError> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(5))
            .with_jitter()
            .without_max_times();
        let broker = redacted(&self.settings.url);
        let connected = (|| connect(&self.settings, &self.worker, self.keeps))
            .retry(backoff)
            .when(|error| !matches!(error, LinkError::Topology(error) if error.is_final()))
            .notify(|error, delay| tracing::warn!(broker, "RabbitMQ: {error}; next attempt in {delay:.1?}"))
            .await;
        let (queue, slots) = (&self.settings.queue, self.lanes);
        match connected {
            Ok(connected) => {
                tracing::info!(broker, queue, slots, "connected to RabbitMQ, taking submissions");
                Ok(connected)
            }
            Err(LinkError::Topology(error)) => Err(error),
            // The others are tried again for ever, so it never ends with one of them.
            Err(other) => Err(TopologyError {
                kind: "queue",
                name: queue.clone(),
                source: lapin::Error::from(std::io::Error::other(other.to_string())),
            }),
        }
    }
}
