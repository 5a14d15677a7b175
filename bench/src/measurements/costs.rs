//! CPU time of submissions that call functions or run unit tests, next to plain starts of python3 and of pytest.
//!
//! What is compared takes turns in blocks, and the median of what each block says counts: a burst of something else hits
//! one. How much the blocks differ says how far that may be off.

use std::collections::BTreeMap;

use anyhow::Context as _;
use assize::contract::{CallOptions, CallProcesses, InlineTest, SubmissionMessage, Verdict};
use serde_json::json;

use crate::environment::Environment;
use crate::measurements::latency::PLAIN;
use crate::processes::variant::by_nsjail;
use crate::processes::workers::Worker;
use crate::reference::Plain;
use crate::results::{Cost, Results, median, noise};
use crate::workload::{Workload, message_of};

/// Turns of each kind.
const BLOCKS: usize = 20;

/// Calls of each candidate, and tests of a module.
const CALLS_EACH: usize = 10;
const TESTS: usize = 20;

/// Calls of candidates that differ from those in nothing else, of which there are fewer: both make as many calls.
const MANY_CALLS: usize = 100;

/// Names of the workloads.
pub(crate) const CALLS: &str = "calls";
const PYTEST: &str = "pytest";

pub(crate) const PLAIN_PYTEST: &str = "plain pytest";

const PROGRAM: &str = "def add(a, b):\n    return a + b\n";

/// CPU time of one submission in each block, in milliseconds, by way.
type Costs = BTreeMap<&'static str, Vec<f64>>;

/// A submission of which many are sent.
struct Kind {
    way: &'static str,
    /// One is sent for so many of a block.
    one_of: usize,
    message: fn() -> SubmissionMessage,
}

/// Ways to share a process, with few and with many calls.
const WAYS: [[&str; 2]; 3] = [
    ["assize, each", "assize, each, many calls"],
    ["assize, forks", "assize, forks, many calls"],
    ["assize, one", "assize, one, many calls"],
];

/// Candidates with ten calls each, in every way to share a process.
pub(crate) async fn measure_calls(
    environment: &mut Environment,
    candidates: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let kind = |way, one_of, message| Kind { way, one_of, message };
    let fewer = MANY_CALLS / CALLS_EACH;
    let kinds = [
        kind(WAYS[0][0], 1, || calls(CALLS_EACH, CallProcesses::Each)),
        kind(WAYS[0][1], fewer, || calls(MANY_CALLS, CallProcesses::Each)),
        kind(WAYS[1][0], 1, || calls(CALLS_EACH, CallProcesses::Forks)),
        kind(WAYS[1][1], fewer, || calls(MANY_CALLS, CallProcesses::Forks)),
        kind(WAYS[2][0], 1, || calls(CALLS_EACH, CallProcesses::One)),
        kind(WAYS[2][1], fewer, || calls(MANY_CALLS, CallProcesses::One)),
    ];
    let blocks = blocks_of(candidates);
    let mut plains = std::mem::take(&mut environment.plains);
    let plain = plains.first_mut().context("there is no slot")?;
    let costs = in_turn(environment, &kinds, &blocks, (PLAIN, plain, &Workload::hello())).await;
    environment.plains = plains;
    let costs = costs?;
    let of_ways = WAYS.iter().map(|ways| of_calls(*ways, candidates, &costs));
    results.costs.extend(of_ways.chain([of_starts(candidates, &costs)]));
    Ok(())
}

/// What one way to make calls costs. A call is what a candidate with many of them costs more than the one beside it, for
/// each call more: whatever both do once is no part of it, such as their boxes.
fn of_calls([few, many]: [&str; 2], candidates: usize, costs: &Costs) -> Cost {
    let of = |way: &str| costs.get(way).map_or(&[][..], |blocks| blocks);
    let more = (MANY_CALLS - CALLS_EACH) as f64;
    let beside = of(many).iter().zip(of(few));
    let calls: Vec<f64> = beside.map(|(many, few)| (many - few) / more).collect();
    let start_ms = median(of(PLAIN));
    Cost {
        workload: CALLS.to_owned(),
        way: few.to_owned(),
        submissions: candidates,
        cpu_ms: median(of(few)),
        call_ms: Some(median(&calls)),
        ratio: Some(median(&calls) / start_ms),
        noise: Some(noise(&calls) / start_ms),
    }
}

/// As many plain starts as there are calls.
fn of_starts(candidates: usize, costs: &Costs) -> Cost {
    let start_ms = costs.get(PLAIN).map_or(f64::NAN, |blocks| median(blocks));
    Cost {
        workload: CALLS.to_owned(),
        way: PLAIN.to_owned(),
        submissions: candidates,
        cpu_ms: start_ms * CALLS_EACH as f64,
        call_ms: Some(start_ms),
        ratio: Some(1.0),
        noise: None,
    }
}

/// A module of tests, with both of its boxes.
pub(crate) async fn measure_pytest(
    environment: &Environment,
    submissions: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let images = &environment.settings.sandbox.docker.images;
    let image = images
        .get(&environment.settings.validators.pytest)
        .context("validators.pytest has no image in sandbox.docker.images")?;
    let name = format!("{}-pytest", environment.namespace.name);
    let mut plain = Plain::start(image, &name, 1)
        .await?
        .pop()
        .context("there is no plain start")?;
    let module = module();
    let workload = Workload::plain_pytest(&[("solution.py", PROGRAM), ("test_add.py", &module)]);
    let kinds = [Kind {
        way: "assize, both boxes included",
        one_of: 1,
        message: units,
    }];
    let blocks = blocks_of(submissions);
    let costs = in_turn(environment, &kinds, &blocks, (PLAIN_PYTEST, &mut plain, &workload)).await?;
    plain.stop().await?;
    let ways = kinds.iter().map(|kind| kind.way).chain([PLAIN_PYTEST]);
    results.costs.extend(ways.map(|way| of_units(way, submissions, &costs)));
    Ok(())
}

