//! The slots of a worker, and how fast they are freed, which says whether it is worth having a message ready for the next.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Slots are freed at a pace at which a message waits no longer than this for one.
const BRISK: Duration = Duration::from_secs(1);

/// Slots, each of which one submission at a time is in. They outlive the links over which submissions come.
#[derive(Debug)]
pub(in crate::broker) struct Slots {
    free: Arc<Semaphore>,
    number: usize,
    usage: watch::Sender<Usage>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Usage {
    in_use: usize,
    /// When a slot was freed last.
    freed: Option<Instant>,
    /// The pace is brisk until then.
    brisk_until: Option<Instant>,
}

/// A slot that a submission is in, until it is dropped.
#[derive(Debug)]
pub(in crate::broker) struct UsedSlot {
    _permit: OwnedSemaphorePermit,
    _freed: DropGuard,
    slots: Arc<Slots>,
}

impl Slots {
    pub(in crate::broker) fn new(number: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(number)),
            number,
            usage: watch::Sender::default(),
        }
    }

    pub(in crate::broker) fn number(&self) -> usize {
        self.number
    }

    /// A slot, as soon as one is free.
    pub(super) async fn acquire(&self) -> OwnedSemaphorePermit {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = Arc::clone(&self.free).acquire_owned().await {
                return permit;
            }
        }
    }

    /// A submission is in the slot from now on, until the token is cancelled.
    pub(super) fn take(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> (UsedSlot, CancellationToken) {
        self.usage.send_modify(|usage| usage.in_use += 1);
        let freed = CancellationToken::new();
        let used = UsedSlot {
            _permit: permit,
            _freed: freed.clone().drop_guard(),
            slots: Arc::clone(self),
        };
        (used, freed)
    }

    fn note_freed(&self, now: Instant) {
        self.usage.send_modify(|usage| {
            let is_brisk = usage.freed.is_some_and(|before| now.duration_since(before) < BRISK);
            usage.brisk_until = is_brisk.then(|| now + BRISK);
            usage.freed = Some(now);
            usage.in_use = usage.in_use.saturating_sub(1);
        });
    }

    /// Returns when slots are freed briskly.
    pub(super) async fn are_brisk(&self) {
        let is_brisk = |usage: &Usage| usage.brisk_until.is_some_and(|until| until > Instant::now());
        let mut usage = self.usage.subscribe();
        // The sender lives as long as this does.
        let _brisk = usage.wait_for(is_brisk).await;
    }

    /// Returns when they are not.
    pub(super) async fn are_slow(&self) {
        loop {
            let until = self.usage.borrow().brisk_until;
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => sleep_until(until).await,
                None => return,
            }
        }
    }

    /// Returns when all are in use, and are not freed briskly.
    pub(super) async fn are_stalled(&self) {
        let is_full = |usage: &Usage| usage.in_use >= self.number;
        let mut usage = self.usage.subscribe();
        loop {
            // The sender lives as long as this does.
            drop(usage.wait_for(is_full).await);
            self.are_slow().await;
            if is_full(&self.usage.borrow()) {
                return;
            }
        }
    }
}

impl Drop for UsedSlot {
    fn drop(&mut self) {
        self.slots.note_freed(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn is_now(state: impl Future<Output = ()>) -> bool {
        state.now_or_never().is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn slots_are_freed_briskly_from_the_second_within_a_second_until_none_is_for_a_second() {
        let slots = Slots::new(1);
        assert!(is_now(slots.are_slow()));
        slots.note_freed(Instant::now());
        assert!(is_now(slots.are_slow()), "one says nothing");
        slots.note_freed(Instant::now() + BRISK / 2);
        assert!(is_now(slots.are_brisk()) && !is_now(slots.are_slow()));
        let began = Instant::now();
        slots.are_slow().await;
        assert_eq!(began.elapsed().as_millis(), 1500);
        assert!(!is_now(slots.are_brisk()));
        slots.note_freed(Instant::now());
        assert!(is_now(slots.are_slow()), "the one before was long ago");
    }

    #[tokio::test(start_paused = true)]
    async fn slots_are_stalled_when_all_are_in_use_and_none_was_freed_for_a_second() {
        let slots = Arc::new(Slots::new(1));
        for _ in 0..2 {
            drop(slots.take(slots.acquire().await));
        }
        assert!(!is_now(slots.are_stalled()), "one is free");
        let (used, freed) = slots.take(slots.acquire().await);
        assert!(!is_now(slots.are_stalled()), "one was freed just now");
        slots.are_stalled().await;
        drop(used);
        assert!(freed.is_cancelled() && !is_now(slots.are_stalled()));
    }
}
