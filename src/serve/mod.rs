//! `assize serve`: the HTTP service with what stands behind it.
//!
//! ```text
//! brokered:   HTTP -> PostgreSQL, RabbitMQ -> workers -> RabbitMQ, PostgreSQL -> HTTP     any number, nothing is lost with one
//! standalone: HTTP -> bounded queue -> the judge in this process -> HTTP                  nothing outlives the process
//! ```

mod board;
mod box_supply;
mod brokered;
mod callback_places;
mod callbacks;
mod cpu_use;
mod health;
mod known_problems;
mod listed;
mod memory_callbacks;
mod memory_records;
mod memory_sessions;
mod memory_test_sets;
mod open_files;
mod problems;
mod standalone;
mod stored_records;
mod stored_test_sets;
mod versions;
mod watched;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::{ServeSettings, Settings};
use crate::gateway::{Api, ApiOptions, Catalog, Engine, GatewayError, Records, Server, TestSets, TokenFileError};
use crate::health::{HttpService, ListenError};
use crate::judge::{Judge, JudgeOptions};
use crate::problem::{ProblemDirectoryError, ProblemStore, StoreUrlError, examine_problems};
use crate::sandbox::{Backend, BackendError, Pool, PoolPlan, open_backend, wait_until_usable};
use crate::store::{Store, StoreError};
use crate::webhook::{CallbackKey, WebhookError, Webhooks};
use box_supply::BoxSupply;
use brokered::Brokered;
use health::ServiceHealth;
use memory_callbacks::MemoryCallbacks;
use memory_records::MemoryRecords;
use memory_test_sets::MemoryTestSets;
pub use open_files::allow_open_files;
use standalone::{Standalone, StandaloneOptions};
use stored_records::StoredRecords;
use stored_test_sets::StoredTestSets;
use versions::Versions;

/// A service that cannot serve.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No box can be made.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The address of the problem storage is wrong.
    #[error(transparent)]
    Problems(#[from] StoreUrlError),
    /// There is no directory of problems.
    #[error(transparent)]
    ProblemDirectory(#[from] ProblemDirectoryError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is none.
    #[error("assize serve keeps submissions in the database; set store.enabled = true, or serve with --standalone")]
    NoStore,
    /// The HTTP service cannot be started.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The address of health and metrics cannot be used.
    #[error(transparent)]
    Monitoring(#[from] ListenError),
    /// The tokens cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokenFileError),
    /// Callbacks cannot be sent.
    #[error(transparent)]
    Webhooks(#[from] WebhookError),
}

/// Serves until `stop`, over RabbitMQ and PostgreSQL; `listening` is told where.
///
/// # Errors
/// When the database is switched off or of another version, or the address cannot be used. A broker that is away is waited
/// for, and requests are refused meanwhile.
pub async fn serve(
    settings: Settings,
    stop: CancellationToken,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    if !settings.store.enabled {
        return Err(ServeError::NoStore);
    }
    let problems = ProblemStore::open(&settings.problems)?;
    // Who watches it sees that it lives while the database is waited for.
    let health = Arc::new(ServiceHealth::waiting_for("PostgreSQL", &settings.worker.id));
    let _monitoring = monitor(&settings.serve, Arc::clone(&health)).await?;
    let store = tokio::select! {
        () = stop.cancelled() => return Ok(()),
        store = Store::open(&settings.store) => store?,
    };
    let versions = Versions::of_settings(&settings.environments);
    let engine = Arc::new(Brokered::new(
        (store.clone(), Duration::from_secs(settings.serve.in_flight_s)),
        settings.broker.clone(),
        problems,
        versions,
    ));
    let webhooks = webhooks_of(&settings.serve)?;
    let storage = Storage {
        records: Arc::new(StoredRecords::new(store.clone(), settings.broker.clone())),
        test_sets: Arc::new(StoredTestSets::new(store.clone(), settings.serve.test_set_bytes)),
    };
    health.takes_submissions(Arc::<Brokered>::clone(&engine));
    let server = bind(&settings, Arc::clone(&engine), storage, webhooks.clone()).await?;
    let mut tasks = before_workers(&engine, Duration::from_secs(settings.serve.keep_sources_s));
    if let Some(webhooks) = webhooks {
        let timeout = Duration::from_millis(settings.serve.callback_timeout_ms);
        tasks.spawn(callbacks::deliver(store.clone(), webhooks, timeout));
    }
    listening(server.address());
    server.serve(&stop).await;
    tasks.shutdown().await;
    store.close().await;
    Ok(())
}

/// What a service before workers does beside answering requests; messages of submissions are kept for so long.
fn before_workers(engine: &Arc<Brokered>, keep: Duration) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(Arc::clone(engine).listen());
    tasks.spawn(Arc::clone(engine).look());
    tasks.spawn(Arc::clone(engine).forget(keep));
    tasks.spawn(Arc::clone(engine).make_room());
    tasks.spawn(Arc::clone(engine).close_answered());
    tasks
}

/// Tells operators how the service is, as long as what comes back lives.
async fn monitor(serve: &ServeSettings, health: Arc<ServiceHealth>) -> Result<Option<HttpService>, ListenError> {
    HttpService::start(("serve.monitoring.listen", &serve.monitoring), health).await
}

/// What sends callbacks, if there is a key to sign them with.
fn webhooks_of(serve: &ServeSettings) -> Result<Option<Arc<Webhooks>>, ServeError> {
    if serve.callback_key_file.as_os_str().is_empty() {
        return Ok(None);
    }
    let key = CallbackKey::read(&serve.callback_key_file)?;
    let timeout = Duration::from_millis(serve.callback_timeout_ms);
    Ok(Some(Arc::new(Webhooks::new(key, &serve.allowed_networks(), timeout)?)))
}

/// What is kept beside submissions and problems.
struct Storage {
    records: Arc<dyn Records>,
    test_sets: Arc<dyn TestSets>,
}

/// A server in front of an engine.
async fn bind<E: Engine + Catalog + 'static>(
    settings: &Settings,
    engine: Arc<E>,
    storage: Storage,
    webhooks: Option<Arc<Webhooks>>,
) -> Result<Server, ServeError> {
    let api = Api::new(ApiOptions {
        serve: settings.serve.clone(),
        caps: settings.submission.caps(),
        limits: settings.limits.clone(),
        languages: settings.languages.clone(),
        default_language: settings.judge.default_language.clone(),
        engine: Arc::<E>::clone(&engine),
        webhooks,
        package_bytes: settings.problems.archive_bytes,
        catalog: engine,
        test_set_bytes: settings.submission.max_test_set_bytes,
        test_sets: storage.test_sets,
        records: storage.records,
    })?;
    Ok(Server::bind(&settings.serve, api).await?)
}

/// Serves until `stop`, with a judge in the same process; `listening` is told where.
///
/// # Errors
/// When no box can be made, there are no problems, or the address cannot be used.
pub async fn serve_standalone(
    settings: Settings,
    slots: Vec<String>,
    stop: CancellationToken,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    examine_problems(&settings.problems).await?;
    let problems = ProblemStore::open(&settings.problems)?;
    let backend: Arc<dyn Backend> = open_backend(&settings.sandbox, &settings.worker.id)?.into();
    let health = Arc::new(ServiceHealth::waiting_for("the sandbox", &settings.worker.id));
    let _monitoring = monitor(&settings.serve, Arc::clone(&health)).await?;
    tokio::select! {
        () = stop.cancelled() => return Ok(()),
        usable = wait_until_usable(backend.as_ref()) => usable?,
    }
    let count = slots.len();
    let plan = PoolPlan::new(&settings.sandbox, slots, settings.sandbox.warm_boxes);
    let boxes = BoxSupply::new(
        Arc::clone(&backend),
        settings.sandbox.warm_environments(&settings.languages),
    );
    let pool = Arc::new(Pool::new(backend, &plan));
    let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems);
    judge.expect(&settings.sandbox.warm_languages);
    let webhooks = webhooks_of(&settings.serve)?;
    let (has_sites, most) = (settings.serve.has_tokens(), settings.serve.max_callbacks);
    let callbacks = webhooks.clone();
    let callbacks = callbacks.map(|webhooks| MemoryCallbacks::new(webhooks, most, has_sites));
    let options = StandaloneOptions::of(&settings.serve, &settings.worker, count);
    let versions = Versions::of_settings(&settings.environments);
    let engine = Arc::new(Standalone::new((judge, boxes), options, callbacks, versions));
    let storage = Storage {
        records: Arc::new(MemoryRecords::new(Arc::clone(&engine))),
        test_sets: Arc::new(MemoryTestSets::within(settings.serve.test_set_bytes)),
    };
    health.judges(Arc::clone(&pool), count, &settings.languages);
    health.takes_submissions(Arc::<Standalone>::clone(&engine));
    let server = bind(&settings, Arc::clone(&engine), storage, webhooks).await?;
    let mut tasks = in_background(&engine, &pool, count, settings.judge.default_language);
    listening(server.address());
    server.serve(&stop).await;
    tasks.shutdown().await;
    pool.close().await;
    Ok(())
}

