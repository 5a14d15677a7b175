//! Whether anything listens where RabbitMQ should be.

use std::io;
use std::time::Duration;

use futures::future::join_all;
use lapin::uri::AMQPUri;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::BrokerSettings;

/// How long connecting may take.
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// Nothing listens where RabbitMQ should be.
#[derive(Debug, Error)]
#[error("{}", listed(.0))]
pub struct PingError(Vec<NodePingError>);

/// Nothing listens where a node of RabbitMQ should be.
#[derive(Debug, Error)]
enum NodePingError {
    #[error("{0}")]
    Address(String),
    #[error("{node}: {source}")]
    Refused { node: String, source: io::Error },
    #[error("{node}: no answer within {PING_TIMEOUT:?}")]
    Silent { node: String },
}

fn listed(nodes: &[NodePingError]) -> String {
    let reasons: Vec<String> = nodes.iter().map(NodePingError::to_string).collect();
    reasons.join("; ")
}

/// Whether anything listens where a node of RabbitMQ should be.
///
/// # Errors
/// Says of each node why not.
pub async fn ping(settings: &BrokerSettings) -> Result<(), PingError> {
    let pings = join_all(settings.nodes().iter().map(|url| ping_node(url))).await;
    if pings.iter().any(Result::is_ok) {
        return Ok(());
    }
    Err(PingError(pings.into_iter().filter_map(Result::err).collect()))
}

async fn ping_node(url: &str) -> Result<(), NodePingError> {
    let uri: AMQPUri = url.parse().map_err(NodePingError::Address)?;
    let (host, port) = (uri.authority.host, uri.authority.port);
    let node = format!("{host}:{port}");
    match timeout(PING_TIMEOUT, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_stream)) => Ok(()),
        Ok(Err(source)) => Err(NodePingError::Refused { node, source }),
        Err(_elapsed) => Err(NodePingError::Silent { node }),
    }
}
