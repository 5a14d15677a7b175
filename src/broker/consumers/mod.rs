//! Which message a slot takes next, while one link lasts.
//!
//! ```text
//! consumers
//!  |- look at the bulk queue every now and then: does anything wait there?
//!  `- a consumer per slot, one message at a time
//!      |- pushed: a consumer of the work queue with a prefetch of 1
//!      `- pulled: while bulk work waits, one message from either queue, by turns
//! ```
//!
//! A message is only taken for a slot that is free, so none waits behind a submission while another worker has nothing to
//! do. Slots are permits: those that are in use when a link is lost stay in use on the next one.

pub(super) mod control;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt as _;
use lapin::message::Delivery as Message;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Consumer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::interval;

use crate::broker::Delivery;
use crate::broker::connection::step::within;
use crate::broker::error::LinkError;
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

/// What all consumers of a link share.
#[derive(Debug)]
pub(super) struct Consumers {
    pub(super) settings: Arc<BrokerSettings>,
    pub(super) channel: Channel,
    pub(super) slots: Arc<Semaphore>,
    pub(super) state: watch::Receiver<ConsumerState>,
    pub(super) deliveries: mpsc::Sender<Delivery>,
    /// Whether bulk work waits, as far as is known.
    bulk: watch::Sender<bool>,
    turns: AtomicU64,
}

enum Event {
    Change,
    Free(OwnedSemaphorePermit),
    Message(Box<Message>),
    Ended,
}

impl Consumers {
    pub(super) fn new(
        settings: Arc<BrokerSettings>,
        channel: Channel,
        slots: Arc<Semaphore>,
        state: watch::Receiver<ConsumerState>,
        deliveries: mpsc::Sender<Delivery>,
    ) -> Self {
        Self {
            settings,
            channel,
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

    /// Takes one message after the other until nothing is to be taken any more.
    pub(super) async fn consume(self: Arc<Self>, number: usize) -> Result<(), LinkError> {
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
                self.receive_pushed(number).await?;
            }
        }
    }

    async fn receive_pushed(&self, number: usize) -> Result<(), LinkError> {
        let mut slot = Some(self.slot().await);
        let tag = format!("assize-{number}");
        let consuming = self.channel.basic_consume(
            self.settings.queue.as_str().into(),
            tag.as_str().into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let mut consumer = within(consuming).await?;
        loop {
            let event = tokio::select! {
                biased;
                () = self.change() => Event::Change,
                free = self.slot(), if slot.is_none() => Event::Free(free),
                message = consumer.next(), if slot.is_some() => match message.transpose()? {
                    Some(message) => Event::Message(Box::new(message)),
                    None => Event::Ended,
                },
            };
            match (event, slot.take()) {
                (Event::Free(free), _) => slot = Some(free),
                (Event::Message(message), Some(free)) => self.hand_over(*message, free).await,
                // The stream is only looked at with a slot in hand.
                (Event::Message(_), None) | (Event::Ended, _) => return Err(LinkError::ConsumerEnded),
                (Event::Change, free) => return self.end_push(consumer, &tag, free).await,
            }
        }
    }

    /// What came before the broker knew is still taken, or goes back.
    async fn end_push(
        &self,
        mut consumer: Consumer,
        tag: &str,
        mut slot: Option<OwnedSemaphorePermit>,
    ) -> Result<(), LinkError> {
        within(self.channel.basic_cancel(tag.into(), BasicCancelOptions::default())).await?;
        while let Some(message) = consumer.next().await {
            let message = message?;
            if *self.state.borrow() == ConsumerState::Running {
                let free = match slot.take() {
                    Some(free) => free,
                    None => self.slot().await,
                };
                self.hand_over(message, free).await;
            } else {
                let back = BasicNackOptions {
                    requeue: true,
                    multiple: false,
                };
                within(message.acker.nack(back)).await?;
            }
        }
        Ok(())
    }

    async fn pull(&self) -> Result<(), LinkError> {
        while *self.bulk.borrow() {
            let slot = self.slot().await;
            if *self.state.borrow() != ConsumerState::Running {
                return Ok(());
            }
            match self.next_by_turns().await? {
                Some(message) => self.hand_over(message, slot).await,
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// From the work queue; each time that the turn has come round, and where nothing waits there, from the bulk queue.
    async fn next_by_turns(&self) -> Result<Option<Message>, LinkError> {
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

    async fn get_bulk(&self) -> Result<Option<Message>, LinkError> {
        let message = self.get(&self.settings.bulk_queue).await?;
        if message.is_none() {
            self.bulk.send_replace(false);
        }
        Ok(message)
    }

    async fn get(&self, queue: &str) -> Result<Option<Message>, LinkError> {
        let got = within(self.channel.basic_get(queue.into(), BasicGetOptions { no_ack: false })).await?;
        Ok(got.map(|got| got.delivery))
    }

    /// Ends when submissions are to be had in another way, or not at all.
    async fn change(&self) {
        let (mut state, mut bulk) = (self.state.clone(), self.bulk.subscribe());
        tokio::select! {
            _ = state.wait_for(|state| *state != ConsumerState::Running) => {}
            _ = bulk.wait_for(|waits| *waits) => {}
        }
    }

    async fn slot(&self) -> OwnedSemaphorePermit {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = Arc::clone(&self.slots).acquire_owned().await {
                return permit;
            }
        }
    }

    async fn hand_over(&self, message: Message, slot: OwnedSemaphorePermit) {
        // The receiver is gone only when the worker is; the message goes back when the link closes.
        let _gone = self.deliveries.send(Delivery::of(message, slot)).await;
    }
}
