//! How a service is, for what watches it.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    engine: Arc<dyn Engine>,
    /// Of a service that judges.
    pool: Option<Arc<Pool>>,
    recent: Recent,
}

impl ServiceHealth {
    /// Of a service before workers.
    pub(super) fn of(name: &str, engine: Arc<dyn Engine>) -> Self {
        Self {
            name: name.to_owned(),
            engine,
            pool: None,
            recent: Recent::default(),
        }
    }

    /// Of a service that judges in so many slots itself.
    pub(super) fn judging(self, pool: Arc<Pool>, slots: usize, languages: &BTreeMap<String, LanguageSettings>) -> Self {
        metrics().expect_judging(slots, languages, Culprit::ALL.map(Culprit::name));
        Self {
            pool: Some(pool),
            ..self
        }
    }

    async fn examine(&self) -> Readiness {
        let asking = async {
            match self.engine.ready().await {
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
            if let Some(pool) = &self.pool {
                let ready = i64::try_from(pool.ready()).unwrap_or(i64::MAX);
                metrics().boxes.warm.set(ready);
            }
            metrics().exposed()
        }
        .boxed()
    }
}
