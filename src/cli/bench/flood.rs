//! Submissions that wait in RabbitMQ when a worker comes: verdicts per second, and whether its memory stays flat.

use std::time::Instant;

use anyhow::Context as _;

use crate::cli::bench::crew::Crew;
use crate::cli::bench::figures::{Figures, Flood, median};
use crate::cli::bench::latency::{PER_SUBMISSION, PER_TEST, PLAIN};
use crate::cli::bench::reference::{flood_per_submission, flood_per_test, flood_plain};
use crate::cli::bench::site::Site;
use crate::cli::bench::variant::{Variant, on_runtime};
use crate::cli::bench::workload::Workload;

/// Verdicts after which the memory of a worker is read for the first time.
const WARM: usize = 100;

/// Readings of which the median counts: what is allocated in a moment says little.
const READINGS: usize = 10;

/// How many submissions are sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// In a flood.
    pub(super) flood: usize,
    /// In the flood over which the worker's memory has to stay flat.
    pub(super) long: usize,
}

/// One slot, two, all; then the other ways and runtimes on all, and the references in between.
pub(super) async fn measure(
    site: &mut Site,
    workload: &Workload,
    sizes: Sizes,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let Some((first, others)) = site.variants.split_first() else {
        return Ok(());
    };
    let (first, others) = (first.clone(), others.to_vec());
    let mut slots: Vec<usize> = [1, 2].into_iter().filter(|slots| *slots < site.slots).collect();
    slots.push(site.slots);
    references(site, workload, figures).await?;
    for slots in slots {
        let submissions = if slots == site.slots { sizes.long } else { sizes.flood };
        figures
            .floods
            .push(flood(site, workload, &first, slots, submissions).await?);
    }
    references(site, workload, figures).await?;
    let runtimes = site.other_runtimes.iter().map(|runtime| on_runtime(&first, runtime));
    for variant in others.iter().cloned().chain(runtimes).collect::<Vec<_>>() {
        let submissions = sizes.flood.min(50 * site.slots);
        figures
            .floods
            .push(flood(site, workload, &variant, site.slots, submissions).await?);
    }
    Ok(())
}

async fn flood(
    site: &Site,
    workload: &Workload,
    variant: &Variant,
    slots: usize,
    submissions: usize,
) -> anyhow::Result<Flood> {
    let what = format!("W6 flood: {}, {slots} slots", variant.name);
    site.live.part(&what);
    let settings = site.corner.settings(variant, slots, "flood");
    let idle = site.meter.idle().await?;
    // Queues are declared by workers, so one has to come and go before anything can wait.
    Crew::start(&site.corner, &settings).await?.stop().await?;
    let before = site.meter.read()?;
    let mut crew = Crew::start_behind(&site.corner, &settings, workload, submissions).await?;
    let (mut first, mut last) = (None, Instant::now());
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for number in 1..=submissions {
        crew.verdict().await?;
        last = Instant::now();
        first.get_or_insert(last);
        if (WARM..WARM + READINGS).contains(&number) {
            early.push(crew.memory("VmRSS")? as f64);
        }
        if number + READINGS > submissions {
            late.push(crew.memory("VmRSS")? as f64);
        }
        site.live.count(number, submissions, &what);
    }
    let seconds = (last - first.context("no submission was sent")?).as_secs_f64();
    site.meter.settle().await?;
    let spent = site.meter.read()?.since(&before, idle);
    crew.stop().await?;
    let per_submission = |cpu: f64| cpu * 1e3 / submissions as f64;
    Ok(Flood {
        way: variant.name.clone(),
        slots,
        submissions,
        per_second: (submissions - 1) as f64 / seconds,
        cpu_ms: per_submission(spent.everything - spent.own),
        services_cpu_ms: per_submission(spent.services),
        worker_bytes: (submissions >= 2 * WARM).then(|| (bytes(&early), bytes(&late))),
    })
}

/// The same submissions by other means, as many at once as there are slots. Each call adds to what is there.
async fn references(site: &mut Site, workload: &Workload, figures: &mut Figures) -> anyhow::Result<()> {
    let (at_once, image) = (site.slots, site.image.clone());
    for (way, submissions) in [
        (PLAIN, 10 * at_once),
        (PER_TEST, at_once),
        (PER_SUBMISSION, 6 * at_once),
    ] {
        site.live.part(&format!("W6 flood: {way}"));
        let idle = site.meter.idle().await?;
        let before = site.meter.read()?;
        let seconds = match way {
            PER_TEST => flood_per_test(&image, workload, submissions, at_once).await?,
            PER_SUBMISSION => flood_per_submission(&image, workload, submissions, at_once).await?,
            _ => flood_plain(&mut site.plains, workload, submissions).await?,
        };
        site.meter.settle().await?;
        let spent = site.meter.read()?.since(&before, idle);
        let cpu_ms = (spent.everything - spent.own) * 1e3 / submissions as f64;
        let per_second = submissions as f64 / seconds;
        match figures.floods.iter_mut().find(|flood| flood.way == way) {
            // As many again: the mean time per submission is the mean of the two.
            Some(flood) => {
                flood.per_second = 2.0 / (1.0 / flood.per_second + 1.0 / per_second);
                flood.cpu_ms = f64::midpoint(flood.cpu_ms, cpu_ms);
                flood.submissions += submissions;
            }
            None => figures.floods.push(Flood {
                way: way.to_owned(),
                slots: at_once,
                submissions,
                per_second,
                cpu_ms,
                services_cpu_ms: 0.0,
                worker_bytes: None,
            }),
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of bytes that was one before"
)]
fn bytes(readings: &[f64]) -> u64 {
    median(readings) as u64
}
