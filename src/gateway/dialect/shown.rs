//! Figures and streams as other services show them.

use crate::contract::Payload;

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "times of at most days")]
pub(super) fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// A stream as text, whatever the program wrote.
pub(super) fn text(payload: &Payload) -> String {
    String::from_utf8_lossy(&payload.content().unwrap_or_default()).into_owned()
}
