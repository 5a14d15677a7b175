//! What to do about what was found: how long the queue takes, and how many slots would be enough.

use crate::cli::status::totals::Totals;
use crate::cli::units::roughly;

/// A queue that is empty within this time, in seconds, needs no more slots.
const SOON_S: f64 = 600.0;

const SILENT_ADVICE: &str = "not heard of lately: see whether the host is up and reaches PostgreSQL";
const NOT_READY_ADVICE: &str = "not ready: assize doctor on the host says more";

/// What waits, and what works it off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    waiting: f64,
    slots: f64,
    /// How long a submission has a slot.
    mean_s: f64,
}

impl Load {
    /// `None` where one of the figures is not known.
    #[expect(clippy::cast_precision_loss, reason = "so many never wait")]
    pub(super) fn of(totals: &Totals) -> Option<Self> {
        Some(Self {
            waiting: totals.waiting? as f64,
            slots: totals.slots? as f64,
            mean_s: totals.mean_s?,
        })
    }

    /// Until nothing waits, if nothing is added; `None`: never.
    pub(super) fn empty_in_s(self) -> Option<f64> {
        (self.slots > 0.0).then(|| self.waiting * self.mean_s / self.slots)
    }

    /// Slots beyond those that there are, with which the queue is empty soon.
    fn missing_slots(self) -> f64 {
        (self.waiting * self.mean_s / SOON_S).ceil() - self.slots
    }
}

/// Sentences, what is most urgent first.
pub(super) fn advice(totals: &Totals, load: Option<Load>) -> Vec<String> {
    let mut advice = Vec::new();
    match totals.silent.unwrap_or(0) {
        0 => {}
        1 => advice.push(format!("1 worker was {SILENT_ADVICE}")),
        more => advice.push(format!("{more} workers were {SILENT_ADVICE}")),
    }
    match totals.not_ready.unwrap_or(0) {
        0 => {}
        1 => advice.push(format!("1 worker is {NOT_READY_ADVICE}")),
        more => advice.push(format!("{more} workers are {NOT_READY_ADVICE}")),
    }
    match totals.dead_letters.unwrap_or(0) {
        0 => {}
        1 => advice.push("1 message was given up: assize dead list".to_owned()),
        more => advice.push(format!("{more} messages were given up: assize dead list")),
    }
    advice.extend(about_the_queue(totals, load));
    advice
}

fn about_the_queue(totals: &Totals, load: Option<Load>) -> Option<String> {
    let waiting = totals.waiting?;
    if waiting == 0 {
        return Some("nothing waits".to_owned());
    }
    if totals.slots? == 0 {
        return Some(format!("{waiting} wait, and no worker is ready"));
    }
    let Some((load, seconds)) = load.and_then(|load| Some((load, load.empty_in_s()?))) else {
        return Some(format!(
            "{waiting} wait; how long they take is not known, since nothing was judged in the last 10 minutes"
        ));
    };
    let empty = format!("{waiting} wait, for about {} if nothing is added", roughly(seconds));
    match load.missing_slots() {
        more if seconds > SOON_S && more >= 1.0 => {
            let slots = if more < 2.0 { "slot" } else { "slots" };
            Some(format!(
                "{empty}; {more:.0} more {slots} would empty the queue in 10 minutes"
            ))
        }
        _ => Some(empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(waiting: u64, slots: u64, mean_s: Option<f64>) -> String {
        let totals = Totals {
            waiting: Some(waiting),
            slots: Some(slots),
            mean_s,
            ..Totals::default()
        };
        advice(&totals, Load::of(&totals)).join("\n")
    }

    #[test]
    fn slots_are_asked_for_where_the_queue_is_not_empty_within_ten_minutes() {
        let cases = [
            (0, 8, Some(2.0), "nothing waits"),
            (0, 0, None, "nothing waits"),
            (7, 0, Some(2.0), "7 wait, and no worker is ready"),
            (
                7,
                8,
                None,
                "7 wait; how long they take is not known, since nothing was judged in the last 10 minutes",
            ),
            (100, 8, Some(2.0), "100 wait, for about 25 s if nothing is added"),
            (2400, 8, Some(2.0), "2400 wait, for about 10 min if nothing is added"),
            (
                2401,
                8,
                Some(2.0),
                "2401 wait, for about 10 min if nothing is added; 1 more slot would empty the queue in 10 minutes",
            ),
            (
                6000,
                8,
                Some(2.0),
                "6000 wait, for about 25 min if nothing is added; 12 more slots would empty the queue in 10 minutes",
            ),
        ];
        for (waiting, slots, mean_s, expected) in cases {
            assert_eq!(rendered(waiting, slots, mean_s), expected);
        }
    }

    #[test]
    fn what_is_not_known_is_no_advice() {
        assert!(advice(&Totals::default(), None).is_empty());
    }
}
