//! One connection to RabbitMQ.

pub(super) mod ping;
pub(super) mod step;

use std::time::Duration;

use lapin::tcp::OwnedTLSConfig;
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionBuilder, ConnectionProperties};
use tokio::time::timeout;
use uuid::Uuid;

use crate::broker::connection::step::{NodeFailure, STEP_TIMEOUT, StepError};
use crate::config::BrokerSettings;
use crate::tls::{self, AuthorityError};

/// The setting that names authorities.
const CA_FILE: &str = "broker.ca_file";

/// A node may take at least so long, however many there are.
const LEAST_TIMEOUT: Duration = Duration::from_secs(3);

/// How long closing a connection may take.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The nodes of the broker in the order in which they are tried. Each connection begins at any of them, so that all of them
/// have their part; further ones of the same link begin where the first one has found a node.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    settings: &'a BrokerSettings,
    urls: Vec<&'a str>,
}

impl<'a> Nodes<'a> {
    pub(super) fn of(settings: &'a BrokerSettings) -> Self {
        let mut urls: Vec<&str> = settings.nodes().iter().map(String::as_str).collect();
        let drawn = usize::try_from(Uuid::new_v4().as_u64_pair().1).unwrap_or_default();
        let first = drawn % urls.len().max(1);
        urls.rotate_left(first);
        Self { settings, urls }
    }

    /// Connects under a name that RabbitMQ shows its operator, to the first node that can be had.
    pub(super) async fn open(&mut self, name: &str) -> Result<Connection, StepError> {
        let mut failures = Vec::new();
        for position in 0..self.urls.len() {
            match self.open_node(self.urls[position], name).await {
                Ok(connection) => {
                    self.urls.rotate_left(position);
                    return Ok(connection);
                }
                Err(error) if self.urls.len() == 1 => return Err(error),
                Err(source) => failures.push(NodeFailure {
                    node: redacted(self.urls[position]),
                    source,
                }),
            }
        }
        Err(StepError::NoNode(failures))
    }

    /// The node of the latest connection, without its password.
    pub(super) fn latest(&self) -> String {
        self.urls.first().map(|url| redacted(url)).unwrap_or_default()
    }

    async fn open_node(&self, url: &str, name: &str) -> Result<Connection, StepError> {
        let mut uri: AMQPUri = url.parse().map_err(StepError::Address)?;
        uri.query.heartbeat.get_or_insert(self.settings.heartbeat_s);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let connector = ConnectionBuilder::new()?
            .with_uri(uri)
            .with_properties(properties)
            .with_tls_config(tls_config(self.settings)?);
        let nodes = u32::try_from(self.urls.len()).unwrap_or(u32::MAX).max(1);
        let within = (STEP_TIMEOUT / nodes).max(LEAST_TIMEOUT);
        let connected = timeout(within, connector.connect()).await;
        let connected = connected.map_err(|_elapsed| StepError::Silent(within))?;
        connected.map_err(|error| match tls::mistrust(&error, CA_FILE) {
            Some(reason) => StepError::Mistrusted(reason),
            None => error.into(),
        })
    }
}

/// Read for each connection, since a certificate is replaced now and then.
fn tls_config(settings: &BrokerSettings) -> Result<OwnedTLSConfig, AuthorityError> {
    let file = &settings.ca_file;
    let is_set = !file.as_os_str().is_empty();
    let authorities = is_set.then(|| tls::authorities(CA_FILE, file)).transpose()?;
    Ok(OwnedTLSConfig {
        cert_chain: authorities,
        identity: None,
    })
}

/// Connects to any node of the broker.
pub(super) async fn open(settings: &BrokerSettings, name: &str) -> Result<Connection, StepError> {
    Nodes::of(settings).open(name).await
}

/// Where the broker is, without passwords.
pub(super) fn place(settings: &BrokerSettings) -> String {
    let nodes: Vec<String> = settings.nodes().iter().map(|url| redacted(url)).collect();
    nodes.join(", ")
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
