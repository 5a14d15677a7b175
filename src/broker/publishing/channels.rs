//! The channels with confirms over which a connection publishes, each with one message at a time.
//!
//! The client gives a message that RabbitMQ returns to whichever confirmation of its channel comes next (`lapin`,
//! `Acknowledgements::complete_pending`). Where one message is on its way, that is its own.

use std::sync::{Mutex, PoisonError};

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Channels at most: as many messages may be unconfirmed. RabbitMQ allows 2047 on a connection unless it is set otherwise.
const MOST_CHANNELS: u16 = 64;

/// Channels of the connection that are none of these: one for progress, and one over which queues are declared.
const OTHER_CHANNELS: u16 = 2;

/// Channels that are opened when they are needed.
#[derive(Debug)]
pub(in crate::broker) struct PublishingChannels {
    idle: Mutex<Vec<Channel>>,
    free: Semaphore,
}

/// A channel for one message. It is closed when it is dropped before the message was confirmed.
pub(in crate::broker) struct LentChannel<'a> {
    pub(in crate::broker) channel: Channel,
    channels: &'a PublishingChannels,
    _permit: Option<SemaphorePermit<'a>>,
}

impl PublishingChannels {
    /// As many as this connection may have. One is open when this returns, so that a message needs no answer of RabbitMQ to
    /// be sent.
    pub(in crate::broker) async fn of(connection: &Connection) -> Result<Self, lapin::Error> {
        let most = match connection.configuration().channel_max() {
            0 => MOST_CHANNELS,
            allowed => allowed.saturating_sub(OTHER_CHANNELS).clamp(1, MOST_CHANNELS),
        };
        Ok(Self {
            idle: Mutex::new(vec![open(connection).await?]),
            free: Semaphore::new(usize::from(most)),
        })
    }

    /// One over which nothing is on its way, of this connection.
    pub(in crate::broker) async fn lend(&self, connection: &Connection) -> Result<LentChannel<'_>, lapin::Error> {
        // The semaphore is never closed.
        let permit = self.free.acquire().await.ok();
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let channel = match idle.filter(|channel| channel.status().connected()) {
            Some(channel) => channel,
            None => open(connection).await?,
        };
        Ok(LentChannel {
            channel,
            channels: self,
            _permit: permit,
        })
    }
}

impl LentChannel<'_> {
    /// The message was confirmed: the channel is good for the next one.
    pub(in crate::broker) fn give_back(self) {
        let idle = &self.channels.idle;
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.channel);
    }
}

async fn open(connection: &Connection) -> Result<Channel, lapin::Error> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}
