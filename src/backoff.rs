//! Pauses between tries of what has to work in the end: the one place that says how they grow.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

/// Pause after the first try to reach a service.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// Pause between tries to reach a service that is away for long.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tries without an end, with pauses that double from `shortest` to `longest`, and jitter.
fn endless(shortest: Duration, longest: Duration) -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(shortest)
        .with_max_delay(longest)
        .with_jitter()
        .without_max_times()
}

/// Tries to reach a service of ours.
pub(crate) fn of_a_service() -> ExponentialBuilder {
    endless(SHORTEST_PAUSE, LONGEST_PAUSE)
}

/// The pauses alone, for tries that are more than one call.
pub(crate) fn pauses(shortest: Duration, longest: Duration) -> ExponentialBackoff {
    endless(shortest, longest).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_never_end() {
        let (shortest, longest) = (Duration::from_millis(100), Duration::from_secs(2));
        let grown: Vec<Duration> = pauses(shortest, longest).take(1000).collect();
        assert_eq!(grown.len(), 1000);
        assert!(grown[0] >= shortest && grown[0] < shortest * 2 + shortest);
        assert!(grown[999] >= longest, "{:?}", grown[999]);
    }
}
