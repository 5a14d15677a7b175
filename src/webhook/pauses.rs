//! When a callback that failed is tried again.

use std::time::Duration;

/// Seconds behind each try that failed, for three days in all (the schedule that the specification proposes).
const PAUSES: [u64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How often a callback is tried, at most.
pub const MOST_TRIES: usize = PAUSES.len() + 1;

/// How long to wait after so many tries; `None`: it is given up.
pub fn pause_after(tries: u32) -> Option<Duration> {
    let index = usize::try_from(tries).ok()?.checked_sub(1)?;
    PAUSES.get(index).copied().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_on_for_days_and_then_end() {
        let pauses: Vec<Duration> = (1..).map_while(pause_after).collect();
        assert!(pauses.is_sorted());
        let all: Duration = pauses.iter().sum();
        assert!(
            all > Duration::from_hours(72) && all < Duration::from_hours(100),
            "{all:?}"
        );
    }
}
