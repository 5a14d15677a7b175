//! One connection to RabbitMQ.

use std::time::Duration;

use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties};

use crate::config::BrokerSettings;

/// How long the broker may take for one thing: the client has no deadlines of its own.
pub(super) const STEP_TIMEOUT: Duration = Duration::from_secs(15);

/// Connects under a name that RabbitMQ shows its operator.
pub(super) async fn open(settings: &BrokerSettings, name: &str) -> Result<Connection, lapin::Error> {
    let mut uri: AMQPUri = settings
        .url
        .parse()
        .map_err(|reason: String| lapin::Error::from(std::io::Error::other(reason)))?;
    uri.query.heartbeat.get_or_insert(settings.heartbeat_s);
    Connection::connect_uri(uri, ConnectionProperties::default().with_connection_name(name.into())).await
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
