//! How the worker stands with RabbitMQ, for whoever asks.

use lapin::uri::AMQPUri;
use tokio::net::TcpStream;

use crate::broker::Broker;
use crate::config::BrokerSettings;

/// How a worker stands with RabbitMQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// Connected.
    Connected,
    /// Connected, but RabbitMQ takes no message: it lacks memory or disk.
    Blocked,
    /// Not connected, and trying to be.
    Disconnected,
}

impl Broker {
    /// How it is now.
    pub fn status(&self) -> ConnectionStatus {
        match self.link_now() {
            Some(link) if link.broken.is_cancelled() => ConnectionStatus::Disconnected,
            Some(link) if link.is_blocked() => ConnectionStatus::Blocked,
            Some(_) => ConnectionStatus::Connected,
            None => ConnectionStatus::Disconnected,
        }
    }
}

/// Whether anybody listens where RabbitMQ should be.
///
/// # Errors
/// Says why not, for people.
pub async fn ping(settings: &BrokerSettings) -> Result<(), String> {
    let uri: AMQPUri = settings.url.parse()?;
    let (host, port) = (uri.authority.host, uri.authority.port);
    match TcpStream::connect((host.as_str(), port)).await {
        Ok(_stream) => Ok(()),
        Err(error) => Err(format!("{host}:{port}: {error}")),
    }
}
