//! Days and times, as Python's `isoformat` writes them and its `fromisoformat` reads them.

use jiff::civil;

use crate::value::{Civil, Value};

/// Digits of a part of a second, at most: Python would leave out what is behind.
const DIGITS: usize = 6;

/// A day from the year 1 on.
pub(super) fn date(text: &str) -> Option<Value> {
    let date = text.parse::<civil::Date>().ok().filter(|date| date.year() > 0)?;
    let written = date.to_string();
    (written == text).then_some(Value::Civil(Civil::Date, written))
}

/// A time of a day, without a zone.
pub(super) fn time(text: &str) -> Option<Value> {
    let time = text.parse::<civil::Time>().ok().filter(|_| is_clock(text))?;
    Some(Value::Civil(Civil::Time, time.to_string()))
}

/// With a zone it is an instant, whatever the zone.
pub(super) fn date_time(text: &str) -> Option<Value> {
    let (day, rest) = text.split_at_checked(10)?;
    date(day)?;
    let clock = match rest.strip_prefix(['T', ' ']) {
        Some(clock) => clock,
        None if rest.is_empty() => "00:00",
        None => return None,
    };
    let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone);
    if !is_clock(clock) || !is_zone(zone) {
        return None;
    }
    if !zone.is_empty() {
        return text.parse().ok().map(Value::Instant);
    }
    let time = text.parse::<civil::DateTime>().ok()?;
    Some(Value::Civil(Civil::DateTime, time.to_string()))
}

/// `12:30`, `12:30:00` or `12:30:00.5`. The last second of a minute is 59.
fn is_clock(text: &str) -> bool {
    let (clock, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_part = (1..=DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<&str> = clock.split(':').collect();
    let is_whole = numbers.len() == 3 || numbers.len() == 2 && !text.contains('.');
    is_part && is_whole && are_below(&numbers, [24, 60, 60])
}

/// None, `Z` or `+01:00`, perhaps with seconds.
fn is_zone(text: &str) -> bool {
    match text.strip_prefix(['+', '-']) {
        None => matches!(text, "" | "Z"),
        Some(offset) => {
            let numbers: Vec<&str> = offset.split(':').collect();
            (2..=3).contains(&numbers.len()) && are_below(&numbers, [24, 60, 60])
        }
    }
}

fn are_below(numbers: &[&str], bounds: [u8; 3]) -> bool {
    let is_below = |(number, bound): (&&str, u8)| {
        number.len() == 2 && !number.starts_with('+') && number.parse().is_ok_and(|number: u8| number < bound)
    };
    numbers.iter().zip(bounds).all(is_below)
}
