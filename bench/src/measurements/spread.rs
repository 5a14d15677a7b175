//! The same second of work on one slot and on all: whether the times that decide a verdict stay the same.

use anyhow::Context as _;

use crate::environment::Environment;
use crate::measurements::latency::PLAIN;
use crate::processes::variant::by_nsjail;
use crate::processes::workers::Worker;
use crate::reference::Plain;
use crate::results::{Results, Spread, median};
use crate::workload::Workload;

/// Rounds of the loop in a trial that says how many are a second.
const TRIAL: u64 = 2_000_000;

/// A round takes seconds, and its times scatter little.
const MOST_ROUNDS: usize = 7;

/// A workload of about a second on this machine.
pub(crate) async fn calibrated(plains: &mut [Plain]) -> anyhow::Result<Workload> {
    let plain = plains.first_mut().context("there is no slot")?;
    let trial = Workload::burn(TRIAL);
    let mut fastest = f64::INFINITY;
    for _ in 0..3 {
        fastest = fastest.min(plain.run(&trial).await?.iter().sum());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of rounds, far below the limits of the type"
    )]
    let rounds = (TRIAL as f64 * 1000.0 / fastest.max(1.0)) as u64;
    Ok(Workload::burn(rounds))
}

/// A worker, and the CPU times that its verdicts had with one to all at once, in milliseconds.
struct Contender {
    way: String,
    worker: Worker,
    times: Vec<Vec<f64>>,
}

/// One to all at once: the worker as it is set, the one with boxes by nsjail, and plain starts, in turn.
pub(crate) async fn measure(
    environment: &mut Environment,
    workload: &Workload,
    results: &mut Results,
) -> anyhow::Result<()> {
    let what = "W4 one to all at once";
    environment.progress.part(what);
    let mut contenders = contenders(environment, workload).await?;
    let mut by_plain = vec![Vec::new(); environment.slots];
    let rounds = environment.rounds.min(MOST_ROUNDS);
    for round in 0..rounds {
        for at_once in 1..=environment.slots {
            let done = round * environment.slots + at_once - 1;
            environment.progress.count(done, rounds * environment.slots, what);
            for contender in &mut contenders {
                environment.meter.settle().await?;
                contender.run(workload, at_once).await?;
            }
            environment.meter.settle().await?;
            let plains = environment.plains.iter_mut().take(at_once);
            let starts = plains.map(|plain| plain.run(workload));
            for starts in futures::future::try_join_all(starts).await? {
                by_plain[at_once - 1].extend(starts);
            }
        }
    }
    for contender in contenders {
        contender.worker.stop().await?;
        add_figures(&contender.way, &contender.times, results);
    }
    add_figures(PLAIN, &by_plain, results);
    Ok(())
}

/// Workers that have judged the workload once.
async fn contenders(environment: &Environment, workload: &Workload) -> anyhow::Result<Vec<Contender>> {
    let first = environment.variants.first().cloned();
    let mut contenders = Vec::new();
    for variant in first.into_iter().chain(by_nsjail(&environment.settings)) {
        let queues = format!("all-{}", contenders.len());
        let settings = environment.namespace.settings(&variant, environment.slots, &queues)?;
        let mut worker = Worker::start(&environment.namespace, &settings).await?;
        worker.send(workload, 1).await?;
        worker.verdict().await?;
        contenders.push(Contender {
            way: variant.name,
            worker,
            times: vec![Vec::new(); environment.slots],
        });
    }
    Ok(contenders)
}

impl Contender {
    async fn run(&mut self, workload: &Workload, at_once: usize) -> anyhow::Result<()> {
        self.worker.send(workload, at_once).await?;
        for _ in 0..at_once {
            let judgement = self.worker.verdict().await?;
            self.times[at_once - 1].push(judgement.totals.cpu_ms as f64);
        }
        Ok(())
    }
}

fn add_figures(way: &str, times: &[Vec<f64>], results: &mut Results) {
    let alone = times.first().map_or(f64::NAN, |times| median(times));
    for (index, times) in times.iter().enumerate() {
        let median_ms = median(times);
        results.spreads.push(Spread {
            way: way.to_owned(),
            at_once: index + 1,
            median_ms,
            off: median_ms / alone - 1.0,
        });
    }
}
