//! Containers whose removal is owed: the daemon was away, or slow.

use std::time::Duration;

use backon::ExponentialBackoff;
use tokio::time::{Instant, sleep_until};

use super::Burial;
use crate::sandbox::docker::daemon::CallError;
use crate::sandbox::pauses;

const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What is owed, and when it is tried next.
#[derive(Debug, Default)]
pub(super) struct Owed {
    burials: Vec<Burial>,
    next: Option<Instant>,
    pauses: Option<ExponentialBackoff>,
    /// It was said that the daemon does not remove boxes.
    said: bool,
}

impl Owed {
    pub(super) fn is_empty(&self) -> bool {
        self.burials.is_empty()
    }

    /// Tries this one again after a pause.
    pub(super) fn add(&mut self, burial: Burial) {
        self.burials.push(burial);
        if self.next.is_none() {
            let pauses = self.pauses.get_or_insert_with(|| pauses(SHORTEST_PAUSE, LONGEST_PAUSE));
            self.next = Some(Instant::now() + pauses.next().unwrap_or(LONGEST_PAUSE));
        }
    }

    /// The same, and says why: once, until it works again.
    pub(super) fn fail(&mut self, burial: Burial, error: &CallError) {
        if std::mem::replace(&mut self.said, true) {
            tracing::debug!(box.id = burial.id, %error, "a box is still owed its removal");
        } else {
            tracing::warn!(box.id = burial.id, %error, "boxes cannot be removed now; it is tried again until they are gone");
        }
        self.add(burial);
    }

    /// A removal worked.
    pub(super) fn paid(&mut self) {
        if !self.burials.is_empty() {
            return;
        }
        self.pauses = None;
        if std::mem::take(&mut self.said) {
            tracing::info!("boxes are removed again");
        }
    }

    /// What is to be tried now; never ends while nothing is owed.
    pub(super) async fn due(&mut self) -> Vec<Burial> {
        match self.next {
            Some(next) => sleep_until(next).await,
            None => std::future::pending().await,
        }
        self.next = None;
        std::mem::take(&mut self.burials)
    }
}
