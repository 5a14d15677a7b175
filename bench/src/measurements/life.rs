//! A box from its making to its removal: what it costs the machine, on each OCI runtime that the daemon has.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use futures::StreamExt as _;

use crate::environment::Environment;
use crate::reference::plain_box;
use crate::results::{Life, Results, median};
use assize::config::Settings;
use assize::judge::{Judge, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::{Backend, BoxSpec, Pool, open_backend};

/// Boxes of one kind before it is the other's turn.
const BLOCK: usize = 5;

/// What a box cost in each block, in milliseconds. The median of the blocks counts: a burst of something else hits one.
#[derive(Default)]
struct Costs {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

/// A runtime with what was made on it: our boxes, and plain ones.
struct Runtime {
    name: String,
    backend: Box<dyn Backend>,
    ours: Costs,
    plain: Costs,
}

/// Blocks of boxes and of plain containers in turn.
pub(crate) async fn measure(environment: &Environment, results: &mut Results) -> anyhow::Result<()> {
    let what = "boxes, made and removed";
    environment.progress.part(what);
    let spec = usual_box(&environment.settings).await?;
    let mut runtimes = Vec::new();
    for name in std::iter::once(&environment.runtime).chain(&environment.other_runtimes) {
        runtimes.push(Runtime {
            name: name.clone(),
            backend: backend(environment, name, &spec).await?,
            ours: Costs::default(),
            plain: Costs::default(),
        });
    }
    let blocks = environment.rounds.div_ceil(3).max(3);
    for block in 0..blocks {
        for runtime in &mut runtimes {
            environment.progress.count(block, blocks, what);
            boxes(environment, runtime.backend.as_ref(), &spec, &mut runtime.ours).await?;
            plain_boxes(environment, &runtime.name, &mut runtime.plain).await?;
        }
    }
    let recipe = runtimes.first().map_or(f64::NAN, |first| median(&first.plain.cpu));
    for runtime in runtimes {
        runtime.backend.close().await;
        for (way, costs) in [("assize", runtime.ours), ("docker run", runtime.plain)] {
            let cpu_ms = median(&costs.cpu);
            results.lives.push(Life {
                way: way.to_owned(),
                runtime: runtime.name.clone(),
                cpu_ms,
                wall_ms: median(&costs.wall),
                ratio: cpu_ms / recipe,
            });
        }
    }
    Ok(())
}

/// The box of a submission that says nothing about limits.
async fn usual_box(settings: &Settings) -> anyhow::Result<BoxSpec> {
    let pool = Pool::open(&settings.sandbox, &settings.worker.id, vec![String::new()], 0).await?;
    let pool = Arc::new(pool);
    let problems = ProblemStore::open(&settings.problems)?;
    let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems);
    let expected = judge.expected_box("python3").context("there is no python3");
    pool.close().await;
    expected
}

/// A backend that has made a box before: whatever is made once and kept is there.
async fn backend(environment: &Environment, runtime: &str, spec: &BoxSpec) -> anyhow::Result<Box<dyn Backend>> {
    let mut settings = environment.settings.sandbox.clone();
    runtime.clone_into(&mut settings.docker.runtime);
    let worker = format!("bench-{}-life", environment.namespace.name);
    let backend = open_backend(&settings, &worker)?;
    one_box(backend.as_ref(), spec).await?;
    Ok(backend)
}

async fn one_box(backend: &dyn Backend, spec: &BoxSpec) -> anyhow::Result<()> {
    let mut started = backend.launch(spec).await?;
    started.output.next().await.context("a runner said nothing")??;
    started.handle.destroy().await;
    Ok(())
}

async fn boxes(
    environment: &Environment,
    backend: &dyn Backend,
    spec: &BoxSpec,
    costs: &mut Costs,
) -> anyhow::Result<()> {
    let idle = environment.meter.idle().await?;
    let (before, began) = (environment.meter.read()?, Instant::now());
    for _ in 0..BLOCK {
        one_box(backend, spec).await?;
    }
    let wall = began.elapsed().as_secs_f64();
    environment.meter.settle().await?;
    let spent = environment.meter.read()?.since(&before, idle);
    costs.add(spent.everything, wall);
    Ok(())
}

async fn plain_boxes(environment: &Environment, runtime: &str, costs: &mut Costs) -> anyhow::Result<()> {
    let idle = environment.meter.idle().await?;
    let (before, began) = (environment.meter.read()?, Instant::now());
    for _ in 0..BLOCK {
        plain_box(&environment.image, runtime).await?;
    }
    let wall = began.elapsed().as_secs_f64();
    environment.meter.settle().await?;
    let spent = environment.meter.read()?.since(&before, idle);
    // The daemon's part only: a program of ours would not use the command line.
    costs.add(spent.everything - spent.children - spent.own, wall);
    Ok(())
}

impl Costs {
    /// The seconds that a block took.
    fn add(&mut self, cpu: f64, wall: f64) {
        let each = 1e3 / BLOCK as f64;
        self.cpu.push(cpu * each);
        self.wall.push(wall * each);
    }
}
