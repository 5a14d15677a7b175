//! Messages: what their properties and headers say, and what those of copies are.

pub(super) mod copy;
pub(super) mod delivery;
pub(super) mod trace;

use std::time::{SystemTime, UNIX_EPOCH};

/// When a message is sent, as its property `timestamp` says it.
pub(super) fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
