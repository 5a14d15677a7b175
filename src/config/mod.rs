//! The settings of Assize: defaults, then a file, then `ASSIZE__SECTION__KEY`, each over the one before.
//!
//! A value that does not parse, a key that does not exist and a contradiction stop the start, with the name of the
//! setting. It knows neither broker nor sandbox: it is only what they are told.

mod broker;
mod defaults;
mod environment;
mod load;
mod named_environments;
mod range_error;
mod references;
mod settings;
mod shape;
mod validate;
mod wall_limit;

pub use broker::BrokerSettings;
pub use defaults::DEFAULTS;
pub use environment::EnvironmentError;
pub use load::{ConfigError, Place, load, wrong_setting};
pub use range_error::RangeError;
#[cfg(feature = "process-backend")]
pub use settings::ProcessSettings;
pub use settings::{
    DockerSettings, HttpSettings, JudgeSettings, JudgingSettings, LanguageSettings, LimitSettings, LogFormat,
    LogSettings, ProblemSettings, SandboxSettings, SecuritySettings, Settings, Startup, StoreSettings,
    SubmissionSettings, ValidatorSettings, WorkerSettings,
};
pub use wall_limit::scaled_ms;
