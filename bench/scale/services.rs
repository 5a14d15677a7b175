//! RabbitMQ and PostgreSQL, from outside.

use anyhow::Context as _;
use reqwest::Client;

use crate::database::{Counters, Database};
use crate::meter::{Meter, Reading};
use crate::metrics_page::MetricsPage;
use crate::results::Statement;

/// Messages that come in, go out and are settled, as RabbitMQ counts them.
const RECEIVED: &str = "rabbitmq_global_messages_received_total";
const DELIVERED: &str = "rabbitmq_global_messages_delivered_total";
const ACKNOWLEDGED: &str = "rabbitmq_global_messages_acknowledged_total";
const CONNECTIONS: &str = "rabbitmq_connections";
const CHANNELS: &str = "rabbitmq_channels";
const QUEUES: &str = "rabbitmq_queues";
const MEMORY: &str = "rabbitmq_process_resident_memory_bytes";

/// The services that are measured.
#[derive(Debug)]
pub(crate) struct Services {
    broker: Meter,
    storage: Meter,
    client: Client,
    metrics_url: String,
    database: Database,
}

/// Everything that was counted up to a moment.
#[derive(Debug)]
pub(crate) struct Moment {
    broker: Reading,
    storage: Reading,
    page: MetricsPage,
    counters: Counters,
}

/// What was spent in a span, and what is there at its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) seconds: f64,
    /// CPU seconds of RabbitMQ, PostgreSQL and this program.
    pub(crate) cpu: [f64; 3],
    /// Messages received, delivered, acknowledged.
    pub(crate) messages: [f64; 3],
    pub(crate) transactions: f64,
    pub(crate) statements: f64,
    pub(crate) wal_bytes: f64,
    pub(crate) table_bytes: f64,
    pub(crate) broker_connections: f64,
    pub(crate) channels: f64,
    pub(crate) queues: f64,
    pub(crate) broker_bytes: f64,
    pub(crate) database_connections: f64,
}

impl Services {
    pub(crate) async fn open(
        [broker, storage]: [&str; 2],
        metrics_url: &str,
        database_url: &str,
    ) -> anyhow::Result<Self> {
        assize::tls::install_provider();
        Ok(Self {
            broker: Meter::new(&[broker.to_owned()]).await?,
            storage: Meter::new(&[storage.to_owned()]).await?,
            client: Client::new(),
            metrics_url: metrics_url.to_owned(),
            database: Database::connect(database_url)
                .await
                .context("cannot look at the database")?,
        })
    }

    /// Counts statements from here on.
    pub(crate) async fn begin(&mut self) -> anyhow::Result<Moment> {
        self.database.forget_statements().await?;
        self.now().await
    }

    pub(crate) async fn now(&mut self) -> anyhow::Result<Moment> {
        Ok(Moment {
            page: MetricsPage::read(&self.client, &self.metrics_url).await?,
            counters: self.database.counters().await?,
            broker: self.broker.read()?,
            storage: self.storage.read()?,
        })
    }

    /// The statements since the beginning that took longest together.
    pub(crate) async fn statements(&mut self) -> anyhow::Result<Vec<Statement>> {
        self.database.statements().await
    }
}

impl Moment {
    pub(crate) fn since(&self, before: &Self) -> Span {
        let (broker, storage) = (
            self.broker.since(&before.broker, 0.0),
            self.storage.since(&before.storage, 0.0),
        );
        let counted = |name| self.page.figure(name) - before.page.figure(name);
        Span {
            seconds: broker.wall,
            cpu: [broker.services, storage.services, broker.own],
            messages: [counted(RECEIVED), counted(DELIVERED), counted(ACKNOWLEDGED)],
            transactions: self.counters.transactions - before.counters.transactions,
            statements: self.counters.statements - before.counters.statements,
            wal_bytes: self.counters.wal_bytes - before.counters.wal_bytes,
            table_bytes: self.counters.table_bytes - before.counters.table_bytes,
            broker_connections: self.page.figure(CONNECTIONS),
            channels: self.page.figure(CHANNELS),
            queues: self.page.figure(QUEUES),
            broker_bytes: self.page.figure(MEMORY),
            database_connections: self.counters.connections,
        }
    }
}
