//! Whether the worker is connected to RabbitMQ, for its readiness.

use std::time::Duration;

use futures::future::join_all;
use lapin::uri::AMQPUri;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::broker::Broker;
use crate::config::BrokerSettings;

/// How long connecting may take.
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The connection of a worker to RabbitMQ.
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
    /// The connection now.
    pub fn status(&self) -> ConnectionStatus {
        match self.link_now() {
            Some(link) if link.broken.is_cancelled() => ConnectionStatus::Disconnected,
            Some(link) if link.is_blocked() => ConnectionStatus::Blocked,
            Some(_) => ConnectionStatus::Connected,
            None => ConnectionStatus::Disconnected,
        }
    }
}

/// Whether anything listens where a node of RabbitMQ should be.
///
/// # Errors
/// Says why not, for people.
pub async fn ping(settings: &BrokerSettings) -> Result<(), String> {
    let pings = join_all(settings.nodes().iter().map(|url| ping_node(url))).await;
    if pings.iter().any(Result::is_ok) {
        return Ok(());
    }
    let reasons: Vec<String> = pings.into_iter().filter_map(Result::err).collect();
    Err(reasons.join("; "))
}

async fn ping_node(url: &str) -> Result<(), String> {
    let uri: AMQPUri = url.parse()?;
    let (host, port) = (uri.authority.host, uri.authority.port);
    match timeout(PING_TIMEOUT, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_stream)) => Ok(()),
        Ok(Err(error)) => Err(format!("{host}:{port}: {error}")),
        Err(_elapsed) => Err(format!("{host}:{port}: no answer within {PING_TIMEOUT:?}")),
    }
}
