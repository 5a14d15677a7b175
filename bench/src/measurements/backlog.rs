//! Submissions that wait in RabbitMQ when a worker comes: verdicts per second, and whether its memory stays flat.

use std::time::Instant;

use anyhow::Context as _;

use crate::environment::Environment;
use crate::measurements::by_reference;
use crate::measurements::latency::{PER_SUBMISSION, PER_TEST, PLAIN};
use crate::processes::variant::{Variant, on_runtime};
use crate::processes::workers::Worker;
use crate::results::{Backlog, Results, median_bytes};
use crate::workload::Workload;

/// Verdicts after which the memory of a worker is read for the first time.
const WARM: usize = 100;

/// Readings of which the median counts: what is allocated in a moment says little.
const READINGS: usize = 10;

/// How many submissions are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// In a backlog.
    pub(crate) backlog: usize,
    /// In the backlog over which the worker's memory has to stay flat.
    pub(crate) long: usize,
}

/// One slot, two, all; then the other ways and runtimes on all, and the references in between.
pub(crate) async fn measure(
    environment: &mut Environment,
    workload: &Workload,
    sizes: Sizes,
    results: &mut Results,
) -> anyhow::Result<()> {
    let Some((first, others)) = environment.variants.split_first() else {
        return Ok(());
    };
    let (first, others) = (first.clone(), others.to_vec());
    let mut slots: Vec<usize> = [1, 2].into_iter().filter(|slots| *slots < environment.slots).collect();
    slots.push(environment.slots);
    references(environment, workload, results).await?;
    for slots in slots {
        let submissions = if slots == environment.slots {
            sizes.long
        } else {
            sizes.backlog
        };
        results
            .backlogs
            .push(backlog(environment, workload, &first, slots, submissions).await?);
    }
    references(environment, workload, results).await?;
    let runtimes = environment
        .other_runtimes
        .iter()
        .map(|runtime| on_runtime(&first, runtime));
    for variant in others.iter().cloned().chain(runtimes).collect::<Vec<_>>() {
        let submissions = sizes.backlog.min(50 * environment.slots);
        results
            .backlogs
            .push(backlog(environment, workload, &variant, environment.slots, submissions).await?);
    }
    Ok(())
}

async fn backlog(
    environment: &Environment,
    workload: &Workload,
    variant: &Variant,
    slots: usize,
    submissions: usize,
) -> anyhow::Result<Backlog> {
    let what = format!("W6 backlog: {}, {slots} slots", variant.name);
    environment.progress.part(&what);
    let settings = environment.namespace.settings(variant, slots, "backlog")?;
    let idle = environment.meter.idle().await?;
    // Queues are declared by workers, so one has to come and go before anything can wait.
    Worker::start(&environment.namespace, &settings).await?.stop().await?;
    let before = environment.meter.read()?;
    let mut worker = Worker::start_behind(&environment.namespace, &settings, workload, submissions).await?;
    let (mut first, mut last) = (None, Instant::now());
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for number in 1..=submissions {
        worker.verdict().await?;
        last = Instant::now();
        first.get_or_insert(last);
        if (WARM..WARM + READINGS).contains(&number) {
            early.push(worker.memory("VmRSS")? as f64);
        }
        if number + READINGS > submissions {
            late.push(worker.memory("VmRSS")? as f64);
        }
        environment.progress.count(number, submissions, &what);
    }
    let seconds = (last - first.context("no submission was sent")?).as_secs_f64();
    environment.meter.settle().await?;
    let spent = environment.meter.read()?.since(&before, idle);
    worker.stop().await?;
    let per_submission = |cpu: f64| cpu * 1e3 / submissions as f64;
    Ok(Backlog {
        way: variant.name.clone(),
        slots,
        submissions,
        per_second: (submissions - 1) as f64 / seconds,
        cpu_ms: per_submission(spent.everything - spent.own),
        services_cpu_ms: per_submission(spent.services),
        worker_bytes: (submissions >= 2 * WARM).then(|| (median_bytes(&early), median_bytes(&late))),
    })
}

/// The same submissions by other means, as many at once as there are slots. Each call adds to what is there.
async fn references(environment: &mut Environment, workload: &Workload, results: &mut Results) -> anyhow::Result<()> {
    let at_once = environment.slots;
    for (way, submissions) in [
        (PLAIN, 10 * at_once),
        (PER_TEST, at_once),
        (PER_SUBMISSION, 6 * at_once),
    ] {
        environment.progress.part(&format!("W6 backlog: {way}"));
        let (seconds, spent) = by_reference::measure(environment, workload, way, submissions).await?;
        let cpu_ms = (spent.everything - spent.own) * 1e3 / submissions as f64;
        let per_second = submissions as f64 / seconds;
        match results.backlogs.iter_mut().find(|backlog| backlog.way == way) {
            // As many again: the mean time per submission is the mean of the two.
            Some(backlog) => {
                backlog.per_second = 2.0 / (1.0 / backlog.per_second + 1.0 / per_second);
                backlog.cpu_ms = f64::midpoint(backlog.cpu_ms, cpu_ms);
                backlog.submissions += submissions;
            }
            None => results.backlogs.push(Backlog {
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
