//! Clients that wait for a verdict or follow a stream: what each of them costs the service while nothing happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::environment::Environment;
use crate::processes::PATIENCE;
use crate::processes::service::{Behind, Service, ServiceClient};
use crate::processes::workers::Worker;
use crate::results::{HeldClients, Results, median_bytes};
use crate::workload::Workload;

/// Submissions that were answered before: what a service needs once has been needed by then.
const WARM_UP: usize = 20;

/// Readings of which the median counts.
const READINGS: usize = 10;
const READ_EVERY: Duration = Duration::from_millis(50);

/// Half of the clients wait, half of them follow a stream, each for a submission of its own that no worker takes. They were handed in
/// in one request.
pub(crate) async fn measure(environment: &Environment, clients: usize, results: &mut Results) -> anyhow::Result<()> {
    let what = format!("{clients} clients");
    environment.progress.part(&what);
    let variant = environment.variants.first().context("there is no way to judge")?;
    let namespace = &environment.namespace;
    let mut settings = namespace.settings(variant, 1, "clients")?;
    // Those that come first wait for the last.
    settings.serve.max_wait_ms = 100_000;
    let worker = Worker::start(namespace, &settings).await?;
    let service = Service::start(namespace, &settings, Behind::Workers).await?;
    for _ in 0..WARM_UP {
        let state = service.client.post("/v1/submissions?wait=60", &submission()).await?;
        ensure!(state["state"] == "done", "a submission is not answered: {state:#}");
    }
    worker.stop().await?;
    let before = memory(&service).await?;
    let opened = Arc::new(AtomicUsize::new(0));
    let mut held = JoinSet::new();
    for (number, id) in hand_in(&service.client, clients).await?.into_iter().enumerate() {
        let (client, opened) = (service.client.clone(), Arc::clone(&opened));
        if number % 2 == 0 {
            held.spawn(async move { wait(&client, &id).await });
        } else {
            held.spawn(async move { follow(&client, &id, &opened).await });
        }
    }
    until_held(environment, &service, &mut held, (clients, &opened)).await?;
    let with = memory(&service).await?;
    ensure!(
        held.try_join_next().is_none(),
        "a client was let go before it was counted"
    );
    held.shutdown().await;
    service.stop().await?;
    results.held_clients.push(HeldClients {
        clients,
        before_bytes: before,
        with_bytes: with,
    });
    Ok(())
}

fn submission() -> Value {
    json!({ "source": Workload::hello().source, "tests": [{ "input": "", "answer": "hello\n" }] })
}

/// Hands in a submission for each client; their ids.
async fn hand_in(client: &ServiceClient, clients: usize) -> anyhow::Result<Vec<String>> {
    let answer = client
        .post("/v1/submissions", &json!(vec![submission(); clients]))
        .await?;
    let states = answer.as_array().context("an array is not answered with one")?;
    let id = |state: &Value| Some(state["id"].as_str()?.to_owned());
    states
        .iter()
        .map(|state| id(state).with_context(|| format!("a submission is not accepted: {state}")))
        .collect()
}

/// Ends only when something is wrong, or after a while.
async fn wait(client: &ServiceClient, id: &str) -> anyhow::Result<()> {
    let state = client.get(&format!("/v1/submissions/{id}?wait=100")).await?;
    bail!("a client waited for this only: {state}")
}

async fn follow(client: &ServiceClient, id: &str, opened: &AtomicUsize) -> anyhow::Result<()> {
    let mut stream = client.open(&format!("/v1/submissions/{id}/events")).await?;
    ensure!(stream.status().is_success(), "a stream is refused: {}", stream.status());
    stream.chunk().await?.context("a stream ended before it began")?;
    opened.fetch_add(1, Ordering::Relaxed);
    while stream.chunk().await?.is_some() {}
    bail!("a stream ended")
}

/// Waits until the service has a connection of each client, and all streams have said something.
async fn until_held(
    environment: &Environment,
    service: &Service,
    held: &mut JoinSet<anyhow::Result<()>>,
    (clients, opened): (usize, &AtomicUsize),
) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        if let Some(ended) = held.try_join_next() {
            ended??;
        }
        let connections = service.descriptors()?;
        environment.progress.count(connections.min(clients), clients, "clients");
        if connections >= clients && opened.load(Ordering::Relaxed) >= clients / 2 {
            return Ok(());
        }
        ensure!(
            began.elapsed() < PATIENCE,
            "the service has {connections} descriptors for {clients} clients"
        );
        sleep(READ_EVERY).await;
    }
}

async fn memory(service: &Service) -> anyhow::Result<u64> {
    let mut readings = Vec::new();
    for _ in 0..READINGS {
        readings.push(service.memory("VmRSS")? as f64);
        sleep(READ_EVERY).await;
    }
    Ok(median_bytes(&readings))
}
