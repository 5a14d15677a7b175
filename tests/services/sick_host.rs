//! A host that lacks disk or descriptors: the submission waits until it is mended, and the reason says what to do.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use assize::broker::SubmitClient;
use assize::contract::{ProblemRef, SubmissionMessage, Verdict};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::flow::{to_sum, verdict};
use crate::http::{cannot_judge, part_ready};
use crate::leases::attempts;
use crate::skipped::skipped;
use crate::waiting::eventually;
use crate::worker::{DOCKER, Namespace, WorkerProcess};

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// A problem storage, and a small disk of the worker's own for its cache.
struct Desk {
    namespace: Namespace,
    storage: TempDir,
    disk: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let storage = TempDir::new().unwrap();
        publish(storage.path(), "adding", 0);
        Self {
            namespace: Namespace::new().await,
            storage,
            disk: TempDir::new().unwrap(),
        }
    }

    /// A worker whose temporary directory and caches are on that disk, which only it sees; `before` is done there first.
    /// `None` where nothing can be mounted.
    async fn worker(&self, id: &str, before: &str) -> Option<WorkerProcess> {
        if !rustix::process::geteuid().is_root() {
            skipped("this is not run as root, so no small disk can be mounted, and nothing is known of full ones");
            return None;
        }
        let disk = self.disk.path().to_str().unwrap();
        let mount = format!("mount -t tmpfs -o size=1m none {disk} && cd {disk} && {before} && cd / && exec \"$@\"");
        let url = format!("file://{}", self.storage.path().display());
        let cpus = self.storage.path().join("cpus").display().to_string();
        let settings = [
            DOCKER,
            ("ASSIZE__SANDBOX__CPUS_DIRECTORY", &cpus),
            ("TMPDIR", disk),
            ("HOME", ""),
            ("XDG_CACHE_HOME", ""),
            ("ASSIZE__PROBLEMS__URL", &url),
            ("ASSIZE__WORKER__SLOTS", "1"),
        ];
        let starter = ["unshare", "--mount", "sh", "-c", &mount, "worker"];
        let worker = self.namespace.worker_by(&starter, id, &settings);
        worker.takes_submissions().await;
        Some(worker)
    }

    /// Runs a shell script on the disk of the worker.
    fn on_the_disk_of(&self, worker: &WorkerProcess, script: &str) {
        let script = format!("cd {} && {script}", self.disk.path().display());
        let pid = worker.pid().to_string();
        let entered = Command::new("nsenter")
            .args(["--target", &pid, "--mount", "sh", "-c", &script])
            .status();
        assert!(entered.unwrap().success(), "{script}");
    }

    /// Waits for a submission that cannot be judged yet, mends the disk, and sees it judged.
    async fn waits_until(&self, worker: &WorkerProcess, message: &SubmissionMessage, mend: &str) {
        let mut client = SubmitClient::connect(&self.namespace.broker).await.unwrap();
        client.send(message).await.unwrap();
        cannot_judge(worker, "").await;
        self.on_the_disk_of(worker, mend);
        let (judgement, _) = verdict(&mut client).await;
        assert_eq!(judgement.verdict, Verdict::Ac, "{}", worker.log());
        part_ready(worker, "host").await;
    }
}

/// A package, as a problem storage keeps it, with a file of so many zeros.
fn publish(storage: &Path, id: &str, zeros: usize) {
    let mut archive = std::io::Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut archive);
    for (name, content) in [
        ("adding/problem.yaml", "name: Adding\n"),
        ("adding/data/secret/1.in", "1 2\n"),
        ("adding/data/secret/1.ans", "3\n"),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.start_file("adding/notes.txt", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&vec![0; zeros]).unwrap();
    zip.finish().unwrap();
    let archive = archive.into_inner();
    let revision = hex::encode(Sha256::digest(&archive));
    fs::create_dir_all(storage.join(id)).unwrap();
    fs::write(storage.join(id).join(format!("{revision}.zip")), archive).unwrap();
    fs::write(storage.join(id).join("latest"), revision).unwrap();
}

fn to_adding() -> SubmissionMessage {
    to("adding")
}

fn to(id: &str) -> SubmissionMessage {
    let problem = ProblemRef {
        id: id.to_owned(),
        revision: None,
    };
    let mut message = to_sum(RIGHT);
    message.problem = Some(problem);
    message
}

