//! The container engine dies, freezes, or lacks an image: nothing is lost, nothing is blamed on the program, nothing is left.

use assize::broker::{Reply, SubmitClient};
use assize::contract::{Judgement, SubmissionMessage, Verdict};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::dockerd::Dockerd;
use crate::flow::{to_sum, verdict};
use crate::http::{cannot_judge, counts, part_ready};
use crate::leases::{attempts, slow};
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// A worker with one slot at the second daemon.
async fn worker(namespace: &Namespace, dockerd: &Dockerd, id: &str, settings: &[(&str, &str)]) -> WorkerProcess {
    let host = dockerd.host();
    let mut all = vec![
        ("ASSIZE__SANDBOX__DOCKER__HOST", &*host),
        ("ASSIZE__WORKER__SLOTS", "1"),
    ];
    all.extend(settings);
    namespace.ready_worker(id, &all).await
}

/// Stops it; no box of it is left at the second daemon.
async fn stop(worker: WorkerProcess, dockerd: &Dockerd) {
    let (id, log) = (worker.id.clone(), worker.log());
    worker.stop().await;
    let left = dockerd.containers(&format!("io.assize.worker={id}")).await;
    assert!(left.is_empty(), "{left:?} are left: {log}");
}

/// How the attempts at a submission ended.
async fn endings(namespace: &Namespace, message: &SubmissionMessage) -> Vec<String> {
    let attempts = attempts(namespace, message.id).await;
    attempts
        .into_iter()
        .map(|(_, outcome)| outcome.unwrap_or_default())
        .collect()
}

async fn verdicts_of(namespace: &Namespace, submission: Uuid) -> i64 {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM verdicts WHERE submission_id = $1")
        .bind(submission)
        .fetch_one(&mut database)
        .await
        .unwrap()
}

/// The verdict is right, and the submission carries no finding because of what the daemon did.
fn is_right(judgement: &Judgement) {
    assert_eq!(judgement.verdict, Verdict::Ac, "{judgement:#?}");
    assert!(judgement.security.is_empty(), "{:#?}", judgement.security);
}

/// Waits until the program has passed a test, so that it is in the middle.
async fn under_way(client: &mut SubmitClient) {
    match client.next().await.unwrap() {
        Reply::Progress(_) => {}
        other => panic!("{other:?}"),
    }
}

