//! The same second of work on one slot and on all: whether the times that decide a verdict stay the same.

use anyhow::Context as _;

use crate::environment::Environment;
use crate::measurements::latency::PLAIN;
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

/// One to all at once, the worker's ways and the plain starts in turn.
pub(crate) async fn measure(
    environment: &mut Environment,
    workload: &Workload,
    results: &mut Results,
) -> anyhow::Result<()> {
    if let Some(variant) = environment.variants.first().cloned() {
        let what = "W4 one to all at once";
        environment.progress.part(what);
        let settings = environment.namespace.settings(&variant, environment.slots, "all")?;
        let mut worker = Worker::start(&environment.namespace, &settings).await?;
        let mut by_worker = vec![Vec::new(); environment.slots];
        let mut by_plain = vec![Vec::new(); environment.slots];
        let rounds = environment.rounds.min(MOST_ROUNDS);
        worker.send(workload, 1).await?;
        worker.verdict().await?;
        for round in 0..rounds {
            for at_once in 1..=environment.slots {
                let done = round * environment.slots + at_once - 1;
                environment.progress.count(done, rounds * environment.slots, what);
                environment.meter.settle().await?;
                worker.send(workload, at_once).await?;
                for _ in 0..at_once {
                    by_worker[at_once - 1].push(worker.verdict().await?.totals.cpu_ms as f64);
                }
                environment.meter.settle().await?;
                let starts = environment
                    .plains
                    .iter_mut()
                    .take(at_once)
                    .map(|plain| plain.run(workload));
                for starts in futures::future::try_join_all(starts).await? {
                    by_plain[at_once - 1].extend(starts);
                }
            }
        }
        worker.stop().await?;
        add_figures(&variant.name, &by_worker, results);
        add_figures(PLAIN, &by_plain, results);
    }
    Ok(())
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
