//! From the setting `sandbox.backend` to a backend. This is the only place that knows which there are.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};

use crate::config::SandboxSettings;
use crate::sandbox::docker::DockerBackend;
#[cfg(feature = "process-backend")]
use crate::sandbox::process::ProcessBackend;
use crate::sandbox::{Backend, BackendError};

/// The backend that the settings name. Nothing is connected or started yet.
///
/// # Errors
/// When there is none of that name, or its settings cannot be used.
pub fn open_backend(settings: &SandboxSettings, worker: &str) -> Result<Box<dyn Backend>, BackendError> {
    Ok(match settings.backend.as_str() {
        "docker" => Box::new(DockerBackend::new(settings, worker)?),
        #[cfg(feature = "process-backend")]
        "process" => Box::new(ProcessBackend::new(settings)),
        name => {
            return Err(BackendError::Unknown {
                name: name.to_owned(),
                known: "\"docker\"",
            });
        }
    })
}

/// Waits for a backend that is away, with a line per attempt.
///
/// # Errors
/// When waiting does not help.
pub async fn wait_until_usable(backend: &dyn Backend) -> Result<(), BackendError> {
    let backoff = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times();
    (|| backend.connect())
        .retry(backoff)
        .when(|error| matches!(error, BackendError::Away { .. }))
        .notify(|error, delay| tracing::warn!(%error, ?delay, "the sandbox backend cannot be used; it is tried again after the delay"))
        .await
}
