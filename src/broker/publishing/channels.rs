//! The channels with confirms over which a connection publishes, each with one message at a time.
//!
//! The client gives a message that RabbitMQ returns to whichever confirmation of its channel comes next (`lapin`,
//! `Acknowledgements::complete_pending`). Where one message is on its way, that is its own.

use std::sync::{Arc, Mutex, PoisonError};

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Channels at most: as many messages may be unconfirmed. RabbitMQ allows 2047 on a connection unless it is set otherwise.
const MOST_CHANNELS: u16 = 64;

/// Channels of the connection that are none of these: one for progress, and one over which queues are declared.
const OTHER_CHANNELS: u16 = 2;

/// Channels that are opened when they are needed.
#[derive(Debug)]
pub(in crate::broker) struct PublishingChannels {
    idle: Mutex<Vec<Channel>>,
    free: Arc<Semaphore>,
}

/// Room for one message on its way.
pub(in crate::broker) struct ChannelPlace {
    channels: Arc<PublishingChannels>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A channel for one message. It is closed when it is dropped before the message was confirmed.
pub(in crate::broker) struct LentChannel {
    pub(in crate::broker) channel: Channel,
    place: ChannelPlace,
}

impl PublishingChannels {
    /// As many as this connection may have. One is open when this returns, so that a message needs no answer of RabbitMQ to
    /// be sent.
    pub(in crate::broker) async fn of(connection: &Connection) -> Result<Arc<Self>, lapin::Error> {
        let most = match connection.configuration().channel_max() {
            0 => MOST_CHANNELS,
            allowed => allowed.saturating_sub(OTHER_CHANNELS).clamp(1, MOST_CHANNELS),
        };
        Ok(Arc::new(Self {
            idle: Mutex::new(vec![open(connection).await?]),
            free: Arc::new(Semaphore::new(usize::from(most))),
        }))
    }

    /// Room for a message, once there is any. That it takes a while says that RabbitMQ confirms slowly, and not that it is
    /// silent: nothing of this message was sent.
    pub(in crate::broker) async fn place(self: &Arc<Self>) -> ChannelPlace {
        ChannelPlace {
            channels: Arc::clone(self),
            // The semaphore is never closed.
            _permit: Arc::clone(&self.free).acquire_owned().await.ok(),
        }
    }
}

impl ChannelPlace {
    /// A channel of this connection over which nothing is on its way.
    pub(in crate::broker) async fn lend(self, connection: &Connection) -> Result<LentChannel, lapin::Error> {
        let idle = self.channels.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let channel = match idle.filter(|channel| channel.status().connected()) {
            Some(channel) => channel,
            None => open(connection).await?,
        };
        Ok(LentChannel { channel, place: self })
    }
}

impl LentChannel {
    /// The message was confirmed: the channel is good for the next one.
    pub(in crate::broker) fn give_back(self) {
        let idle = &self.place.channels.idle;
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.channel);
    }
}

async fn open(connection: &Connection) -> Result<Channel, lapin::Error> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}
