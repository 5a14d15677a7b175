//! Real workers: processes of `assize worker` with queues of their own, and a client that sends them submissions.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use assize::broker::{Reply, SubmitClient};
use assize::config::Settings;
use assize::contract::{Judgement, Verdict};
use assize::health;
use jiff::Timestamp;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::meter;
use crate::variant::Variant;
use crate::workload::Workload;

/// How long a worker may take for anything that is asked of it here.
const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at a worker that is not ready yet.
const PAUSE: Duration = Duration::from_millis(100);

/// Log lines of a worker that explain its failure.
const LAST_LINES: usize = 20;

/// The metric of the time from a delivery until its verdict is confirmed, in seconds.
const DELIVERY_TO_VERDICT: &str = "assize_delivery_to_verdict_seconds";

/// Queues, directories and names that no other program uses.
#[derive(Debug, Clone)]
pub(crate) struct Namespace {
    /// The program `assize`.
    pub(crate) program: PathBuf,
    /// Where the problem packages are, and the settings and logs of the workers.
    pub(crate) directory: PathBuf,
    /// Part of every name that is used.
    pub(crate) name: String,
    /// What is used of the services, to be removed in the end.
    pub(crate) used: Arc<Mutex<Vec<Settings>>>,
}

/// A worker that runs, and a client that waits for its verdicts.
#[derive(Debug)]
pub(crate) struct Worker {
    process: Child,
    client: SubmitClient,
    settings: Settings,
    log: PathBuf,
}

/// One submission, from outside.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Sent by the client until its verdict has come, in milliseconds.
    pub(crate) client_ms: f64,
    /// Its first box given out until it is judged.
    pub(crate) leased_ms: f64,
    /// Taken from the queue until it is judged.
    pub(crate) judged_ms: f64,
    /// Taken from the queue until its verdict is stored, published and confirmed.
    pub(crate) confirmed_ms: f64,
    pub(crate) judgement: Judgement,
}

/// The sum and the number of the times from a delivery to its verdict that a worker has measured.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Confirmed {
    seconds: f64,
    verdicts: f64,
}

impl Namespace {
    /// Settings of a worker in this namespace. The same `queues` are the same queues.
    pub(crate) fn settings(&self, variant: &Variant, slots: usize, queues: &str) -> anyhow::Result<Settings> {
        let mut settings = variant.settings.clone();
        settings.broker.set_apart(&format!(".bench-{}-{queues}", self.name));
        settings.worker.id = format!("bench-{}-{queues}", self.name);
        settings.worker.slots = slots;
        settings.problems.directory.clone_from(&self.directory);
        settings.problems.url.clear();
        settings.http.listen = free_address()?;
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(settings.clone());
        Ok(settings)
    }
}

/// An address at which nothing listens. Another program can take it before the worker does; the worker says so.
fn free_address() -> anyhow::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?.to_string())
}

impl Worker {
    /// Starts a worker and waits until it takes submissions.
    pub(crate) async fn start(namespace: &Namespace, settings: &Settings) -> anyhow::Result<Self> {
        let spawned = spawn(namespace, settings).await?;
        Ok(Self::of(
            spawned,
            SubmitClient::connect(&settings.broker).await?,
            settings,
        ))
    }

    /// The same, with submissions that wait already when it comes. Their queue must have been declared.
    pub(crate) async fn start_behind(
        namespace: &Namespace,
        settings: &Settings,
        workload: &Workload,
        submissions: usize,
    ) -> anyhow::Result<Self> {
        let client = SubmitClient::connect(&settings.broker).await?;
        for _ in 0..submissions {
            client.send(&workload.message()).await?;
        }
        Ok(Self::of(spawn(namespace, settings).await?, client, settings))
    }

    fn of((process, log): (Child, PathBuf), client: SubmitClient, settings: &Settings) -> Self {
        Self {
            process,
            client,
            settings: settings.clone(),
            log,
        }
    }

    /// Sends one submission and waits until its verdict is confirmed.
    pub(crate) async fn judge(&mut self, workload: &Workload) -> anyhow::Result<Observed> {
        let before = self.confirmed().await?;
        let sent = Instant::now();
        self.send(workload, 1).await?;
        let judgement = self.verdict().await?;
        let client_ms = sent.elapsed().as_secs_f64() * 1e3;
        let confirmed = self.confirmed_after(before).await?;
        let started = judgement
            .started_at
            .context("a verdict does not say when judging started")?;
        let ms = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64() * 1e3;
        Ok(Observed {
            client_ms,
            leased_ms: ms(started, judgement.judged_at),
            judged_ms: ms(judgement.received_at, judgement.judged_at),
            confirmed_ms: (confirmed.seconds - before.seconds) * 1e3,
            judgement,
        })
    }

