//! Which message a slot takes next, while one link lasts.
//!
//! ```text
//! consumers
//!  |- look at the bulk queue every now and then: does anything wait there?
//!  `- a consumer per slot and some ahead of them, one message at a time
//!      |- pushed: a consumer of the work queue with a prefetch of 1
//!      `- pulled: while bulk work waits, one message from either queue, by turns
//! ```
//!
//! Slots that are in use when a link is lost stay in use on the next one.

pub(super) mod control;
mod pushed;
pub(super) mod slots;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lapin::Channel;
use lapin::message::Delivery as Message;
use lapin::options::{BasicGetOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::broker::Delivery;
use crate::broker::connection::step::within;
use crate::broker::consumers::slots::Slots;
use crate::broker::error::LinkError;
use crate::broker::message::delivery::Origin;
use crate::config::BrokerSettings;

/// Whether submissions are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConsumerState {
    Running,
    /// Takes no messages until it is resumed.
    Paused,
    /// Takes no messages any more.
    Stopped,
}

/// Which consumers RabbitMQ sends a message to first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// There are as many of them as slots.
    OfSlot,
    /// Has a message ready for the slot that is free next.
    Ahead,
}

/// The channel over which submissions come.
#[derive(Debug)]
pub(super) struct SubmissionChannel {
    pub(super) channel: Channel,
    /// Ends the link that the channel is part of when it is cancelled.
    pub(super) broken: CancellationToken,
}

/// What all consumers of a link share.
#[derive(Debug)]
pub(super) struct Consumers {
    pub(super) settings: Arc<BrokerSettings>,
    pub(super) channel: Channel,
    /// Ends the link when it is cancelled.
    broken: CancellationToken,
    slots: Arc<Slots>,
    pub(super) state: watch::Receiver<ConsumerState>,
    pub(super) deliveries: mpsc::Sender<Delivery>,
    /// Whether bulk work waits, as far as is known.
    bulk: watch::Sender<bool>,
    turns: AtomicU64,
}

impl Consumers {
    pub(super) fn new(
        settings: Arc<BrokerSettings>,
        submissions: SubmissionChannel,
        slots: Arc<Slots>,
        state: watch::Receiver<ConsumerState>,
        deliveries: mpsc::Sender<Delivery>,
    ) -> Self {
        Self {
            settings,
            channel: submissions.channel,
            broken: submissions.broken,
            slots,
            state,
            deliveries,
            bulk: watch::Sender::new(false),
            turns: AtomicU64::new(0),
        }
    }

    /// Looks whether bulk work waits, for as long as the link lasts.
    pub(super) async fn poll_bulk(self: Arc<Self>, channel: Channel) -> Result<(), LinkError> {
        let passive = QueueDeclareOptions {
            passive: true,
            durable: true,
            ..Default::default()
        };
        let mut looks = interval(Duration::from_millis(self.settings.bulk_poll_ms.max(10)));
        loop {
            looks.tick().await;
            let name = self.settings.bulk_queue.as_str().into();
            let queue = within(channel.queue_declare(name, passive, FieldTable::default())).await?;
            if queue.message_count() > 0 {
                self.bulk.send_if_modified(|waits| !std::mem::replace(waits, true));
            }
        }
    }

    /// Takes one message after the other until nothing is to be taken any more. `number` is that of the consumer.
    pub(super) async fn consume(self: Arc<Self>, number: usize, rank: Rank) -> Result<(), LinkError> {
        let mut state = self.state.clone();
        loop {
            // The sender lives as long as the broker does.
            let now = state.wait_for(|state| *state != ConsumerState::Paused).await;
            if now.map_or(ConsumerState::Stopped, |now| *now) == ConsumerState::Stopped {
                return Ok(());
            }
            if *self.bulk.borrow() {
                self.pull().await?;
            } else {
                self.receive_pushed(number, rank).await?;
            }
        }
    }

    async fn pull(&self) -> Result<(), LinkError> {
        while *self.bulk.borrow() {
            let slot = self.slots.acquire().await;
            if *self.state.borrow() != ConsumerState::Running {
                return Ok(());
            }
            match self.next_by_turns().await? {
                Some((message, queue)) => drop(self.hand_over(message, queue, slot).await),
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// From the work queue; each time that the turn has come round, and where nothing waits there, from the bulk queue.
    async fn next_by_turns(&self) -> Result<Option<(Message, &str)>, LinkError> {
        let turn = self.turns.fetch_add(1, Ordering::Relaxed) + 1;
        let bulk_first = turn.is_multiple_of(self.settings.bulk_every.max(2));
        if bulk_first && let Some(message) = self.get_bulk().await? {
            return Ok(Some(message));
        }
        if let Some(message) = self.get(&self.settings.queue).await? {
            return Ok(Some(message));
        }
        if bulk_first { Ok(None) } else { self.get_bulk().await }
    }

    async fn get_bulk(&self) -> Result<Option<(Message, &str)>, LinkError> {
        let message = self.get(&self.settings.bulk_queue).await?;
        if message.is_none() {
            self.bulk.send_replace(false);
        }
        Ok(message)
    }

    async fn get<'a>(&self, queue: &'a str) -> Result<Option<(Message, &'a str)>, LinkError> {
        let got = within(self.channel.basic_get(queue.into(), BasicGetOptions { no_ack: false })).await?;
        Ok(got.map(|got| (got.delivery, queue)))
    }

    /// Ends when submissions are to be had in another way, or not at all.
    async fn change(&self) {
        let (mut state, mut bulk) = (self.state.clone(), self.bulk.subscribe());
        tokio::select! {
            _ = state.wait_for(|state| *state != ConsumerState::Running) => {}
            _ = bulk.wait_for(|waits| *waits) => {}
        }
    }

    /// The token is cancelled when the message is settled, or its link lost.
    async fn hand_over(&self, message: Message, queue: &str, slot: OwnedSemaphorePermit) -> CancellationToken {
        let (slot, settled) = self.slots.take(slot);
        let origin = Origin {
            queue: queue.to_owned(),
            broken: self.broken.clone(),
        };
        // The receiver is gone only when the worker is; the message goes back when the link closes.
        let _gone = self.deliveries.send(Delivery::of(message, origin, slot)).await;
        settled
    }
}
