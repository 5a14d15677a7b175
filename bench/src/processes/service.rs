//! A real HTTP service: a process of `assize serve`, and a client of it.

use anyhow::{Context as _, bail, ensure};
use assize::config::Settings;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::processes::workers::Namespace;
use crate::processes::{PATIENCE, PAUSE, Process};

/// What stands behind a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// RabbitMQ, PostgreSQL and workers.
    Workers,
    /// The judge in the same process.
    Itself,
}

/// A service that runs.
#[derive(Debug)]
pub(crate) struct Service {
    process: Process,
    pub(crate) client: ServiceClient,
}

/// A client, of which there can be many. Connections are kept, as those of any program that sends more than one request.
#[derive(Debug, Clone)]
pub(crate) struct ServiceClient {
    client: Client,
    base: String,
}

impl Service {
    /// Starts a service and waits until it takes submissions.
    pub(crate) async fn start(namespace: &Namespace, settings: &Settings, behind: Behind) -> anyhow::Result<Self> {
        let arguments: &[&str] = match behind {
            Behind::Workers => &["serve"],
            Behind::Itself => &["serve", "--standalone"],
        };
        assize::tls::install_provider();
        let client = ServiceClient {
            client: Client::builder().timeout(PATIENCE).build()?,
            base: format!("http://{}", settings.serve.listen),
        };
        let process = Process::start(namespace.places(), settings, arguments)?;
        let mut service = Self { process, client };
        let ready = timeout(PATIENCE, service.until_ready()).await;
        ensure!(
            matches!(ready, Ok(Ok(()))),
            "the service does not take submissions; it says:\n{}",
            service.process.last_lines()
        );
        Ok(service)
    }

    async fn until_ready(&mut self) -> anyhow::Result<()> {
        loop {
            self.process.check()?;
            match self.client.open("/readyz").await {
                Ok(response) if response.status().is_success() => return Ok(()),
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// Memory of the service's process in bytes.
    pub(crate) fn memory(&self, figure: &str) -> anyhow::Result<u64> {
        self.process.memory(figure)
    }

    /// Files and connections that it has open.
    pub(crate) fn descriptors(&self) -> anyhow::Result<usize> {
        self.process.descriptors()
    }

    /// Stops the service.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop().await
    }
}

impl ServiceClient {
    /// The document at a path.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        document(path, self.open(path).await?).await
    }

    /// The answer to a document. A refusal is a broken benchmark.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(body.to_string());
        document(path, request.send().await?).await
    }

    /// An answer that may come piece by piece.
    pub(crate) async fn open(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.client.get(format!("{}{path}", self.base)).send().await?)
    }
}

async fn document(path: &str, response: Response) -> anyhow::Result<Value> {
    let status = response.status();
    let body = response.text().await?;
    if !status.is_success() {
        bail!("{path} is answered with {status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("{path} is answered with {body:?}"))
}
