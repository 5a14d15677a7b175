//! Services that go away, connections that break, and messages that come more than once, all in mid-run.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use assize::contract::{SubmissionMessage, Verdict};
use url::Url;

use crate::account::{Account, Expected, settled};
use crate::chaos::pause;
use crate::http::{address_of, metric, not_ready, part_ready, reconnects};
use crate::leases::{ONE_SLOT, SHORT_LEASE, SOON, begun, slow};
use crate::own::OwnService;
use crate::programs::programs;
use crate::proxy::{Door, Flow};
use crate::services::Services;
use crate::site::Site;
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

/// Sends a submission, and returns when a worker has it in hand.
async fn begin(namespace: &Namespace, message: &SubmissionMessage) {
    let site = Site::connect(&namespace.broker).await.unwrap();
    site.send(message).await.unwrap();
    begun(namespace, message.id).await;
}

/// Waits for the end, stops the worker, and holds both against what is promised.
async fn ends_well(namespace: &Namespace, worker: WorkerProcess, messages: &[SubmissionMessage]) -> Account {
    settled(namespace, messages.len()).await;
    worker.stop().await;
    let expected: Expected = messages.iter().map(|message| (message.id, Verdict::Ac)).collect();
    let account = Account::of(namespace, &expected).await;
    account.assert_clean();
    account
}

/// A namespace whose worker reaches RabbitMQ through a proxy of the test.
async fn behind_a_door() -> (Namespace, Door, String) {
    let mut door = Door::closed(Services::get().await.amqp_port).await;
    door.open().await;
    let namespace = Namespace::new().await;
    let mut through = Url::parse(&namespace.broker.url).unwrap();
    through.set_port(Some(door.port)).unwrap();
    (namespace, door, through.to_string())
}

