//! Removals that the daemon did not do: it was away, or slow.

use std::time::Duration;

use backon::ExponentialBackoff;
use tokio::time::{Instant, sleep_until};

use super::Removal;
use crate::backoff::pauses;
use crate::sandbox::docker::error::CallError;

const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Removals that are tried again, and when.
#[derive(Debug, Default)]
pub(super) struct Pending {
    removals: Vec<Removal>,
    next: Option<Instant>,
    pauses: Option<ExponentialBackoff>,
    /// It was logged that the daemon does not remove boxes.
    reported: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.removals.is_empty()
    }

    /// Tries this one again after a pause.
    pub(super) fn add(&mut self, removal: Removal) {
        self.removals.push(removal);
        if self.next.is_none() {
            let pauses = self.pauses.get_or_insert_with(|| pauses(SHORTEST_PAUSE, LONGEST_PAUSE));
            self.next = Some(Instant::now() + pauses.next().unwrap_or(LONGEST_PAUSE));
        }
    }

    /// The same, and logs why: once, until it works again.
    pub(super) fn fail(&mut self, removal: Removal, error: &CallError) {
        if std::mem::replace(&mut self.reported, true) {
            tracing::debug!(box.id = removal.id, %error, "the removal of a box is still pending");
        } else {
            tracing::warn!(box.id = removal.id, %error, "boxes cannot be removed now; it is tried again until they are gone");
        }
        self.add(removal);
    }

    /// A removal worked.
    pub(super) fn works_again(&mut self) {
        if !self.removals.is_empty() {
            return;
        }
        self.pauses = None;
        if std::mem::take(&mut self.reported) {
            tracing::info!("boxes are removed again");
        }
    }

    /// The removals to try now; never ends while none is pending.
    pub(super) async fn due(&mut self) -> Vec<Removal> {
        match self.next {
            Some(next) => sleep_until(next).await,
            None => std::future::pending().await,
        }
        self.next = None;
        std::mem::take(&mut self.removals)
    }
}
