//! What the worker is held against: each figure as a ratio to its reference in the same run.

use crate::measurements::costs::{CALLS, PLAIN_PYTEST};
use crate::measurements::doors::{BEYOND_AMQP, RUN};
use crate::measurements::interactive::WITH_SOCKETS;
use crate::measurements::latency::{CONFIRMED, LEASED, PER_SUBMISSION, PER_TEST};
use crate::measurements::life::OURS;
use crate::processes::variant::NSJAIL;
use crate::results::{Results, Threshold, Wanted};

pub(super) const ONE_START: &str = "1 plain start of python3";
const TWENTY_STARTS: &str = "20 plain starts of python3";

/// The thresholds that these results have something to say about; `way` is the worker as it is set.
pub(crate) fn of(results: &Results, way: &str) -> Vec<Threshold> {
    of_latencies(results, way)
        .chain(of_batches(results, way))
        .chain(of_conversations(results))
        .chain(over_http(results))
        .chain(of_functions(results))
        .collect()
}

fn of_latencies(results: &Results, way: &str) -> impl Iterator<Item = Threshold> {
    let latency = |workload: &str, span: &str| {
        let found = |latency: &&_| is(latency, workload, way, span);
        results.latencies.iter().find(found).map(|latency| latency.ratio)
    };
    [
        at_most("W1, box leased to judgement", ONE_START, 0.55, latency("W1", LEASED)),
        at_most("W1, delivery to verdict", ONE_START, 2.0, latency("W1", CONFIRMED)),
        at_most("W2, delivery to verdict", TWENTY_STARTS, 0.4, latency("W2", CONFIRMED)),
        at_most("W3, delivery to verdict", TWENTY_STARTS, 0.1, latency("W3", CONFIRMED)),
    ]
    .into_iter()
    .flatten()
}

