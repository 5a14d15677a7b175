//! A message from the work queue.

use std::sync::OnceLock;

use lapin::types::{AMQPValue, FieldTable};
use lapin::{Acker, BasicProperties};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::broker::consumers::slots::UsedSlot;
use crate::broker::message::copy::{HISTORY, text_of};
use crate::broker::message::trace::trace_of;
use crate::telemetry::TraceContext;

/// Header that counts how often a message was put off because a worker failed with it.
pub(in crate::broker) const FAILED: &str = "x-assize-failed";

/// Header that counts how often a message was put off because this or another worker did not know its problem.
pub(in crate::broker) const POSTPONED: &str = "x-assize-postponed";

/// Header that counts how often a message was put off because no queue took its answer.
pub(in crate::broker) const REFUSED: &str = "x-assize-refused";

/// Header with the id of the answer that the sender's own queue has taken, while another one refuses it.
pub(in crate::broker) const REPLIED: &str = "x-assize-replied";

/// How often a message was put off, by why. RabbitMQ's own count of deliveries is of no use for this: it counts what was
/// given back unseen, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::broker) struct Counts {
    pub(in crate::broker) failed: u64,
    pub(in crate::broker) postponed: u64,
    pub(in crate::broker) refused: u64,
}

impl Counts {
    fn of(properties: &BasicProperties) -> Self {
        Self {
            failed: number_in(properties, FAILED),
            postponed: number_in(properties, POSTPONED),
            refused: number_in(properties, REFUSED),
        }
    }

    /// Into the headers of a copy that is put off, whatever is there. One of them always says that it has been.
    pub(in crate::broker) fn write_to(self, headers: &mut FieldTable) {
        let counts = [
            (FAILED, self.failed),
            (POSTPONED, self.postponed),
            (REFUSED, self.refused),
        ];
        for (name, count) in counts
            .into_iter()
            .filter(|(name, count)| *name == POSTPONED || *count > 0)
        {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            headers.insert(name.into(), AMQPValue::LongLongInt(count));
        }
    }
}

/// A message from the work queue: untrusted bytes, and what is needed to settle and to answer it.
#[derive(Debug)]
pub struct Delivery {
    pub(in crate::broker) body: Vec<u8>,
    pub(in crate::broker) properties: BasicProperties,
    pub(in crate::broker) acker: Acker,
    pub(in crate::broker) origin: Origin,
    counts: Counts,
    /// In use as long as the delivery is in hand.
    _slot: UsedSlot,
    redelivered: bool,
    /// Id of the answer that the sender's own queue has taken.
    replied: OnceLock<String>,
}

/// Where a message came from.
#[derive(Debug)]
pub(in crate::broker) struct Origin {
    /// Name of the queue that it waited in. The key that it was sent with may be another one, where a queue is bound to
    /// further exchanges.
    pub(in crate::broker) queue: String,
    /// Of the link over which it came, and cancelled where that is lost: cancelling it ends the link, and what is not settled
    /// comes again.
    pub(in crate::broker) broken: CancellationToken,
}

impl Delivery {
    pub(in crate::broker) fn of(delivery: lapin::message::Delivery, origin: Origin, slot: UsedSlot) -> Self {
        let lapin::message::Delivery {
            data,
            properties,
            acker,
            redelivered,
            ..
        } = delivery;
        Self {
            redelivered,
            replied: OnceLock::new(),
            body: data,
            counts: Counts::of(&properties),
            properties,
            acker,
            origin,
            _slot: slot,
        }
    }

    /// The message itself.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Which try this is, from 1.
    pub fn attempt(&self) -> u64 {
        self.counts.failed.saturating_add(1)
    }

    /// How often it was put off because a worker did not know its problem.
    pub fn postponed(&self) -> u64 {
        self.counts.postponed
    }

    /// How often it was put off because no queue took its answer.
    pub fn refused(&self) -> u64 {
        self.counts.refused
    }

    pub(in crate::broker) fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether the link is lost over which it came: RabbitMQ delivers it again.
    pub(in crate::broker) fn is_lost(&self) -> bool {
        self.origin.broken.is_cancelled()
    }

    /// Notes that the sender's own queue has taken this answer.
    pub(in crate::broker) fn note_reply(&self, id: &str) {
        // An answer that comes after another one to the same delivery is sent again: what is published may come twice.
        let _is_first = self.replied.set(id.to_owned());
    }

    /// Id of the answer that the sender's own queue has taken, now or before the message was put off.
    pub(in crate::broker) fn replied(&self) -> Option<String> {
        let before = || text_of(self.properties.headers().as_ref()?.inner().get(REPLIED)?);
        self.replied.get().cloned().or_else(before)
    }

    /// Whether it was delivered before.
    pub fn redelivered(&self) -> bool {
        self.redelivered
    }

    /// When its sender says that it was sent, in seconds since 1970; `None` where it does not say, and of a message that has
    /// been in another queue since: put off, or taken out of the dead letters.
    pub fn sent_at(&self) -> Option<u64> {
        let has_travelled = has_travelled(&self.properties);
        self.properties.timestamp().filter(|_| !has_travelled)
    }

    /// The same; `None` also of a message that was delivered before. That may have been judged then, or given back before it
    /// had a slot.
    pub fn first_sent_at(&self) -> Option<u64> {
        let is_first = !self.redelivered;
        self.sent_at().filter(|_| is_first)
    }

    /// The trace that its sender says it belongs to.
    pub fn trace(&self) -> TraceContext {
        trace_of(&self.properties)
    }

    /// The queue that it waited in.
    pub fn queue(&self) -> &str {
        &self.origin.queue
    }

    /// Whether it waited in this queue.
    pub fn waited_in(&self, queue: &str) -> bool {
        self.origin.queue == queue
    }

    /// Id that the sender gave the message, if it is one of a submission.
    pub fn message_id(&self) -> Option<Uuid> {
        Uuid::parse_str(self.properties.message_id().as_ref()?.as_str()).ok()
    }

    /// Queue that the sender wants to be answered in.
    pub(in crate::broker) fn reply_to(&self) -> Option<&str> {
        self.properties
            .reply_to()
            .as_ref()
            .map(|name| name.as_str())
            .filter(|name| !name.is_empty())
    }

    /// What ties an answer to its message: the sender's own token, else the id of the message.
    pub(in crate::broker) fn correlation_id(&self) -> Option<&str> {
        let own = self.properties.correlation_id().as_ref();
        own.or(self.properties.message_id().as_ref()).map(|id| id.as_str())
    }
}

fn has_travelled(properties: &BasicProperties) -> bool {
    let marks = [POSTPONED, HISTORY, "x-death"];
    let headers = properties.headers().as_ref();
    headers.is_some_and(|headers| marks.iter().any(|mark| headers.inner().contains_key(*mark)))
}

/// A count in a header; 0 where there is none.
pub(in crate::broker) fn number_in(properties: &BasicProperties, header: &str) -> u64 {
    let count = || match properties.headers().as_ref()?.inner().get(header)? {
        AMQPValue::LongLongInt(count) => u64::try_from(*count).ok(),
        AMQPValue::LongInt(count) => u64::try_from(*count).ok(),
        AMQPValue::LongUInt(count) => Some(u64::from(*count)),
        AMQPValue::ShortInt(count) => u64::try_from(*count).ok(),
        AMQPValue::ShortUInt(count) => Some(u64::from(*count)),
        AMQPValue::ShortShortInt(count) => u64::try_from(*count).ok(),
        AMQPValue::ShortShortUInt(count) => Some(u64::from(*count)),
        _ => None,
    };
    count().unwrap_or(0)
}
