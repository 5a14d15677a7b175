//! The settings that judging depends on, as the judge holds them.

use std::collections::BTreeMap;

use crate::config::{
    EnvironmentSettings, JudgeSettings, JudgingSettings, LanguageSettings, LimitSettings, RunSettings,
    ValidatorSettings,
};
use crate::judge::JudgeError;

/// The settings that judging depends on.
#[derive(Debug, Clone)]
pub struct JudgeOptions {
    /// Name of this worker in verdicts.
    pub(super) worker_id: String,
    /// One table per language.
    pub(super) languages: BTreeMap<String, LanguageSettings>,
    /// What is in environments.
    pub(super) environments: BTreeMap<String, EnvironmentSettings>,
    /// Limits of a test.
    pub(super) limits: LimitSettings,
    /// How tests are run and shown.
    pub(super) judge: JudgeSettings,
    /// Programs that are only run.
    pub(super) run: RunSettings,
    /// Output validators of problem packages.
    pub(super) validators: ValidatorSettings,
    /// What every box is like.
    pub(super) boxes: BoxOptions,
}

/// What every box is like, whatever runs in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxOptions {
    /// CPUs that a box may keep busy.
    pub(super) cpus: u32,
    /// Writable space in the work directory, in bytes.
    pub(super) scratch_bytes: u64,
    /// Files and directories in it.
    pub(super) scratch_inodes: u64,
    /// How long a box may take to start, in milliseconds.
    pub(super) launch_timeout_ms: u64,
    /// Whether forked interpreters note what Python audits.
    pub(super) audit: bool,
}

impl From<JudgingSettings> for JudgeOptions {
    fn from(settings: JudgingSettings) -> Self {
        Self {
            worker_id: settings.worker.id,
            languages: settings.languages,
            environments: settings.environments,
            limits: settings.limits,
            judge: settings.judge,
            run: settings.run,
            validators: settings.validators,
            boxes: BoxOptions {
                cpus: settings.sandbox.cpus,
                scratch_bytes: settings.sandbox.scratch_bytes,
                scratch_inodes: settings.sandbox.scratch_inodes,
                launch_timeout_ms: settings.sandbox.launch_timeout_ms,
                audit: settings.security.audit,
            },
        }
    }
}

/// The language that validators in an interpreted language are written in.
pub(in crate::judge) fn validator_language(options: &JudgeOptions) -> Result<&LanguageSettings, JudgeError> {
    let name = &options.validators.language;
    options
        .languages
        .get(name)
        .ok_or_else(|| JudgeError::NoValidatorLanguage { language: name.clone() })
}
