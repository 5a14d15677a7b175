//! Memory of boxes that wait for a submission: the interpreter that is warm in each, and everything around it.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use tokio::time::{sleep, timeout};

use crate::environment::Environment;
use crate::measurements::life::usual_box;
use crate::processes::variant::{Variant, by_nsjail};
use crate::processes::{PATIENCE, PAUSE};
use crate::results::{IdleBox, Results};
use assize::sandbox::{Pool, PoolPlan, open_backend};

/// Boxes that wait at once, over which the mean is taken.
const BOXES: usize = 8;

/// What the interpreter is called.
const INTERPRETER: &str = "python3";

/// Boxes of Docker, then boxes of nsjail where a jailer listens.
pub(crate) async fn measure(environment: &Environment, results: &mut Results) -> anyhow::Result<()> {
    environment.progress.part("boxes that wait");
    let first = environment.variants.first().context("there is no worker to measure")?;
    for variant in std::iter::once(first.clone()).chain(by_nsjail(&environment.settings)) {
        results.idle_boxes.push(waiting(environment, &variant).await?);
    }
    Ok(())
}

async fn waiting(environment: &Environment, variant: &Variant) -> anyhow::Result<IdleBox> {
    let sandbox = &variant.settings.sandbox;
    let spec = usual_box(&variant.settings).await?;
    let worker = format!("bench-{}-idle", environment.namespace.name);
    let backend = open_backend(sandbox, &worker)?;
    backend.connect().await?;
    // A slot on any CPU for each of them, since one slot has as many as it was seen to need.
    let plan = PoolPlan::new(sandbox, vec![String::new(); BOXES], 1);
    let before = processes()?;
    let pool = Pool::new(Arc::from(backend), &plan);
    pool.expect(&spec);
    let ready = timeout(PATIENCE, until_ready(&pool)).await;
    environment.meter.settle().await?;
    let (interpreter, rest) = memory_of_new(&before)?;
    pool.close().await;
    ready.with_context(|| format!("{}: boxes do not get ready", variant.name))?;
    ensure!(interpreter > 0, "{}: no interpreter waits in a box", variant.name);
    Ok(IdleBox {
        way: variant.name.clone(),
        boxes: BOXES,
        interpreter_bytes: interpreter / BOXES as u64,
        rest_bytes: rest / BOXES as u64,
    })
}

async fn until_ready(pool: &Pool) {
    while pool.ready() < BOXES {
        sleep(PAUSE).await;
    }
}

/// Memory of interpreters, and of whatever else has been started since.
fn memory_of_new(before: &BTreeSet<u32>) -> anyhow::Result<(u64, u64)> {
    let (mut interpreter, mut rest) = (0, 0);
    for pid in processes()?.difference(before) {
        // One that has ended since has no memory.
        match memory_of(*pid) {
            Some((name, bytes)) if name == INTERPRETER => interpreter += bytes,
            Some((_name, bytes)) => rest += bytes,
            None => {}
        }
    }
    Ok((interpreter, rest))
}

fn processes() -> anyhow::Result<BTreeSet<u32>> {
    let entries = fs::read_dir("/proc").context("cannot read /proc")?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// Name of a process and its memory in bytes, in which pages that several have are shared out: `Pss` of
/// `/proc/PID/smaps_rollup` (proc_pid_smaps(5)).
fn memory_of(pid: u32) -> Option<(String, u64)> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some((name.trim().to_owned(), kib * 1024))
}
