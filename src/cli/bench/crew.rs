//! Real workers: processes of `assize worker` with queues of their own, and the site that asks them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient};
use crate::cli::bench::meter;
use crate::cli::bench::variant::Variant;
use crate::cli::bench::workload::Workload;
use crate::config::{LogFormat, Settings};
use crate::contract::{Judgement, Verdict};

/// How long a worker may take for anything that is asked of it here.
const PATIENCE: Duration = Duration::from_secs(120);

/// Log lines of a worker that are kept to explain its failure.
const LAST_LINES: usize = 20;

/// A corner of the services that nobody else uses.
#[derive(Debug, Clone)]
pub(super) struct Corner {
    /// Where the problem packages are, and the settings of the workers.
    pub(super) directory: PathBuf,
    /// Part of every name that is used.
    pub(super) name: String,
    /// What is used of the services, to be removed in the end.
    pub(super) used: Arc<Mutex<Vec<Settings>>>,
}

/// A worker that runs, and a site that waits for its verdicts.
#[derive(Debug)]
pub(super) struct Crew {
    process: Child,
    client: SubmitClient,
    log: watch::Receiver<Log>,
}

/// What a worker has said so far.
#[derive(Debug, Default)]
struct Log {
    ready: bool,
    /// When each submission got its first box.
    leased: HashMap<Uuid, Timestamp>,
    /// When each verdict was published and confirmed.
    confirmed: HashMap<Uuid, Timestamp>,
    last_lines: Vec<String>,
    ended: bool,
}

/// One submission, from outside.
#[derive(Debug)]
pub(super) struct Seen {
    /// Sent by the site until its verdict has come, in milliseconds.
    pub(super) site_ms: f64,
    /// Its first box given out until it is judged.
    pub(super) leased_ms: f64,
    /// Taken from the queue until it is judged.
    pub(super) judged_ms: f64,
    /// Taken from the queue until its verdict is stored, published and confirmed.
    pub(super) confirmed_ms: f64,
    pub(super) judgement: Judgement,
}

#[derive(Deserialize)]
struct Line {
    timestamp: Timestamp,
    message: String,
    span: Option<Span>,
}

#[derive(Deserialize)]
struct Span {
    #[serde(rename = "submission.id")]
    submission: Option<Uuid>,
}

impl Corner {
    /// Settings of a worker in this corner. The same `queues` are the same queues.
    pub(super) fn settings(&self, variant: &Variant, slots: usize, queues: &str) -> Settings {
        let mut settings = variant.settings.clone();
        settings.broker.set_apart(&format!(".bench-{}-{queues}", self.name));
        settings.worker.id = format!("bench-{}-{queues}", self.name);
        settings.worker.slots = slots;
        settings.problems.directory.clone_from(&self.directory);
        settings.problems.url.clear();
        "warn,assize=info,assize::judge::boxes=debug,lapin=off".clone_into(&mut settings.log.filter);
        settings.log.format = LogFormat::Json;
        settings.http.listen = String::new();
        self.used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(settings.clone());
        settings
    }
}

impl Crew {
    /// Starts a worker and waits until it takes submissions.
    pub(super) async fn start(corner: &Corner, settings: &Settings) -> anyhow::Result<Self> {
        let (process, log) = spawn(corner, settings).await?;
        let client = SubmitClient::connect(&settings.broker).await?;
        Ok(Self { process, client, log })
    }

    /// The same, with submissions that wait already when it comes. Their queue must have been declared.
    pub(super) async fn start_behind(
        corner: &Corner,
        settings: &Settings,
        workload: &Workload,
        submissions: usize,
    ) -> anyhow::Result<Self> {
        let client = SubmitClient::connect(&settings.broker).await?;
        for _ in 0..submissions {
            client.send(&workload.message()).await?;
        }
        let (process, log) = spawn(corner, settings).await?;
        Ok(Self { process, client, log })
    }

    /// Sends one submission and waits until everything about it is over.
    pub(super) async fn judge(&mut self, workload: &Workload) -> anyhow::Result<Seen> {
        let sent = Instant::now();
        self.send(workload, 1).await?;
        let judgement = self.verdict().await?;
        let site_ms = sent.elapsed().as_secs_f64() * 1e3;
        let id = judgement.id;
        let (leased, confirmed) = self.moments(id).await?;
        let ms = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64() * 1e3;
        let (received, judged) = (judgement.received_at, judgement.judged_at);
        Ok(Seen {
            site_ms,
            leased_ms: ms(leased, judged),
            judged_ms: ms(received, judged),
            confirmed_ms: ms(received, confirmed),
            judgement,
        })
    }

