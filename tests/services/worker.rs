//! The real program, as a process of its own.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use assize::config::{self, BrokerSettings};
use assize::store::Store;
use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use crate::http::{ANY_PORT, part_ready};
use crate::services::Services;
use crate::wall_settings::{Settings, cheapest_wall};

/// The setting of workers whose boxes are those of Docker, for tests that look at boxes or at Docker. Others have the
/// cheapest ones that there are.
pub(crate) const DOCKER: (&str, &str) = ("ASSIZE__SANDBOX__BACKEND", "docker");

/// A namespace of the services for one test: queues and a database of its own.
#[derive(Debug, Clone)]
pub(crate) struct Namespace {
    pub(crate) broker: BrokerSettings,
    pub(crate) database: String,
    name: String,
}

impl Namespace {
    pub(crate) async fn new() -> Self {
        let services = Services::get().await;
        Self::of(services.amqp_url(), services.database().await)
    }

    /// The same with a database that no program has migrated.
    pub(crate) async fn unmigrated() -> Self {
        let services = Services::get().await;
        Self::of(services.amqp_url(), services.empty_database().await)
    }

    /// A namespace in these services.
    pub(crate) fn of(amqp_url: String, database: String) -> Self {
        let name = Uuid::new_v4().simple().to_string();
        let mut broker = config::load(None).unwrap().broker;
        broker.url = amqp_url;
        broker.set_apart(&format!(".{name}"));
        Self { broker, database, name }
    }

    pub(crate) async fn store(&self) -> Store {
        let mut settings = config::load(None).unwrap().store;
        settings.url.clone_from(&self.database);
        Store::open(&settings).await.unwrap()
    }

    /// The program, with the settings of this namespace.
    pub(crate) fn assize(&self) -> Command {
        let broker = &self.broker;
        let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
        command
            .env(
                if broker.urls.is_empty() {
                    "ASSIZE__BROKER__URL"
                } else {
                    "ASSIZE__BROKER__URLS"
                },
                broker.nodes().join(","),
            )
            .env("ASSIZE__BROKER__QUEUE", &broker.queue)
            .env("ASSIZE__BROKER__BULK_QUEUE", &broker.bulk_queue)
            .env("ASSIZE__BROKER__LATER_QUEUE", &broker.later_queue)
            .env("ASSIZE__BROKER__LATER_EXCHANGE", &broker.later_exchange)
            .env("ASSIZE__BROKER__CONTROL_EXCHANGE", &broker.control_exchange)
            .env("ASSIZE__BROKER__CANCEL_QUEUE", &broker.cancel_queue)
            .env("ASSIZE__BROKER__EXCHANGE", &broker.exchange)
            .env("ASSIZE__BROKER__DEAD_LETTER_EXCHANGE", &broker.dead_letter_exchange)
            .env("ASSIZE__BROKER__DEAD_LETTER_QUEUE", &broker.dead_letter_queue)
            .env("ASSIZE__BROKER__REJECTED_QUEUE", &broker.rejected_queue)
            .env("ASSIZE__BROKER__VERDICT_EXCHANGE", &broker.verdict_exchange)
            .env("ASSIZE__BROKER__VERDICT_QUEUE", &broker.verdict_queue)
            .env("ASSIZE__STORE__URL", &self.database)
            .env(
                "ASSIZE__PROBLEMS__DIRECTORY",
                PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples"),
            );
        command
    }

    /// Starts a worker here, with these further settings.
    pub(crate) fn worker(&self, id: &str, settings: &[(&str, &str)]) -> WorkerProcess {
        self.worker_by(&[], id, settings)
    }

    /// The same, started by another program, whose last argument is the worker's command.
    pub(crate) fn worker_by(&self, starter: &[&str], id: &str, settings: &[(&str, &str)]) -> WorkerProcess {
        let id = format!("{}-{id}-{}", config::load(None).unwrap().worker.id, self.name);
        let mut command = self.assize().started_by(starter);
        command
            .arg("worker")
            .env("ASSIZE__WORKER__ID", &id)
            .envs(wall_for(settings))
            // There are several workers at once on this host.
            .envs([ANY_PORT])
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let kept = Arc::clone(&log);
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        WorkerProcess {
            id,
            process,
            log,
            reading,
        }
    }

    /// A worker that takes submissions already.
    pub(crate) async fn ready_worker(&self, id: &str, settings: &[(&str, &str)]) -> WorkerProcess {
        let worker = self.worker(id, settings);
        worker.takes_submissions().await;
        worker
    }
}

/// Boxes of Docker for tests that set something of Docker, or name [`DOCKER`]; for others the cheapest.
fn wall_for(settings: &[(&str, &str)]) -> Settings {
    let sets_docker = |name: &str| name.starts_with("ASSIZE__SANDBOX__DOCKER") || name == DOCKER.0;
    if settings.iter().any(|(name, _)| sets_docker(name)) {
        Settings::new()
    } else {
        cheapest_wall()
    }
}

trait StartedBy {
    fn started_by(self, starter: &[&str]) -> Self;
}

impl StartedBy for Command {
    fn started_by(self, starter: &[&str]) -> Self {
        let Some((program, arguments)) = starter.split_first() else {
            return self;
        };
        let mut command = Self::new(program);
        command.args(arguments).arg(self.as_std().get_program());
        for (name, value) in self.as_std().get_envs() {
            command.env(name, value.unwrap());
        }
        command
    }
}

/// A worker that runs.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    pub(crate) id: String,
    process: Child,
    log: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl WorkerProcess {
    /// Waits until it takes submissions.
    pub(crate) async fn takes_submissions(&self) {
        for part in ["worker", "broker"] {
            part_ready(self, part).await;
        }
    }

    /// Its log, for the messages of assertions.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// From now on its log has no reader, and its pipe is closed.
    pub(crate) fn close_log(&self) {
        self.reading.abort();
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id().unwrap()
    }

    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Whether it has not ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        timeout(Duration::from_secs(60), self.process.wait())
            .await
            .expect("the worker does not end")
            .unwrap()
    }

    /// Stops it, and holds it against what it promises: a clean end, and nothing left behind.
    pub(crate) async fn stop(self) {
        self.terminate();
        self.stop_after_signal().await;
    }

    /// The same for one that was told already.
    pub(crate) async fn stop_after_signal(mut self) {
        let status = self.ended().await;
        assert!(status.success(), "{status}: {}", self.log());
        assert_eq!(self.boxes().await, 0, "boxes are left: {}", self.log());
    }

    /// Ends it as a power failure would.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Boxes of this worker that Docker knows.
    pub(crate) async fn boxes(&self) -> usize {
        boxes_of(&self.id, true).await
    }

    /// Those that run.
    pub(crate) async fn running_boxes(&self) -> usize {
        boxes_of(&self.id, false).await
    }
}

/// Boxes of the worker with this name; `all`: also those that have ended.
pub(crate) async fn boxes_of(worker: &str, all: bool) -> usize {
    let docker = Docker::connect_with_local_defaults().unwrap();
    let filters = [("label".to_owned(), vec![format!("io.assize.worker={worker}")])].into();
    let options = ListContainersOptionsBuilder::new().all(all).filters(&filters).build();
    docker.list_containers(Some(options)).await.unwrap().len()
}
