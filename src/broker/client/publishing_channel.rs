//! The channel over which a client cancels. RabbitMQ closes it with each error, such as for a message to an exchange that is
//! not there, so it is none over which answers or submissions go: what comes next is sent over another one.

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::Mutex;

/// A channel with confirms, which is opened when it is needed.
#[derive(Debug, Default)]
pub(super) struct PublishingChannel(Mutex<Option<Channel>>);

impl PublishingChannel {
    /// The channel that is open, or a new one of this connection.
    pub(super) async fn open(&self, connection: &Connection) -> Result<Channel, lapin::Error> {
        let mut latest = self.0.lock().await;
        if let Some(open) = latest.as_ref().filter(|channel| channel.status().connected()) {
            return Ok(open.clone());
        }
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        *latest = Some(channel.clone());
        Ok(channel)
    }
}
