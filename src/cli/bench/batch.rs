//! Submissions in numbers, as many at once as there are slots: how many per second, and what each costs.

use std::time::Instant;

use crate::cli::bench::crew::Crew;
use crate::cli::bench::figures::{Batch, Figures};
use crate::cli::bench::latency::{PER_SUBMISSION, PER_TEST, PLAIN};
use crate::cli::bench::meter::Spent;
use crate::cli::bench::reference::{flood_per_submission, flood_per_test, flood_plain};
use crate::cli::bench::site::Site;
use crate::cli::bench::workload::Workload;

/// Measures these workloads.
pub(super) async fn measure(site: &mut Site, workloads: &[Workload], figures: &mut Figures) -> anyhow::Result<()> {
    let variants = site.variants.clone();
    for workload in workloads {
        for variant in &variants {
            site.live
                .part(&format!("{} in numbers: {}", workload.name, variant.name));
            let settings = site.corner.settings(variant, site.slots, "all");
            let mut crew = Crew::start(&site.corner, &settings).await?;
            figures
                .batches
                .push(by_crew(site, workload, &variant.name, &mut crew).await?);
            crew.stop().await?;
        }
        for way in [PLAIN, PER_TEST, PER_SUBMISSION] {
            site.live.part(&format!("{} in numbers: {way}", workload.name));
            if !(way == PER_TEST && workload.name == "W5") {
                figures.batches.push(by_reference(site, workload, way).await?);
            }
        }
    }
    Ok(())
}

/// Submissions that take some seconds together.
fn number_of(workload: &Workload, slots: usize) -> usize {
    match workload.name {
        "W1" => 20 * slots,
        "W2" => 10 * slots,
        "W3" => 4 * slots,
        _ => 2 * slots,
    }
}

async fn by_crew(site: &Site, workload: &Workload, way: &str, crew: &mut Crew) -> anyhow::Result<Batch> {
    let submissions = number_of(workload, site.slots);
    // The first ones find cold boxes and caches.
    crew.send(workload, site.slots).await?;
    for _ in 0..site.slots {
        crew.verdict().await?;
    }
    let idle = site.meter.idle().await?;
    let before = site.meter.read()?;
    let began = Instant::now();
    crew.send(workload, submissions).await?;
    let mut test_peak = 0;
    for _ in 0..submissions {
        test_peak = test_peak.max(crew.verdict().await?.totals.max_memory_bytes);
    }
    let seconds = began.elapsed().as_secs_f64();
    // The removal of the last boxes belongs to the price.
    site.meter.settle().await?;
    let spent = site.meter.read()?.since(&before, idle);
    Ok(Batch {
        worker_peak_bytes: Some(crew.memory("VmHWM")?),
        test_peak_bytes: Some(test_peak),
        ..batch(workload, way, submissions, seconds, &spent)
    })
}

async fn by_reference(site: &mut Site, workload: &Workload, way: &str) -> anyhow::Result<Batch> {
    let (at_once, image) = (site.slots, site.image.clone());
    let submissions = match way {
        PER_TEST => (2 * site.slots).div_ceil(workload.tests.len()).max(1),
        _ => number_of(workload, site.slots).min(6 * site.slots),
    };
    let idle = site.meter.idle().await?;
    let before = site.meter.read()?;
    let seconds = match way {
        PER_TEST => flood_per_test(&image, workload, submissions, at_once).await?,
        PER_SUBMISSION => flood_per_submission(&image, workload, submissions, at_once).await?,
        _ => flood_plain(&mut site.plains, workload, submissions).await?,
    };
    site.meter.settle().await?;
    let spent = site.meter.read()?.since(&before, idle);
    Ok(batch(workload, way, submissions, seconds, &spent))
}

fn batch(workload: &Workload, way: &str, submissions: usize, seconds: f64, spent: &Spent) -> Batch {
    let cpu = spent.everything - spent.own;
    Batch {
        workload: workload.name.to_owned(),
        way: way.to_owned(),
        submissions,
        per_second: submissions as f64 / seconds,
        cpu_ms: cpu * 1e3 / submissions as f64,
        services_cpu_ms: spent.services * 1e3 / submissions as f64,
        worker_peak_bytes: None,
        test_peak_bytes: None,
    }
}
