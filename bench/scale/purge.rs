//! How fast what was stored is removed.

use std::time::{Duration, Instant};

use assize::config::StoreSettings;
use assize::store::{Retention, Store};

use crate::results::Purge;

/// Removes every submission that has its answer.
pub(crate) async fn measure(settings: &StoreSettings) -> anyhow::Result<Purge> {
    let store = Store::attach(settings).await?;
    let retention = Retention {
        submissions: Some(Duration::ZERO),
        security_events: None,
        test_sets: None,
    };
    let begun = Instant::now();
    let (mut submissions, mut batches) = (0, Vec::new());
    loop {
        let batch = Instant::now();
        let purged = store.purge_some(&retention).await?;
        if purged.is_empty() {
            break;
        }
        submissions += purged.submissions;
        batches.push(batch.elapsed().as_secs_f64());
    }
    let tenth = batches.len().div_ceil(10);
    Ok(Purge {
        submissions,
        seconds: begun.elapsed().as_secs_f64(),
        first_tenth_s: batches.iter().take(tenth).sum(),
        last_tenth_s: batches.iter().rev().take(tenth).sum(),
    })
}
