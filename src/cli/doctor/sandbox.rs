//! What the backend finds out about itself and its host, and a box that is started.

use crate::attack::AttackRun;
use crate::cli::doctor::inside;
use crate::config::JudgingSettings;
use crate::sandbox::{BackendError, BackendFacts, Check, CheckState, Isolation, open_backend, share_out};

const A_BOX: &str = "a box";

const SEE_ABOVE: &str = "see the lines above, and the log of what makes the boxes";

/// The checks of the backend; where they fail, a box could only repeat why.
pub(super) async fn checks(settings: &JudgingSettings) -> Vec<Check> {
    let backend = match open_backend(&settings.sandbox, &settings.worker.id) {
        Ok(backend) => backend,
        Err(error) => return vec![Check::fail("sandbox", error.to_string(), "correct the setting")],
    };
    let mut checks = backend.examine(&environments(settings)).await;
    let connected = backend.connect().await;
    checks.insert(0, wall(&backend.facts()));
    backend.close().await;
    match connected {
        Ok(()) => checks.extend(a_box(settings).await),
        // The checks report it already.
        Err(BackendError::Away { .. }) if checks.iter().any(|check| check.state == CheckState::Fail) => {}
        Err(error) => checks.push(Check::fail(A_BOX, error.to_string(), SEE_ABOVE)),
    }
    checks
}

/// What stands between a program and this host. What makes it is known of a backend that can be used.
fn wall(facts: &BackendFacts) -> Check {
    const NAME: &str = "wall";
    let made_by = [facts.name, &facts.runtime];
    let made_by: Vec<&str> = made_by.into_iter().filter(|part| !part.is_empty()).collect();
    let found = format!("{} by {}", facts.isolation.name(), made_by.join(", "));
    match facts.isolation {
        Isolation::Container | Isolation::Machine => Check::ok(NAME, found),
        Isolation::None => Check::warn(NAME, found, "run no stranger's program there"),
    }
}

/// Every environment that a worker needs, each once.
fn environments(settings: &JudgingSettings) -> Vec<&str> {
    let mut named: Vec<&str> = settings.environments().map(|(_key, name)| name).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// With everything that judging needs: the filter, the limits, the runner of this version.
async fn a_box(settings: &JudgingSettings) -> Vec<Check> {
    let slots = match share_out(&settings.sandbox, 1) {
        Ok(shares) => shares.slots,
        Err(error) => return vec![Check::fail(A_BOX, error.to_string(), "correct the setting")],
    };
    let startup = settings.default_language().map(|python| python.startup);
    let run = match AttackRun::open(settings.clone(), slots, startup.unwrap_or_default(), None).await {
        Ok(run) => run,
        Err(error) => return vec![Check::fail(A_BOX, error.to_string(), SEE_ABOVE)],
    };
    let mut checks = Vec::new();
    match run.control().await {
        Ok(ms) => {
            checks.push(Check::ok(
                A_BOX,
                format!("judges a program in {ms} ms, its start included"),
            ));
            checks.extend(inside::checks(&run).await);
        }
        Err(reason) => checks.push(Check::fail(A_BOX, reason, SEE_ABOVE)),
    }
    run.close().await;
    checks
}