fn of_batches(results: &Results, way: &str) -> impl Iterator<Item = Threshold> {
    let per_second = "W6, verdicts per second";
    [
        at_least(per_second, PER_TEST, 10.0, faster(results, way, PER_TEST)),
        at_least(per_second, PER_SUBMISSION, 1.5, faster(results, way, PER_SUBMISSION)),
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
}

pub(super) fn at_most(name: &str, to: &str, most: f64, measured: Option<f64>) -> Option<Threshold> {
    measured.map(|measured| Threshold::new(name, to, Wanted::AtMost(most), measured))
}

pub(super) fn at_least(name: &str, to: &str, least: f64, measured: Option<f64>) -> Option<Threshold> {
    measured.map(|measured| Threshold::new(name, to, Wanted::AtLeast(least), measured))
}

/// Rounds that do not go through the daemon of Docker.
fn of_conversations(results: &Results) -> impl Iterator<Item = Threshold> {
    let past_the_daemon = [WITH_SOCKETS, NSJAIL];
    let ways = results.conversations.iter();
    let held = ways.filter(move |round| past_the_daemon.contains(&round.way.as_str()));
    held.map(|round| {
        let name = format!("interactive round, {}", round.way);
        Threshold::new(&name, "a round over plain pipes", Wanted::AtMost(2.0), round.ratio)
    })
}

/// Of the HTTP service.
fn over_http(results: &Results) -> Vec<Threshold> {
    let mut thresholds = Vec::new();
    for door in &results.doors {
        let (most, name) = match (door.way.as_str(), door.workload.as_str()) {
            (BEYOND_AMQP, _) => (0.2, "over HTTP instead of RabbitMQ, more"),
            (RUN, "W1") => (1.0, "standalone /v1/run, sent to answered"),
            _ => continue,
        };
        let name = format!("{}, {name}", door.workload);
        thresholds.push(Threshold::new(&name, ONE_START, Wanted::AtMost(most), door.ratio));
    }
    for batch in results.occupancies.iter().filter(|batch| batch.way != NSJAIL) {
        let name = format!("{} programs in one request, slots busy", batch.submissions);
        thresholds.push(Threshold::new(
            &name,
            "all the time",
            Wanted::AtLeast(0.95),
            batch.in_hand,
        ));
        if let Some((early, late)) = batch.service_bytes {
            let off = (late as f64 / early as f64 - 1.0).abs();
            let name = "the same, memory of the service, off by";
            thresholds.push(Threshold::new(name, "after 100 verdicts", Wanted::AtMost(0.1), off));
        }
    }
    for held in &results.held_clients {
        let name = format!("{} clients that wait or stream, memory", held.clients);
        let bytes = held.with_bytes.saturating_sub(held.before_bytes) as f64;
        thresholds.push(Threshold::new(&name, "100 MB", Wanted::AtMost(1.0), bytes / 100e6));
    }
    thresholds
}

/// Of graded functions and unit tests.
fn of_functions(results: &Results) -> impl Iterator<Item = Threshold> {
    results.costs.iter().filter_map(|cost| {
        let (what, to, most) = match cost.workload.as_str() {
            CALLS => ("CPU of a call beyond the box", ONE_START, 0.15),
            _ => ("CPU of a module of 20 tests", PLAIN_PYTEST, 2.0),
        };
        let ratio = cost.ratio.filter(|_ratio| cost.way.starts_with("assize"))?;
        // What may be off by as much as is wanted, or costs less than nothing, was not measured.
        let noise = cost.noise.unwrap_or(0.0);
        let is_measured = noise <= most / 2.0 && ratio >= -noise;
        let name = format!("{what}, {}", cost.way);
        is_measured.then(|| Threshold::new(&name, to, Wanted::AtMost(most), ratio))
    })
}

pub(super) fn is(latency: &crate::results::Latency, workload: &str, way: &str, span: &str) -> bool {
    (latency.workload.as_str(), latency.way.as_str(), latency.span.as_str()) == (workload, way, span)
}

pub(super) fn faster(results: &Results, way: &str, reference: &str) -> Option<f64> {
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
        .find(|life| life.way == OURS)
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
    use crate::results::{Backlog, Cost, HeldClients, Latency, Occupancy, Spread};

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

    #[test]
    fn services_and_functions_have_bars_of_their_own_and_references_have_none() {
        let door = |way: &str, ratio: f64| Latency {
            ratio,
            ..Latency::of("W1", way, "", &[1.0], 1.0)
        };
        let cost = |workload: &str, way: &str, (ratio, noise): (f64, f64)| Cost {
            workload: workload.to_owned(),
            way: way.to_owned(),
            submissions: 10,
            cpu_ms: 1.0,
            call_ms: None,
            ratio: Some(ratio),
            noise: Some(noise),
        };
        let results = Results {
            doors: vec![door(BEYOND_AMQP, 0.25), door(RUN, 0.9), door("Piston, standalone", 1.2)],
            occupancies: vec![Occupancy {
                way: "ours".to_owned(),
                slots: 4,
                submissions: 1000,
                handed_in_seconds: 5.0,
                seconds: 60.0,
                in_hand: 0.96,
                in_boxes: 0.8,
                service_bytes: Some((100, 112)),
                service_peak_bytes: 120,
            }],
            held_clients: vec![HeldClients {
                clients: 1000,
                before_bytes: 20_000_000,
                with_bytes: 70_000_000,
            }],
            costs: vec![
                cost(CALLS, "assize, each", (0.2, 0.01)),
                cost(CALLS, "assize, forks", (0.1, 0.2)),
                cost(CALLS, "assize, one", (-0.3, 0.05)),
                cost(CALLS, crate::measurements::latency::PLAIN, (1.0, 0.0)),
                cost("pytest", "assize", (1.9, 0.1)),
                cost("pytest", PLAIN_PYTEST, (1.0, 0.0)),
            ],
            ..Results::default()
        };
        let seen: Vec<_> = of(&results, "ours")
            .into_iter()
            .map(|threshold| (threshold.name, (threshold.measured * 100.0).round(), threshold.met))
            .collect();
        let wanted = [
            ("W1, over HTTP instead of RabbitMQ, more", 25.0, false),
            ("W1, standalone /v1/run, sent to answered", 90.0, true),
            ("1000 programs in one request, slots busy", 96.0, true),
            ("the same, memory of the service, off by", 12.0, false),
            ("1000 clients that wait or stream, memory", 50.0, true),
            ("CPU of a call beyond the box, assize, each", 20.0, false),
            ("CPU of a module of 20 tests, assize", 190.0, true),
        ];
        assert_eq!(
            seen,
            wanted.map(|(name, measured, met)| (name.to_owned(), measured, met))
        );
    }
}
