//! A box from its making to its removal: what it costs the machine, on each OCI runtime that the daemon has, and by
//! nsjail.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use futures::StreamExt as _;

use crate::environment::Environment;
use crate::processes::variant::{NSJAIL, by_nsjail};
use crate::reference::plain_box;
use crate::results::{Life, Results, median};
use assize::config::{SandboxSettings, Settings};
use assize::judge::{Judge, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::{Backend, BoxSpec, Pool, open_backend};

/// Boxes of Docker.
pub(crate) const OURS: &str = "assize";

/// Boxes of one kind before it is the other's turn.
const BLOCK: usize = 5;

/// What a box cost in each block, in milliseconds. The median of the blocks counts: a burst of something else hits one.
#[derive(Default)]
struct Costs {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

/// What makes boxes, with what was made by it: our boxes, and plain containers where a daemon makes them.
struct Maker {
    way: &'static str,
    runtime: String,
    backend: Box<dyn Backend>,
    ours: Costs,
    plain: Option<Costs>,
}

/// Blocks of boxes and of plain containers in turn.
pub(crate) async fn measure(environment: &Environment, results: &mut Results) -> anyhow::Result<()> {
    let what = "boxes, made and removed";
    environment.progress.part(what);
    let spec = usual_box(&environment.settings).await?;
    let mut makers = makers(environment, &spec).await?;
    let blocks = environment.rounds.div_ceil(3).max(3);
    for block in 0..blocks {
        for maker in &mut makers {
            environment.progress.count(block, blocks, what);
            boxes(environment, maker.backend.as_ref(), &spec, &mut maker.ours).await?;
            if let Some(plain) = &mut maker.plain {
                plain_boxes(environment, &maker.runtime, plain).await?;
            }
        }
    }
    let first = makers.iter().find_map(|maker| maker.plain.as_ref());
    let recipe = first.map_or(f64::NAN, |plain| median(&plain.cpu));
    for maker in makers {
        maker.backend.close().await;
        let ours = (maker.way, maker.ours);
        for (way, costs) in std::iter::once(ours).chain(maker.plain.map(|plain| ("docker run", plain))) {
            let cpu_ms = median(&costs.cpu);
            results.lives.push(Life {
                way: way.to_owned(),
                runtime: maker.runtime.clone(),
                cpu_ms,
                wall_ms: median(&costs.wall),
                ratio: cpu_ms / recipe,
            });
        }
    }
    Ok(())
}

/// Docker with each of its runtimes, then nsjail where a jailer listens.
async fn makers(environment: &Environment, spec: &BoxSpec) -> anyhow::Result<Vec<Maker>> {
    let mut makers = Vec::new();
    for runtime in std::iter::once(&environment.runtime).chain(&environment.other_runtimes) {
        let mut settings = environment.settings.sandbox.clone();
        runtime.clone_into(&mut settings.docker.runtime);
        makers.push(Maker {
            way: OURS,
            runtime: runtime.clone(),
            backend: backend(environment, &settings, spec).await?,
            ours: Costs::default(),
            plain: Some(Costs::default()),
        });
    }
    if let Some(variant) = by_nsjail(&environment.settings) {
        makers.push(Maker {
            way: NSJAIL,
            runtime: variant.settings.sandbox.backend.clone(),
            backend: backend(environment, &variant.settings.sandbox, spec).await?,
            ours: Costs::default(),
            plain: None,
        });
    }
    Ok(makers)
}

/// The box of a submission that says nothing about limits.
pub(crate) async fn usual_box(settings: &Settings) -> anyhow::Result<BoxSpec> {
    let pool = Pool::open(&settings.sandbox, &settings.worker.id, vec![String::new()], 0).await?;
    let pool = Arc::new(pool);
    let problems = ProblemStore::open(&settings.problems)?;
    let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems);
    let expected = judge.expected_box("python3").context("there is no python3");
    pool.close().await;
    expected
}

/// A backend that has made a box before: whatever is made once and kept is there.
async fn backend(
    environment: &Environment,
    settings: &SandboxSettings,
    spec: &BoxSpec,
) -> anyhow::Result<Box<dyn Backend>> {
    let worker = format!("bench-{}-life", environment.namespace.name);
    let backend = open_backend(settings, &worker)?;
    backend.connect().await?;
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
