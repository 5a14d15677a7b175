//! Failures to warm a box: pauses that grow, and a log line when they begin and when they end.

use std::sync::Arc;
use std::time::Duration;

use backon::ExponentialBackoff;
use tokio::sync::watch;

use crate::backoff::pauses;
use crate::sandbox::LeaseError;

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The failures of one warmer.
#[derive(Debug)]
pub(super) struct WarmingFailures {
    slot: usize,
    /// Some while boxes cannot be warmed.
    pauses: Option<ExponentialBackoff>,
    latest: Arc<watch::Sender<Option<String>>>,
}

impl WarmingFailures {
    pub(super) fn of(slot: usize, latest: Arc<watch::Sender<Option<String>>>) -> Self {
        Self {
            slot,
            pauses: None,
            latest,
        }
    }

    /// A box could not be warmed; gives the pause before the next try, so that a host in trouble is not loaded further.
    pub(super) fn add(&mut self, error: &LeaseError) -> Duration {
        let slot = self.slot;
        if self.pauses.is_some() {
            tracing::debug!(slot, %error, "boxes still cannot be warmed");
        } else {
            tracing::warn!(slot, %error, "boxes cannot be warmed; it is tried again after growing pauses");
        }
        // Boxes that are needed more have the room that they would take, so nothing is wrong with the host.
        if !error.is_for_lack_of_room() {
            self.latest.send_replace(Some(error.to_string()));
        }
        let pauses = self.pauses.get_or_insert_with(|| pauses(SHORTEST_PAUSE, LONGEST_PAUSE));
        pauses.next().unwrap_or(LONGEST_PAUSE)
    }

    /// A box was warmed.
    pub(super) fn end(&mut self) {
        if self.pauses.take().is_some() {
            tracing::info!(slot = self.slot, "boxes are warmed again");
        }
    }
}
