//! How RabbitMQ itself gave a message up.

use lapin::types::{AMQPValue, FieldTable};

use crate::broker::message::copy::text_of;

/// Why a message left its queue for that of messages that are kept, and which queue that was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Death {
    pub(super) reason: Option<String>,
    pub(super) queue: Option<String>,
}

impl Death {
    /// The last one that is noted. What was put off has died before, by the time for which it was.
    pub(super) fn last_of(headers: &FieldTable) -> Self {
        let newest = match headers.inner().get("x-death") {
            Some(AMQPValue::FieldArray(deaths)) => deaths.as_slice().first(),
            _ => None,
        };
        match newest {
            Some(AMQPValue::FieldTable(death)) => Self::noted(death, "reason", "queue"),
            _ => Self::noted(headers, "x-first-death-reason", "x-first-death-queue"),
        }
    }

    fn noted(table: &FieldTable, reason: &str, queue: &str) -> Self {
        let text = |name: &str| text_of(table.inner().get(name)?).filter(|text| !text.is_empty());
        Self {
            reason: text(reason),
            queue: text(queue),
        }
    }

    /// For people.
    pub(super) fn in_words(&self) -> &'static str {
        match self.reason.as_deref() {
            Some("delivery_limit") => "RabbitMQ gave it up: it was delivered too often, and no worker lived to say why",
            Some("expired") => {
                "RabbitMQ gave it up: the time that its sender had set (expiration) was over before a worker took it"
            }
            Some("maxlen") => "RabbitMQ gave it up: its queue was full",
            Some("rejected") => "a consumer has rejected it, and did not say why",
            _ => "it is not known why it is here",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> AMQPValue {
        AMQPValue::LongString(text.into())
    }

    fn table(entries: &[(&str, AMQPValue)]) -> FieldTable {
        let mut table = FieldTable::default();
        for (name, value) in entries {
            table.insert((*name).into(), value.clone());
        }
        table
    }

    #[test]
    fn the_last_death_is_told_and_not_that_by_which_a_message_came_back_from_being_put_off() {
        let death = |reason, queue| AMQPValue::FieldTable(table(&[("reason", text(reason)), ("queue", text(queue))]));
        let deaths = |all: Vec<AMQPValue>| ("x-death", AMQPValue::FieldArray(all.into()));
        let first = |reason| {
            [
                ("x-first-death-reason", text(reason)),
                ("x-first-death-queue", text("work")),
            ]
        };
        let put_off = [
            first("expired").as_slice(),
            &[deaths(vec![death("delivery_limit", "work"), death("expired", "later")])],
        ]
        .concat();
        let cases = [
            (
                table(&first("delivery_limit")),
                Some("delivery_limit"),
                Some("work"),
                "too often",
            ),
            (table(&first("expired")), Some("expired"), Some("work"), "expiration"),
            (table(&put_off), Some("delivery_limit"), Some("work"), "too often"),
            (
                table(&[deaths(vec![death("maxlen", "bulk")])]),
                Some("maxlen"),
                Some("bulk"),
                "full",
            ),
            (
                table(&[deaths(vec![death("rejected", "bulk")])]),
                Some("rejected"),
                Some("bulk"),
                "rejected it",
            ),
            (table(&[deaths(vec![text("expired")])]), None, None, "not known"),
            (table(&[]), None, None, "not known"),
        ];
        for (headers, reason, queue, words) in cases {
            let death = Death::last_of(&headers);
            assert_eq!(
                (death.reason.as_deref(), death.queue.as_deref()),
                (reason, queue),
                "{headers:?}"
            );
            assert!(death.in_words().contains(words), "{headers:?}");
        }
    }
}