/// What a standalone service does beside answering requests: it judges in so many slots, and keeps boxes and caches in order.
fn in_background(engine: &Arc<Standalone>, pool: &Arc<Pool>, slots: usize, language: String) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for _slot in 0..slots {
        tasks.spawn(Arc::clone(engine).work());
    }
    let swept = Arc::clone(pool);
    tasks.spawn(async move { swept.sweep_regularly(|| {}).await });
    tasks.spawn(Arc::clone(engine).make_room());
    tasks.spawn(Arc::clone(engine).forget());
    tasks.spawn(Arc::clone(engine).learn_versions(language));
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{Monitored, query};

    /// An address of this host that no other process listens at.
    fn address_of_this_process() -> std::net::Ipv4Addr {
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        std::net::Ipv4Addr::new(127, high.saturating_add(1), middle, low)
    }

    #[tokio::test]
    async fn a_service_is_seen_to_live_while_the_database_is_away() {
        let mut settings = crate::config::load(None).unwrap();
        settings.store.url = "postgres://assize@127.0.0.1:1/assize".to_owned();
        settings.serve.monitoring.listen = format!("{}:8752", address_of_this_process());
        let (monitoring, id) = (settings.serve.monitoring.clone(), settings.worker.id.clone());
        let stop = CancellationToken::new();
        let asked = async {
            // It listens within a moment.
            while query(Monitored::Service, &monitoring, &id).await.is_err() {
                tokio::task::yield_now().await;
            }
            query(Monitored::Service, &monitoring, &id).await.unwrap()
        };
        let readiness = tokio::select! {
            ended = Box::pin(serve(settings, stop, |_address| {})) => panic!("{ended:?}"),
            readiness = asked => readiness,
        };
        assert!(!readiness.ready);
        assert_eq!(readiness.parts["service"].found, "waits for PostgreSQL");
    }
}
