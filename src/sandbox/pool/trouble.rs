//! What a warmer meets when boxes cannot be made: pauses that grow, and a line when it begins and when it ends.

use std::sync::Arc;
use std::time::Duration;

use backon::ExponentialBackoff;
use tokio::sync::watch;

use crate::sandbox::{LeaseError, pauses};

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The bad luck of one warmer.
#[derive(Debug)]
pub(super) struct Trouble {
    slot: usize,
    /// Some as long as it lasts.
    pauses: Option<ExponentialBackoff>,
    latest: Arc<watch::Sender<Option<String>>>,
}

impl Trouble {
    pub(super) fn of(slot: usize, latest: Arc<watch::Sender<Option<String>>>) -> Self {
        Self {
            slot,
            pauses: None,
            latest,
        }
    }

    /// A box could not be warmed; gives the pause before the next try, so that a sick host is not asked all the time.
    pub(super) fn meet(&mut self, error: &LeaseError) -> Duration {
        let slot = self.slot;
        if self.pauses.is_some() {
            tracing::debug!(slot, %error, "still cannot warm a box");
        } else {
            tracing::warn!(slot, %error, "cannot warm boxes; it is tried again after pauses that grow");
        }
        self.latest.send_replace(Some(error.to_string()));
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
