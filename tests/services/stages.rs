//! A worker that dies at each stage of the flow, by a kill that nothing in it can notice.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt as _;

use assize::contract::{SubmissionMessage, Verdict};
use assize::failpoint::{Stage, VARIABLE};
use futures::StreamExt as _;

use crate::account::{Account, settled};
use crate::flow::to_sum;
use crate::leases::{ONE_SLOT, SHORT_LEASE, SOON};
use crate::raw::header;
use crate::site::Site;
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// Workers that die at once, so that the machine is not the one who says when.
const AT_ONCE: usize = 2;

const ONE_BOX: (&str, &str) = ("ASSIZE__SANDBOX__WARM_BOXES", "1");
const SWEPT_SOON: (&str, &str) = ("ASSIZE__SANDBOX__DOCKER__SWEEP_AFTER_MS", "3000");

/// Where it dies, on which program, and the verdict that the program gets all the same.
const CASES: [(Stage, &str, Verdict); 7] = [
    (Stage::Received, RIGHT, Verdict::Ac),
    (Stage::Claimed, "print(1 // 0)", Verdict::Rte),
    (Stage::MidRun, RIGHT, Verdict::Ac),
    (Stage::Judged, "print(0)", Verdict::Wa),
    (Stage::Stored, RIGHT, Verdict::Ac),
    (Stage::Published, "print(", Verdict::Ce),
    (Stage::Acked, "while True: pass", Verdict::Tle),
];

fn submission(source: &str) -> SubmissionMessage {
    let mut message = to_sum(source);
    message.limits.cpu_ms = Some(500);
    message
}

/// Workers that may be lost over a submission here.
const LOST: usize = 3;
const MOST_LOST: (&str, &str) = ("ASSIZE__BROKER__MAX_LOST_WORKERS", "3");

fn settings(armed: &str) -> [(&'static str, &str); 7] {
    [
        ONE_SLOT,
        SHORT_LEASE,
        SOON,
        ONE_BOX,
        SWEPT_SOON,
        MOST_LOST,
        (VARIABLE, armed),
    ]
}

async fn dies(worker: &mut WorkerProcess) {
    const SIGKILL: i32 = 9;
    let status = worker.ended().await;
    assert_eq!(status.signal(), Some(SIGKILL), "{status}: {}", worker.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_a_worker_dies_its_submission_gets_one_verdict_and_nothing_is_left() {
    assert_eq!(CASES.map(|(stage, ..)| stage), Stage::ALL);
    let mut dying = futures::stream::iter(CASES)
        .map(|(stage, program, expected)| one_dies(stage, program, expected))
        .buffer_unordered(AT_ONCE);
    while dying.next().await.is_some() {}
}

async fn one_dies(stage: Stage, program: &str, expected: Verdict) {
    let namespace = Namespace::new().await;
    let mut killed = namespace.ready_worker(stage.name(), &settings(stage.name())).await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    let message = submission(program);
    site.send(&message).await.unwrap();
    dies(&mut killed).await;

    let heir = namespace.ready_worker("heir", &settings("")).await;
    settled(&namespace, 1).await;
    eventually("the boxes of the dead worker are removed", async || {
        killed.boxes().await == 0
    })
    .await;
    heir.stop().await;
    Account::of(&namespace, &HashMap::from([(message.id, expected)]))
        .await
        .assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_kills_its_worker_each_time_is_given_up_and_the_queue_goes_on() {
    let namespace = Namespace::new().await;
    let (poison, good) = (submission(RIGHT), submission(RIGHT));
    let armed = format!("{}@{}", Stage::MidRun.name(), poison.id);
    let mut dead = Vec::new();
    for _ in 0..LOST {
        // Those after the first may die before they can say that they are ready.
        let mut worker = namespace.worker("poisoned", &settings(&armed));
        if dead.is_empty() {
            worker.takes_submissions().await;
            let site = Site::connect(&namespace.broker).await.unwrap();
            for message in [&poison, &good] {
                site.send(message).await.unwrap();
            }
        }
        dies(&mut worker).await;
        dead.push(worker);
    }
    let survivor = namespace.ready_worker("survivor", &settings(&armed)).await;
    settled(&namespace, 2).await;
    eventually("the boxes of the dead are removed", async || dead[0].boxes().await == 0).await;
    survivor.stop().await;

    let site = Site::connect(&namespace.broker).await.unwrap();
    let letters = site.take_dead().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(header(&letters[0], "x-assize-code"), "judge_error");
    let reason = header(&letters[0], "x-assize-reason");
    assert!(reason.contains(&format!("{LOST} workers died")), "{reason}");
    let expected = HashMap::from([(poison.id, Verdict::Je), (good.id, Verdict::Ac)]);
    Account::of(&namespace, &expected).await.assert_clean();
}
