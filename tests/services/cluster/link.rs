//! A connection of a site to any of the nodes.

use std::time::Duration;

use assize::config::BrokerSettings;
use lapin::{Connection, ConnectionProperties};
use tokio::time::timeout;

use crate::site::Site;

/// How long a node may take before another one is asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to one of the nodes, by turns, and a site over it.
pub(super) async fn connect(broker: &BrokerSettings, turn: usize) -> Option<(Connection, Site)> {
    let nodes = broker.nodes();
    let url = format!("{}?heartbeat=5", nodes[turn % nodes.len()]);
    let connecting = async {
        let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
        let site = Site::over(&connection, broker).await?;
        Ok::<_, lapin::Error>((connection, site))
    };
    timeout(PATIENCE, connecting).await.ok()?.ok()
}
