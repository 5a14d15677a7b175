//! How long a process of the submission may take to answer. What the tests do meanwhile does not count.

use std::time::Duration;

use tokio::time::Instant;

use crate::sandbox::Starved;

/// The time that a process has taken for its answers.
#[derive(Debug)]
pub(super) struct Waits {
    /// What it may take for all of them.
    wall: Duration,
    /// How long the tests may be silent.
    silence: Duration,
    starved: Starved,
    taken: Duration,
    since: Instant,
    is_asked: bool,
}

impl Waits {
    /// A process that is asked something now.
    pub(super) fn asked(wall: Duration, silence: Duration, starved: Starved) -> Self {
        Self {
            wall,
            silence,
            starved,
            taken: Duration::ZERO,
            since: Instant::now(),
            is_asked: true,
        }
    }

    /// It is asked something.
    pub(super) fn ask(&mut self) {
        (self.since, self.is_asked) = (Instant::now(), true);
    }

    /// It says something. `false` where it was not asked.
    pub(super) fn answer(&mut self) -> bool {
        let was_asked = std::mem::replace(&mut self.is_asked, false);
        if was_asked {
            self.taken += self.since.elapsed();
            self.since = Instant::now();
        }
        was_asked
    }

    /// Whether it owes an answer.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked
    }

    /// Time that it has taken.
    pub(super) fn taken(&self) -> Duration {
        self.taken
            + if self.is_asked {
                self.since.elapsed()
            } else {
                Duration::ZERO
            }
    }

    /// When the one whose turn it is has taken too long.
    pub(super) fn deadline(&self) -> Instant {
        match self.is_asked {
            true => self.since + self.wall.saturating_sub(self.taken) + self.starved.so_far(),
            false => self.since + self.silence,
        }
    }
}