/// Waits until neither side holds these connections, and the worker was given again what it had in hand. Until then that
/// message is neither ready nor settled.
async fn given_again(door: &Door, connections: &BTreeSet<u16>, worker: &WorkerProcess) {
    eventually("both sides to give up the connection", async || {
        door.connections().is_disjoint(connections)
    })
    .await;
    let address = address_of(worker).await;
    eventually("the message to be delivered again", async || {
        metric(&address, "assize_redeliveries_total").await > 0.0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_restarts_in_mid_run_costs_no_verdict() {
    let broker = OwnService::broker().await;
    let namespace = Namespace::of(broker.url(), Services::get().await.database().await);
    let worker = namespace.ready_worker("goes-on", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    let messages = [slow(), slow()];
    begin(&namespace, &messages[0]).await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    site.send(&messages[1]).await.unwrap();
    broker.restart().await;
    broker.answers().await;
    reconnects(&worker).await;
    ends_well(&namespace, worker, &messages).await;
    broker.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_stopped_in_mid_run_costs_no_verdict() {
    let database = OwnService::database().await;
    let namespace = Namespace::of(Services::get().await.amqp_url(), database.url());
    let worker = namespace.ready_worker("waits", &[ONE_SLOT, SHORT_LEASE, SOON]).await;
    let messages = [slow(), slow()];
    begin(&namespace, &messages[0]).await;
    database.stop().await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    site.send(&messages[1]).await.unwrap();
    not_ready(&address_of(&worker).await, "database", "").await;
    database.start().await;
    database.answers().await;
    ends_well(&namespace, worker, &messages).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_whose_confirmation_is_lost_is_published_again_under_the_same_id() {
    let (namespace, mut door, through) = behind_a_door().await;
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__URL", &through)];
    let worker = namespace.ready_worker("repeats", &settings).await;
    let message = slow();
    begin(&namespace, &message).await;
    door.set(Flow::Passes, Flow::Stalls);
    let site = Site::connect(&namespace.broker).await.unwrap();
    eventually("the broker has the verdict", async || {
        site.announced().await.unwrap() == 1
    })
    .await;
    door.cut();
    door.open().await;
    eventually("it gets it again", async || site.announced().await.unwrap() > 1).await;
    let account = ends_well(&namespace, worker, &[message]).await;
    assert!(account.duplicates > 0, "{account:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_takes_everything_and_answers_nothing_is_given_up() {
    let (namespace, door, through) = behind_a_door().await;
    let impatient = ("ASSIZE__BROKER__CONFIRM_TIMEOUT_MS", "1000");
    let settings = [
        ONE_SLOT,
        SHORT_LEASE,
        SOON,
        impatient,
        ("ASSIZE__BROKER__URL", &through),
    ];
    let worker = namespace.ready_worker("impatient", &settings).await;
    let message = slow();
    begin(&namespace, &message).await;
    let silent = door.connections();
    door.set(Flow::Stalls, Flow::Stalls);
    not_ready(&address_of(&worker).await, "broker", "").await;
    door.set(Flow::Passes, Flow::Passes);
    given_again(&door, &silent, &worker).await;
    ends_well(&namespace, worker, &[message]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_closed_on_one_side_is_made_anew() {
    let (namespace, door, through) = behind_a_door().await;
    let settings = [ONE_SLOT, SHORT_LEASE, SOON, ("ASSIZE__BROKER__URL", &through)];
    let worker = namespace.ready_worker("half-closed", &settings).await;
    let message = slow();
    begin(&namespace, &message).await;
    let half_closed = door.connections();
    door.set(Flow::Passes, Flow::Ends);
    not_ready(&address_of(&worker).await, "broker", "").await;
    door.set(Flow::Passes, Flow::Passes);
    given_again(&door, &half_closed, &worker).await;
    ends_well(&namespace, worker, &[message]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_log_is_not_read_any_more_goes_on() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("unheard", &[ONE_SLOT]).await;
    worker.close_log();
    let message = programs()[0].submission();
    begin(&namespace, &message).await;
    ends_well(&namespace, worker, &[message]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_that_come_four_times_each_to_two_workers_are_judged_once_each() {
    let namespace = Namespace::new().await;
    let left = namespace.ready_worker("left", &[ONE_SLOT, SOON]).await;
    let right = namespace.ready_worker("right", &[ONE_SLOT, SOON]).await;
    let site = Site::connect(&namespace.broker).await.unwrap();
    let sent: Vec<_> = programs()
        .iter()
        .map(|program| (program.submission(), program.expected))
        .collect();
    for _ in 0..4 {
        for (message, _) in &sent {
            site.send(message).await.unwrap();
        }
    }
    settled(&namespace, sent.len()).await;
    left.stop().await;
    right.stop().await;
    let expected: Expected = sent.iter().map(|(message, verdict)| (message.id, *verdict)).collect();
    let account = Account::of(&namespace, &expected).await;
    account.assert_clean();
    assert_eq!(
        account.attempts,
        HashMap::from([("verdict".to_owned(), sent.len())])
            .into_iter()
            .collect()
    );
    assert_eq!(account.duplicates, 3 * sent.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_short_of_memory_is_waited_for_and_nothing_is_sent_twice() {
    let broker = OwnService::broker().await;
    let namespace = Namespace::of(broker.url(), Services::get().await.database().await);
    // A broker that works confirms within this time also on a busy host; one that takes nothing is not measured by it.
    let patience = Duration::from_secs(5);
    let confirms = ("ASSIZE__BROKER__CONFIRM_TIMEOUT_MS", "5000");
    // The queues are there, the message waits in one, and the alarm is raised before a worker could publish anything.
    namespace.ready_worker("declares", &[ONE_SLOT, SOON]).await.stop().await;
    let message = slow();
    let site = Site::connect(&namespace.broker).await.unwrap();
    site.send(&message).await.unwrap();
    broker
        .run(&["rabbitmqctl", "set_vm_memory_high_watermark", "absolute", "1MB"])
        .await;
    let worker = namespace.ready_worker("blocked", &[ONE_SLOT, SOON, confirms]).await;
    let address = address_of(&worker).await;
    not_ready(&address, "broker", "lacks memory").await;
    let store = namespace.store().await;
    eventually("the verdict is stored all the same", async || {
        store.find(message.id).await.unwrap().is_some()
    })
    .await;
    pause(patience + Duration::from_secs(1)).await;
    broker
        .run(&["rabbitmqctl", "set_vm_memory_high_watermark", "0.4"])
        .await;
    part_ready(&worker, "broker").await;
    let connections = metric(&address, "assize_broker_connections_total").await;
    assert_eq!(connections, 1.0, "the connection was never given up");
    ends_well(&namespace, worker, &[message]).await;
    broker.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_falls_silent_is_lost_also_where_nothing_is_to_be_said() {
    let (namespace, mut door, url) = behind_a_door().await;
    let settings = [
        ONE_SLOT,
        SOON,
        ("ASSIZE__BROKER__URL", url.as_str()),
        ("ASSIZE__BROKER__HEARTBEAT_S", "2"),
    ];
    let worker = namespace.ready_worker("idle", &settings).await;
    door.set(Flow::Stalls, Flow::Stalls);
    not_ready(&address_of(&worker).await, "broker", "").await;
    door.cut();
    door.open().await;
    reconnects(&worker).await;
    let message = slow();
    begin(&namespace, &message).await;
    ends_well(&namespace, worker, &[message]).await;
}
