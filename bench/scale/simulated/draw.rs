//! What becomes of a run, drawn from the seed and the files of the submission: the same submission is judged alike by
//! every worker, each time.

use std::hash::{DefaultHasher, Hasher as _};

use assize_protocol::{CpuTime, Ended, Figure, MemoryPeak, RunFacts, RunLimits, Stopped};
use fastrand::Rng;

/// What runs are drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Odds {
    /// Of all draws.
    pub(crate) seed: u64,
    /// CPU time that half of the runs stay below, in microseconds.
    pub(crate) median_cpu_us: u64,
    /// How much faster than the drawn times boxes are.
    pub(crate) speed: f64,
}

/// Of a hundred submissions so many pass every test, so many of the others print something wrong, and so many crash. The
/// rest runs into its time limit.
const ACCEPTED: u8 = 60;
const WRONG: u8 = 24;
const CRASHED: u8 = 11;

/// One test in so many is where a submission that fails does so first.
const FAILS_WITHIN: usize = 5;

/// How wide CPU times spread: with 3, one run in 21 takes longer than 2.7 medians, and one in 1000 longer than 10.
const SHAPE: f64 = 3.0;

/// A program and its files are larger than this, in bytes.
const LEAST_MEMORY: u64 = 8 << 20;

/// A run that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub(super) facts: RunFacts,
    /// Whether it prints what it read, which is the right answer.
    pub(super) is_right: bool,
}

/// What becomes of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Accepted,
    Wrong,
    Crashed,
    Slow,
}

impl Odds {
    /// A run of the submission with these files: the first one in its box is number 0.
    pub(super) fn draw(&self, files: u64, number: usize, limits: &RunLimits) -> Drawn {
        let mut submission = Rng::with_seed(self.seed ^ files);
        let fate = fate(&mut submission);
        let fails = fate != Fate::Accepted && number == submission.usize(..FAILS_WITHIN);
        let mut run = Rng::with_seed(submission.u64(..) ^ number as u64);
        let cpu_us = spread(self.median_cpu_us, run.f64());
        let mut facts = RunFacts::ended(match fate {
            Fate::Crashed if fails => Ended::Exit(1),
            _ => Ended::Exit(0),
        });
        let used = |us| CpuTime {
            us,
            source: Figure::Cgroup,
        };
        facts.cpu = used(cpu_us.min(limits.cpu_us));
        facts.wall_us = facts.cpu.us + facts.cpu.us / run.u64(4..20) + 1000;
        facts.memory_peak = MemoryPeak {
            bytes: LEAST_MEMORY + run.u64(..LEAST_MEMORY),
            source: Figure::Cgroup,
        };
        if fate == Fate::Slow && fails {
            facts.ended = Ended::Signal(9);
            facts.stopped = Some(Stopped::Cpu);
            facts.cpu = used(limits.cpu_us + limits.cpu_us / 10);
            facts.wall_us = facts.cpu.us + 1000;
        }
        Drawn {
            facts,
            is_right: !fails,
        }
    }

    /// How long a box takes for so much of the drawn time.
    pub(super) fn real(&self, us: u64) -> std::time::Duration {
        std::time::Duration::from_micros(us).div_f64(self.speed)
    }
}

fn fate(rng: &mut Rng) -> Fate {
    match rng.u8(..100) {
        drawn if drawn < ACCEPTED => Fate::Accepted,
        drawn if drawn < ACCEPTED + WRONG => Fate::Wrong,
        drawn if drawn < ACCEPTED + WRONG + CRASHED => Fate::Crashed,
        _ => Fate::Slow,
    }
}

/// A log-logistic distribution: most runs take about the median, and few take very long.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "microseconds of a run"
)]
fn spread(median_us: u64, part: f64) -> u64 {
    let part = part.clamp(1e-6, 1.0 - 1e-6);
    (median_us as f64 * (part / (1.0 - part)).powf(1.0 / SHAPE)) as u64
}

/// The files of a submission, as a number.
#[derive(Debug, Default)]
pub(super) struct Files(DefaultHasher);

impl Files {
    pub(super) fn add(&mut self, content: &[u8]) {
        self.0.write(content);
    }

    pub(super) fn number(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: RunLimits = RunLimits {
        cpu_us: 2_000_000,
        wall_us: 5_000_000,
        starved_us: 0,
        memory_bytes: 1 << 30,
        input_room_bytes: 0,
        output_bytes: 1 << 20,
        file_bytes: 1 << 20,
        open_files: 64,
        cpus: 1,
        stderr_keep: 0,
    };
    const ODDS: Odds = Odds {
        seed: 7,
        median_cpu_us: 100_000,
        speed: 1.0,
    };

    #[test]
    fn a_submission_is_drawn_alike_each_time_and_another_seed_draws_it_otherwise() {
        let runs = |odds: Odds| (0..200).map(|files| odds.draw(files, 0, &LIMITS)).collect::<Vec<_>>();
        assert_eq!(runs(ODDS), runs(ODDS));
        assert_ne!(runs(ODDS), runs(Odds { seed: 8, ..ODDS }));
    }

    #[test]
    fn of_a_thousand_submissions_about_as_many_pass_and_take_so_long_as_the_odds_say() {
        let submissions: Vec<Vec<Drawn>> = (0..1000)
            .map(|files| {
                (0..FAILS_WITHIN)
                    .map(|number| ODDS.draw(files, number, &LIMITS))
                    .collect()
            })
            .collect();
        let passed = submissions
            .iter()
            .filter(|runs| runs.iter().all(|run| run.is_right))
            .count();
        assert!((550..650).contains(&passed), "{passed}");
        let stopped = submissions
            .iter()
            .flatten()
            .filter(|run| run.facts.stopped == Some(Stopped::Cpu))
            .count();
        assert!((20..80).contains(&stopped), "{stopped}");
        let mut times: Vec<u64> = submissions.iter().flatten().map(|run| run.facts.cpu.us).collect();
        times.sort_unstable();
        assert!(
            (90_000..110_000).contains(&times[times.len() / 2]),
            "{}",
            times[times.len() / 2]
        );
    }
}
