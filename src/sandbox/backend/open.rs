//! From the setting `sandbox.backend` to a backend. This is the only place that knows which there are.

use backon::Retryable as _;
use thiserror::Error;

use crate::backoff::of_a_service;
use crate::config::SandboxSettings;
use crate::sandbox::cpus::check_cpuset;
use crate::sandbox::docker::{self, DockerBackend};
use crate::sandbox::microvm::{self, MicrovmBackend};
use crate::sandbox::nsjail::{self, NsjailBackend};
#[cfg(feature = "process-backend")]
use crate::sandbox::process::{self, ProcessBackend};
use crate::sandbox::{Backend, BackendError, BoxedError, LaunchError};

type Opened = Result<Box<dyn Backend>, BackendError>;

/// What a backend can be asked before it is made.
struct Kind {
    open: fn(&SandboxSettings, &str) -> Opened,
    check: fn(&SandboxSettings) -> Result<(), BackendError>,
    check_environment: fn(&SandboxSettings, &str) -> Result<(), LaunchError>,
}

/// The names in [`kind`] that users may give, quoted.
const KNOWN: &str = "\"docker\", \"nsjail\" or \"microvm\"";

fn kind(settings: &SandboxSettings) -> Option<Kind> {
    Some(match settings.backend.as_str() {
        "docker" => Kind {
            open: |settings, worker| Ok(Box::new(DockerBackend::new(settings, worker)?)),
            check: |settings| docker::check_settings(&settings.docker),
            check_environment: |settings, name| docker::image_of(&settings.docker, name).map(drop),
        },
        "nsjail" => Kind {
            open: |settings, _worker| Ok(Box::new(NsjailBackend::new(settings))),
            check: |settings| nsjail::check_settings(&settings.nsjail),
            check_environment: |settings, name| nsjail::check_environment(&settings.nsjail, name),
        },
        "microvm" => Kind {
            open: |settings, _worker| Ok(Box::new(MicrovmBackend::new(settings))),
            check: |settings| microvm::check_settings(&settings.microvm),
            check_environment: |settings, name| microvm::check_environment(&settings.microvm, name),
        },
        #[cfg(feature = "process-backend")]
        "process" => Kind {
            open: |settings, _worker| Ok(Box::new(ProcessBackend::new(settings))),
            check: |_settings| Ok(()),
            check_environment: |settings, name| process::check_environment(&settings.process, name),
        },
        _ => return None,
    })
}

/// The backend that the settings name. Nothing is connected or started yet.
///
/// # Errors
/// When there is none of that name, or its settings cannot be used.
pub fn open_backend(settings: &SandboxSettings, worker: &str) -> Opened {
    let unknown = || BackendError::Unknown {
        name: settings.backend.clone(),
        known: KNOWN,
    };
    (kind(settings).ok_or_else(unknown)?.open)(settings, worker)
}

/// A setting that no box could be made with.
#[derive(Debug, Error)]
#[error("the setting {key} cannot be used: {source}")]
pub struct WrongSetting {
    /// Its name, such as `sandbox.cpuset`.
    pub key: String,
    /// What is wrong, and what to write.
    pub source: BoxedError,
}

/// Checks the settings of boxes as far as that needs no daemon; `environments` are those that are asked for, each with the
/// name of the setting that does so.
///
/// # Errors
/// Names the first setting that cannot be used.
pub fn check_settings<'a>(
    settings: &SandboxSettings,
    environments: impl IntoIterator<Item = (String, &'a str)>,
) -> Result<(), WrongSetting> {
    check_cpuset(&settings.cpuset).map_err(|error| wrong("sandbox.cpuset", error))?;
    let name = &settings.backend;
    let unknown = || {
        wrong(
            "sandbox.backend",
            format!("{name:?} names no backend; set it to {KNOWN}"),
        )
    };
    let kind = kind(settings).ok_or_else(unknown)?;
    (kind.check)(settings).map_err(|error| wrong(&format!("sandbox.{name}"), error))?;
    for (key, environment) in environments {
        (kind.check_environment)(settings, environment).map_err(|error| wrong(&key, error))?;
    }
    Ok(())
}

fn wrong(key: &str, source: impl Into<BoxedError>) -> WrongSetting {
    WrongSetting {
        key: key.to_owned(),
        source: source.into(),
    }
}

/// Waits for a backend that is away, with a line per attempt.
///
/// # Errors
/// When waiting does not help.
pub async fn wait_until_usable(backend: &dyn Backend) -> Result<(), BackendError> {
    (|| backend.connect())
        .retry(of_a_service())
        .when(|error| matches!(error, BackendError::Away { .. }))
        .notify(|error, delay| tracing::warn!(%error, ?delay, "the sandbox backend cannot be used; it is tried again after the delay"))
        .await
}
