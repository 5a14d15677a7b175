//! What the jailer found, as checks.

use assize_jailer_protocol::{Answer, Finding, FindingState, Request, Subject};

use super::call::{CallError, Jailer};
use crate::sandbox::{Check, CheckState};

/// Checks the jailer, its host and these environments. There is nothing to add about a jailer that is away.
pub(super) async fn examine(jailer: &Jailer, environments: &[&str]) -> Vec<Check> {
    const NAME: &str = "jailer";
    let request = Request::Examine {
        environments: environments.iter().map(|name| (*name).to_owned()).collect(),
    };
    let failed = |error: CallError| vec![Check::fail(NAME, error.to_string(), error.remedy())];
    match jailer.ask("examine", &request).await {
        Ok(Answer::Examined(findings)) => {
            let found = format!("answers at {}", jailer.socket().display());
            let checks = findings.into_iter().map(check);
            std::iter::once(Check::ok(NAME, found)).chain(checks).collect()
        }
        Ok(_other) => failed(CallError::out_of_turn(jailer, "examine")),
        Err(error) => failed(error),
    }
}

fn check(finding: Finding) -> Check {
    let state = match finding.state {
        FindingState::Ok => CheckState::Ok,
        FindingState::Warn => CheckState::Warn,
        FindingState::Fail => CheckState::Fail,
    };
    Check {
        check: match finding.subject {
            Subject::Nsjail => "nsjail",
            Subject::Groups => "control groups",
            Subject::UserNamespaces => "user namespaces",
            Subject::Seccomp => "seccomp",
            Subject::Rights => "jailer's rights",
            Subject::Root => "root directory",
        },
        state,
        found: finding.found,
        remedy: (state != CheckState::Ok).then_some(finding.remedy),
    }
}
