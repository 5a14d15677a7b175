//! When a box that was leased is replaced by another warm one.
//!
//! A box takes more CPU time to make than a small submission to judge, and the CPUs on which it is made are those that
//! judge, store and publish. So where boxes suffice the next one is made when that is over.

use std::future::pending;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::sleep;

use crate::sandbox::SETTLES_WITHIN;

/// A submission that takes longer is not waited for: the next one is to find a box.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// After a lease that found no box there is no time to lose for so long.
const PRESSED_FOR: Duration = Duration::from_secs(1);

/// When boxes of one slot are replaced.
pub(super) struct Replacing {
    /// Whether the slot is in use.
    pub(super) in_use: Option<watch::Receiver<bool>>,
    /// When a lease last found no box.
    pub(super) missed: watch::Receiver<Option<Instant>>,
}

impl Replacing {
    /// Ends when a box may be made.
    pub(super) async fn is_due(&mut self) {
        let missed = *self.missed.borrow_and_update();
        if missed.is_some_and(|missed| missed.elapsed() < PRESSED_FOR) {
            return;
        }
        tokio::select! {
            () = until_over(self.in_use.as_mut()) => {}
            () = until_changed(&mut self.missed) => {}
            () = sleep(LONGEST_WAIT) => {}
        }
    }
}

/// Ends when the slot is free and what ran there is settled; at once where it is not in use.
async fn until_over(in_use: Option<&mut watch::Receiver<bool>>) {
    let Some(in_use) = in_use.filter(|in_use| *in_use.borrow()) else {
        return;
    };
    // What tells no longer has no slot.
    let _is_free = in_use.wait_for(|in_use| !in_use).await.is_ok();
    sleep(SETTLES_WITHIN).await;
}

async fn until_changed(missed: &mut watch::Receiver<Option<Instant>>) {
    if missed.changed().await.is_err() {
        pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long the replacement of a box is put off, in a slot that is in use for `busy`, where a lease finds no box
    /// after `missed`.
    async fn put_off(busy: Option<Duration>, missed: Option<Duration>) -> Duration {
        let (in_use, misses) = (watch::Sender::new(busy.is_some()), watch::Sender::new(None));
        let mut replacing = Replacing {
            in_use: Some(in_use.subscribe()),
            missed: misses.subscribe(),
        };
        let begun = tokio::time::Instant::now();
        let happens = async {
            sleep(busy.unwrap_or_default()).await;
            in_use.send_replace(false);
            pending::<()>().await;
        };
        let misses = async {
            sleep(missed.unwrap_or(LONGEST_WAIT * 9)).await;
            misses.send_replace(Some(Instant::now()));
            pending::<()>().await;
        };
        tokio::select! {
            () = replacing.is_due() => begun.elapsed(),
            () = happens => unreachable!(),
            () = misses => unreachable!(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_box_is_replaced_behind_the_submission_unless_that_is_long_or_another_waits() {
        let ms = Duration::from_millis;
        for (busy, missed, expected) in [
            (None, None, ms(0)),
            (Some(ms(12)), None, ms(12) + SETTLES_WITHIN),
            (Some(ms(10_000)), None, LONGEST_WAIT),
            (Some(ms(100)), Some(ms(7)), ms(7)),
        ] {
            assert_eq!(put_off(busy, missed).await, expected, "{busy:?} {missed:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_lease_that_found_none_boxes_are_replaced_at_once() {
        let (in_use, missed) = (watch::Sender::new(true), watch::Sender::new(Some(Instant::now())));
        let mut replacing = Replacing {
            in_use: Some(in_use.subscribe()),
            missed: missed.subscribe(),
        };
        let begun = tokio::time::Instant::now();
        replacing.is_due().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }
}
