//! Whether a standalone service can have boxes now.

use std::sync::Arc;

use crate::health::{Part, Readiness, Recent};
use crate::sandbox::{Backend, Check};

/// What makes the boxes of a standalone service, asked once in a while, however many clients ask.
#[derive(Debug)]
pub(super) struct BoxSupply {
    backend: Arc<dyn Backend>,
    /// Those whose boxes are started ahead: other languages can be judged without them.
    environments: Vec<String>,
    recent: Recent,
}

impl BoxSupply {
    pub(super) fn new(backend: Arc<dyn Backend>, environments: Vec<String>) -> Self {
        Self {
            backend,
            environments,
            recent: Recent::default(),
        }
    }

    /// Whether boxes can be made; else why not.
    pub(super) async fn ready(&self) -> Result<(), String> {
        let asking = async { Readiness::of("", [("sandbox", Part::asked(self.examine()).await)]) };
        let readiness = self.recent.or(asking).await;
        let found = readiness.parts.into_values().find(|part| !part.ready);
        found.map_or(Ok(()), |part| Err(format!("boxes cannot be made: {}", part.found)))
    }

    async fn examine(&self) -> Part {
        let environments: Vec<&str> = self.environments.iter().map(String::as_str).collect();
        let checks = self.backend.examine(&environments).await;
        let failed: Vec<String> = checks.into_iter().filter(Check::has_failed).map(described).collect();
        match failed.is_empty() {
            true => Part::ready("boxes can be made"),
            false => Part::not_ready(failed.join("; ")),
        }
    }
}

fn described(check: Check) -> String {
    match check.remedy {
        Some(remedy) => format!("{}: {}; {remedy}", check.check, check.found),
        None => format!("{}: {}", check.check, check.found),
    }
}
