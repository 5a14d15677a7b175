//! Log lines about attacks, under a target of their own, so that they can be sent elsewhere.

use tracing::{error, info, warn};

use crate::contract::{SecurityEvent, SecuritySeverity};

/// Target of these lines, for `log.filter` and for whoever collects them.
const TARGET: &str = "assize::security";

/// Logs what was noticed about a submission.
pub fn security_event(event: &SecurityEvent) {
    let finding = &event.finding;
    let problem = event.problem.as_ref().map(|problem| problem.id.as_str());
    let metadata = serde_json::to_string(&event.metadata).unwrap_or_default();
    macro_rules! line {
        ($level:ident) => {
            $level!(
                target: TARGET,
                event = %event.id,
                submission = %event.submission,
                kind = finding.kind.name(),
                source = finding.source.name(),
                tests = finding.tests,
                first_test = finding.first_test,
                detail = finding.detail,
                last_audit_events = ?finding.last_audit_events,
                verdict = event.verdict.code(),
                problem,
                metadata,
                "noticed something about a submission"
            )
        };
    }
    match finding.severity {
        SecuritySeverity::Notice => line!(info),
        SecuritySeverity::Warning => line!(warn),
        SecuritySeverity::Alert => line!(error),
    }
}
