//! Whose turn it is in an interactive problem, and when a submission's time is over.
//!
//! The wall limit is about a program that idles. Between what a submission says and what the validator answers the
//! submission waits for others: for the validator, and for the way there and back, which 10,000 rounds make seconds of.
//! So that time does not count, and that in which it starves, and only that: a wait that no answer ends does.

use std::convert::Infallible;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::sandbox::{RunFacts, Starved, Stopped};

/// The turns of one conversation.
#[derive(Debug)]
pub(super) struct Turns {
    begun: Instant,
    wall: Duration,
    /// Time in which the submission was ready to run and did not.
    starved: Starved,
    /// The submission was ended here, at its wall limit.
    is_over: AtomicBool,
    waits: Mutex<Waits>,
}

#[derive(Debug)]
struct Waits {
    /// When the submission last said something that the validator has not answered, or the conversation began.
    since: Option<Instant>,
    answered: Duration,
}

impl Turns {
    /// A conversation that begins now, whose submission may idle for `wall`.
    pub(super) fn begin(wall: Duration, starved: Starved) -> Self {
        let begun = Instant::now();
        let waits = Waits {
            since: Some(begun),
            answered: Duration::ZERO,
        };
        Self {
            begun,
            wall,
            starved,
            is_over: AtomicBool::new(false),
            waits: Mutex::new(waits),
        }
    }

    /// The submission has said something.
    pub(super) fn submission_spoke(&self) {
        self.waits().since = Some(Instant::now());
    }

    /// The validator has said something.
    pub(super) fn validator_spoke(&self) {
        let mut waits = self.waits();
        if let Some(since) = waits.since.take() {
            waits.answered += since.elapsed();
        }
    }

    /// Ends the submission when it has idled too long.
    pub(super) async fn end_at_wall_limit(&self, kill: &CancellationToken) -> Infallible {
        self.until_over().await;
        self.is_over.store(true, Ordering::Relaxed);
        kill.cancel();
        pending().await
    }

    async fn until_over(&self) {
        loop {
            let due = self.begun + self.wall + self.waited() + self.starved.so_far();
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }

    /// The facts with the waits taken out, and with the reason of an end that came from here.
    pub(super) fn settle(&self, facts: RunFacts) -> RunFacts {
        let waited = u64::try_from(self.waited().as_micros()).unwrap_or(u64::MAX);
        let by_us = facts.stopped == Some(Stopped::Asked) && self.is_over.load(Ordering::Relaxed);
        RunFacts {
            wall_us: facts.wall_us.saturating_sub(waited),
            stopped: if by_us { Some(Stopped::Wall) } else { facts.stopped },
            ..facts
        }
    }

    fn waited(&self) -> Duration {
        self.waits().answered
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const WALL: Duration = Duration::from_secs(2);
    const SECOND: Duration = Duration::from_secs(1);

    /// When the submission is ended, after a conversation that took `rounds` seconds.
    async fn ended_after(rounds: u32, answers: bool) -> Duration {
        let (turns, begun) = (Turns::begin(WALL, Starved::default()), Instant::now());
        for _ in 0..rounds {
            turns.submission_spoke();
            advance(SECOND).await;
            if answers {
                turns.validator_spoke();
            }
        }
        turns.until_over().await;
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn waits_that_are_answered_do_not_count_and_others_do() {
        assert_eq!(ended_after(0, false).await, WALL);
        assert_eq!(ended_after(5, true).await, WALL + 5 * SECOND);
        assert_eq!(ended_after(1, false).await, WALL, "the wait was not answered");
    }

    #[tokio::test(start_paused = true)]
    async fn a_validator_that_speaks_first_is_waited_for() {
        let turns = Turns::begin(WALL, Starved::default());
        advance(SECOND).await;
        turns.validator_spoke();
        assert_eq!(turns.waited(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_submission_that_says_more_waits_from_its_last_word_on() {
        let turns = Turns::begin(WALL, Starved::default());
        turns.submission_spoke();
        advance(SECOND).await;
        turns.submission_spoke();
        turns.validator_spoke();
        turns.validator_spoke();
        assert_eq!(turns.waited(), Duration::ZERO);
    }
}