/// What one way to run a module costs, each block held against the one of plain pytest beside it.
fn of_units(way: &str, submissions: usize, costs: &Costs) -> Cost {
    let of = |way: &str| costs.get(way).map_or(&[][..], |blocks| blocks);
    let beside = of(way).iter().zip(of(PLAIN_PYTEST));
    let ratios: Vec<f64> = beside.map(|(tests, plain)| tests / plain).collect();
    Cost {
        workload: PYTEST.to_owned(),
        way: way.to_owned(),
        submissions,
        cpu_ms: median(of(way)),
        call_ms: None,
        ratio: Some(median(&ratios)),
        noise: Some(noise(&ratios)),
    }
}

/// So many, in blocks.
fn blocks_of(submissions: usize) -> Vec<usize> {
    let blocks = BLOCKS.min(submissions);
    (0..blocks)
        .map(|block| (block + 1) * submissions / blocks - block * submissions / blocks)
        .collect()
}

/// Blocks of each kind and of the plain starts in turn.
async fn in_turn(
    environment: &Environment,
    kinds: &[Kind],
    blocks: &[usize],
    (plain_way, plain, workload): (&'static str, &mut Plain, &Workload),
) -> anyhow::Result<Costs> {
    let what = format!("CPU of {plain_way} and of what is judged");
    environment.progress.part(&what);
    // A box of Docker costs as much as a hundred calls, and varies by more than one.
    let cheapest = by_nsjail(&environment.settings).or_else(|| environment.variants.first().cloned());
    let variant = cheapest.context("there is no way to judge")?;
    let settings = environment.namespace.settings(&variant, environment.slots, "costs")?;
    let mut worker = Worker::start(&environment.namespace, &settings).await?;
    // The first ones find cold boxes and caches.
    for kind in kinds {
        block(&mut worker, kind, environment.slots).await?;
    }
    plain.run(workload).await?;
    let mut costs = Costs::new();
    for (number, size) in blocks.iter().enumerate() {
        environment.progress.count(number, blocks.len(), &what);
        let idle = environment.meter.idle().await?;
        for kind in kinds {
            let before = environment.meter.read()?;
            let size = size.div_ceil(kind.one_of);
            block(&mut worker, kind, size).await?;
            // The removal of the last boxes belongs to the price.
            environment.meter.settle().await?;
            let spent = environment.meter.read()?.since(&before, idle);
            let each = (spent.everything - spent.own) * 1e3 / size as f64;
            costs.entry(kind.way).or_default().push(each);
        }
        let before = environment.meter.read()?;
        for _ in 0..*size {
            plain.run(workload).await?;
        }
        let spent = environment.meter.read()?.since(&before, idle);
        let each = (spent.everything - spent.own) * 1e3 / *size as f64;
        costs.entry(plain_way).or_default().push(each);
    }
    worker.stop().await?;
    Ok(costs)
}

async fn block(worker: &mut Worker, kind: &Kind, size: usize) -> anyhow::Result<()> {
    for _ in 0..size {
        worker.send_message(&(kind.message)()).await?;
    }
    for _ in 0..size {
        worker.next_verdict(Verdict::Ac).await?;
    }
    Ok(())
}

fn calls(number: usize, processes: CallProcesses) -> SubmissionMessage {
    let test = |number: usize| InlineTest {
        call: Some("add".to_owned()),
        args: vec![json!(number).into(), json!(7 * number).into()],
        expect: Some(json!(8 * number).into()),
        ..InlineTest::default()
    };
    let mut message = message_of(PROGRAM, String::new());
    message.problem = None;
    message.tests = Some((0..number).map(test).collect());
    message.call_options = Some(CallOptions { processes });
    message
}

fn units() -> SubmissionMessage {
    let mut message = message_of(PROGRAM, String::new());
    message.problem = None;
    message.pytest = Some([("test_add.py".to_owned(), module())].into());
    message
}

fn module() -> String {
    let test = |number: usize| {
        format!(
            "\ndef test_{number}():\n    assert add({number}, 1) == {}\n",
            number + 1
        )
    };
    "from solution import add\n".to_owned() + &(0..TESTS).map(test).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_as_many_submissions_as_are_wanted() {
        for submissions in [1, 9, 10, 1003] {
            let blocks = blocks_of(submissions);
            assert_eq!(blocks.iter().sum::<usize>(), submissions);
            assert!(
                blocks.len() <= BLOCKS && blocks.iter().all(|block| *block > 0),
                "{blocks:?}"
            );
        }
    }

    #[test]
    fn a_call_is_what_more_of_them_cost_in_the_same_block() {
        // Something else was busy in the second block.
        let [few, many] = WAYS[0];
        let costs = Costs::from([
            (few, vec![50.0, 150.0, 54.0]),
            (many, vec![320.0, 420.0, 324.0]),
            (PLAIN, vec![10.0, 60.0, 10.0]),
        ]);
        let each = of_calls(WAYS[0], 3, &costs);
        assert_eq!((each.cpu_ms, each.call_ms, each.ratio), (54.0, Some(3.0), Some(0.3)));
        assert_eq!(each.noise, Some(0.0));
        let starts = of_starts(3, &costs);
        assert_eq!((starts.cpu_ms, starts.ratio), (100.0, Some(1.0)));
    }
}
