//! Removes the boxes of workers that died.
//!
//! A runner ends when its worker hangs up, and a worker that is killed hangs up. So a box of a dead worker ends by
//! itself and what is left is a container that has ended, while a living worker removes its own within moments. A
//! container of ours that ended a while ago belongs to no living worker; one that runs is never touched.

use std::time::Duration;

use assize_docker_box::BOOT;
use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use jiff::Timestamp;

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
        if is_forgotten(&found, after) && remove(daemon, &id).await? {
            metrics().boxes.removed.inc();
            removed += 1;
        }
    }
    Ok(removed)
}

fn is_forgotten(found: &ContainerInspectResponse, after: Duration) -> bool {
    let Some(state) = &found.state else {
        return false;
    };
    let since = match state.status {
        Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD) => state.finished_at.as_deref(),
        Some(ContainerStateStatusEnum::CREATED) => found.created.as_deref(),
        _ => None,
    };
    let Some(since) = since.and_then(|since| since.parse::<Timestamp>().ok()) else {
        return false;
    };
    let age = Timestamp::now().duration_since(since);
    Duration::try_from(age).is_ok_and(|age| age >= after)
}

async fn remove(daemon: &Daemon, id: &str) -> Result<bool, CallError> {
    match daemon.remove(id).await {
        Ok(()) => Ok(true),
        // Another worker has removed it, is removing it, or has just made it, as the proxy knows.
        Err(error) if error.is(404) || error.is(409) || error.is(403) => Ok(false),
        Err(error) => Err(error),
    }
}
