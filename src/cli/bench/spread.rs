//! The same second of work on one slot and on all: whether the times that decide a verdict stay the same.

use anyhow::Context as _;

use crate::cli::bench::crew::Crew;
use crate::cli::bench::figures::{Figures, Spread, median};
use crate::cli::bench::latency::PLAIN;
use crate::cli::bench::reference::Plain;
use crate::cli::bench::site::Site;
use crate::cli::bench::workload::Workload;

/// Rounds of the loop in a trial that says how many are a second.
const TRIAL: u64 = 2_000_000;

/// A round takes seconds, and its times scatter little.
const MOST_ROUNDS: usize = 7;

/// A workload of about a second on this machine.
pub(super) async fn calibrated(plains: &mut [Plain]) -> anyhow::Result<Workload> {
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
pub(super) async fn measure(site: &mut Site, workload: &Workload, figures: &mut Figures) -> anyhow::Result<()> {
    if let Some(variant) = site.variants.first().cloned() {
        let what = "W4 one to all at once";
        site.live.part(what);
        let settings = site.corner.settings(&variant, site.slots, "all");
        let mut crew = Crew::start(&site.corner, &settings).await?;
        let mut by_crew = vec![Vec::new(); site.slots];
        let mut by_plain = vec![Vec::new(); site.slots];
        let rounds = site.rounds.min(MOST_ROUNDS);
        crew.send(workload, 1).await?;
        crew.verdict().await?;
        for round in 0..rounds {
            for at_once in 1..=site.slots {
                let done = round * site.slots + at_once - 1;
                site.live.count(done, rounds * site.slots, what);
                site.meter.settle().await?;
                crew.send(workload, at_once).await?;
                for _ in 0..at_once {
                    by_crew[at_once - 1].push(crew.verdict().await?.totals.cpu_ms as f64);
                }
                site.meter.settle().await?;
                let starts = site.plains.iter_mut().take(at_once).map(|plain| plain.run(workload));
                for starts in futures::future::try_join_all(starts).await? {
                    by_plain[at_once - 1].extend(starts);
                }
            }
        }
        crew.stop().await?;
        add_figures(&variant.name, &by_crew, figures);
        add_figures(PLAIN, &by_plain, figures);
    }
    Ok(())
}

fn add_figures(way: &str, times: &[Vec<f64>], figures: &mut Figures) {
    let alone = times.first().map_or(f64::NAN, |times| median(times));
    for (index, times) in times.iter().enumerate() {
        let median_ms = median(times);
        figures.spreads.push(Spread {
            way: way.to_owned(),
            at_once: index + 1,
            median_ms,
            off: median_ms / alone - 1.0,
        });
    }
}
