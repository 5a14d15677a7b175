//! What workers cost that have nothing to do.

use std::time::Duration;

use tokio::time::sleep;

use crate::fleet::Fleet;
use crate::results::Idle;
use crate::services::Services;

/// After the start of many workers the services still tidy up.
const SETTLES_WITHIN: Duration = Duration::from_secs(8);

/// Watches workers without work for so many seconds.
pub(crate) async fn measure(fleet: &Fleet, seconds: u64, services: &mut Services) -> anyhow::Result<Idle> {
    sleep(SETTLES_WITHIN).await;
    let before = services.begin().await?;
    sleep(Duration::from_secs(seconds)).await;
    let span = services.now().await?.since(&before);
    let [broker, database, workers] = span.cpu.map(|cpu| cpu / span.seconds);
    Ok(Idle {
        workers: fleet.plan.workers,
        slots: fleet.plan.slots,
        broker_connections: span.broker_connections,
        channels: span.channels,
        queues: span.queues,
        broker_bytes: span.broker_bytes,
        database_connections: span.database_connections,
        broker_cpus: broker,
        database_cpus: database,
        worker_cpus: workers,
        statements_per_s: span.statements / span.seconds,
        statements: services.statements().await?,
    })
}
