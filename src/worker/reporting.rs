//! Writes into the database how this worker is. One that is killed leaves a row that falls silent.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::health::{Readiness, Watched as _};
use crate::store::{REPORT_INTERVAL, Store, StoreError, WorkerReport};
use crate::telemetry::metrics;
use crate::worker::health::Health;

/// After a report that something is not ready: a worker that starts is ready within seconds.
const SOON: Duration = Duration::from_secs(2);

/// How often rows of workers that were killed are looked for. Each time all rows are read, so no report does so.
const FORGETS: Duration = Duration::from_secs(3600);

/// Reports every few seconds until `gone`, then removes the row.
pub(super) async fn report_until(gone: CancellationToken, store: Store, health: Arc<Health>) {
    let began = Instant::now();
    let (mut pause, mut failed) = (Duration::ZERO, false);
    let mut forgotten_at: Option<Instant> = None;
    while gone.run_until_cancelled(sleep(pause)).await.is_some() {
        if forgotten_at.is_none_or(|at| at.elapsed() > FORGETS) && store.forget_silent_workers().await.is_ok() {
            forgotten_at = Some(Instant::now());
        }
        let reported = report(&store, &health, began.elapsed()).await;
        let failed_before = std::mem::replace(&mut failed, reported.is_err());
        pause = match reported {
            Ok(true) => REPORT_INTERVAL,
            Ok(false) => SOON,
            Err(error) if !failed_before => {
                tracing::warn!(%error, "`assize status` cannot be told how this worker is; it is tried again");
                REPORT_INTERVAL
            }
            Err(_still_away) => REPORT_INTERVAL,
        };
    }
    if let Err(error) = store.forget_worker(health.worker()).await {
        tracing::warn!(%error, "`assize status` shows this worker as silent for a day");
    }
}

/// Whether it is ready.
async fn report(store: &Store, health: &Health, up: Duration) -> Result<bool, StoreError> {
    let trouble = trouble(&health.readiness().await);
    let report = WorkerReport {
        id: health.worker(),
        up,
        slots: health.slots(),
        in_hand: metrics().in_hand.get(),
        waited_s: health.latest_wait(),
        trouble: trouble.as_deref(),
    };
    store.report_worker(&report).await?;
    Ok(trouble.is_none())
}

/// Every part that is not ready, and why.
fn trouble(readiness: &Readiness) -> Option<String> {
    let parts = readiness.parts.iter().filter(|(_name, part)| !part.ready);
    let troubles: Vec<String> = parts.map(|(name, part)| format!("{name}: {}", part.found)).collect();
    (!troubles.is_empty()).then(|| troubles.join("; "))
}
