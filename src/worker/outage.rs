//! How long a worker waits after problems could not be had from where they come from. A storage that refuses answers within
//! milliseconds: without a pause, each submission of a backlog would be tried and put off again and again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Failures that are further apart are no longer of one outage.
const OVER_AFTER: Duration = Duration::from_secs(60);

/// An outage of the place that problems come from, if there is one.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Failures>>);

#[derive(Debug, Clone, Copy)]
struct Failures {
    first: Instant,
    latest: Instant,
}

impl Outage {
    /// Notes a failure. The pause after it is as long as the outage has lasted, however many slots have failed meanwhile.
    pub(super) fn pause(&self) -> Duration {
        let now = Instant::now();
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = failures
            .filter(|failures| now.duration_since(failures.latest) < OVER_AFTER)
            .map_or(now, |failures| failures.first);
        *failures = Some(Failures { first, latest: now });
        now.duration_since(first).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
    }

    /// A problem was had: the outage is over.
    pub(super) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_with_the_outage_and_begin_anew_after_it() {
        let outage = Outage::default();
        assert_eq!(
            [outage.pause(), outage.pause(), outage.pause()],
            [SHORTEST_PAUSE; 3],
            "of several slots"
        );
        advance(Duration::from_secs(3)).await;
        assert_eq!(outage.pause(), Duration::from_secs(3));
        advance(Duration::from_secs(30)).await;
        assert_eq!(outage.pause(), LONGEST_PAUSE);
        outage.end();
        assert_eq!(outage.pause(), SHORTEST_PAUSE);
        advance(OVER_AFTER).await;
        assert_eq!(outage.pause(), SHORTEST_PAUSE, "it is another one");
    }
}
