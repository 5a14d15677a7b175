//! Liveness: whether a loop still runs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

/// How often a loop that has nothing to do beats.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// A loop that has not turned for so long hangs.
const SILENCE: Duration = Duration::from_secs(15);

/// A loop that hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the worker's loop has not turned for {} s", .0.as_secs())]
pub struct Stalled(pub Duration);

/// The last time that a loop turned. One that has not begun or has ended cannot hang.
#[derive(Debug, Default)]
pub struct Heartbeat(Mutex<Option<Instant>>);

impl Heartbeat {
    /// The loop has turned.
    pub fn record(&self) {
        self.set(Some(Instant::now()));
    }

    /// The loop is over.
    pub fn stop(&self) {
        self.set(None);
    }

    /// Whether it turns.
    ///
    /// # Errors
    /// When it has not turned for too long.
    pub fn check(&self) -> Result<(), Stalled> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match last.map(|last| last.elapsed()) {
            Some(silence) if silence > SILENCE => Err(Stalled(silence)),
            _ => Ok(()),
        }
    }

    fn set(&self, last: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_loop_hangs_when_it_does_not_turn_any_more_and_only_then() {
        let heartbeat = Heartbeat::default();
        tokio::time::advance(SILENCE * 2).await;
        assert_eq!(heartbeat.check(), Ok(()), "it has not begun");
        heartbeat.record();
        tokio::time::advance(SILENCE).await;
        assert_eq!(heartbeat.check(), Ok(()));
        tokio::time::advance(HEARTBEAT_INTERVAL).await;
        assert_eq!(heartbeat.check(), Err(Stalled(SILENCE + HEARTBEAT_INTERVAL)));
        heartbeat.record();
        assert_eq!(heartbeat.check(), Ok(()));
        tokio::time::advance(SILENCE * 2).await;
        heartbeat.stop();
        assert_eq!(heartbeat.check(), Ok(()), "it is over");
    }
}
