//! Copies of a message that the worker publishes itself: put off, or kept as a dead letter.
//!
//! What its sender may say about a message can make RabbitMQ refuse a copy: a user who is not the worker's, further queues,
//! a time to live that has run out, headers that do not fit into a frame. A copy that is refused closes the channel.

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};

/// Header with what came of the attempts before the last one, and of those before the message was sent to the queue again.
pub(in crate::broker) const HISTORY: &str = "x-assize-history";

/// Header that counts the sender's headers for which there was no room.
const LEFT_OUT: &str = "x-assize-headers-left-out";

/// Bytes of headers that a copy takes along. All properties of a message travel in one frame of, usually, 128 KiB.
const HEADER_BYTES: usize = 32 << 10;

/// Bytes of the history; its oldest lines go first.
const HISTORY_BYTES: usize = 32 << 10;

/// Longest line of the history.
const LINE_BYTES: usize = 4 << 10;

/// Headers in which RabbitMQ notes what happened to a message, by how their names begin.
const NOTED: [&str; 5] = [
    "x-death",
    "x-first-death",
    "x-last-death",
    "x-delivery-count",
    "x-acquired-count",
];

/// Headers by which a sender names further queues (sender-selected distribution).
const DISTRIBUTION: [&str; 2] = ["CC", "BCC"];

/// The properties of a copy with these headers. Time to live, user and cluster belong to the first message alone.
pub(in crate::broker) fn properties_of_a_copy(of: &BasicProperties, headers: FieldTable) -> BasicProperties {
    let copy = BasicProperties::default().with_headers(headers).with_delivery_mode(2);
    let copy = with(copy, of.content_type(), BasicProperties::with_content_type);
    let copy = with(copy, of.content_encoding(), BasicProperties::with_content_encoding);
    let copy = with(copy, of.correlation_id(), BasicProperties::with_correlation_id);
    let copy = with(copy, of.reply_to(), BasicProperties::with_reply_to);
    let copy = with(copy, of.message_id(), BasicProperties::with_message_id);
    let copy = with(copy, of.timestamp(), BasicProperties::with_timestamp);
    let copy = with(copy, of.priority(), BasicProperties::with_priority);
    let copy = with(copy, of.kind(), BasicProperties::with_type);
    with(copy, of.app_id(), BasicProperties::with_app_id)
}

fn with<T: Clone>(
    copy: BasicProperties,
    value: &Option<T>,
    set: impl FnOnce(BasicProperties, T) -> BasicProperties,
) -> BasicProperties {
    match value {
        Some(value) => set(copy, value.clone()),
        None => copy,
    }
}

/// The headers of a message that a copy takes along, as far as there is room. The history has room of its own.
pub(in crate::broker) fn headers_of_a_copy(properties: &BasicProperties) -> FieldTable {
    let mut copied = FieldTable::default();
    let (mut room, mut left_out) = (HEADER_BYTES, 0);
    for (name, value) in properties.headers().iter().flat_map(FieldTable::inner) {
        let key = name.as_str();
        if NOTED.iter().any(|noted| key.starts_with(noted)) || DISTRIBUTION.contains(&key) || key == LEFT_OUT {
            continue;
        }
        if key == HISTORY {
            add_lines(&mut copied, lines_of(Some(value)));
            continue;
        }
        let size = key.len() + size_of(value);
        match room.checked_sub(size) {
            Some(rest) => {
                room = rest;
                copied.insert(name.clone(), value.clone());
            }
            None => left_out += 1,
        }
    }
    if left_out > 0 {
        copied.insert(LEFT_OUT.into(), AMQPValue::LongLongInt(left_out));
    }
    copied
}

/// Adds lines to the history, and leaves the oldest out where there is no room.
pub(in crate::broker) fn add_history(headers: &mut FieldTable, lines: impl IntoIterator<Item = String>) {
    let mut history = lines_of(headers.inner().get(HISTORY));
    history.extend(lines);
    add_lines(headers, history);
}

