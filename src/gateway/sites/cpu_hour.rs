//! CPU time that a site has used within the last hour, and what is left of its quota.

use std::time::Duration;

use crate::gateway::sites::quota::HOUR;
use crate::store::CpuMinute;

/// Milliseconds that are left of so many seconds, and when there is more. Minutes come the oldest first.
pub(in crate::gateway) fn left_of(allowed_s: u32, minutes: &[CpuMinute]) -> (u64, Option<Duration>) {
    let allowed_ms = u64::from(allowed_s) * 1000;
    let used_ms: u64 = minutes.iter().map(|minute| minute.cpu_ms).sum();
    let mut over_ms = (used_ms + 1).saturating_sub(allowed_ms);
    // The minute with which enough is forgotten: the first one, while something is left.
    let forgotten = minutes.iter().find(|minute| {
        over_ms = over_ms.saturating_sub(minute.cpu_ms);
        over_ms == 0
    });
    let more_in = forgotten.map(|minute| HOUR.saturating_sub(Duration::from_secs(minute.began_ago_s)));
    (allowed_ms.saturating_sub(used_ms), more_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_counts_for_an_hour_and_then_no_longer() {
        let minute = |began_ago_s, cpu_ms| CpuMinute { began_ago_s, cpu_ms };
        let minutes = [minute(3000, 4000), minute(600, 5000), minute(0, 1500)];
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (allowed_s, expected) in [
            (6, (0, seconds(3000))),
            (7, (0, seconds(600))),
            (10, (0, seconds(600))),
            (11, (500, seconds(600))),
            (100, (89_500, seconds(600))),
        ] {
            assert_eq!(left_of(allowed_s, &minutes), expected, "{allowed_s}");
        }
        assert_eq!(left_of(5, &[]), (5000, None));
    }
}
