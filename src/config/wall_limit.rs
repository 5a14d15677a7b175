//! The wall limit that follows from a CPU limit.

use crate::config::LimitSettings;

impl LimitSettings {
    /// The wall limit of a test with this CPU limit where nothing else is said, below the ceiling; in milliseconds.
    pub fn wall_ms(&self, cpu_ms: u64) -> u64 {
        scaled_ms(cpu_ms, self.wall_factor)
            .saturating_add(self.wall_extra_ms)
            .min(self.ceiling.wall_ms)
    }
}

/// Milliseconds times a factor, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "milliseconds of at most days times a small positive factor; `as` saturates"
)]
pub fn scaled_ms(ms: u64, factor: f64) -> u64 {
    (ms as f64 * factor).ceil() as u64
}
