//! One submission at a time: how long it takes, each way in each round, so that noise hits all alike.

use std::collections::BTreeMap;

use crate::environment::Environment;
use crate::processes::variant::Variant;
use crate::processes::workers::{Observed, Worker};
use crate::reference::{container_per_submission, run_per_test};
use crate::results::{Latency, Results, median};
use crate::workload::Workload;
use assize::contract::{Answer, Request};
use assize::store::{Claim, Store, Wanted};

/// Rounds that are not counted: caches fill, pools warm up.
pub(crate) const WARM_UP: usize = 2;

/// Who does it in the references.
pub(crate) const PLAIN: &str = "python3 per test";
pub(crate) const FORKED: &str = "fork of python3 per test";
pub(crate) const PER_TEST: &str = "docker run per test";
pub(crate) const PER_SUBMISSION: &str = "container per submission";

/// From where to where.
pub(crate) const CONFIRMED: &str = "delivery to verdict";
pub(crate) const LEASED: &str = "box leased to judgement";
const JUDGED: &str = "delivery to judgement";
pub(crate) const CLIENT: &str = "sent to answered";
pub(crate) const WHOLE: &str = "start to end";

/// Measurements in milliseconds, by way and span, in the order in which they came up.
#[derive(Default)]
pub(crate) struct Values {
    order: Vec<(String, &'static str)>,
    values: BTreeMap<(String, &'static str), Vec<f64>>,
}

impl Values {
    pub(crate) fn add(&mut self, way: &str, span: &'static str, value: f64) {
        let key = (way.to_owned(), span);
        if !self.values.contains_key(&key) {
            self.order.push(key.clone());
        }
        self.values.entry(key).or_default().push(value);
    }

    /// Adds those of a round.
    pub(crate) fn extend(&mut self, round: &Self) {
        for (way, span, taken) in round.all() {
            taken.iter().for_each(|value| self.add(way, span, *value));
        }
    }

    pub(crate) fn of(&self, way: &str, span: &'static str) -> Option<&[f64]> {
        self.values.get(&(way.to_owned(), span)).map(Vec::as_slice)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &'static str, &[f64])> {
        self.order
            .iter()
            .filter_map(|(way, span)| Some((way.as_str(), *span, self.of(way, span)?)))
    }
}

/// Measures these workloads.
pub(crate) async fn measure(
    environment: &mut Environment,
    workloads: &[Workload],
    results: &mut Results,
) -> anyhow::Result<()> {
    let variants = environment.variants.clone();
    for workload in workloads {
        let what = format!("{} latency", workload.name);
        environment.progress.part(&what);
        let mut contenders = Vec::new();
        for (number, variant) in variants.iter().enumerate() {
            let settings = environment.namespace.settings(variant, 1, &format!("one-{number}"))?;
            contenders.push((variant, Worker::start(&environment.namespace, &settings).await?));
        }
        let mut values = Values::default();
        let mut last = None;
        for round in 0..WARM_UP + environment.rounds {
            environment.progress.count(round, WARM_UP + environment.rounds, &what);
            let mut found = Values::default();
            last = Some(one_round(environment, workload, &mut contenders, &mut found).await?);
            if round >= WARM_UP {
                values.extend(&found);
            }
        }
        if workload.name == "W1"
            && let Some(seen) = last
        {
            steps(environment, &seen, &mut contenders, &mut values).await?;
        }
        for (_, worker) in contenders {
            worker.stop().await?;
        }
        add_figures(workload, &values, results);
    }
    Ok(())
}

async fn one_round(
    environment: &mut Environment,
    workload: &Workload,
    contenders: &mut [(&Variant, Worker)],
    values: &mut Values,
) -> anyhow::Result<Observed> {
    let mut last = None;
    for (variant, worker) in contenders {
        environment.meter.settle().await?;
        let seen = worker.judge(workload).await?;
        values.add(&variant.name, CLIENT, seen.client_ms);
        values.add(&variant.name, LEASED, seen.leased_ms);
        values.add(&variant.name, JUDGED, seen.judged_ms);
        values.add(&variant.name, CONFIRMED, seen.confirmed_ms);
        last.get_or_insert(seen);
    }
    environment.meter.settle().await?;
    if let Some(plain) = environment.plains.first_mut() {
        values.add(PLAIN, WHOLE, plain.run(workload).await?.iter().sum());
    }
    if workload.name != "W5" {
        // The first test stands for all: twenty containers one after the other would take most of the time.
        let one = run_per_test(&environment.image, workload, 0).await?;
        values.add(PER_TEST, WHOLE, one * workload.tests.len() as f64);
        environment.meter.settle().await?;
    }
    values.add(
        PER_SUBMISSION,
        WHOLE,
        container_per_submission(&environment.image, workload).await?,
    );
    last.ok_or_else(|| anyhow::anyhow!("there is no worker to measure"))
}

/// Where the time between judgement and verdict goes: the database and the broker, each alone.
async fn steps(
    environment: &Environment,
    seen: &Observed,
    contenders: &mut [(&Variant, Worker)],
    values: &mut Values,
) -> anyhow::Result<()> {
    let store = Store::open(&environment.settings.store).await?;
    let mut judgement = seen.judgement.clone();
    for _ in 0..environment.rounds {
        judgement.id = uuid::Uuid::now_v7();
        judgement = judgement.of_attempt(Some(1));
        let began = std::time::Instant::now();
        let wanted = Wanted {
            request: Request {
                submission: judgement.id,
                rejudge: None,
            },
            language: &judgement.language,
            fingerprint: None,
            problem: None,
            file: None,
            metadata: &judgement.metadata,
        };
        let claim = store.claim(&wanted, "bench").await?;
        values.add(STEP, CLAIM, began.elapsed().as_secs_f64() * 1e3);
        let began = std::time::Instant::now();
        if let Claim::Ours(mut lease) = claim {
            lease.record(&Answer::Verdict(judgement.clone()), &[]).await?;
        }
        values.add(STEP, RECORD, began.elapsed().as_secs_f64() * 1e3);
    }
    store.close().await;
    if let Some((_, worker)) = contenders.first_mut() {
        for _ in 0..environment.rounds {
            values.add(STEP, PUBLISH, worker.time_to_send(&Workload::hello()).await?);
        }
    }
    Ok(())
}

const STEP: &str = "";
const CLAIM: &str = "take a submission in hand";
const RECORD: &str = "store a verdict";
const PUBLISH: &str = "publish to a quorum queue, confirmed";

fn add_figures(workload: &Workload, values: &Values, results: &mut Results) {
    let plain_ms = values.of(PLAIN, WHOLE).map_or(f64::NAN, median);
    for (way, span, taken) in values.all() {
        let latency = Latency::of(workload.name, way, span, taken, plain_ms);
        if way == STEP {
            results.steps.push(latency);
        } else {
            results.latencies.push(latency);
        }
    }
}
