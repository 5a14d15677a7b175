//! CPU time of submissions that call functions or run unit tests, next to plain starts of python3 and of pytest.
//!
//! What is compared takes turns in blocks, and the median of the blocks counts: a burst of something else hits one.

use std::collections::BTreeMap;

use anyhow::Context as _;
use assize::contract::{CallOptions, CallProcesses, InlineTest, SubmissionMessage, Verdict};
use serde_json::json;

use crate::environment::Environment;
use crate::measurements::latency::PLAIN;
use crate::processes::variant::by_nsjail;
use crate::processes::workers::Worker;
use crate::reference::Plain;
use crate::results::{Cost, Results, median};
use crate::workload::{Workload, message_of};

/// Turns of each kind.
const BLOCKS: usize = 10;

/// Calls of each candidate, and tests of a module.
const CALLS_EACH: usize = 10;
const TESTS: usize = 20;

/// Names of the workloads.
pub(crate) const CALLS: &str = "calls";
const PYTEST: &str = "pytest";

/// A submission that does not compile: its box, the queue and the database, and nothing that is run.
const BOX_ALONE: &str = "a box in which nothing runs";

pub(crate) const PLAIN_PYTEST: &str = "plain pytest";

const PROGRAM: &str = "def add(a, b):\n    return a + b\n";
const BROKEN: &str = "def add(a, b:\n    return a + b\n";

/// CPU time of one submission in each block, in milliseconds, by way.
type Costs = BTreeMap<&'static str, Vec<f64>>;

/// A submission of which many are sent.
struct Kind {
    way: &'static str,
    verdict: Verdict,
    message: fn() -> SubmissionMessage,
}

/// Candidates with ten calls each, in every way to share a process.
pub(crate) async fn measure_calls(
    environment: &mut Environment,
    candidates: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let kind = |way, verdict, message| Kind { way, verdict, message };
    let kinds = [
        kind(BOX_ALONE, Verdict::Ce, || calls(BROKEN, CallProcesses::Each)),
        kind("assize, each", Verdict::Ac, || calls(PROGRAM, CallProcesses::Each)),
        kind("assize, forks", Verdict::Ac, || calls(PROGRAM, CallProcesses::Forks)),
        kind("assize, one", Verdict::Ac, || calls(PROGRAM, CallProcesses::One)),
    ];
    let blocks = blocks_of(candidates);
    let mut plains = std::mem::take(&mut environment.plains);
    let plain = plains.first_mut().context("there is no slot")?;
    let costs = in_turn(environment, &kinds, &blocks, (PLAIN, plain, &Workload::hello())).await;
    environment.plains = plains;
    let costs = costs?;
    let of = |way: &str| costs.get(way).map_or(f64::NAN, |blocks| median(blocks));
    let start_ms = of(PLAIN);
    for way in kinds.iter().map(|kind| kind.way).chain([PLAIN]) {
        let call_ms = match way {
            BOX_ALONE => None,
            PLAIN => Some(start_ms),
            _ => Some((of(way) - of(BOX_ALONE)) / CALLS_EACH as f64),
        };
        results.costs.push(Cost {
            workload: CALLS.to_owned(),
            way: way.to_owned(),
            submissions: candidates,
            cpu_ms: if way == PLAIN {
                start_ms * CALLS_EACH as f64
            } else {
                of(way)
            },
            call_ms,
            ratio: call_ms.map(|call_ms| call_ms / start_ms),
        });
    }
    Ok(())
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
        verdict: Verdict::Ac,
        message: units,
    }];
    let blocks = blocks_of(submissions);
    let costs = in_turn(environment, &kinds, &blocks, (PLAIN_PYTEST, &mut plain, &workload)).await?;
    plain.stop().await?;
    let of = |way: &str| costs.get(way).map_or(f64::NAN, |blocks| median(blocks));
    for way in kinds.iter().map(|kind| kind.way).chain([PLAIN_PYTEST]) {
        results.costs.push(Cost {
            workload: PYTEST.to_owned(),
            way: way.to_owned(),
            submissions,
            cpu_ms: of(way),
            call_ms: None,
            ratio: Some(of(way) / of(PLAIN_PYTEST)),
        });
    }
    Ok(())
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
            block(&mut worker, kind, *size).await?;
            // The removal of the last boxes belongs to the price.
            environment.meter.settle().await?;
            let spent = environment.meter.read()?.since(&before, idle);
            let each = (spent.everything - spent.own) * 1e3 / *size as f64;
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
        worker.next_verdict(kind.verdict).await?;
    }
    Ok(())
}

fn calls(source: &str, processes: CallProcesses) -> SubmissionMessage {
    let test = |number: usize| InlineTest {
        call: Some("add".to_owned()),
        args: vec![json!(number).into(), json!(7 * number).into()],
        expect: Some(json!(8 * number).into()),
        ..InlineTest::default()
    };
    let mut message = message_of(source, String::new());
    message.problem = None;
    message.tests = Some((0..CALLS_EACH).map(test).collect());
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
}
