//! Answers that no queue takes: what becomes of their submissions.

use assize::contract::{Judgement, SubmissionMessage, Verdict};
use lapin::BasicProperties;
use lapin::options::QueueDeleteOptions;
use serde_json::json;
use uuid::Uuid;

use crate::broker_faults::{bind, bytes, declare};
use crate::dead_letters::broken_problem;
use crate::flow::to_sum;
use crate::http::{address_of, metric};
use crate::leases::{ONE_SLOT, SOON};
use crate::raw::{RawClient, header};
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_no_queue_takes_end_their_submissions_where_there_is_to_be_no_queue_for_them() {
    let mut namespace = Namespace::new().await;
    namespace.broker.verdict_queue.clear();
    let problems = broken_problem();
    let settings = [
        ONE_SLOT,
        SOON,
        ("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()),
        ("ASSIZE__BROKER__MAX_ATTEMPTS", "1"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ];
    let worker = namespace.ready_worker("unheard", &settings).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let to_problem = |id: &str| {
        let mut message = json!(to_sum(RIGHT));
        message["problem"]["id"] = json!(id);
        message
    };
    let (mut judged, broken, unknown) = (to_problem("sum"), to_problem("broken"), to_problem("nowhere"));
    judged["problem"] = json!(null);
    judged["tests"] = json!([{ "input": "1 2", "answer": "3" }]);
    // The second time it is answered with what is stored.
    let again = judged.clone();
    let messages = [json!("no object"), judged, again, broken.clone(), unknown.clone()];
    for message in &messages {
        let gone = BasicProperties::default().with_reply_to("gone".into());
        raw.send_with(message.to_string().as_bytes(), gone).await;
    }
    for expected in [&messages[0], &unknown] {
        let rejected = raw.take_rejected().await;
        assert_eq!(rejected.data, expected.to_string().as_bytes());
    }
    let dead = raw.take_dead_letter().await;
    assert_eq!(dead.data, broken.to_string().as_bytes());
    assert_eq!(header(&dead, "x-assize-code"), "judge_error");
    let store = namespace.store().await;
    let id = messages[1]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(store.find(id).await.unwrap().unwrap().verdict, Verdict::Ac);
    store.close().await;
    worker.stop().await;
    for queue in [&namespace.broker.queue, &namespace.broker.later_queue] {
        assert_eq!(raw.ready_in(queue).await, 0, "{queue}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_verdicts_that_was_deleted_is_there_again_for_the_next_verdict() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("deleted", &[ONE_SLOT]).await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let queue = namespace.broker.verdict_queue.as_str();
    for has_reply in [true, false] {
        let deleted = raw.channel.queue_delete(queue.into(), QueueDeleteOptions::default());
        deleted.await.unwrap();
        let [first, second] = [to_sum(RIGHT), to_sum(RIGHT)];
        if has_reply {
            raw.send(&bytes(&first), "first").await;
            raw.answer().await;
        } else {
            raw.send_for_nobody(&bytes(&first)).await;
        }
        // Its answer comes when the first one was announced.
        raw.send(&bytes(&second), "second").await;
        raw.answer().await;
        for message in [first, second] {
            let announced: Judgement = serde_json::from_slice(&raw.take(queue).await.data).unwrap();
            assert_eq!((announced.id, announced.verdict), (message.id, Verdict::Ac));
        }
    }
    let links = metric(&address_of(&worker).await, "assize_broker_connections_total").await;
    assert!((links - 1.0).abs() < f64::EPSILON, "its link was lost: {links}");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_queue_takes_is_told_apart_among_many_that_are_published_at_once() {
    const MANY: usize = 12;
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__WORKER__SLOTS", "2"),
        ("ASSIZE__BROKER__VERDICT_QUEUE", ""),
        ("ASSIZE__BROKER__MAX_ATTEMPTS", "1"),
        ("ASSIZE__STORE__ENABLED", "false"),
    ];
    let worker = namespace.ready_worker("many", &settings).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let right = format!("{}.right", namespace.broker.verdict_queue);
    declare(&raw, &right, &[]).await;
    bind(&raw, &right, &namespace.broker.verdict_exchange, "verdict.*.AC").await;
    // No consumer hears of wrong ones, and the senders of right ones are gone.
    let mut sent = [Vec::new(), Vec::new()];
    for _ in 0..MANY {
        let message = to_sum(RIGHT);
        let properties = BasicProperties::default().with_reply_to("gone".into());
        raw.send_with(&bytes(&message), properties).await;
        sent[0].push(message.id);
        let message = to_sum("print(0)");
        raw.send_for_nobody(&bytes(&message)).await;
        sent[1].push(message.id);
    }
    let mut told = [Vec::<Uuid>::new(), Vec::new()];
    for _ in 0..MANY {
        let announced = raw.take(&right).await;
        told[0].push(serde_json::from_slice::<Judgement>(&announced.data).unwrap().id);
        let dead = raw.take_dead_letter().await;
        assert_eq!(header(&dead, "x-assize-code"), "undeliverable");
        told[1].push(serde_json::from_slice::<SubmissionMessage>(&dead.data).unwrap().id);
    }
    for ids in sent.iter_mut().chain(&mut told) {
        ids.sort_unstable();
    }
    assert_eq!(
        told, sent,
        "each is announced once, and none that no queue took counts as announced"
    );
    worker.stop().await;
    assert_eq!(raw.ready_in(&right).await, 0);
}
