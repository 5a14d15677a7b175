//! Removes the boxes of workers that died.
//!
//! A runner ends when its worker hangs up, and a worker that is killed hangs up. So a box of a dead worker ends by
//! itself and what is left is a container that has ended, while a living worker removes its own within moments. A
//! container of ours that ended a while ago has no worker any more, or one that does not get round to it; one that runs is
//! never touched.

use std::time::Duration;

use assize_docker_box::{BOOT, over_for};

use crate::sandbox::docker::daemon::Daemon;
use crate::sandbox::docker::error::CallError;
use crate::telemetry::metrics;

/// Removes boxes that ended, or were made and never started, at least `after` ago; gives their number.
pub(super) async fn sweep(daemon: &Daemon, after: Duration) -> Result<usize, CallError> {
    let ended = ["created", "exited", "dead"].map(str::to_owned).to_vec();
    let filters = [
        ("label".to_owned(), vec![BOOT.to_owned()]),
        ("status".to_owned(), ended),
    ];
    let mut removed = 0;
    for id in daemon.list(&filters.into()).await? {
        let found = match daemon.inspect(&id).await {
            Ok(found) => found,
            Err(error) if error.is(404) => continue,
            Err(error) => return Err(error),
        };
        if over_for(&found).is_some_and(|age| age >= after) && remove(daemon, &id).await? {
            metrics().boxes.removed.inc();
            removed += 1;
        }
    }
    Ok(removed)
}

async fn remove(daemon: &Daemon, id: &str) -> Result<bool, CallError> {
    match daemon.remove(id).await {
        Ok(()) => Ok(true),
        // Another worker has removed it, is removing it, or has it, as the proxy knows.
        Err(error) if error.is(404) || error.is(409) || error.is(403) => Ok(false),
        Err(error) => Err(error),
    }
}
