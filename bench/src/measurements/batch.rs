//! Submissions in numbers, as many at once as there are slots: how many per second, and what each costs.

use std::time::Instant;

use crate::environment::Environment;
use crate::measurements::by_reference;
use crate::measurements::latency::{FORKED, PER_SUBMISSION, PER_TEST, PLAIN};
use crate::meter::Spent;
use crate::processes::workers::Worker;
use crate::results::{Batch, Results};
use crate::workload::Workload;

/// Measures these workloads.
pub(crate) async fn measure(
    environment: &mut Environment,
    workloads: &[Workload],
    results: &mut Results,
) -> anyhow::Result<()> {
    let variants = environment.variants.clone();
    for workload in workloads {
        for variant in &variants {
            environment
                .progress
                .part(&format!("{} in numbers: {}", workload.name, variant.name));
            let settings = environment.namespace.settings(variant, environment.slots, "all")?;
            let mut worker = Worker::start(&environment.namespace, &settings).await?;
            results
                .batches
                .push(by_worker(environment, workload, &variant.name, &mut worker).await?);
            worker.stop().await?;
        }
        for way in [PLAIN, FORKED, PER_TEST, PER_SUBMISSION] {
            if is_compared(workload, way) {
                let what = format!("{} in numbers: {way}", workload.name);
                environment.progress.part(&what);
                results.batches.push(by_reference(environment, workload, way).await?);
            }
        }
    }
    Ok(())
}

/// Twenty containers of 50 MB each take too long, and what a fork saves is seen where programs are short.
fn is_compared(workload: &Workload, way: &str) -> bool {
    match way {
        PER_TEST => workload.name != "W5",
        FORKED => matches!(workload.name, "W1" | "W2"),
        _ => true,
    }
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

async fn by_worker(
    environment: &Environment,
    workload: &Workload,
    way: &str,
    worker: &mut Worker,
) -> anyhow::Result<Batch> {
    let submissions = number_of(workload, environment.slots);
    // The first ones find cold boxes and caches.
    worker.send(workload, environment.slots).await?;
    for _ in 0..environment.slots {
        worker.verdict().await?;
    }
    let idle = environment.meter.idle().await?;
    let before = environment.meter.read()?;
    let began = Instant::now();
    worker.send(workload, submissions).await?;
    let mut test_peak = 0;
    for _ in 0..submissions {
        test_peak = test_peak.max(worker.verdict().await?.totals.max_memory_bytes);
    }
    let seconds = began.elapsed().as_secs_f64();
    // The removal of the last boxes belongs to the price.
    environment.meter.settle().await?;
    let spent = environment.meter.read()?.since(&before, idle);
    Ok(Batch {
        worker_peak_bytes: Some(worker.memory("VmHWM")?),
        test_peak_bytes: Some(test_peak),
        ..batch(workload, way, submissions, seconds, &spent)
    })
}

async fn by_reference(environment: &mut Environment, workload: &Workload, way: &str) -> anyhow::Result<Batch> {
    let submissions = match way {
        PER_TEST => (2 * environment.slots).div_ceil(workload.tests.len()).max(1),
        _ => number_of(workload, environment.slots).min(6 * environment.slots),
    };
    let (seconds, spent) = by_reference::measure(environment, workload, way, submissions).await?;
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
