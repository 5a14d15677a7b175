//! Many workers in one process, each with connections, queues and leases as in production.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use assize::broker::undeclare;
use assize::config::Settings;
use assize::sandbox::claim_cpus;
use assize::store::Store;
use assize::worker::{Stop, serve_with};
use futures::TryStreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use crate::results::Start;
use crate::simulated::{Odds, SimulatedBackend};

/// The problem that all submissions are for.
pub(crate) const PROBLEM: &str = "echo";

/// How long all workers may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(300);

const PAUSE: Duration = Duration::from_millis(500);

/// What workers there are to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) workers: usize,
    pub(crate) slots: usize,
    /// Of each worker to the database, at most.
    pub(crate) connections: u32,
    /// Of each submission.
    pub(crate) tests: usize,
    pub(crate) odds: Odds,
}

/// Workers that run.
#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) plan: Plan,
    pub(crate) settings: Settings,
    stop: Stop,
    /// A thread for each CPU, with a part of the workers.
    running: JoinSet<anyhow::Result<()>>,
    took: Duration,
    /// Of problems; it goes away with the workers.
    _directory: TempDir,
}

impl Fleet {
    /// Starts all workers at once, and waits until each has said that it is ready.
    pub(crate) async fn start(plan: &Plan, settings: &Settings) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
        write_problem(directory.path(), plan.tests)?;
        let settings = settings_of(plan, settings, directory.path());
        let backend = Arc::new(SimulatedBackend::new(plan.odds));
        let (stop, mut running) = (Stop::default(), JoinSet::new());
        let begun = Instant::now();
        for part in parts(plan.workers) {
            let (backend, settings, stop) = (Arc::clone(&backend), settings.clone(), stop.clone());
            running.spawn_blocking(move || serve_part(part, &backend, &settings, &stop));
        }
        let mut fleet = Self {
            plan: *plan,
            settings,
            stop,
            running,
            took: Duration::ZERO,
            _directory: directory,
        };
        fleet.until_ready().await?;
        fleet.took = begun.elapsed();
        Ok(fleet)
    }

    /// How long the start has taken.
    pub(crate) fn started(&self) -> Start {
        Start {
            workers: self.plan.workers,
            seconds: self.took.as_secs_f64(),
        }
    }

    async fn until_ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        let store = Store::attach(&self.settings.store).await?;
        loop {
            if let Some(ended) = self.running.try_join_next() {
                ended??;
                bail!("a worker has ended by itself");
            }
            let rows = store.workers().await.unwrap_or_default();
            let ours = rows.iter().filter(|row| row.id.starts_with(&self.settings.worker.id));
            let ready = ours.filter(|row| row.is_ready()).count();
            if ready == self.plan.workers {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "{ready} of {} workers are ready after {START_TIMEOUT:?}",
                self.plan.workers
            );
            sleep(PAUSE).await;
        }
    }

    /// Stops all workers, and removes their queues.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.soon.cancel();
        while let Some(ended) = self.running.join_next().await {
            ended??;
        }
        undeclare(&self.settings.broker)
            .await
            .context("queues are left in RabbitMQ")
    }
}

/// The numbers of the workers that each thread has.
fn parts(workers: usize) -> Vec<Range<usize>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(workers);
    (0..threads)
        .map(|thread| thread * workers / threads..(thread + 1) * workers / threads)
        .collect()
}

/// Runs some workers on this thread until all of them have stopped, or one has failed.
fn serve_part(
    numbers: Range<usize>,
    backend: &Arc<SimulatedBackend>,
    settings: &Settings,
    stop: &Stop,
) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let serving = FuturesUnordered::new();
    for number in numbers {
        let mut own = settings.clone();
        own.worker.id = format!("{}-{number}", settings.worker.id);
        let cpus = claim_cpus(&own.sandbox, settings.worker.slots)?;
        let backend = Arc::<SimulatedBackend>::clone(backend);
        serving.push(serve_with(backend, own, cpus, stop.clone()));
    }
    let serving = serving.try_collect::<()>();
    Ok(runtime.block_on(serving)?)
}

fn settings_of(plan: &Plan, settings: &Settings, problems: &Path) -> Settings {
    let mut settings = settings.clone();
    let name = Uuid::new_v4().simple().to_string().split_off(24);
    settings.broker.set_apart(&format!(".scale-{name}"));
    settings.worker.id = format!("scale-{name}");
    settings.worker.slots = plan.slots;
    settings.store.connections = plan.connections;
    settings.sandbox.pin_cpus = false;
    settings.sandbox.warm_boxes = 1;
    settings.problems.directory = problems.to_owned();
    settings.problems.url.clear();
    settings.http.listen.clear();
    settings
}

/// A problem whose right answer is its input: a box that runs nothing can give it.
fn write_problem(directory: &Path, tests: usize) -> anyhow::Result<()> {
    let package = directory.join(PROBLEM);
    let data = package.join("data/secret");
    fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    let yaml = format!("name: {}\nlicense: cc0\nvalidation: default\n", json!("Echo"));
    fs::write(package.join("problem.yaml"), yaml)?;
    fs::write(package.join(".timelimit"), "2\n")?;
    for number in 0..tests {
        for ending in ["in", "ans"] {
            let path = data.join(format!("{number:02}.{ending}"));
            fs::write(&path, format!("{number} {}\n", 7 * number)).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}
