//! The way of a submission, from the queue to the verdict.

use std::collections::HashSet;

use assize::broker::{Broker, Reply, SubmitClient};
use assize::contract::{Judgement, ProblemRef, SourceFile, SubmissionMessage, Verdict};
use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use uuid::Uuid;

use crate::http::{address_of, judges, not_ready};
use crate::proxy::Door;
use crate::raw::{RawClient, header, header_lines};
use crate::services::Services;
use crate::waiting::eventually;
use crate::worker::{DOCKER, Namespace};

const RIGHT: &str = "print(sum(map(int, input().split())))";

pub(crate) fn to_sum(source: &str) -> SubmissionMessage {
    let files = vec![SourceFile {
        name: "main.py".to_owned(),
        content: source.as_bytes().to_vec(),
    }];
    let problem = ProblemRef {
        id: "sum".to_owned(),
        revision: None,
    };
    SubmissionMessage::for_problem(Uuid::new_v4(), "python3", files, problem)
}

/// A right program that waits for so many seconds in every test.
fn to_sum_after(seconds: &str) -> SubmissionMessage {
    to_sum(&format!("import time\ntime.sleep({seconds})\n{RIGHT}"))
}

/// The verdict on one submission, and how many progress messages came before.
pub(crate) async fn verdict(client: &mut SubmitClient) -> (Judgement, usize) {
    let mut progress = 0;
    loop {
        match client.next().await.unwrap() {
            Reply::Progress(_) => progress += 1,
            Reply::Verdict(judgement) => return (*judgement, progress),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_goes_in_and_its_verdict_is_published_and_stored() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("one", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum(RIGHT);
    message.metadata.insert("user".to_owned(), "ada".into());
    client.send(&message).await.unwrap();
    let (judgement, progress) = verdict(&mut client).await;

    assert_eq!(judgement.verdict, Verdict::Ac, "{judgement:#?}");
    assert_eq!(judgement.metadata["user"], "ada");
    assert_eq!(judgement.worker.id, worker.id);
    assert_eq!(progress, judgement.tests.len());
    assert!(
        judgement
            .sandbox
            .environment
            .as_ref()
            .unwrap()
            .digest
            .starts_with("sha256:"),
        "{:?}",
        judgement.sandbox
    );
    assert_eq!(
        namespace.store().await.find(message.id).await.unwrap(),
        Some(judgement.clone())
    );

    let raw = RawClient::connect(&namespace.broker).await;
    let announced = raw.take(&namespace.broker.verdict_queue).await;
    let properties = &announced.properties;
    assert_eq!(serde_json::from_slice::<Judgement>(&announced.data).unwrap(), judgement);
    assert_eq!(announced.routing_key.as_str(), "verdict.python3.AC");
    assert_eq!(
        properties.message_id().as_ref().unwrap().as_str(),
        judgement.verdict_id.to_string()
    );
    assert_eq!(
        properties.correlation_id().as_ref().unwrap().as_str(),
        message.id.to_string()
    );
    assert_eq!(properties.content_type().as_ref().unwrap().as_str(), "application/json");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_submission_is_judged_once() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("once", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_sum(RIGHT);
    client.send(&message).await.unwrap();
    let (first, _) = verdict(&mut client).await;
    client.send(&message).await.unwrap();
    let (second, progress) = verdict(&mut client).await;
    assert_eq!((second, progress), (first, 0));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_a_queue() {
    let namespace = Namespace::new().await;
    let one_slot = [("ASSIZE__WORKER__SLOTS", "1")];
    let left = namespace.ready_worker("left", &one_slot).await;
    let right = namespace.ready_worker("right", &one_slot).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    for _ in 0..6 {
        client.send(&to_sum_after("0.2")).await.unwrap();
    }
    let mut judges = HashSet::new();
    for _ in 0..6 {
        judges.insert(verdict(&mut client).await.0.worker.id);
    }
    assert_eq!(judges, HashSet::from([left.id.clone(), right.id.clone()]));
    left.stop().await;
    right.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("stopped", &[DOCKER]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum_after("1")).await.unwrap();
    judges(&worker).await;
    worker.terminate();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    worker.stop_after_signal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_cannot_finish_in_the_grace_goes_back_to_the_queue() {
    let namespace = Namespace::new().await;
    let no_grace = [DOCKER, ("ASSIZE__WORKER__SHUTDOWN_GRACE_MS", "1")];
    let worker = namespace.ready_worker("hasty", &no_grace).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum_after("1")).await.unwrap();
    eventually("a box", async || worker.boxes().await > 0).await;
    worker.terminate();
    worker.stop_after_signal().await;
    let next = namespace.ready_worker("patient", &[]).await;
    assert_eq!(verdict(&mut client).await.0.worker.id, next.id);
    next.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once_and_leaves_no_box_and_loses_no_submission() {
    let namespace = Namespace::new().await;
    let mut worker = namespace.ready_worker("urgent", &[DOCKER]).await;
    let client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum("import time\ntime.sleep(3600)");
    message.limits.wall_ms = Some(120_000);
    client.send(&message).await.unwrap();
    judges(&worker).await;
    let address = address_of(&worker).await;
    worker.terminate();
    not_ready(&address, "worker", "stopping").await;
    worker.terminate();
    let status = worker.ended().await;
    assert_eq!(status.code(), Some(3), "{}", worker.log());
    assert_eq!(worker.boxes().await, 0, "{}", worker.log());
    let raw = RawClient::connect(&namespace.broker).await;
    assert_eq!(
        raw.take(&namespace.broker.queue).await.data,
        serde_json::to_vec(&message).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_for_services_that_are_away_and_says_so() {
    let namespace = Namespace::new().await;
    let services = Services::get().await;
    let mut postgres = Door::closed(services.postgres_port).await;
    let mut amqp = Door::closed(services.amqp_port).await;
    let late = |url: &str, from: u16, to: u16| url.replace(&format!(":{from}/"), &format!(":{to}/"));
    let database = late(&namespace.database, services.postgres_port, postgres.port);
    let broker = late(&namespace.broker.url, services.amqp_port, amqp.port);
    let worker = namespace.worker(
        "early",
        &[("ASSIZE__STORE__URL", &database), ("ASSIZE__BROKER__URL", &broker)],
    );
    let address = address_of(&worker).await;
    not_ready(&address, "database", "").await;
    not_ready(&address, "worker", "waiting for PostgreSQL").await;
    postgres.open().await;
    not_ready(&address, "worker", "waiting for RabbitMQ").await;
    not_ready(&address, "broker", "").await;
    assert!(
        !worker.log().contains("only-for-tests"),
        "a password is in the log: {}",
        worker.log()
    );
    amqp.open().await;
    worker.takes_submissions().await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_another_kind_stops_the_worker_and_is_named() {
    let namespace = Namespace::new().await;
    let raw = RawClient::connect(&namespace.broker).await;
    let classic = QueueDeclareOptions {
        durable: true,
        ..Default::default()
    };
    raw.channel
        .queue_declare(namespace.broker.queue.as_str().into(), classic, FieldTable::default())
        .await
        .unwrap();
    let mut worker = namespace.worker("refused", &[]);
    assert_eq!(worker.ended().await.code(), Some(3));
    let refused = Broker::start(&namespace.broker, "refused", 1).await.unwrap_err();
    assert_eq!((refused.kind, &refused.name), ("queue", &namespace.broker.queue));
    assert!(refused.is_final(), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_ours_is_tried_again_and_then_kept_with_its_reason() {
    let namespace = Namespace::new().await;
    // The image of one language only: the host can judge the others.
    let no_image = [("ASSIZE__SANDBOX__DOCKER__IMAGES__PYPY3", "assize/not-there:latest")];
    let worker = namespace.ready_worker("broken", &no_image).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum(RIGHT);
    message.language = "pypy3".to_owned();
    client.send(&message).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(judgement.verdict, Verdict::Je);
    assert!(judgement.message.unwrap().contains("assize/not-there"));

    let raw = RawClient::connect(&namespace.broker).await;
    let dead = raw.take_dead_letter().await;
    assert_eq!(header(&dead, "x-assize-code"), "judge_error");
    assert_eq!(header(&dead, "x-assize-attempt"), "3");
    assert!(header(&dead, "x-assize-reason").contains("assize/not-there"));
    let history = header_lines(&dead, "x-assize-history");
    assert_eq!(history.len(), 2, "{history:?}");
    for (line, attempt) in history.iter().zip(1..) {
        let told = format!("failed at attempt {attempt} by {}: no box", worker.id);
        assert!(line.contains(&told), "{line}");
    }
    worker.stop().await;

    let mended = namespace.ready_worker("mended", &[]).await;
    client.send(&message).await.unwrap();
    assert_eq!(
        verdict(&mut client).await.0.verdict,
        Verdict::Ac,
        "a judge error is no last word"
    );
    mended.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_verdicts_are_published_all_the_same() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("forgetful", &[("ASSIZE__STORE__ENABLED", "false")])
        .await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum("print(0)")).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Wa);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_leaves_its_submission_to_the_next_one_and_no_box() {
    let namespace = Namespace::new().await;
    let mut killed = namespace.ready_worker("killed", &[DOCKER]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum_after("1")).await.unwrap();
    eventually("a box", async || killed.boxes().await > 0).await;
    killed.kill().await;
    let soon = [("ASSIZE__SANDBOX__DOCKER__SWEEP_AFTER_MS", "5000")];
    eventually("the box ends by itself", async || killed.running_boxes().await == 0).await;
    let next = namespace.ready_worker("next", &soon).await;
    assert_eq!(verdict(&mut client).await.0.worker.id, next.id);
    eventually("the box is removed", async || killed.boxes().await == 0).await;
    next.stop().await;
}
