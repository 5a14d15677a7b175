//! One submission at a time: how long it takes, each way in each round, so that noise hits all alike.

use std::collections::BTreeMap;

use crate::cli::bench::crew::{Crew, Seen};
use crate::cli::bench::figures::{Figures, Latency, median};
use crate::cli::bench::reference::{container_per_submission, run_per_test};
use crate::cli::bench::site::Site;
use crate::cli::bench::variant::Variant;
use crate::cli::bench::workload::Workload;
use crate::contract::Request;
use crate::store::{Claim, Store, Wanted};

/// Rounds that are not counted: caches fill, pools warm up.
const WARM_UP: usize = 2;

/// Who does it in the references.
pub(super) const PLAIN: &str = "python3 per test";
pub(super) const PER_TEST: &str = "docker run per test";
pub(super) const PER_SUBMISSION: &str = "container per submission";

/// From where to where.
pub(super) const CONFIRMED: &str = "delivery to verdict";
pub(super) const LEASED: &str = "box leased to judgement";
const JUDGED: &str = "delivery to judgement";
const SITE: &str = "sent to answered";
const WHOLE: &str = "start to end";

/// Measurements in milliseconds, by way and span, in the order in which they came up.
#[derive(Default)]
struct Values {
    order: Vec<(String, &'static str)>,
    values: BTreeMap<(String, &'static str), Vec<f64>>,
}

impl Values {
    fn add(&mut self, way: &str, span: &'static str, value: f64) {
        let key = (way.to_owned(), span);
        if !self.values.contains_key(&key) {
            self.order.push(key.clone());
        }
        self.values.entry(key).or_default().push(value);
    }
}

/// Measures these workloads.
pub(super) async fn measure(site: &mut Site, workloads: &[Workload], figures: &mut Figures) -> anyhow::Result<()> {
    let variants = site.variants.clone();
    for workload in workloads {
        let what = format!("{} latency", workload.name);
        site.live.part(&what);
        let mut contenders = Vec::new();
        for (number, variant) in variants.iter().enumerate() {
            let settings = site.corner.settings(variant, 1, &format!("one-{number}"));
            contenders.push((variant, Crew::start(&site.corner, &settings).await?));
        }
        let mut values = Values::default();
        let mut last = None;
        for round in 0..WARM_UP + site.rounds {
            site.live.count(round, WARM_UP + site.rounds, &what);
            let mut found = Values::default();
            last = Some(one_round(site, workload, &mut contenders, &mut found).await?);
            if round >= WARM_UP {
                for ((way, span), taken) in found.order.iter().map(|key| (key, &found.values[key])) {
                    taken.iter().for_each(|value| values.add(way, span, *value));
                }
            }
        }
        if workload.name == "W1"
            && let Some(seen) = last
        {
            steps(site, &seen, &mut contenders, &mut values).await?;
        }
        for (_, crew) in contenders {
            crew.stop().await?;
        }
        add_figures(workload, &values, figures);
    }
    Ok(())
}

async fn one_round(
    site: &mut Site,
    workload: &Workload,
    contenders: &mut [(&Variant, Crew)],
    values: &mut Values,
) -> anyhow::Result<Seen> {
    let mut last = None;
    for (variant, crew) in contenders {
        site.meter.settle().await?;
        let seen = crew.judge(workload).await?;
        values.add(&variant.name, SITE, seen.site_ms);
        values.add(&variant.name, LEASED, seen.leased_ms);
        values.add(&variant.name, JUDGED, seen.judged_ms);
        values.add(&variant.name, CONFIRMED, seen.confirmed_ms);
        last.get_or_insert(seen);
    }
    site.meter.settle().await?;
    if let Some(plain) = site.plains.first_mut() {
        values.add(PLAIN, WHOLE, plain.run(workload).await?.iter().sum());
    }
    if workload.name != "W5" {
        // The first test stands for all: twenty containers one after the other would take most of the time.
        let one = run_per_test(&site.image, workload, 0).await?;
        values.add(PER_TEST, WHOLE, one * workload.tests.len() as f64);
        site.meter.settle().await?;
    }
    values.add(
        PER_SUBMISSION,
        WHOLE,
        container_per_submission(&site.image, workload).await?,
    );
    last.ok_or_else(|| anyhow::anyhow!("there is no worker to measure"))
}

/// Where the time between judgement and verdict goes: the database and the broker, each alone.
async fn steps(
    site: &Site,
    seen: &Seen,
    contenders: &mut [(&Variant, Crew)],
    values: &mut Values,
) -> anyhow::Result<()> {
    let store = Store::open(&site.settings.store).await?;
    let mut judgement = seen.judgement.clone();
    for _ in 0..site.rounds {
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
        };
        let claim = store.claim(&wanted, "bench").await?;
        values.add(STEP, CLAIM, began.elapsed().as_secs_f64() * 1e3);
        let began = std::time::Instant::now();
        if let Claim::Ours(mut lease) = claim {
            lease.record(&judgement, &[]).await?;
        }
        values.add(STEP, RECORD, began.elapsed().as_secs_f64() * 1e3);
    }
    store.close().await;
    if let Some((_, crew)) = contenders.first_mut() {
        for _ in 0..site.rounds {
            values.add(STEP, PUBLISH, crew.time_to_send(&Workload::hello()).await?);
        }
    }
    Ok(())
}

const STEP: &str = "";
const CLAIM: &str = "take a submission in hand";
const RECORD: &str = "store a verdict";
const PUBLISH: &str = "publish to a quorum queue, confirmed";

fn add_figures(workload: &Workload, values: &Values, figures: &mut Figures) {
    let plain = values.values.get(&(PLAIN.to_owned(), WHOLE));
    let plain_ms = plain.map_or(f64::NAN, |values| median(values));
    for (way, span) in &values.order {
        let taken = &values.values[&(way.clone(), *span)];
        let latency = Latency::of(workload.name, way, span, taken, plain_ms);
        if way == STEP {
            figures.steps.push(latency);
        } else {
            figures.latencies.push(latency);
        }
    }
}
