//! What was noticed about attacks: counted, and logged under a target of its own, so that it can be sent elsewhere.

use tracing::{error, info, warn};

use crate::contract::{SecurityEvent, SecuritySeverity};
use crate::telemetry::metrics;

/// Target of these lines, for `log.filter` and for the collector of such lines.
const TARGET: &str = "assize::security";

/// Counts and logs what was noticed about a submission.
pub fn security_event(event: &SecurityEvent) {
    let finding = &event.finding;
    metrics().finding(finding);
    let problem = event.problem.as_ref().map(|problem| problem.id.as_str());
    let metadata = serde_json::to_string(&event.metadata).unwrap_or_default();
    macro_rules! line {
        ($level:ident, $message:literal) => {
            $level!(
                target: TARGET,
                event = %event.id,
                submission.id = %event.submission,
                kind = finding.kind.name(),
                source = finding.source.name(),
                tests = finding.tests,
                test = finding.first_test,
                detail = finding.detail,
                last_audit_events = ?finding.last_audit_events,
                verdict = event.verdict.code(),
                problem.id = problem,
                metadata,
                $message
            )
        };
    }
    match finding.severity {
        SecuritySeverity::Notice => line!(info, "a program was stopped, as those of beginners often are"),
        SecuritySeverity::Warning => line!(warn, "what looks like an attack was noticed in a submission"),
        SecuritySeverity::Alert => line!(error, "an attack was noticed in a submission"),
    }
}
