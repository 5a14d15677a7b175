//! The settings of Assize: defaults, then a file, then `ASSIZE__SECTION__KEY`, each over the one before.
//!
//! A value that does not parse, a key that does not exist and a contradiction stop the start, with the name of the
//! setting. It knows neither broker nor sandbox: it is only what they are told.

mod broker;
mod choice;
mod defaults;
mod environment;
mod hosts;
mod installed;
mod language;
mod limits;
mod load;
mod named_environments;
mod observability;
mod package_ceiling;
mod quotas;
mod range_error;
mod references;
mod run;
mod sandbox;
mod serve;
mod settings;
mod shape;
mod validate;

pub use broker::BrokerSettings;
pub use defaults::DEFAULTS;
pub use environment::EnvironmentError;
pub use hosts::each_host;
pub use installed::EnvironmentSettings;
pub use language::{LanguageSettings, Startup, check_endings, not_configured};
pub use limits::{LimitSettings, scaled_ms};
pub use load::{ConfigError, Place, ValueError, load, wrong_setting};
pub use observability::{HttpSettings, LogFormat, LogSettings};
pub use package_ceiling::PackageCeiling;
pub use quotas::{Quota, Quotas};
pub use range_error::RangeError;
pub use run::RunSettings;
#[cfg(feature = "process-backend")]
pub use sandbox::ProcessSettings;
pub use sandbox::{Accelerator, DockerSettings, MicrovmSettings, NsjailSettings, SandboxSettings, StreamsOf, Vmm};
pub use serve::{ANY_ORIGIN, Dialect, ServeSettings};
pub use settings::{
    JudgeSettings, JudgingSettings, ProblemSettings, SecuritySettings, Settings, StoreSettings, SubmissionSettings,
    ValidatorSettings, VerifySettings, WorkerSettings,
};
