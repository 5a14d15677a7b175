//! Whether the worker is connected to RabbitMQ, for its readiness.

use crate::broker::Broker;

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
