//! Removes from the database what the settings and the submissions do not keep any longer.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::config::StoreSettings;
use crate::store::{Purged, Retention, Store, StoreError};

/// How often old rows are looked for.
const EVERY: Duration = Duration::from_secs(3600);

/// How often runs are looked for that say how long they are kept.
const RUNS_EVERY: Duration = Duration::from_secs(60);

/// Does so for ever, at once to begin with. Of workers that do it at the same time, one removes, until nothing is left.
pub(super) async fn purge_for_ever(store: Store, settings: StoreSettings) {
    if !settings.enabled {
        return;
    }
    tokio::join!(purge_old_rows(&store, &settings), forget_runs(&store));
}

async fn purge_old_rows(store: &Store, settings: &StoreSettings) {
    if Retention::of(settings).keeps_everything() {
        return;
    }
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match purge(store, &Retention::of(settings)).await {
            Ok(purged) if purged.is_empty() => {}
            Ok(purged) => tracing::info!(
                submissions = purged.submissions,
                security_events = purged.security_events,
                test_sets = purged.test_sets,
                "what is older than store.keep_* was removed from the database"
            ),
            Err(error) => tracing::warn!(%error, "old rows cannot be removed; it is tried again in an hour"),
        }
    }
}

async fn purge(store: &Store, retention: &Retention) -> Result<Purged, StoreError> {
    let (mut purged, began) = (Purged::default(), Instant::now());
    // Others that look in the same hour rely on this one, so it goes on until the next look.
    while began.elapsed() < EVERY {
        match store.purge_some_alone(retention).await? {
            Some(some) if !some.is_empty() => purged.add(some),
            Some(_) | None => break,
        }
    }
    Ok(purged)
}

async fn forget_runs(store: &Store) {
    let mut ticks = interval(RUNS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = store.forget_runs().await {
            tracing::warn!(%error, "runs that are not kept any longer cannot be removed; it is tried again in a minute");
        }
    }
}
