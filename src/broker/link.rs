//! One connection at a time, and what happens when it is lost.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use futures::StreamExt as _;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, ConfirmSelectOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties, Consumer};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::broker::topology::declare;
use crate::broker::{Delivery, TopologyError};
use crate::config::BrokerSettings;

/// How long connecting may take: the client has no deadline of its own for the handshake.
const CONNECTING_TAKES_AT_MOST: Duration = Duration::from_secs(15);

/// How long saying good-bye may take.
const CLOSING_TAKES_AT_MOST: Duration = Duration::from_secs(5);

const CONSUMER_TAG: &str = "assize-worker";

/// The worker's end of RabbitMQ. Clones share one link.
#[derive(Debug, Clone)]
pub struct Broker {
    pub(super) settings: Arc<BrokerSettings>,
    pub(super) worker: Arc<str>,
    links: watch::Receiver<Option<Arc<Link>>>,
    stop_consuming: CancellationToken,
    close: CancellationToken,
    task: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

/// A connection with its two channels.
#[derive(Debug)]
pub(super) struct Link {
    connection: Connection,
    consuming: Channel,
    pub(super) publishing: Channel,
    /// Whoever finds the link broken says so here.
    pub(super) broken: CancellationToken,
}

impl Link {
    /// RabbitMQ lacks memory or disk, and takes no message.
    pub(super) fn is_blocked(&self) -> bool {
        self.connection.status().blocked()
    }
}

#[derive(Debug, Error)]
pub(super) enum LinkError {
    #[error("{0}")]
    Amqp(#[from] lapin::Error),
    #[error("no answer within {0:?}")]
    Silent(Duration),
    #[error(transparent)]
    Topology(#[from] TopologyError),
}

enum Event {
    Delivery(Box<lapin::message::Delivery>),
    Lost(String),
    StopConsuming,
    Close,
}

impl Broker {
    /// Connects, and stays connected until [`Broker::close`]. Deliveries come out of the receiver, at most `slots` of
    /// them unsettled.
    ///
    /// # Errors
    /// When the topology of the broker is incompatible. A broker that is away is waited for.
    pub async fn start(
        settings: &BrokerSettings,
        worker: &str,
        slots: u16,
    ) -> Result<(Self, mpsc::Receiver<Delivery>), TopologyError> {
        let settings = Arc::new(settings.clone());
        let first = connect_for_ever(&settings, worker, slots).await?;
        let (link_sender, links) = watch::channel(None);
        let (delivery_sender, deliveries) = mpsc::channel(usize::from(slots.max(1)));
        let (stop_consuming, close) = (CancellationToken::new(), CancellationToken::new());
        let keeper = LinkKeeper {
            settings: Arc::clone(&settings),
            worker: worker.to_owned(),
            slots,
            links: link_sender,
            deliveries: delivery_sender,
            stop_consuming: stop_consuming.clone(),
            close: close.clone(),
        };
        let task = Arc::new(tokio::sync::Mutex::new(Some(tokio::spawn(keeper.keep(first)))));
        Ok((
            Self {
                settings,
                worker: worker.into(),
                links,
                stop_consuming,
                close,
                task,
            },
            deliveries,
        ))
    }

    /// Takes no more submissions. Publishing and settling go on.
    pub fn stop_consuming(&self) {
        self.stop_consuming.cancel();
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
    slots: u16,
    links: watch::Sender<Option<Arc<Link>>>,
    deliveries: mpsc::Sender<Delivery>,
    stop_consuming: CancellationToken,
    close: CancellationToken,
}

impl LinkKeeper {
    async fn keep(self, first: (Link, Consumer)) {
        let mut next = Some(first);
        while let Some((link, consumer)) = next.take() {
            let link = Arc::new(link);
            self.links.send_replace(Some(Arc::clone(&link)));
            let reason = self.use_up(&link, consumer).await;
            self.links.send_replace(None);
            say_goodbye(&link).await;
            let Some(reason) = reason else {
                return;
            };
            tracing::warn!(reason, "lost RabbitMQ; connecting again");
            next = self.reconnect().await;
        }
    }

    /// Passes deliveries on until the link is lost (`Some` reason) or no longer wanted.
    async fn use_up(&self, link: &Link, mut consumer: Consumer) -> Option<String> {
        let mut consuming = true;
        loop {
            let event = tokio::select! {
                () = self.close.cancelled() => Event::Close,
                () = link.broken.cancelled() => Event::Lost("publishing failed".to_owned()),
                () = self.stop_consuming.cancelled(), if consuming => Event::StopConsuming,
                next = consumer.next(), if consuming => match next {
                    Some(Ok(delivery)) => Event::Delivery(Box::new(delivery)),
                    Some(Err(error)) => Event::Lost(error.to_string()),
                    None => Event::Lost("the broker ended the consumer".to_owned()),
                },
            };
            match event {
                Event::Close => return None,
                Event::Lost(reason) => return Some(reason),
                Event::StopConsuming => {
                    consuming = false;
                    cancel_consumer(link).await;
                }
                Event::Delivery(delivery) => {
                    // The receiver is gone only when the worker is; the message goes back when the link closes.
                    if self.deliveries.send(Delivery::of(*delivery)).await.is_err() {
                        consuming = false;
                    }
                }
            }
        }
    }

    async fn reconnect(&self) -> Option<(Link, Consumer)> {
        let connecting = connect_for_ever(&self.settings, &self.worker, self.slots);
        tokio::select! {
            () = self.close.cancelled() => None,
            connected = connecting => match connected {
                Ok(connected) => Some(connected),
                Err(error) => {
                    tracing::error!(%error, "RabbitMQ came back with an incompatible topology; this worker stops");
                    None
                }
            },
        }
    }
}

async fn cancel_consumer(link: &Link) {
    let cancel = link
        .consuming
        .basic_cancel(CONSUMER_TAG.into(), BasicCancelOptions::default());
    match timeout(CLOSING_TAKES_AT_MOST, cancel).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "cannot cancel the consumer; the connection will be closed anyway"),
        Err(_elapsed) => tracing::warn!("RabbitMQ does not answer to the end of consuming"),
    }
}

async fn say_goodbye(link: &Link) {
    if !link.connection.status().connected() {
        return;
    }
    if let Ok(Err(error)) = timeout(CLOSING_TAKES_AT_MOST, link.connection.close(200, "bye".into())).await {
        tracing::debug!(%error, "RabbitMQ was gone before the connection could be closed");
    }
}

/// Tries until it works, with a line per attempt. Only a topology that cannot be used is an error.
async fn connect_for_ever(
    settings: &BrokerSettings,
    worker: &str,
    slots: u16,
) -> Result<(Link, Consumer), TopologyError> {
    let backoff = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times();
    let url = redacted(&settings.url);
    let connected = (|| connect(settings, worker, slots))
        .retry(backoff)
        .when(|error| !matches!(error, LinkError::Topology(error) if error.is_final()))
        .notify(|error, delay| tracing::warn!(broker = url, "RabbitMQ: {error}; next attempt in {delay:.1?}"))
        .await;
    match connected {
        Ok(connected) => {
            tracing::info!(
                broker = url,
                queue = settings.queue,
                slots,
                "connected to RabbitMQ, taking submissions"
            );
            Ok(connected)
        }
        Err(LinkError::Topology(error)) => Err(error),
        Err(LinkError::Amqp(source)) => Err(TopologyError {
            kind: "queue",
            name: settings.queue.clone(),
            source,
        }),
        // It is retried for ever, so it never ends with this.
        Err(LinkError::Silent(after)) => {
            let source = lapin::Error::from(std::io::Error::other(format!("no answer within {after:?}")));
            Err(TopologyError {
                kind: "queue",
                name: settings.queue.clone(),
                source,
            })
        }
    }
}

async fn connect(settings: &BrokerSettings, worker: &str, slots: u16) -> Result<(Link, Consumer), LinkError> {
    timeout(CONNECTING_TAKES_AT_MOST, async {
        let connection = open(&settings.url, &format!("assize worker {worker}")).await?;
        let publishing = connection.create_channel().await?;
        publishing.confirm_select(ConfirmSelectOptions::default()).await?;
        declare(&publishing, settings).await?;
        let consuming = connection.create_channel().await?;
        consuming.basic_qos(slots.max(1), BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        let queue = settings.queue.as_str().into();
        let consumer = consuming
            .basic_consume(queue, CONSUMER_TAG.into(), options, FieldTable::default())
            .await?;
        let link = Link {
            connection,
            consuming,
            publishing,
            broken: CancellationToken::new(),
        };
        Ok((link, consumer))
    })
    .await
    .map_err(|_elapsed| LinkError::Silent(CONNECTING_TAKES_AT_MOST))?
}

pub(super) async fn open(url: &str, name: &str) -> Result<Connection, lapin::Error> {
    Connection::connect(url, ConnectionProperties::default().with_connection_name(name.into())).await
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
