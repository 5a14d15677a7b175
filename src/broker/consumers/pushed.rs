//! Messages that RabbitMQ sends as soon as a consumer has none.
//!
//! Each consumer has one message at a time. With as many consumers as slots, a slot has nothing to do from the
//! acknowledgement of a message, which RabbitMQ writes to the disks of its nodes first, until the next one comes. So there
//! are consumers ahead of the slots, whose messages the next free slot takes. They consume only while slots are freed
//! briskly, and have a lower priority: they get a message when the consumers of all slots of all workers have one. A message
//! that waits behind long submissions nevertheless goes back, since another worker may have a free slot by then.

use std::time::Duration;

use futures::StreamExt as _;
use lapin::Consumer;
use lapin::message::Delivery as Message;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicNackOptions};
use lapin::types::{AMQPValue, FieldTable};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::broker::connection::step::within;
use crate::broker::consumers::{ConsumerState, Consumers, Rank};
use crate::broker::error::LinkError;
use crate::broker::message::delivery::number_in;

/// How long a message waits for a slot of this worker before it goes back.
const PATIENCE: Duration = Duration::from_secs(1);
const LONGER_PATIENCE: Duration = Duration::from_secs(10);

/// How often a message has been in hand when it does not go back any more.
const MOST_RETURNS: u64 = 5;

enum Event {
    Change,
    Settled,
    Message(Box<Message>),
    Ended,
}

impl Consumers {
    /// Takes messages that are sent, until they are to be had in another way, or not at all.
    pub(super) async fn receive_pushed(&self, number: usize, rank: Rank) -> Result<(), LinkError> {
        tokio::select! {
            () = self.change() => return Ok(()),
            // Submissions that came over a link that is lost may be in all slots.
            slot = self.slots.acquire(), if rank == Rank::OfSlot => drop(slot),
            () = self.slots.are_brisk(), if rank == Rank::Ahead => {}
        }
        let tag = format!("assize-{number}");
        let consuming = self.channel.basic_consume(
            self.settings.queue.as_str().into(),
            tag.as_str().into(),
            BasicConsumeOptions::default(),
            priority(rank),
        );
        let mut consumer = within(consuming).await?;
        let mut in_hand: Option<CancellationToken> = None;
        loop {
            let event = tokio::select! {
                biased;
                () = self.change() => Event::Change,
                () = self.slots.are_slow(), if rank == Rank::Ahead => Event::Change,
                Some(()) = settled(in_hand.as_ref()) => Event::Settled,
                // A message of another consumer is in its slot.
                () = self.slots.are_stalled(), if rank == Rank::OfSlot && in_hand.is_none() => Event::Change,
                message = consumer.next() => match message.transpose()? {
                    Some(message) => Event::Message(Box::new(message)),
                    None => Event::Ended,
                },
            };
            let message = match event {
                Event::Change => return self.end_push(consumer, &tag, None).await,
                Event::Settled => {
                    in_hand = None;
                    continue;
                }
                Event::Message(message) => message,
                Event::Ended => return Err(LinkError::ConsumerEnded),
            };
            match self.slot_for(&message).await {
                Some(slot) => in_hand = Some(self.hand_over(*message, &self.settings.queue, slot).await),
                // This consumer takes no more before there is a free slot.
                None => return self.end_push(consumer, &tag, Some(*message)).await,
            }
        }
    }

    /// What came before the broker knew is still taken, or goes back, as `waiting` does: not before the consumer is
    /// cancelled, which would get it again.
    async fn end_push(&self, mut consumer: Consumer, tag: &str, waiting: Option<Message>) -> Result<(), LinkError> {
        within(self.channel.basic_cancel(tag.into(), BasicCancelOptions::default())).await?;
        if let Some(message) = waiting {
            give_back(&message).await?;
        }
        while let Some(message) = consumer.next().await {
            let message = message?;
            match self.slot_for(&message).await {
                Some(slot) => drop(self.hand_over(message, &self.settings.queue, slot).await),
                None => give_back(&message).await?,
            }
        }
        Ok(())
    }

    /// None where the message has to go back.
    async fn slot_for(&self, message: &Message) -> Option<OwnedSemaphorePermit> {
        let mut state = self.state.clone();
        tokio::select! {
            biased;
            _ = state.wait_for(|state| *state != ConsumerState::Running) => None,
            slot = self.slots.acquire() => Some(slot),
            () = sleep(patience_of(message)) => None,
        }
    }
}

/// Ends when the message in hand is settled; `None` where there is none.
async fn settled(in_hand: Option<&CancellationToken>) -> Option<()> {
    in_hand?.cancelled().await;
    Some(())
}

/// One that has been in hand before waits for longer, and in the end for as long as it takes: each time that it goes back
/// counts towards the delivery limit of the queue before RabbitMQ 4.3.
fn patience_of(message: &Message) -> Duration {
    match number_in(&message.properties, "x-delivery-count") {
        _ if !message.redelivered => PATIENCE,
        0..MOST_RETURNS => LONGER_PATIENCE,
        _ => Duration::MAX,
    }
}

async fn give_back(message: &Message) -> Result<(), LinkError> {
    let back = BasicNackOptions {
        requeue: true,
        multiple: false,
    };
    within(message.acker.nack(back)).await?;
    Ok(())
}

/// RabbitMQ sends to consumers of a lower priority when all others have what they may have.
fn priority(rank: Rank) -> FieldTable {
    let mut arguments = FieldTable::default();
    if rank == Rank::Ahead {
        arguments.insert("x-priority".into(), AMQPValue::LongInt(-1));
    }
    arguments
}