/// Why the first attempt at a submission failed.
async fn reason(namespace: &Namespace, message: &SubmissionMessage) -> String {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::query_scalar("SELECT reason FROM attempts WHERE submission_id = $1 AND number = 1 AND outcome = 'failed'")
        .bind(message.id)
        .fetch_one(&mut database)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_stops_the_worker_until_there_is_room() {
    let desk = Desk::new().await;
    let fill = "{ head -c 2m /dev/zero >fill || true; }";
    let Some(worker) = desk.worker("full", fill).await else {
        return;
    };
    let message = to_adding();
    desk.waits_until(&worker, &message, "rm fill").await;
    let reason = reason(&desk.namespace, &message).await;
    for part in [
        "problems.cache_directory",
        desk.disk.path().to_str().unwrap(),
        "No space left",
        "make room",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
    worker.stop().await;
}

/// The settings allow the cache more than there is.
#[tokio::test(flavor = "multi_thread")]
async fn packages_that_find_no_room_beside_others_take_their_place_and_stop_no_worker() {
    let desk = Desk::new().await;
    let Some(worker) = desk.worker("narrow", "true").await else {
        return;
    };
    let mut client = SubmitClient::connect(&desk.namespace.broker).await.unwrap();
    let ids = ["one", "two", "three"];
    for (number, id) in ids.iter().enumerate() {
        publish(desk.storage.path(), id, (600 << 10) + number);
    }
    for id in ids.into_iter().chain(["one"]) {
        let message = to(id);
        client.send(&message).await.unwrap();
        assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac, "{}", worker.log());
        let tried = attempts(&desk.namespace, message.id).await;
        assert_eq!(tried.len(), 1, "{id}: {tried:?}");
    }
    part_ready(&worker, "host").await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_cannot_be_written_stops_the_worker_until_it_can() {
    let desk = Desk::new().await;
    let Some(worker) = desk.worker("readonly", "mount -o remount,ro .").await else {
        return;
    };
    let message = to_adding();
    desk.waits_until(&worker, &message, "mount -o remount,rw .").await;
    let reason = reason(&desk.namespace, &message).await;
    for part in [desk.disk.path().to_str().unwrap(), "Read-only file system", "mount it"] {
        assert!(reason.contains(part), "{reason}");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_directory_that_is_cleared_or_blocked_costs_no_verdict() {
    let desk = Desk::new().await;
    let Some(worker) = desk.worker("cleared", "mkdir -p .").await else {
        return;
    };
    let mut client = SubmitClient::connect(&desk.namespace.broker).await.unwrap();
    for clear in ["true", "rm -rf assize-*"] {
        desk.on_the_disk_of(&worker, clear);
        client.send(&to_adding()).await.unwrap();
        assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac, "{}", worker.log());
    }
    desk.on_the_disk_of(&worker, "place=$(echo assize-*) && rm -rf $place && touch $place");
    let message = to_adding();
    desk.waits_until(&worker, &message, "rm assize-*").await;
    assert!(reason(&desk.namespace, &message).await.contains("make it a directory"));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_descriptors_takes_nothing_until_it_has_some() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("shut", &[DOCKER, ("ASSIZE__WORKER__SLOTS", "1")])
        .await;
    let limit = |files: &str| {
        let pid = worker.pid().to_string();
        let files = format!("--nofile={files}:");
        let limited = Command::new("prlimit").args(["--pid", &pid, &files]).status();
        assert!(limited.unwrap().success());
    };
    eventually("warm boxes", async || worker.running_boxes().await > 1).await;
    limit("8");
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum(RIGHT);
    client.send(&message).await.unwrap();
    // Without descriptors it cannot answer over HTTP either.
    eventually("the first attempt has failed", async || {
        attempts(&namespace, message.id)
            .await
            .iter()
            .any(|(_worker, outcome)| outcome.as_deref() == Some("failed"))
    })
    .await;
    limit("1024");
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(judgement.verdict, Verdict::Ac, "{}", worker.log());
    let reason = reason(&namespace, &message).await;
    for part in ["Too many open files", "ulimit -n"] {
        assert!(reason.contains(part), "{reason}");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_that_is_not_installed_costs_only_the_submissions_that_ask_for_it() {
    let namespace = Namespace::new().await;
    let missing = ("ASSIZE__SANDBOX__DOCKER__IMAGES__PYPY3", "assize/not-installed:latest");
    let worker = namespace
        .ready_worker("partial", &[missing, ("ASSIZE__WORKER__SLOTS", "1")])
        .await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut asking = to_sum(RIGHT);
    "pypy3".clone_into(&mut asking.language);
    client.send(&asking).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(judgement.verdict, Verdict::Je, "{}", worker.log());
    let message = judgement.message.unwrap_or_default();
    assert!(message.contains("pypy3 is not installed"), "{message}");
    client.send(&to_sum(RIGHT)).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac, "{}", worker.log());
    part_ready(&worker, "host").await;
    worker.stop().await;
}
