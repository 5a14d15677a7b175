//! Deadlines as `poll(2)` takes them.

use std::time::Instant;

use rustix::time::Timespec;

/// The time left until `deadline`; zero when it has passed.
pub(crate) fn until(deadline: Instant) -> Timespec {
    let left = deadline.saturating_duration_since(Instant::now());
    Timespec {
        tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(left.subsec_nanos()),
    }
}