/// Containers outlive a daemon that is killed. What is lost with it is what it copied.
#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_is_killed_in_mid_run_costs_a_retry_where_it_copies_and_never_a_verdict() {
    for (streams, expected) in [("daemon", &["failed", "verdict"][..]), ("worker", &["verdict"])] {
        let Some(dockerd) = Dockerd::get().await else { return };
        let namespace = Namespace::new().await;
        let directory = tempfile::tempdir().unwrap();
        let settings = [
            ("ASSIZE__SANDBOX__DOCKER__STREAMS", streams),
            (
                "ASSIZE__SANDBOX__DOCKER__STREAMS_DIRECTORY",
                directory.path().to_str().unwrap(),
            ),
        ];
        let worker = worker(&namespace, &dockerd, "bereft", &settings).await;
        let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
        let message = slow();
        client.send(&message).await.unwrap();
        under_way(&mut client).await;
        dockerd.signal("KILL");
        cannot_judge(&worker, "").await;
        dockerd.start().await;
        is_right(&verdict(&mut client).await.0);
        assert_eq!(endings(&namespace, &message).await, expected, "{}", worker.log());
        assert_eq!(verdicts_of(&namespace, message.id).await, 1);
        stop(worker, &dockerd).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_is_restarted_in_mid_run_costs_a_retry_and_no_verdict() {
    let Some(dockerd) = Dockerd::get().await else { return };
    let namespace = Namespace::new().await;
    let worker = worker(&namespace, &dockerd, "restarted", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    // A daemon that stops gives its containers 10 seconds.
    let program = "import time\nn = sum(map(int, input().split()))\ntime.sleep(3)\nprint(n)";
    let mut message = to_sum(program);
    message.limits.wall_ms = Some(20_000);
    client.send(&message).await.unwrap();
    under_way(&mut client).await;
    dockerd.stop().await;
    dockerd.start().await;
    is_right(&verdict(&mut client).await.0);
    counts(&worker, "assize_boxes_lost_total", 1.0).await;
    let endings = endings(&namespace, &message).await;
    assert_eq!(endings.last().unwrap(), "verdict", "{endings:?}");
    assert_eq!(verdicts_of(&namespace, message.id).await, 1);
    stop(worker, &dockerd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_that_the_host_ends_are_replaced_and_nobody_is_accused() {
    let Some(dockerd) = Dockerd::get().await else { return };
    let namespace = Namespace::new().await;
    let worker = worker(&namespace, &dockerd, "robbed", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = slow();
    client.send(&message).await.unwrap();
    under_way(&mut client).await;
    // The box of the submission was made for it, or ahead.
    let its_own = format!("io.assize.purpose={}", message.id);
    for label in ["io.assize.purpose=network", "io.assize.purpose=warm", &its_own] {
        for name in dockerd.containers(label).await {
            dockerd.kill(name.trim_start_matches('/')).await;
        }
    }
    is_right(&verdict(&mut client).await.0);
    counts(&worker, "assize_boxes_lost_total", 1.0).await;
    assert_eq!(endings(&namespace, &message).await, ["verdict"]);
    stop(worker, &dockerd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_the_daemon_is_away_waits_and_keeps_its_attempts() {
    let Some(dockerd) = Dockerd::get().await else { return };
    let namespace = Namespace::new().await;
    let worker = worker(&namespace, &dockerd, "waiting", &[]).await;
    dockerd.stop().await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let messages = [to_sum(RIGHT), to_sum(RIGHT), to_sum(RIGHT)];
    for message in &messages {
        client.send(message).await.unwrap();
    }
    cannot_judge(&worker, "").await;
    dockerd.start().await;
    for _ in &messages {
        is_right(&verdict(&mut client).await.0);
    }
    let mut failed = 0;
    for message in &messages {
        let endings = endings(&namespace, message).await;
        assert_eq!(endings.last().unwrap(), "verdict");
        failed += endings.len() - 1;
    }
    // The one that showed that the daemon is away, if the worker did not know by itself.
    assert!(failed <= 1, "{failed} attempts were used up: {}", worker.log());
    part_ready(&worker, "host").await;
    stop(worker, &dockerd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_freezes_while_a_box_starts_holds_up_nobody_longer_than_its_deadline() {
    let Some(dockerd) = Dockerd::get().await else { return };
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__SANDBOX__DOCKER__CALL_TIMEOUT_MS", "2000"),
        ("ASSIZE__SANDBOX__WARM_BOXES", "0"),
    ];
    let worker = worker(&namespace, &dockerd, "frozen", &settings).await;
    dockerd.signal("STOP");
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum(RIGHT);
    client.send(&message).await.unwrap();
    cannot_judge(&worker, "cannot create a box: Docker did not answer within 2s").await;
    dockerd.signal("CONT");
    is_right(&verdict(&mut client).await.0);
    assert_eq!(endings(&namespace, &message).await, ["failed", "verdict"]);
    stop(worker, &dockerd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_image_the_worker_waits_and_says_how_to_build_it() {
    let Some(dockerd) = Dockerd::get().await else { return };
    dockerd.docker(&["tag", "assize/python3:latest", "kept:latest"]);
    dockerd.docker(&["rmi", "assize/python3:latest"]);
    let namespace = Namespace::new().await;
    let worker = worker(&namespace, &dockerd, "imageless", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum(RIGHT);
    client.send(&message).await.unwrap();
    cannot_judge(&worker, "`make images`").await;
    dockerd.docker(&["tag", "kept:latest", "assize/python3:latest"]);
    is_right(&verdict(&mut client).await.0);
    assert!(endings(&namespace, &message).await.len() <= 2, "{}", worker.log());
    stop(worker, &dockerd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_dead_worker_the_boxes_are_removed_and_nobody_elses() {
    let Some(dockerd) = Dockerd::get().await else { return };
    let namespace = Namespace::new().await;
    dockerd.docker(&["create", "--label=stranger", "assize/python3:latest"]);
    let soon = [("ASSIZE__SANDBOX__DOCKER__SWEEP_AFTER_MS", "1000")];
    let boxes = async |worker: &WorkerProcess| dockerd.containers(&format!("io.assize.worker={}", worker.id)).await;
    let mut dead = worker(&namespace, &dockerd, "dead", &[]).await;
    eventually("boxes of the one", async || boxes(&dead).await.len() > 1).await;
    // Its own namespace keeps it from judging what the others are sent.
    let neighbour = worker(&Namespace::new().await, &dockerd, "neighbour", &[]).await;
    eventually("boxes of the neighbour", async || boxes(&neighbour).await.len() > 1).await;
    let of_the_neighbour = boxes(&neighbour).await;
    dead.kill().await;
    let heir = worker(&namespace, &dockerd, "heir", &soon).await;
    eventually("the boxes of the dead are removed", async || {
        boxes(&dead).await.is_empty()
    })
    .await;
    let still_there = boxes(&neighbour).await;
    assert!(
        of_the_neighbour.iter().all(|name| still_there.contains(name)),
        "{still_there:?}"
    );
    assert_eq!(dockerd.containers("stranger").await.len(), 1);
    stop(heir, &dockerd).await;
    stop(neighbour, &dockerd).await;
}
