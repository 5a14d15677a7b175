//! Many submissions by other means than a worker, as many at once as there are slots.

use crate::environment::Environment;
use crate::measurements::latency::{FORKED, PER_SUBMISSION, PER_TEST};
use crate::meter::Spent;
use crate::reference::{backlog_per_submission, backlog_per_test, backlog_plain};
use crate::workload::Workload;

/// How long so many submissions took in one of the ways, in seconds, and what was spent on them.
pub(crate) async fn measure(
    environment: &mut Environment,
    workload: &Workload,
    way: &str,
    submissions: usize,
) -> anyhow::Result<(f64, Spent)> {
    let (at_once, image) = (environment.slots, environment.image.clone());
    let idle = environment.meter.idle().await?;
    let before = environment.meter.read()?;
    let seconds = match way {
        PER_TEST => backlog_per_test(&image, workload, submissions, at_once).await?,
        PER_SUBMISSION => backlog_per_submission(&image, workload, submissions, at_once).await?,
        _ => backlog_plain(&mut environment.plains, workload, submissions, way == FORKED).await?,
    };
    environment.meter.settle().await?;
    let spent = environment.meter.read()?.since(&before, idle);
    Ok((seconds, spent))
}