fn add_lines(headers: &mut FieldTable, history: Vec<String>) {
    let mut room = HISTORY_BYTES;
    let mut kept: Vec<_> = history
        .into_iter()
        .rev()
        .map(|line| cut(&line, LINE_BYTES).to_owned())
        .take_while(|line| match room.checked_sub(line.len() + 5) {
            Some(rest) => {
                room = rest;
                true
            }
            None => false,
        })
        .collect();
    kept.reverse();
    let lines = kept.into_iter().map(|line| AMQPValue::LongString(line.into()));
    headers.insert(HISTORY.into(), AMQPValue::FieldArray(lines.collect::<Vec<_>>().into()));
}

/// The lines of a header; no lines where it is absent or something else.
pub(in crate::broker) fn lines_of(value: Option<&AMQPValue>) -> Vec<String> {
    match value {
        Some(AMQPValue::FieldArray(lines)) => lines.as_slice().iter().filter_map(text_of).collect(),
        _ => Vec::new(),
    }
}

/// The text of a header, if it is one.
pub(in crate::broker) fn text_of(value: &AMQPValue) -> Option<String> {
    match value {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The beginning of a text, in at most so many bytes.
pub(in crate::broker) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// About how many bytes a value takes up in a frame.
fn size_of(value: &AMQPValue) -> usize {
    const FIXED: usize = 16;
    FIXED
        + match value {
            AMQPValue::LongString(text) => text.as_bytes().len(),
            AMQPValue::ShortString(text) => text.as_str().len(),
            AMQPValue::ByteArray(bytes) => bytes.as_slice().len(),
            AMQPValue::FieldArray(values) => values.as_slice().iter().map(size_of).sum(),
            AMQPValue::FieldTable(table) => {
                let entries = table.inner().iter();
                entries.map(|(name, value)| name.as_str().len() + size_of(value)).sum()
            }
            _ => 0,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> AMQPValue {
        AMQPValue::LongString("x".repeat(length).into())
    }

    fn of_headers(headers: &[(&str, AMQPValue)]) -> BasicProperties {
        let mut table = FieldTable::default();
        for (name, value) in headers {
            table.insert((*name).into(), value.clone());
        }
        BasicProperties::default().with_headers(table)
    }

    #[test]
    fn a_copy_has_no_more_headers_than_fit_into_a_frame_and_says_how_many_are_missing() {
        let nested = AMQPValue::FieldArray(vec![text(100); 400].into());
        let many = vec![text(20); 20_000];
        let properties = of_headers(&[
            ("a", text(130_900)),
            ("b", text(10)),
            ("c", nested),
            (HISTORY, AMQPValue::FieldArray(many.into())),
        ]);
        let mut copied = headers_of_a_copy(&properties);
        add_history(&mut copied, ["y".repeat(1 << 20)]);
        assert_eq!(copied.inner().get("b"), Some(&text(10)));
        assert_eq!(copied.inner().get("a"), None);
        assert_eq!(copied.inner().get(LEFT_OUT), Some(&AMQPValue::LongLongInt(2)));
        let all: usize = copied.inner().values().map(size_of).sum();
        assert!(all < 100_000, "{all}");
        let last = lines_of(copied.inner().get(HISTORY)).pop();
        assert_eq!(last.map(|line| line.len()), Some(LINE_BYTES), "the newest line is kept");
    }

    #[test]
    fn a_copy_names_no_further_queues_no_user_and_no_time_to_live() {
        let properties = of_headers(&[
            ("CC", text(3)),
            ("BCC", text(3)),
            ("x-death", text(3)),
            ("site", text(3)),
        ])
        .with_user_id("site".into())
        .with_expiration("60000".into())
        .with_message_id("m".into())
        .with_reply_to("answers".into());
        let copy = properties_of_a_copy(&properties, headers_of_a_copy(&properties));
        let names: Vec<_> = copy
            .headers()
            .iter()
            .flat_map(FieldTable::inner)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["site"]);
        assert_eq!((copy.user_id(), copy.expiration()), (&None, &None));
        assert_eq!(copy.message_id(), properties.message_id());
        assert_eq!(copy.reply_to(), properties.reply_to());
    }
}
