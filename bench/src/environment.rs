//! Where the benchmark takes place: the machine, the services, the references that are always there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tokio::process::Command;
use uuid::Uuid;

use crate::meter::{Meter, read};
use crate::processes::variant::{self, Variant};
use crate::processes::workers::Namespace;
use crate::reference::Plain;
use crate::results::Machine;
use assize::broker::undeclare;
use assize::cli::progress::ProgressLine;
use assize::config::Settings;

/// What every measurement needs.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) settings: Settings,
    pub(crate) machine: Machine,
    /// Ways to run the worker, the one that is held against the thresholds first.
    pub(crate) variants: Vec<Variant>,
    /// OCI runtime of the boxes, and what else the daemon has.
    pub(crate) runtime: String,
    pub(crate) other_runtimes: Vec<String>,
    /// Image of the boxes and of the references.
    pub(crate) image: String,
    pub(crate) slots: usize,
    pub(crate) rounds: usize,
    pub(crate) namespace: Namespace,
    pub(crate) meter: Meter,
    pub(crate) progress: ProgressLine,
    /// Plain starts, a chain of them per slot.
    pub(crate) plains: Vec<Plain>,
    /// Goes away with the environment.
    _directory: TempDir,
}

impl Environment {
    /// Prepares everything; the containers of `services` are measured apart.
    pub(crate) async fn open(
        program: PathBuf,
        settings: Settings,
        slots: usize,
        rounds: usize,
        services: &[String],
    ) -> anyhow::Result<Self> {
        let image = image_of_python(&settings)?;
        let (machine, default_runtime) = describe(&image).await?;
        let runtime = match settings.sandbox.docker.runtime.as_str() {
            "" => default_runtime,
            own => own.to_owned(),
        };
        let others = machine.runtimes.iter().filter(|name| **name != runtime);
        let other_runtimes = others.cloned().collect();
        let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
        let name = Uuid::new_v4().simple().to_string().split_off(24);
        Ok(Self {
            variants: variant::all(&settings)?,
            settings,
            machine,
            runtime,
            other_runtimes,
            slots,
            rounds,
            namespace: Namespace {
                program,
                directory: directory.path().to_owned(),
                name: name.clone(),
                used: Arc::default(),
            },
            meter: Meter::new(services).await?,
            progress: ProgressLine::start("getting ready", false),
            plains: Plain::start(&image, &name, slots).await?,
            image,
            _directory: directory,
        })
    }

    /// Takes away what was made: queues, and the boxes of workers that were not stopped in peace.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        let used = std::mem::take(&mut *self.namespace.used.lock().unwrap_or_else(PoisonError::into_inner));
        let namespaces: BTreeMap<String, Settings> = used
            .into_iter()
            .map(|settings| (settings.broker.queue.clone(), settings))
            .collect();
        for settings in namespaces.values() {
            undeclare(&settings.broker)
                .await
                .with_context(|| format!("the queue {} may be left in RabbitMQ", settings.broker.queue))?;
            remove_boxes(&settings.worker.id).await?;
        }
        // The first holds the container in which the others are.
        for plain in self.plains.into_iter().rev() {
            plain.stop().await?;
        }
        self.progress.finish();
        Ok(())
    }
}

/// The image in which the benchmark's programs run.
fn image_of_python(settings: &Settings) -> anyhow::Result<String> {
    let python = settings.languages.get("python3");
    let python = python.context("the setting languages.python3 is missing; the benchmark needs it")?;
    let image = settings.sandbox.docker.images.get(&python.environment);
    let image = image.context("languages.python3.environment has no image in sandbox.docker.images")?;
    Ok(image.clone())
}

async fn remove_boxes(worker: &str) -> anyhow::Result<()> {
    let filter = format!("label=io.assize.worker={worker}");
    let left = docker(&["ps", "-aq", "--filter", &filter]).await?;
    let ids: Vec<&str> = left.split_whitespace().collect();
    if !ids.is_empty() {
        docker(&[&["rm", "-fv"], ids.as_slice()].concat()).await?;
    }
    Ok(())
}

/// The machine, and the runtime that its daemon uses by itself.
async fn describe(image: &str) -> anyhow::Result<(Machine, String)> {
    const ASKED: &str = "{{.DefaultRuntime}} {{.ServerVersion}} {{range $name, $_ := .Runtimes}}{{$name}} {{end}}";
    let found = docker(&["info", "--format", ASKED]).await?;
    let mut words = found.split_whitespace().map(str::to_owned);
    let default = words.next().context("Docker names no runtime")?;
    let docker_version = words.next().unwrap_or_default();
    // Those that are built in under a second name are the same as the first.
    let runtimes = words.filter(|name| !name.starts_with("io.containerd.")).collect();
    let version = docker(&["image", "inspect", "--format", "{{.Id}}", image]).await?;
    let cpu = read("/proc/cpuinfo")?
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map(|name| name.trim_start_matches([' ', '\t', ':']).to_owned());
    let memory = read("/proc/meminfo")?.lines().find_map(|line| {
        line.strip_prefix("MemTotal:")?
            .trim()
            .strip_suffix(" kB")?
            .parse::<u64>()
            .ok()
    });
    let machine = Machine {
        assize: concat!("Assize ", env!("CARGO_PKG_VERSION")).to_owned(),
        cpu: cpu.unwrap_or_default(),
        cpus: std::thread::available_parallelism().map_or(1, usize::from),
        memory_bytes: memory.unwrap_or_default() * 1024,
        kernel: read("/proc/sys/kernel/osrelease")?.trim().to_owned(),
        docker: docker_version,
        runtimes,
        image: version.trim().to_owned(),
    };
    Ok((machine, default))
}

async fn docker(arguments: &[&str]) -> anyhow::Result<String> {
    let asked = Command::new("docker")
        .args(arguments)
        .output()
        .await
        .context("cannot run docker")?;
    ensure!(
        asked.status.success(),
        "docker {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&asked.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
}
