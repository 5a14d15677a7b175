//! Whether the worker or the service of the settings is ready, for `--check`.

use std::process::ExitCode;

use crate::cli::output::escape::escape_line;
use crate::cli::{Failure, print};
use crate::config::HttpSettings;
use crate::health::{Monitored, QueryError, query};

/// Prints what is not ready. The exit code is 0 when all is, else 1.
pub(super) async fn check(asked: Monitored, settings: &HttpSettings, id: &str) -> Result<ExitCode, Failure> {
    let readiness = match query(asked, settings, id).await {
        Ok(readiness) => readiness,
        Err(error @ QueryError::NoAddress { .. }) => return Err(Failure::usage(error)),
        Err(error) => {
            Failure::ours(error).print();
            return Ok(ExitCode::from(1));
        }
    };
    if readiness.ready {
        print::text("ready")?;
        return Ok(ExitCode::SUCCESS);
    }
    for (name, part) in readiness.parts.iter().filter(|(_name, part)| !part.ready) {
        print::text(&escape_line(&format!("not ready: {name}: {}", part.found)))?;
    }
    Ok(ExitCode::from(1))
}
