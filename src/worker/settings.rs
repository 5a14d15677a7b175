//! The parts of the settings that the service keeps, taken out of the whole tree when it starts.

use std::collections::BTreeMap;

use crate::config::{
    BrokerSettings, LanguageSettings, ProblemSettings, SandboxSettings, SecuritySettings, Settings, StoreSettings,
    SubmissionSettings, WorkerSettings,
};

/// What becomes of a submission in hand depends on these.
#[derive(Debug)]
pub(super) struct GradeSettings {
    pub(super) worker: WorkerSettings,
    pub(super) broker: BrokerSettings,
    pub(super) store: StoreSettings,
    pub(super) problems: ProblemSettings,
    pub(super) submission: SubmissionSettings,
    pub(super) security: SecuritySettings,
}

impl From<&Settings> for GradeSettings {
    fn from(settings: &Settings) -> Self {
        Self {
            worker: settings.worker.clone(),
            broker: settings.broker.clone(),
            store: settings.store.clone(),
            problems: settings.problems.clone(),
            submission: settings.submission.clone(),
            security: settings.security.clone(),
        }
    }
}

/// What `/readyz` says depends on these.
#[derive(Debug)]
pub(super) struct HealthSettings {
    pub(super) worker: WorkerSettings,
    pub(super) broker: BrokerSettings,
    pub(super) store: StoreSettings,
    pub(super) problems: ProblemSettings,
    pub(super) sandbox: SandboxSettings,
    pub(super) languages: BTreeMap<String, LanguageSettings>,
}

impl From<&Settings> for HealthSettings {
    fn from(settings: &Settings) -> Self {
        Self {
            worker: settings.worker.clone(),
            broker: settings.broker.clone(),
            store: settings.store.clone(),
            problems: settings.problems.clone(),
            sandbox: settings.sandbox.clone(),
            languages: settings.languages.clone(),
        }
    }
}
