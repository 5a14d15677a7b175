//! Messages from RabbitMQ, and the connections that they come over.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

use crate::telemetry::metrics::counted;

/// What is counted of messages.
#[derive(Debug)]
pub struct MessageMetrics {
    /// Messages taken from the queue.
    pub deliveries: Counter,
    /// Those of them that had been delivered before.
    pub redeliveries: Counter,
    /// Messages that became dead letters.
    pub dead_letters: Counter,
    /// Connections made to RabbitMQ: more than one say that it was lost.
    pub connections: Counter,
}

impl MessageMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let r = registry;
        Self {
            deliveries: counted(r, "deliveries", "Messages taken from the queue"),
            redeliveries: counted(r, "redeliveries", "Those of them that had been delivered before"),
            dead_letters: counted(r, "dead_letters", "Messages that became dead letters"),
            connections: counted(
                r,
                "broker_connections",
                "Connections made to RabbitMQ; more than one say that it was lost",
            ),
        }
    }
}
