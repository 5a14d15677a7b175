//! An attempt that needs two boxes at once where there is no room for both. It holds neither while it waits: two attempts that
//! each held one would wait for each other.

use std::time::{Duration, Instant};

use backon::ExponentialBackoff;
use tokio::time::sleep;

use crate::backoff::pauses;
use crate::judge::JudgeError;
use crate::sandbox::Pool;

/// Pauses without a box. A box is removed within some hundred milliseconds, and who waits for its room gets it then.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long two boxes could not be had at once.
#[derive(Debug, Default)]
pub(in crate::judge) struct Crowd(Option<(Instant, ExponentialBackoff)>);

impl Crowd {
    /// Waits without a box before the next try at both.
    ///
    /// # Errors
    /// That there is no room, when they have been tried for as long as a start may take.
    pub(in crate::judge) async fn wait(&mut self, error: JudgeError, pool: &Pool) -> Result<(), JudgeError> {
        let begin = || (Instant::now(), pauses(SHORTEST_PAUSE, LONGEST_PAUSE));
        let (since, pauses) = self.0.get_or_insert_with(begin);
        if since.elapsed() >= pool.patience() {
            return Err(error);
        }
        tracing::debug!(%error, "both boxes of an attempt are given up until there is room for them");
        sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
        Ok(())
    }

    /// Both could be had.
    pub(in crate::judge) fn end(&mut self) {
        self.0 = None;
    }
}
