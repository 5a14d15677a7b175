//! What the worker is held against: each figure as a ratio to its reference in the same run.

use crate::latency::{CONFIRMED, LEASED, PER_SUBMISSION, PER_TEST};
use crate::results::{Results, Threshold, Wanted};

const ONE_START: &str = "1 plain start of python3";
const TWENTY_STARTS: &str = "20 plain starts of python3";

/// The thresholds that these results have something to say about; `way` is the worker as it is set.
pub(crate) fn of(results: &Results, way: &str) -> Vec<Threshold> {
    let latency = |workload: &str, span: &str| {
        let found = |latency: &&_| is(latency, workload, way, span);
        results.latencies.iter().find(found).map(|latency| latency.ratio)
    };
    let at_most = |name: &str, to: &str, most: f64, measured: Option<f64>| {
        measured.map(|measured| Threshold::new(name, to, Wanted::AtMost(most), measured))
    };
    let at_least = |name: &str, to: &str, least: f64, measured: Option<f64>| {
        measured.map(|measured| Threshold::new(name, to, Wanted::AtLeast(least), measured))
    };
    [
        at_most("W1, box leased to judgement", ONE_START, 0.6, latency("W1", LEASED)),
        at_most("W1, delivery to verdict", ONE_START, 2.0, latency("W1", CONFIRMED)),
        at_most("W2, delivery to verdict", TWENTY_STARTS, 0.4, latency("W2", CONFIRMED)),
        at_most("W3, delivery to verdict", TWENTY_STARTS, 0.1, latency("W3", CONFIRMED)),
        at_least(
            "W6, verdicts per second",
            PER_TEST,
            10.0,
            faster(results, way, PER_TEST),
        ),
        at_least(
            "W6, verdicts per second",
            PER_SUBMISSION,
            1.5,
            faster(results, way, PER_SUBMISSION),
        ),
        at_most("CPU time of a box's life", "plain docker run", 0.6, life(results)),
        at_most(
            "W4, all slots busy, off by",
            "one slot busy",
            0.03,
            spread(results, way),
        ),
        at_most(
            "W6, worker's memory, off by",
            "after 100 verdicts",
            0.1,
            growth(results, way),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is(latency: &crate::results::Latency, workload: &str, way: &str, span: &str) -> bool {
    (latency.workload.as_str(), latency.way.as_str(), latency.span.as_str()) == (workload, way, span)
}

fn faster(results: &Results, way: &str, reference: &str) -> Option<f64> {
    let rate = |way: &str| {
        let all_slots = results.backlogs.iter().filter(|backlog| backlog.slots == results.slots);
        all_slots
            .filter(|backlog| backlog.way == way)
            .map(|backlog| backlog.per_second)
            .next()
    };
    Some(rate(way)? / rate(reference)?)
}

/// On the runtime that the daemon uses by itself; it comes first.
fn life(results: &Results) -> Option<f64> {
    results
        .lives
        .iter()
        .find(|life| life.way == "assize")
        .map(|life| life.ratio)
}

fn spread(results: &Results, way: &str) -> Option<f64> {
    let mut spreads = results.spreads.iter();
    spreads
        .find(|spread| spread.way == way && spread.at_once == results.slots)
        .map(|spread| spread.off.abs())
}

fn growth(results: &Results, way: &str) -> Option<f64> {
    let long = results
        .backlogs
        .iter()
        .filter(|backlog| backlog.way == way && backlog.worker_bytes.is_some())
        .max_by_key(|backlog| backlog.submissions)?;
    let (early, late) = long.worker_bytes?;
    Some((late as f64 / early as f64 - 1.0).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Backlog, Latency, Spread};

    fn backlog(way: &str, slots: usize, per_second: f64, worker_bytes: Option<(u64, u64)>) -> Backlog {
        Backlog {
            way: way.to_owned(),
            slots,
            submissions: 2000,
            per_second,
            cpu_ms: 0.0,
            services_cpu_ms: 0.0,
            worker_bytes,
        }
    }

    #[test]
    fn a_bar_is_met_on_its_good_side_and_says_nothing_about_what_was_not_measured() {
        let latency = |way: &str, ratio: f64| Latency {
            ratio,
            ..Latency::of("W1", way, CONFIRMED, &[1.0], 1.0)
        };
        let results = Results {
            slots: 4,
            latencies: vec![latency("other", 9.0), latency("ours", 2.1)],
            backlogs: vec![
                backlog("ours", 1, 1.0, None),
                backlog("ours", 4, 30.0, Some((100, 105))),
                backlog(PER_TEST, 4, 2.0, None),
            ],
            spreads: vec![Spread {
                way: "ours".to_owned(),
                at_once: 4,
                median_ms: 990.0,
                off: -0.01,
            }],
            ..Results::default()
        };
        let thresholds = of(&results, "ours");
        let seen: Vec<_> = thresholds
            .iter()
            .map(|threshold| {
                (
                    threshold.name.as_str(),
                    (threshold.measured * 100.0).round(),
                    threshold.met,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("W1, delivery to verdict", 210.0, false),
                ("W6, verdicts per second", 1500.0, true),
                ("W4, all slots busy, off by", 1.0, true),
                ("W6, worker's memory, off by", 5.0, true),
            ]
        );
    }
}
