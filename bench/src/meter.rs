//! What the machine spends.
//!
//! A worker spends CPU time in many processes, some of which live for milliseconds and have no parent here: daemon,
//! containerd, shims, runtime, runner. So the time of the whole machine is read (`/proc/stat`), and what is none of the
//! worker's is taken off: the services that are named, this program where it only plays the environment, and what the machine
//! spends when nothing is asked of it, measured just before.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::process::Command;
use tokio::time::sleep;

/// What `/proc` counts time in, on every architecture that Docker runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// How long the idle machine is watched.
const IDLE_SPAN: Duration = Duration::from_secs(2);

/// The machine is quiet when it was this little busy (in CPUs) for so long.
const QUIET: f64 = 0.25;
const QUIET_SPAN: Duration = Duration::from_millis(80);

/// Another load than ours is not waited out.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads the machine.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// Files with the CPU time of each service that is shown apart.
    services: Vec<PathBuf>,
    /// The most that was found to be busy when nothing was asked of the machine.
    disturbance: Mutex<f64>,
}

/// A moment, with the CPU seconds spent up to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    at: Instant,
    machine: f64,
    services: f64,
    own: f64,
    children: f64,
}

/// CPU seconds of a span.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) wall: f64,
    /// All but the services; this program included.
    pub(crate) everything: f64,
    pub(crate) services: f64,
    /// This program.
    pub(crate) own: f64,
    /// Programs that this one started and waited for.
    pub(crate) children: f64,
}

impl Meter {
    /// Shows the CPU time of these containers apart.
    pub(crate) async fn new(containers: &[String]) -> anyhow::Result<Self> {
        let mut services = Vec::new();
        for container in containers {
            services.push(cpu_file(container).await?);
        }
        Ok(Self {
            services,
            disturbance: Mutex::default(),
        })
    }

    pub(crate) fn read(&self) -> anyhow::Result<Reading> {
        let (own, children) = own()?;
        let mut services = 0.0;
        for file in &self.services {
            services += group_seconds(file)?;
        }
        Ok(Reading {
            at: Instant::now(),
            machine: machine()?,
            services,
            own,
            children,
        })
    }

    /// CPUs that are busy when nothing is asked of the machine.
    pub(crate) async fn idle(&self) -> anyhow::Result<f64> {
        self.settle().await?;
        let before = self.read()?;
        sleep(IDLE_SPAN).await;
        let spent = self.read()?.since(&before, 0.0);
        let idle = (spent.everything / spent.wall).max(0.0);
        let mut disturbance = self.disturbance.lock().unwrap_or_else(PoisonError::into_inner);
        *disturbance = disturbance.max(idle);
        Ok(idle)
    }

    /// CPUs that something else kept busy at worst.
    pub(crate) fn disturbance(&self) -> f64 {
        *self.disturbance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until what runs behind a submission's back is done: boxes removed, others warmed.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut quiet = 0;
        while quiet < 2 && Instant::now() < deadline {
            let before = machine()?;
            sleep(QUIET_SPAN).await;
            let busy = (machine()? - before) / QUIET_SPAN.as_secs_f64();
            quiet = if busy <= QUIET { quiet + 1 } else { 0 };
        }
        Ok(())
    }
}

impl Reading {
    /// What was spent since, without what the idle machine would have spent.
    pub(crate) fn since(&self, before: &Self, idle: f64) -> Spent {
        let wall = (self.at - before.at).as_secs_f64();
        let services = self.services - before.services;
        Spent {
            wall,
            everything: (self.machine - before.machine - services - idle * wall).max(0.0),
            services,
            own: self.own - before.own,
            children: self.children - before.children,
        }
    }
}

/// CPU seconds of the whole machine.
fn machine() -> anyhow::Result<f64> {
    let text = read("/proc/stat")?;
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq; what hosts steal is not ours.
    let [user, nice, system, _idle, _iowait, irq, softirq, ..] = ticks[..] else {
        bail!("/proc/stat begins with {line:?}, which is not understood");
    };
    Ok((user + nice + system + irq + softirq) / TICKS_PER_SECOND)
}

/// CPU seconds of this program, and of those that it waited for.
fn own() -> anyhow::Result<(f64, f64)> {
    let text = read("/proc/self/stat")?;
    // The name of the program can hold anything; what follows it cannot hold a parenthesis.
    let fields: Vec<&str> = text
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace()
        .collect();
    let ticks = |index: usize| fields.get(index).and_then(|word| word.parse::<f64>().ok());
    match (ticks(11), ticks(12), ticks(13), ticks(14)) {
        (Some(user), Some(system), Some(children_user), Some(children_system)) => Ok((
            (user + system) / TICKS_PER_SECOND,
            (children_user + children_system) / TICKS_PER_SECOND,
        )),
        _ => bail!("/proc/self/stat is not understood: {text}"),
    }
}

/// Where the kernel counts the CPU time of a container: control groups of either version.
async fn cpu_file(container: &str) -> anyhow::Result<PathBuf> {
    let asked = Command::new("docker")
        .args(["inspect", "--format", "{{.State.Pid}}", container])
        .output()
        .await
        .context("cannot run docker")?;
    let pid = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
    let groups =
        read(&format!("/proc/{pid}/cgroup")).with_context(|| format!("the container {container} does not run here"))?;
    let found = groups.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?.trim_start_matches('/'));
        match controllers {
            "" => Some(PathBuf::from("/sys/fs/cgroup").join(path).join("cpu.stat")),
            _ if controllers.split(',').any(|one| one == "cpuacct") => {
                Some(PathBuf::from("/sys/fs/cgroup/cpuacct").join(path).join("cpuacct.usage"))
            }
            _ => None,
        }
    });
    let file = found.with_context(|| format!("no control group counts the CPU time of {container}"))?;
    group_seconds(&file)?;
    Ok(file)
}

fn group_seconds(file: &PathBuf) -> anyhow::Result<f64> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let nanoseconds = || text.trim().parse::<f64>().ok().map(|value| value / 1e9);
    let microseconds = || {
        text.lines()
            .find_map(|line| line.strip_prefix("usage_usec "))?
            .parse::<f64>()
            .ok()
    };
    nanoseconds()
        .or_else(|| microseconds().map(|value| value / 1e6))
        .with_context(|| format!("{} is not understood", file.display()))
}

/// A figure of `/proc/PID/status` in bytes, such as `VmHWM`, the peak of its memory.
pub(crate) fn memory_of(pid: u32, figure: &str) -> anyhow::Result<u64> {
    let text = read(&format!("/proc/{pid}/status"))?;
    let results: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once(':')).collect();
    results
        .get(figure)
        .and_then(|value| value.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map(|kib| kib * 1024)
        .with_context(|| format!("/proc/{pid}/status has no {figure}"))
}

pub(crate) fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}
