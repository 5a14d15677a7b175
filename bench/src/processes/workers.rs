//! Real workers: processes of `assize worker` with queues of their own, and a client that sends them submissions.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use assize::broker::{Reply, SubmitClient};
use assize::config::{Dialect, Settings};
use assize::contract::{Judgement, SubmissionMessage, Verdict};
use assize::health;
use jiff::Timestamp;
use tokio::time::{sleep, timeout};

use crate::processes::variant::Variant;
use crate::processes::{PATIENCE, PAUSE, Process};
use crate::workload::Workload;

/// What services speak.
const DIALECTS: [Dialect; 3] = [Dialect::Judge0, Dialect::Piston, Dialect::SandboxFusion];

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
    process: Process,
    client: SubmitClient,
    settings: Settings,
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
pub(crate) struct Confirmed {
    pub(crate) seconds: f64,
    pub(crate) verdicts: f64,
}

impl Namespace {
    /// The program, and where its settings and logs are.
    pub(crate) fn places(&self) -> (&Path, &Path) {
        (&self.program, &self.directory)
    }

    /// Settings of a worker or a service in this namespace. The same `queues` are the same queues.
    pub(crate) fn settings(&self, variant: &Variant, slots: usize, queues: &str) -> anyhow::Result<Settings> {
        let mut settings = variant.settings.clone();
        settings.broker.set_apart(&format!(".bench-{}-{queues}", self.name));
        settings.worker.id = format!("bench-{}-{queues}", self.name);
        settings.worker.slots = slots;
        settings.problems.directory.clone_from(&self.directory);
        settings.problems.url.clear();
        settings.http.listen = free_address()?;
        settings.serve.listen = free_address()?.parse()?;
        settings.serve.dialects = DIALECTS.map(|dialect| dialect.name().to_owned()).to_vec();
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(settings.clone());
        Ok(settings)
    }
}

/// An address at which nothing listens. Another program can take it before the process does; the process says so.
fn free_address() -> anyhow::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?.to_string())
}

impl Worker {
    /// Starts a worker and waits until it takes submissions.
    pub(crate) async fn start(namespace: &Namespace, settings: &Settings) -> anyhow::Result<Self> {
        let process = start(namespace, settings).await?;
        Ok(Self::of(
            process,
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
        Ok(Self::of(start(namespace, settings).await?, client, settings))
    }

    fn of(process: Process, client: SubmitClient, settings: &Settings) -> Self {
        Self {
            process,
            client,
            settings: settings.clone(),
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

    /// What it has confirmed since it was started.
    pub(crate) async fn confirmed(&self) -> anyhow::Result<Confirmed> {
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
            self.send_message(&workload.message()).await?;
        }
        Ok(())
    }

    pub(crate) async fn send_message(&self, message: &SubmissionMessage) -> anyhow::Result<()> {
        Ok(self.client.send(message).await?)
    }

    /// The next verdict. Whatever is no `AC` is a broken benchmark.
    pub(crate) async fn verdict(&mut self) -> anyhow::Result<Judgement> {
        self.next_verdict(Verdict::Ac).await
    }

    /// The next verdict, which has to be this one.
    pub(crate) async fn next_verdict(&mut self, wanted: Verdict) -> anyhow::Result<Judgement> {
        loop {
            let reply = timeout(PATIENCE, self.client.next())
                .await
                .with_context(|| format!("no verdict came; the worker says:\n{}", self.process.last_lines()))??;
            match reply {
                Reply::Progress(_) | Reply::Result(_) => {}
                Reply::Verdict(judgement) if judgement.verdict == wanted => return Ok(*judgement),
                Reply::Verdict(judgement) => {
                    let document = serde_json::to_string_pretty(&judgement)?;
                    bail!("a program of the benchmark is not {wanted}:\n{document}")
                }
                Reply::Rejection(rejection) => bail!("a submission was rejected: {}", rejection.reason),
            }
        }
    }

    /// Memory of the worker's process in bytes: `VmHWM` is its peak, `VmRSS` what it has now.
    pub(crate) fn memory(&self, figure: &str) -> anyhow::Result<u64> {
        self.process.memory(figure)
    }

    /// Stops the worker and waits until it and its boxes are gone.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop().await?;
        self.client.close().await;
        Ok(())
    }
}

/// A worker that takes submissions.
async fn start(namespace: &Namespace, settings: &Settings) -> anyhow::Result<Process> {
    let mut process = Process::start(namespace.places(), settings, &["worker"])?;
    let ready = timeout(PATIENCE, until_ready(&mut process, settings)).await;
    ensure!(
        matches!(ready, Ok(Ok(()))),
        "the worker does not take submissions; it says:\n{}",
        process.last_lines()
    );
    Ok(process)
}

/// Waits until every part of a worker is ready.
async fn until_ready(process: &mut Process, settings: &Settings) -> anyhow::Result<()> {
    loop {
        process.check()?;
        match health::query(health::Monitored::Worker, &settings.http, &settings.worker.id).await {
            Ok(readiness) if readiness.ready => return Ok(()),
            _ => sleep(PAUSE).await,
        }
    }
}