    /// Waits until one more verdict is confirmed than `before`.
    async fn confirmed_after(&self, before: Confirmed) -> anyhow::Result<Confirmed> {
        let counted = async {
            loop {
                let now = self.confirmed().await?;
                if now.verdicts > before.verdicts {
                    return anyhow::Ok(now);
                }
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, counted)
            .await
            .context("the worker's metrics do not count a verdict that came")?
    }

    async fn confirmed(&self) -> anyhow::Result<Confirmed> {
        let text = health::metrics_of(&self.settings.http).await?;
        let value = |kind: &str| {
            let name = format!("{DELIVERY_TO_VERDICT}_{kind} ");
            text.lines()
                .find_map(|line| line.strip_prefix(&name)?.trim().parse().ok())
        };
        let (seconds, verdicts) = value("sum")
            .zip(value("count"))
            .context("the worker's metrics lack a figure")?;
        Ok(Confirmed { seconds, verdicts })
    }

    /// How long the broker needs to take a submission and confirm it, in milliseconds. It is judged, too.
    pub(crate) async fn time_to_send(&mut self, workload: &Workload) -> anyhow::Result<f64> {
        let began = Instant::now();
        self.send(workload, 1).await?;
        let took = began.elapsed();
        self.verdict().await?;
        Ok(took.as_secs_f64() * 1e3)
    }

    /// Sends the same so many times, each under an id of its own.
    pub(crate) async fn send(&self, workload: &Workload, times: usize) -> anyhow::Result<()> {
        for _ in 0..times {
            self.client.send(&workload.message()).await?;
        }
        Ok(())
    }

    /// The next verdict. Whatever is no `AC` is a broken benchmark.
    pub(crate) async fn verdict(&mut self) -> anyhow::Result<Judgement> {
        loop {
            let reply = timeout(PATIENCE, self.client.next())
                .await
                .with_context(|| format!("no verdict came; the worker says:\n{}", last_lines(&self.log)))??;
            match reply {
                Reply::Progress(_) | Reply::Result(_) => {}
                Reply::Verdict(judgement) if judgement.verdict == Verdict::Ac => return Ok(*judgement),
                Reply::Verdict(judgement) => {
                    let document = serde_json::to_string_pretty(&judgement)?;
                    bail!("a program of the benchmark was not accepted:\n{document}")
                }
                Reply::Rejection(rejection) => bail!("a submission was rejected: {}", rejection.reason),
            }
        }
    }

    /// Memory of the worker's process in bytes: `VmHWM` is its peak, `VmRSS` what it has now.
    pub(crate) fn memory(&self, figure: &str) -> anyhow::Result<u64> {
        meter::memory_of(self.process.id().context("the worker has ended")?, figure)
    }

    /// Stops the worker and waits until it and its boxes are gone.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.process.id().context("the worker has ended")?;
        let told = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        ensure!(told.success(), "cannot stop the worker {pid}");
        let status = timeout(PATIENCE, self.process.wait())
            .await
            .context("the worker does not end")??;
        ensure!(
            status.success(),
            "the worker failed; it says:\n{}",
            last_lines(&self.log)
        );
        self.client.close().await;
        Ok(())
    }
}

/// A worker that takes submissions, and the file with its log.
async fn spawn(namespace: &Namespace, settings: &Settings) -> anyhow::Result<(Child, PathBuf)> {
    let file = |ending: &str| namespace.directory.join(format!("{}.{ending}", settings.worker.id));
    let (configuration, log) = (file("toml"), file("log"));
    std::fs::write(&configuration, toml::to_string(settings)?)
        .with_context(|| format!("cannot write {}", configuration.display()))?;
    let mut command = Command::new(&namespace.program);
    command.arg("--config").arg(&configuration).arg("worker");
    // What the environment says is in these settings already, and would win over them.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ASSIZE") {
            command.env_remove(name);
        }
    }
    let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stderr(said).kill_on_drop(true);
    let mut process = command
        .spawn()
        .with_context(|| format!("cannot start a worker with {}", namespace.program.display()))?;
    let ready = timeout(PATIENCE, until_ready(&mut process, settings)).await;
    ensure!(
        matches!(ready, Ok(Ok(()))),
        "the worker does not take submissions; it says:\n{}",
        last_lines(&log)
    );
    Ok((process, log))
}

/// Waits until every part of a worker is ready.
async fn until_ready(process: &mut Child, settings: &Settings) -> anyhow::Result<()> {
    loop {
        if let Some(status) = process.try_wait()? {
            bail!("the worker ended: {status}");
        }
        match health::query(&settings.http, &settings.worker.id).await {
            Ok(readiness) if readiness.ready => return Ok(()),
            _ => sleep(PAUSE).await,
        }
    }
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_else(|error| format!("{}: {error}", log.display()));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