    /// When a submission got its box, and when its verdict was out.
    async fn moments(&mut self, id: Uuid) -> anyhow::Result<(Timestamp, Timestamp)> {
        let log = timeout(PATIENCE, self.log.wait_for(|log| log.confirmed.contains_key(&id)))
            .await
            .context("the worker does not say that a verdict is confirmed")?
            .context("the worker has ended")?;
        let of = |moments: &HashMap<Uuid, Timestamp>| moments.get(&id).copied();
        of(&log.leased)
            .zip(of(&log.confirmed))
            .context("the worker does not say when it leased a box")
    }

    /// How long the broker needs to take a submission and confirm it, in milliseconds. It is judged, too.
    pub(super) async fn time_to_send(&mut self, workload: &Workload) -> anyhow::Result<f64> {
        let began = Instant::now();
        self.send(workload, 1).await?;
        let took = began.elapsed();
        self.verdict().await?;
        Ok(took.as_secs_f64() * 1e3)
    }

    /// Sends the same so many times, each under an id of its own.
    pub(super) async fn send(&self, workload: &Workload, times: usize) -> anyhow::Result<()> {
        for _ in 0..times {
            self.client.send(&workload.message()).await?;
        }
        Ok(())
    }

    /// The next verdict. Whatever is no `AC` is a broken benchmark.
    pub(super) async fn verdict(&mut self) -> anyhow::Result<Judgement> {
        loop {
            let reply = timeout(PATIENCE, self.client.next())
                .await
                .with_context(|| format!("no verdict came; the worker says:\n{}", self.last_words()))??;
            match reply {
                Reply::Progress(_) => {}
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
    pub(super) fn memory(&self, figure: &str) -> anyhow::Result<u64> {
        meter::memory_of(self.process.id().context("the worker has ended")?, figure)
    }

    /// Stops the worker and waits until it and its boxes are gone.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.process.id().context("the worker has ended")?;
        let told = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        ensure!(told.success(), "cannot stop the worker {pid}");
        let status = timeout(PATIENCE, self.process.wait())
            .await
            .context("the worker does not end")??;
        ensure!(status.success(), "the worker failed; it says:\n{}", self.last_words());
        self.client.close().await;
        Ok(())
    }

    fn last_words(&self) -> String {
        self.log.borrow().last_lines.join("\n")
    }
}

/// A worker that takes submissions.
async fn spawn(corner: &Corner, settings: &Settings) -> anyhow::Result<(Child, watch::Receiver<Log>)> {
    let file = corner.directory.join(format!("{}.toml", settings.worker.id));
    std::fs::write(&file, toml::to_string(settings)?).with_context(|| format!("cannot write {}", file.display()))?;
    let program = std::env::current_exe().context("cannot find this program")?;
    let mut command = Command::new(program);
    command.arg("--config").arg(&file).arg("worker");
    // What the environment says is in these settings already, and would win over them.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ASSIZE") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut process = command.spawn().context("cannot start a worker")?;
    let stderr = process.stderr.take().context("a worker has no standard error")?;
    let (sender, mut log) = watch::channel(Log::default());
    tokio::spawn(listen(BufReader::new(stderr).lines(), sender));
    let said = timeout(PATIENCE, log.wait_for(|log| log.ready || log.ended)).await;
    let ready = said.is_ok_and(|said| said.is_ok_and(|log| log.ready));
    ensure!(
        ready,
        "the worker does not take submissions; it says:\n{}",
        log.borrow().last_lines.join("\n")
    );
    Ok((process, log))
}

async fn listen(mut lines: Lines<BufReader<ChildStderr>>, log: watch::Sender<Log>) {
    while let Ok(Some(line)) = lines.next_line().await {
        log.send_modify(|log| log.note(line));
    }
    log.send_modify(|log| log.ended = true);
}

impl Log {
    fn note(&mut self, line: String) {
        if let Ok(Line {
            timestamp,
            message,
            span,
        }) = serde_json::from_str(&line)
        {
            match (message.as_str(), span.and_then(|span| span.submission)) {
                ("a box is leased", Some(id)) => {
                    self.leased.entry(id).or_insert(timestamp);
                    return;
                }
                ("judged", Some(id)) => {
                    self.confirmed.insert(id, timestamp);
                    return;
                }
                (message, _) if message.contains("taking submissions") => self.ready = true,
                _ => {}
            }
        }
        if self.last_lines.len() == LAST_LINES {
            self.last_lines.remove(0);
        }
        self.last_lines.push(line);
    }
}
