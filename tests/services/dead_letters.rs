//! `assize dead` and `assize rejected`, with messages that came there for real.

use std::fs;

use assize::broker::{Reply, SubmitClient};
use assize::contract::{RejectionCode, SubmissionMessage, Verdict};
use lapin::BasicProperties;
use serde_json::Value;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::flow::{to_sum, verdict};
use crate::http::{address_of, metric};
use crate::leases::{ONE_SLOT, SOON};
use crate::raw::{RawClient, header, kind};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Above the limit that a quorum queue has by itself from RabbitMQ 4.0 on.
const OFTEN: usize = 22;

/// What a command says, and its exit code.
pub(crate) async fn said(namespace: &Namespace, command: &str, arguments: &[&str]) -> (String, i32) {
    let output = namespace.assize().arg(command).args(arguments).output().await.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (said, output.status.code().unwrap())
}

pub(crate) async fn listed(namespace: &Namespace, command: &str) -> Vec<Value> {
    let (said, code) = said(namespace, command, &["list", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    serde_json::from_str(&said).unwrap()
}

fn to_problem(id: &str) -> SubmissionMessage {
    let mut message = to_sum("print(1)");
    message.problem.as_mut().unwrap().id = id.to_owned();
    message
}

/// A directory with a problem that no worker can judge.
pub(crate) fn broken_problem() -> TempDir {
    let problems = tempfile::tempdir().unwrap();
    fs::create_dir(problems.path().join("broken")).unwrap();
    fs::write(problems.path().join("broken/problem.yaml"), "name: [").unwrap();
    problems
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_seen_tried_again_and_thrown_away_and_none_is_lost_by_looking() {
    let namespace = Namespace::new().await;
    let problems = broken_problem();
    let settings = [
        ("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()),
        ("ASSIZE__BROKER__MAX_ATTEMPTS", "1"),
    ];
    let worker = namespace.ready_worker("dead-letters", &settings).await;
    let dead = async |arguments: &[&str]| said(&namespace, "dead", arguments).await;
    assert_eq!(dead(&["list"]).await, ("there are no dead letters\n".to_owned(), 0));

    let message = to_problem("broken");
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&message).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Je);
    let raw = RawClient::connect(&namespace.broker).await;
    raw.put_dead_letter(b"\x1b[2J no JSON \xff").await;
    for _ in 0..OFTEN {
        eventually("both", async || listed(&namespace, "dead").await.len() == 2).await;
    }
    let letters = listed(&namespace, "dead").await;
    let id = message.id.to_string();
    let of_the_judge = letters.iter().find(|letter| letter["id"] == id.as_str()).unwrap();
    assert_eq!(of_the_judge["code"], "judge_error");
    assert_eq!(of_the_judge["worker"], worker.id.as_str());
    let nameless = letters
        .iter()
        .find_map(|letter| letter["id"].as_str().filter(|other| *other != id));
    let nameless = nameless.unwrap();
    assert!(nameless.starts_with("sha256-"), "{nameless}");

    let (table, _) = dead(&["list"]).await;
    assert!(table.contains(&id) && table.contains(nameless), "{table}");
    let (shown, _) = dead(&["show", nameless]).await;
    assert!(
        shown.contains(r"\x1b[2J no JSON") && !shown.contains('\u{1b}'),
        "{shown:?}"
    );

    let (said, code) = dead(&["requeue", &id]).await;
    assert_eq!(code, 0, "{said}");
    let died_again = async || {
        let letters = listed(&namespace, "dead").await;
        letters
            .iter()
            .any(|letter| letter["id"] == id.as_str() && letter["history"][0].is_string())
    };
    eventually("it died again, and its history is kept", died_again).await;

    let (said, code) = dead(&["drop", "--all"]).await;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("2 dead letters") && said.contains("--yes"), "{said}");
    let (said, code) = dead(&["drop", nameless, "--yes"]).await;
    assert_eq!((said.trim(), code), ("1 dead letter thrown away", 0));
    assert_eq!(listed(&namespace, "dead").await.len(), 1);
    let (said, code) = dead(&["drop", nameless, "--yes"]).await;
    assert_eq!((said.trim(), code), ("no dead letter was thrown away", 1));
    let (said, code) = dead(&["show", nameless]).await;
    assert_eq!(code, 2, "{said}");
    worker.stop().await;
}

/// What a worker fails with at every attempt, and how its sender hears of it.
struct Failing {
    has_store: &'static str,
    /// A statement after which the database refuses.
    refuses: &'static str,
    language: &'static str,
    problem: &'static str,
    answer: &'static str,
}

/// A judge error that no database counts, a verdict that is not stored, and a rejection that is not.
const FAILING: [Failing; 3] = [
    Failing {
        has_store: "false",
        refuses: "SELECT 1",
        language: "python3",
        problem: "broken",
        answer: "assize.verdict.v1",
    },
    Failing {
        has_store: "true",
        refuses: "ALTER TABLE verdicts RENAME COLUMN score TO points",
        language: "python3",
        problem: "sum",
        answer: "assize.verdict.v1",
    },
    Failing {
        has_store: "true",
        refuses: "ALTER TABLE gateway_submissions RENAME COLUMN rejection TO refusal",
        language: "python3\0",
        problem: "sum",
        answer: "assize.rejection.v1",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_back_before_it_was_tried_has_all_its_attempts() {
    for failing in FAILING {
        let namespace = Namespace::new().await;
        let problems = broken_problem();
        let mut settings = vec![ONE_SLOT, SOON, ("ASSIZE__STORE__ENABLED", failing.has_store)];
        if failing.problem == "broken" {
            settings.push(("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()));
        }
        // Declares the queues.
        namespace.ready_worker("first", &settings).await.stop().await;
        let mut raw = RawClient::connect(&namespace.broker).await;
        let mut message = to_problem(failing.problem);
        message.language = failing.language.to_owned();
        raw.send(&serde_json::to_vec(&message).unwrap(), "x").await;
        for _ in 0..2 {
            let held = raw.hold(&namespace.broker.queue).await;
            raw.give_back(held).await;
        }
        let mut database = PgConnection::connect(&namespace.database).await.unwrap();
        database.execute(failing.refuses).await.unwrap();
        let worker = namespace.ready_worker("failing", &settings).await;
        assert_eq!(kind(&raw.answer().await), failing.answer);
        let tries = metric(&address_of(&worker).await, "assize_deliveries_total").await;
        assert_eq!(tries, 3.0, "{}: {}", failing.refuses, worker.log());
        worker.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_messages_are_kept_within_bounds_apart_from_dead_letters_and_can_be_sent_again() {
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__BROKER__REJECTED_QUEUE_LENGTH", "3"),
        ("ASSIZE__BROKER__REJECTED_QUEUE_BYTES", "4000"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ];
    namespace.ready_worker("declares", &settings).await.stop().await;
    let rejected = async |arguments: &[&str]| said(&namespace, "rejected", arguments).await;
    assert_eq!(
        rejected(&["list"]).await,
        ("there are no rejected messages\n".to_owned(), 0)
    );
    // A worker keeps a message behind its answer, and ends when it has kept them all. RabbitMQ holds a queue to its bounds
    // when something comes: what a list has in hand at that moment goes back into it nevertheless.
    let reject = async |bodies: &[Vec<u8>]| {
        let worker = namespace.ready_worker("rejecting", &settings).await;
        let mut raw = RawClient::connect(&namespace.broker).await;
        for body in bodies {
            raw.send(body, "x").await;
            assert_eq!(kind(&raw.answer().await), "assize.rejection.v1");
        }
        worker.stop().await;
    };
    let bodies: Vec<Vec<u8>> = (0..5).map(|number| format!("no JSON {number}").into()).collect();
    reject(&bodies).await;
    let mut kept = Vec::new();
    for letter in listed(&namespace, "rejected").await {
        let (shown, _) = rejected(&["show", letter["id"].as_str().unwrap()]).await;
        kept.push(shown.lines().last().unwrap().to_owned());
    }
    kept.sort();
    assert_eq!(kept, ["no JSON 2", "no JSON 3", "no JSON 4"], "the oldest are gone");
    for _ in 0..OFTEN {
        assert_eq!(listed(&namespace, "rejected").await.len(), 3);
    }
    reject(&[vec![b'x'; 3995]]).await;
    let kept = listed(&namespace, "rejected").await.len();
    assert_eq!(kept, 1, "a long one takes the room of all");
    assert_eq!(rejected(&["drop", "--all", "--yes"]).await.1, 0);

    let worker = namespace.ready_worker("rejecting", &settings).await;
    let message = to_problem("nowhere");
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&message).await.unwrap();
    let told = async |client: &mut SubmitClient| loop {
        match client.next().await.unwrap() {
            Reply::Rejection(rejection) => return rejection.code,
            // Another attempt says that it begins.
            Reply::Progress(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told(&mut client).await, RejectionCode::UnknownProblem);
    eventually("it is kept", async || listed(&namespace, "rejected").await.len() == 1).await;
    let kept = listed(&namespace, "rejected").await;
    assert_eq!(
        (&kept[0]["id"], &kept[0]["code"], &kept[0]["field"]),
        (
            &message.id.to_string().into(),
            &"unknown_problem".into(),
            &"problem.id".into()
        )
    );
    let (said, code) = rejected(&["requeue", "--code", "unknown_problem"]).await;
    assert_eq!(
        (said.trim(), code),
        ("1 rejected message sent to the work queue again", 0)
    );
    assert_eq!(told(&mut client).await, RejectionCode::UnknownProblem);
    assert_eq!(rejected(&["show", "none"]).await.1, 2);
    assert!(listed(&namespace, "dead").await.is_empty());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_with_other_bounds_works_beside_those_that_run_already() {
    let namespace = Namespace::new().await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let mut workers = Vec::new();
    for (id, length) in [("first", "5"), ("second", "9")] {
        let settings = [
            ("ASSIZE__BROKER__REJECTED_QUEUE_LENGTH", length),
            ("ASSIZE__BROKER__VERDICT_QUEUE_LENGTH", length),
        ];
        workers.push(namespace.ready_worker(id, &settings).await);
    }
    workers.remove(0).stop().await;
    raw.send(b"no JSON", "x").await;
    assert_eq!(kind(&raw.answer().await), "assize.rejection.v1");
    assert_eq!(header(&raw.take_rejected().await, "x-assize-code"), "not_json");
    assert_eq!(
        kind(&raw.take(&namespace.broker.verdict_queue).await),
        "assize.rejection.v1"
    );
    workers.remove(0).stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_queue_for_them_rejected_messages_are_answered_and_not_kept() {
    let mut namespace = Namespace::new().await;
    namespace.broker.rejected_queue.clear();
    let worker = namespace.ready_worker("keeps-none", &[]).await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    raw.send(b"no JSON", "x").await;
    assert_eq!(kind(&raw.answer().await), "assize.rejection.v1");
    let (said, code) = said(&namespace, "rejected", &["list"]).await;
    assert!(code == 2 && said.contains("broker.rejected_queue"), "{said}");
    worker.stop().await;
    for queue in [&namespace.broker.queue, &namespace.broker.dead_letter_queue] {
        assert_eq!(raw.ready_in(queue).await, 0, "{queue}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_sender_lets_expire_is_kept_with_the_rejected_messages_and_is_no_dead_letter() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("away", &[]).await.stop().await;
    let raw = RawClient::connect(&namespace.broker).await;
    let message = to_problem("sum");
    let properties = BasicProperties::default().with_message_id(message.id.to_string().into());
    let body = serde_json::to_vec(&message).unwrap();
    raw.send_with(&body, properties.with_expiration("1".into())).await;
    eventually("it has expired", async || {
        listed(&namespace, "rejected").await.len() == 1
    })
    .await;
    let kept = listed(&namespace, "rejected").await;
    assert_eq!(
        (&kept[0]["id"], &kept[0]["code"]),
        (&message.id.to_string().into(), &"expired".into())
    );
    let reason = kept[0]["reason"].as_str().unwrap();
    assert!(reason.contains("expiration"), "{reason}");
    assert!(listed(&namespace, "dead").await.is_empty());

    let worker = namespace.ready_worker("back", &[]).await;
    assert_eq!(said(&namespace, "rejected", &["requeue", "--all"]).await.1, 0);
    let store = namespace.store().await;
    eventually("it is judged", async || store.find(message.id).await.unwrap().is_some()).await;
    store.close().await;
    raw.put_dead_letter(b"no JSON").await;
    eventually("what did not expire is a dead letter", async || {
        listed(&namespace, "dead").await.len() == 1
    })
    .await;
    assert!(listed(&namespace, "rejected").await.is_empty());
    worker.stop().await;
}
