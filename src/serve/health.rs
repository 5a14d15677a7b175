//! How a service is, for what watches it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::config::LanguageSettings;
use crate::gateway::Engine;
use crate::health::{Part, Readiness, Recent, Stalled, Watched};
use crate::judge::Culprit;
use crate::sandbox::Pool;
use crate::telemetry::metrics;

/// What is known of a service's health.
pub(super) struct ServiceHealth {
    name: String,
    /// What it needs before it can take submissions.
    needs: &'static str,
    /// Known when that was there once.
    engine: OnceLock<Arc<dyn Engine>>,
    /// Of a service that judges.
    pool: OnceLock<Arc<Pool>>,
    recent: Recent,
}

impl ServiceHealth {
    /// Of a service that still waits for what it needs.
    pub(super) fn waiting_for(needs: &'static str, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            needs,
            engine: OnceLock::new(),
            pool: OnceLock::new(),
            recent: Recent::default(),
        }
    }

    /// It takes submissions from now on.
    pub(super) fn takes_submissions(&self, engine: Arc<dyn Engine>) {
        self.engine.get_or_init(|| engine);
    }

    /// It judges them in so many slots itself.
    pub(super) fn judges(&self, pool: Arc<Pool>, slots: usize, languages: &BTreeMap<String, LanguageSettings>) {
        metrics().expect_judging(slots, languages, Culprit::ALL.map(Culprit::name));
        self.pool.get_or_init(|| pool);
    }

    async fn examine(&self) -> Readiness {
        let asking = async {
            let Some(engine) = self.engine.get() else {
                return Part::not_ready(format!("waits for {}", self.needs));
            };
            match engine.ready().await {
                Ok(()) => Part::ready("takes submissions"),
                Err(error) => Part::not_ready(error.to_string()),
            }
        };
        let service = Part::asked(asking).await;
        metrics().readiness(service.ready, [("service", service.ready)]);
        Readiness::of(&self.name, [("service", service)])
    }
}

impl Watched for ServiceHealth {
    /// Its requests have tasks of their own: a service that answers is alive.
    fn alive(&self) -> Result<(), Stalled> {
        Ok(())
    }

    fn readiness(&self) -> BoxFuture<'_, Readiness> {
        self.recent.or(self.examine()).boxed()
    }

    fn metrics(&self) -> BoxFuture<'_, String> {
        async {
            self.readiness().await;
            if let Some(pool) = self.pool.get() {
                let ready = i64::try_from(pool.ready()).unwrap_or(i64::MAX);
                metrics().boxes.warm.set(ready);
            }
            metrics().exposed()
        }
        .boxed()
    }
}
