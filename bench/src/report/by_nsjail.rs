//! What boxes by nsjail are held against, where they were measured.

use crate::measurements::latency::{CONFIRMED, FORKED, LEASED, PLAIN};
use crate::processes::variant::NSJAIL;
use crate::report::thresholds::{ONE_START, at_least, at_most, faster, is};
use crate::results::{Batch, Results, Threshold};

/// Bytes that a box may take beside the interpreter that waits in it.
const IDLE_BYTES: f64 = 3e6;

/// `way` is the worker as it is set, with boxes of Docker.
pub(crate) fn of(results: &Results, way: &str) -> impl Iterator<Item = Threshold> {
    of_one(results).chain(of_many(results, way)).chain(occupancy(results))
}

/// Of the slots while many programs of one request wait.
fn occupancy(results: &Results) -> Option<Threshold> {
    let batch = results.occupancies.iter().find(|batch| batch.way == NSJAIL)?;
    let name = format!("nsjail, {} programs in one request, slots busy", batch.submissions);
    at_least(&name, "all the time", 0.95, Some(batch.in_hand))
}

/// Of one box, and of one submission at a time.
fn of_one(results: &Results) -> impl Iterator<Item = Threshold> {
    let latency = |workload: &str, span: &str| {
        let found = |latency: &&_| is(latency, workload, NSJAIL, span);
        results.latencies.iter().find(found).map(|latency| latency.ratio)
    };
    let (life, leased, bulk) = (life(results), latency("W1", LEASED), latency("W5", CONFIRMED));
    [
        at_most(
            "nsjail, CPU time of a box's life",
            "plain docker run",
            0.1,
            life.map(|(_ms, ratio)| ratio),
        ),
        at_most("nsjail, memory of a box that waits", "3 MB", 1.0, idle(results)),
        at_most("nsjail, W1, box leased to judgement", ONE_START, 0.55, leased),
        at_most("nsjail, W5, delivery to verdict", ONE_START, 1.6, bulk),
    ]
    .into_iter()
    .flatten()
}

/// Of as many submissions at once as there are slots.
fn of_many(results: &Results, way: &str) -> impl Iterator<Item = Threshold> {
    let per_second = "nsjail, W6, verdicts per second";
    let starts_per_second = "nsjail, W1, submissions per second";
    let beyond = beyond_the_box(results);
    [
        at_least(starts_per_second, "plain starts of python3", 0.5, starts(results)),
        at_most(
            "nsjail, W2, CPU time beyond the box",
            "20 forks of python3",
            2.0,
            beyond,
        ),
        at_most("nsjail, W4, CPU time of one, off by", way, 0.03, cpu_time(results, way)),
        at_least(per_second, way, 2.2, faster(results, NSJAIL, way)),
        at_least(per_second, PLAIN, 3.0, faster(results, NSJAIL, PLAIN)),
    ]
    .into_iter()
    .flatten()
}

/// CPU time in milliseconds, and its ratio.
fn life(results: &Results) -> Option<(f64, f64)> {
    let mut lives = results.lives.iter();
    let life = lives.find(|life| life.way == NSJAIL)?;
    Some((life.cpu_ms, life.ratio))
}

fn batch<'a>(results: &'a Results, workload: &str, way: &str) -> Option<&'a Batch> {
    let mut batches = results.batches.iter();
    batches.find(|batch| (batch.workload.as_str(), batch.way.as_str()) == (workload, way))
}

fn starts(results: &Results) -> Option<f64> {
    Some(batch(results, "W1", NSJAIL)?.per_second / batch(results, "W1", PLAIN)?.per_second)
}

fn beyond_the_box(results: &Results) -> Option<f64> {
    let (box_ms, _ratio) = life(results)?;
    Some((batch(results, "W2", NSJAIL)?.cpu_ms - box_ms) / batch(results, "W2", FORKED)?.cpu_ms)
}

/// Of the same program behind both walls, while nothing else runs.
fn cpu_time(results: &Results, way: &str) -> Option<f64> {
    let alone = |way: &str| {
        let mut spreads = results.spreads.iter();
        let found = spreads.find(|spread| spread.way == way && spread.at_once == 1);
        found.map(|spread| spread.median_ms)
    };
    Some((alone(NSJAIL)? / alone(way)? - 1.0).abs())
}

fn idle(results: &Results) -> Option<f64> {
    let mut boxes = results.idle_boxes.iter();
    let idle = boxes.find(|idle| idle.way == NSJAIL)?;
    Some(idle.rest_bytes as f64 / IDLE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Batch, IdleBox, Life, Occupancy, Spread};

    const OURS: &str = "assize, fork";

    fn batch(workload: &str, way: &str, per_second: f64, cpu_ms: f64) -> Batch {
        Batch {
            workload: workload.to_owned(),
            way: way.to_owned(),
            submissions: 10,
            per_second,
            cpu_ms,
            services_cpu_ms: 0.0,
            worker_peak_bytes: None,
            test_peak_bytes: None,
        }
    }

    fn spread(way: &str, median_ms: f64) -> Spread {
        Spread {
            way: way.to_owned(),
            at_once: 1,
            median_ms,
            off: 0.0,
        }
    }

    fn occupied(way: &str, in_hand: f64) -> Occupancy {
        Occupancy {
            way: way.to_owned(),
            slots: 2,
            submissions: 1000,
            handed_in_seconds: 5.0,
            seconds: 60.0,
            in_hand,
            in_boxes: 0.8,
            service_bytes: None,
            service_peak_bytes: 120,
        }
    }

    #[test]
    fn boxes_by_nsjail_are_held_against_their_bars_and_nothing_is_said_where_they_were_not_measured() {
        assert_eq!(of(&Results::default(), OURS).count(), 0);
        let results = Results {
            batches: vec![
                batch("W1", NSJAIL, 60.0, 20.0),
                batch("W1", PLAIN, 100.0, 10.0),
                batch("W2", NSJAIL, 20.0, 80.0),
                batch("W2", FORKED, 20.0, 30.0),
            ],
            lives: vec![Life {
                way: NSJAIL.to_owned(),
                runtime: "nsjail".to_owned(),
                cpu_ms: 11.0,
                wall_ms: 15.0,
                ratio: 0.04,
            }],
            idle_boxes: vec![IdleBox {
                way: NSJAIL.to_owned(),
                boxes: 8,
                interpreter_bytes: 9_000_000,
                rest_bytes: 1_500_000,
            }],
            spreads: vec![spread(OURS, 1000.0), spread(NSJAIL, 960.0)],
            occupancies: vec![occupied(OURS, 0.99), occupied(NSJAIL, 0.97)],
            ..Results::default()
        };
        let seen: Vec<_> = of(&results, OURS)
            .map(|threshold| (threshold.name, (threshold.measured * 100.0).round(), threshold.met))
            .collect();
        let wanted = [
            ("nsjail, CPU time of a box's life", 4.0, true),
            ("nsjail, memory of a box that waits", 50.0, true),
            ("nsjail, W1, submissions per second", 60.0, true),
            ("nsjail, W2, CPU time beyond the box", 230.0, false),
            ("nsjail, W4, CPU time of one, off by", 4.0, false),
            ("nsjail, 1000 programs in one request, slots busy", 97.0, true),
        ];
        assert_eq!(
            seen,
            wanted.map(|(name, measured, met)| (name.to_owned(), measured, met))
        );
    }
}
