//! From the settings to a worker: each part is opened in turn, and known to the worker's health as soon as it is there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::broker::{Broker, Incoming};
use crate::config::{LanguageSettings, ProblemSettings, SandboxSettings, Settings, ValidatorSettings};
use crate::judge::{Judge, JudgeOptions};
use crate::problem::{ProblemStore, examine_problems};
use crate::sandbox::{Backend, Pool, PoolPlan, wait_until_usable};
use crate::store::Store;
use crate::worker::cancellations::Cancellations;
use crate::worker::health::Health;
use crate::worker::host_health::CircuitBreaker;
use crate::worker::outage::Outage;
use crate::worker::probe::Probe;
use crate::worker::settings::GradeSettings;
use crate::worker::test_sets::TestSets;
use crate::worker::{ServeError, Worker};

/// Starts a worker in boxes of this backend, with CPUs for each slot.
///
/// # Errors
/// When a part cannot be used; one that is merely away is waited for.
pub(super) async fn start(
    backend: Arc<dyn Backend>,
    settings: &Settings,
    slots: Vec<String>,
    health: &Arc<Health>,
) -> Result<(Arc<Worker>, Arc<Pool>, Incoming), ServeError> {
    examine_problems(&settings.problems).await?;
    let problems = ProblemStore::open(&settings.problems)?;
    let prefetch = u16::try_from(slots.len()).unwrap_or(u16::MAX);
    let backend = health.backend.get_or_init(|| backend);
    wait_until_usable(backend.as_ref()).await?;
    let plan = PoolPlan::new(&settings.sandbox, slots, settings.sandbox.warm_boxes);
    let pool = Arc::new(Pool::new(Arc::clone(backend), &plan));
    let pool = Arc::clone(health.pool.get_or_init(|| pool));
    let store = Store::open(&settings.store).await?;
    let store = health.store.get_or_init(|| store).clone();
    let (broker, incoming) = Broker::start(&settings.broker, &settings.worker.id, prefetch).await?;
    let broker = health.broker.get_or_init(|| broker).clone();
    let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems);
    judge.expect(&settings.sandbox.warm_languages);
    let language = likely_language(&settings.sandbox, &settings.languages);
    let spec = language.and_then(|language| judge.expected_box(language));
    let caches = caches(&settings.problems, &settings.validators);
    let breaker = Arc::new(CircuitBreaker::new(Probe::new(Arc::clone(&pool), spec, caches)));
    health.host_health.get_or_init(|| breaker.subscribe());
    let (caps, memory_bytes) = (settings.submission.caps(), settings.store.test_set_memory_bytes);
    let worker = Worker {
        settings: GradeSettings::from(settings),
        test_sets: TestSets::of(store.clone(), caps, memory_bytes),
        health: Arc::clone(health),
        broker,
        store,
        judge,
        cancellations: Arc::new(Cancellations::new()),
        breaker,
        outage: Outage::default(),
    };
    Ok((Arc::new(worker), pool, incoming))
}

/// The language that is tried: the first that is kept warm, or else the first that there is.
fn likely_language<'a>(
    sandbox: &'a SandboxSettings,
    languages: &'a BTreeMap<String, LanguageSettings>,
) -> Option<&'a String> {
    sandbox.warm_languages.iter().chain(languages.keys()).next()
}

/// The caches that are written to.
fn caches(problems: &ProblemSettings, validators: &ValidatorSettings) -> impl Iterator<Item = PathBuf> {
    let downloads = (!problems.url.is_empty()).then(|| problems.cache_directory.clone());
    downloads.into_iter().chain([validators.cache_directory.clone()])
}
