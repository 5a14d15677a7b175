//! The connection over which the HTTP service sends, before a RabbitMQ that takes nothing for a while, or confirms slowly.

use assize::broker::{NotTakenError, SubmitClient, SubmitError};
use assize::contract::{SubmissionMessage, Verdict};
use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;

use crate::flow::{to_sum, verdict};
use crate::leases::{ONE_SLOT, SOON};
use crate::own::OwnService;
use crate::proxy::{Door, Flow};
use crate::raw::RawClient;
use crate::services::Services;
use crate::waiting::eventually;
use crate::worker::Namespace;

fn message() -> SubmissionMessage {
    to_sum("print(sum(map(int, input().split())))")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_that_passes_costs_only_what_was_refused_meanwhile() {
    let broker = OwnService::broker().await;
    let namespace = Namespace::of(broker.url(), Services::get().await.database().await);
    namespace.ready_worker("declares", &[ONE_SLOT, SOON]).await.stop().await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let watermark = async |set: &[&str]| {
        let command = [&["rabbitmqctl", "set_vm_memory_high_watermark"], set].concat();
        broker.run(&command).await;
    };
    watermark(&["absolute", "1MB"]).await;
    // RabbitMQ says so once something is sent, which is on its way from then on.
    let mut sent = Vec::new();
    let refused = loop {
        sent.push(message());
        if let Err(refused) = client.send(sent.last().unwrap()).await {
            break refused;
        }
    };
    assert!(
        matches!(refused, SubmitError::NotTaken(NotTakenError::Unconfirmed(_))),
        "{refused}"
    );
    let refused = client.send(&message()).await.unwrap_err();
    assert!(matches!(refused, SubmitError::Blocked), "{refused}");
    assert!(matches!(client.sender().has_queue().await, Err(SubmitError::Blocked)));

    watermark(&["0.4"]).await;
    let last = message();
    eventually("messages are taken again", async || client.send(&last).await.is_ok()).await;
    sent.push(last);
    let worker = namespace.ready_worker("answers", &[ONE_SLOT, SOON]).await;
    let mut answered = Vec::new();
    for _ in 0..sent.len() {
        let judged = verdict(&mut client).await.0;
        assert_eq!(judged.verdict, Verdict::Ac);
        answered.push(judged.id);
    }
    // All that was sent is answered over the connection that there was before.
    sent.sort_unstable_by_key(|message| message.id);
    answered.sort_unstable();
    assert!(sent.iter().map(|message| message.id).eq(answered));
    worker.stop().await;
    broker.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_room_beside_other_messages_is_no_silence_of_the_broker() {
    let namespace = Namespace::new().await;
    let raw = RawClient::connect(&namespace.broker).await;
    let options = QueueDeclareOptions {
        exclusive: true,
        ..Default::default()
    };
    let mut broker = namespace.broker.clone();
    // What is sent through the default exchange needs no worker that declares one.
    broker.exchange = String::new();
    let queue = broker.queue.as_str().into();
    raw.channel
        .queue_declare(queue, options, FieldTable::default())
        .await
        .unwrap();
    let (door, url) = Door::before(&broker.url).await;
    // One of three channels is for messages.
    broker.url = format!("{url}?channel_max=3");
    broker.heartbeat_s = 60;
    let client = SubmitClient::connect(&broker).await.unwrap();
    door.set(Flow::Passes, Flow::Stalls);
    let [first, second, third] = [message(), message(), message()];
    let waiting = async {
        let refused = client.send(&second).await;
        door.set(Flow::Passes, Flow::Passes);
        refused.unwrap_err()
    };
    let (confirmed, refused) = tokio::join!(client.send(&first), waiting);
    assert!(
        matches!(refused, SubmitError::NotTaken(NotTakenError::NoRoom(_))),
        "{refused}"
    );
    confirmed.unwrap();
    client.send(&third).await.unwrap();
    assert_eq!(door.opened(), 1, "over the same connection");
    assert_eq!(raw.ready_in(&broker.queue).await, 2);
    client.close().await;
    door.cut();
}
