//! A thousand programs in one request: whether the slots have something to do all the time, and whether the memory of the
//! service stays flat.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use assize::contract::Judgement;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::environment::Environment;
use crate::processes::PATIENCE;
use crate::processes::service::{Behind, Service, ServiceClient};
use crate::processes::variant::{NSJAIL, Variant};
use crate::processes::workers::{Confirmed, Worker};
use crate::results::{Occupancy, Results, median_bytes};
use crate::workload::Workload;

/// Tests of each program.
const TESTS: usize = 5;

/// Verdicts after which the memory of the service is read for the first time.
const WARM: f64 = 100.0;

/// Readings of which the median counts.
const READINGS: usize = 10;

/// Between two looks at the worker and the service.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Memory of a service, and how many verdicts there were then.
type Reading = (f64, u64);

pub(crate) async fn measure(
    environment: &Environment,
    submissions: usize,
    results: &mut Results,
) -> anyhow::Result<()> {
    let (first, others) = environment.variants.split_first().context("there is no way to judge")?;
    let by_nsjail = others.iter().find(|variant| variant.name == NSJAIL);
    for variant in [first].into_iter().chain(by_nsjail) {
        let occupancy = with_worker(environment, variant, submissions).await?;
        results.occupancies.push(occupancy);
    }
    Ok(())
}

async fn with_worker(environment: &Environment, variant: &Variant, submissions: usize) -> anyhow::Result<Occupancy> {
    let what = format!("{submissions} programs in one request, {}", variant.name);
    environment.progress.part(&what);
    let (namespace, slots) = (&environment.namespace, environment.slots);
    let settings = namespace.settings(variant, slots, "occupancy")?;
    let worker = Worker::start(namespace, &settings).await?;
    let service = Service::start(namespace, &settings, Behind::Workers).await?;
    // The first ones find cold boxes and caches.
    let warm = hand_in(&service.client, 2 * slots).await?;
    verdicts(&service.client, &warm).await?;
    environment.meter.settle().await?;
    let before = worker.confirmed().await?;
    let handing_in = async {
        let ids = hand_in(&service.client, submissions).await?;
        anyhow::Ok((ids, Instant::now()))
    };
    let began = Instant::now();
    let ((ids, handed_in), (readings, after)) =
        tokio::try_join!(handing_in, watch(environment, (&worker, &service), before, submissions))?;
    let judged = verdicts(&service.client, &ids).await?;
    let peak_bytes = service.memory("VmHWM")?;
    service.stop().await?;
    worker.stop().await?;
    let share = Share::of(&judged, slots)?;
    Ok(Occupancy {
        way: variant.name.clone(),
        slots,
        submissions,
        handed_in_seconds: (handed_in - began).as_secs_f64(),
        seconds: share.seconds,
        in_hand: (after.seconds - before.seconds) / (share.seconds * slots as f64),
        in_boxes: share.in_boxes,
        service_bytes: early_and_late(&readings),
        service_peak_bytes: peak_bytes,
    })
}

/// Hands in so many programs in one request; their ids.
async fn hand_in(client: &ServiceClient, submissions: usize) -> anyhow::Result<Vec<String>> {
    let Workload { source, tests, .. } = Workload::sums();
    let tests: Vec<Value> = tests
        .iter()
        .take(TESTS)
        .map(|test| json!({ "input": test.input.whole(), "answer": test.answer.whole() }))
        .collect();
    let program = json!({ "source": source, "tests": tests });
    let answer = client
        .post("/v1/submissions", &json!(vec![program; submissions]))
        .await?;
    let ids: Vec<String> = answer
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(|state| Some(state["id"].as_str()?.to_owned()))
        .collect();
    ensure!(
        ids.len() == submissions,
        "not all of a batch was accepted: {} of {submissions}",
        ids.len()
    );
    Ok(ids)
}

/// Reads the memory of the service until all verdicts are confirmed, and what the worker says then.
async fn watch(
    environment: &Environment,
    (worker, service): (&Worker, &Service),
    before: Confirmed,
    submissions: usize,
) -> anyhow::Result<(Vec<Reading>, Confirmed)> {
    let mut readings = Vec::new();
    let (mut latest, mut moved) = (before, Instant::now());
    loop {
        let now = worker.confirmed().await?;
        if now != latest {
            (latest, moved) = (now, Instant::now());
        }
        ensure!(moved.elapsed() < PATIENCE, "the worker judges nothing any more");
        let judged = now.verdicts - before.verdicts;
        readings.push((judged, service.memory("VmRSS")?));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of submissions"
        )]
        environment
            .progress
            .count(judged as usize, submissions, "programs in one request");
        if judged >= submissions as f64 {
            return Ok((readings, now));
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn verdicts(client: &ServiceClient, ids: &[String]) -> anyhow::Result<Vec<Judgement>> {
    let mut verdicts = Vec::with_capacity(ids.len());
    for id in ids {
        let state = client.get(&format!("/v1/submissions/{id}?wait=60")).await?;
        let verdict = &state["verdict"];
        ensure!(
            verdict["verdict"] == "AC",
            "a program of the benchmark was not accepted:\n{state:#}"
        );
        verdicts.push(serde_json::from_value(verdict.clone())?);
    }
    Ok(verdicts)
}

/// What the verdicts say of the time.
struct Share {
    /// From the first delivery to the last judgement.
    seconds: f64,
    /// Of that time, on all slots, how much of it a box was given to a submission.
    in_boxes: f64,
}

impl Share {
    fn of(judged: &[Judgement], slots: usize) -> anyhow::Result<Self> {
        let seconds = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64();
        let first = judged.iter().map(|judgement| judgement.received_at).min();
        let last = judged.iter().map(|judgement| judgement.judged_at).max();
        let (first, last) = first.zip(last).context("nothing was judged")?;
        let in_boxes: f64 = judged
            .iter()
            .filter_map(|judgement| Some(seconds(judgement.started_at?, judgement.judged_at)))
            .sum();
        Ok(Self {
            seconds: seconds(first, last),
            in_boxes: in_boxes / (seconds(first, last) * slots as f64),
        })
    }
}

/// Medians of the readings behind the hundredth verdict and of the last ones, where there are enough.
fn early_and_late(readings: &[Reading]) -> Option<(u64, u64)> {
    let bytes = |readings: &[Reading]| -> Vec<f64> { readings.iter().map(|(_, bytes)| *bytes as f64).collect() };
    let warm = readings.iter().position(|(judged, _)| *judged >= WARM)?;
    let rest = &readings[warm..];
    let enough = rest.len() >= 2 * READINGS;
    enough.then(|| {
        let late = &rest[rest.len() - READINGS..];
        (median_bytes(&bytes(&rest[..READINGS])), median_bytes(&bytes(late)))
    })
}
