//! What submissions are answered with: verdicts, rejections, findings, and attempts that failed.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::contract::{Answer, LimitKind, RejectionCode, SecurityFinding, SecurityKind, SecuritySeverity, Verdict};
use crate::telemetry::metrics::labels::{CodeLabel, CulpritLabel, FindingLabels, LimitLabel, VerdictLabels};
use crate::telemetry::metrics::{Metrics, counted, registered, times};

/// Language of verdicts on submissions in one that this worker is not configured for.
const OTHER: &str = "other";

/// What is counted of answers.
#[derive(Debug)]
pub(super) struct AnswerMetrics {
    verdicts: Family<VerdictLabels, Counter>,
    judge_errors: Family<CulpritLabel, Counter>,
    rejections: Family<CodeLabel, Counter>,
    security_events: Family<FindingLabels, Counter>,
    limits_exceeded: Family<LimitLabel, Counter>,
    delivery_to_verdict: Histogram,
    cpu_judged: Counter<f64>,
    starved: Counter<f64>,
}

impl AnswerMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let r = registry;
        Self {
            verdicts: counted(r, "verdicts", "Verdicts, each once, however often it was published"),
            judge_errors: counted(
                r,
                "judge_errors",
                "Attempts at a submission that failed, by the part at fault",
            ),
            rejections: counted(r, "rejections", "Messages that cannot be judged"),
            security_events: counted(r, "security_events", "Findings about attacks"),
            limits_exceeded: counted(r, "limits_exceeded", "Tests and runs that exceeded a limit, each once"),
            delivery_to_verdict: registered(
                r,
                "delivery_to_verdict_seconds",
                "Time from a delivery until its verdict is stored, published and confirmed",
                times(),
            ),
            cpu_judged: counted(r, "cpu_judged_seconds", "CPU time of judged tests"),
            starved: counted(
                r,
                "starved_seconds",
                "Time in which judged programs were ready to run and the host gave their CPUs to others",
            ),
        }
    }

    pub(super) fn begin_with_zero(&self) {
        for code in RejectionCode::ALL {
            drop(self.rejections.get_or_create(&CodeLabel { code: code.name() }));
        }
        for kind in SecurityKind::ALL {
            drop(self.security_events.get_or_create(&finding(kind, kind.severity())));
        }
        for limit in LimitKind::ALL {
            drop(self.limits_exceeded.get_or_create(&LimitLabel { limit: limit.name() }));
        }
    }

    /// Verdicts on submissions in this language are counted under its name.
    pub(super) fn expect_language(&self, language: &str) {
        for verdict in Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Sk) {
            drop(self.verdicts.get_or_create(&judged(language, verdict)));
        }
    }

    /// Failed attempts can have this culprit.
    pub(super) fn expect_culprit(&self, culprit: &'static str) {
        drop(self.judge_errors.get_or_create(&CulpritLabel { culprit }));
    }
}

impl Metrics {
    /// A verdict that is new.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a submission")]
    pub fn verdict(&self, answer: &Answer) {
        let counters = &self.answers;
        let known = counters.verdicts.get(&judged(answer.language(), Verdict::Ac)).is_some();
        let language = if known { answer.language() } else { OTHER };
        counters
            .verdicts
            .get_or_create(&judged(language, answer.verdict()))
            .inc();
        counters.cpu_judged.inc_by(answer.cpu_ms() as f64 / 1e3);
        counters.starved.inc_by(answer.starved_ms() as f64 / 1e3);
        for limit in answer.rows().iter().filter_map(|row| row.limit) {
            let label = LimitLabel { limit: limit.name() };
            counters.limits_exceeded.get_or_create(&label).inc();
        }
    }

    /// A new verdict is out, so many seconds after its submission was delivered.
    pub fn answered_after(&self, seconds: f64) {
        self.answers.delivery_to_verdict.observe(seconds);
    }

    /// An attempt at a submission that failed, and the name of the part at fault.
    pub fn judge_error(&self, culprit: &'static str) {
        let label = CulpritLabel { culprit };
        self.answers.judge_errors.get_or_create(&label).inc();
    }

    /// A message that cannot be judged.
    pub fn rejection(&self, code: RejectionCode) {
        let label = CodeLabel { code: code.name() };
        self.answers.rejections.get_or_create(&label).inc();
    }

    pub(in crate::telemetry) fn finding(&self, found: &SecurityFinding) {
        let label = finding(found.kind, found.severity);
        self.answers.security_events.get_or_create(&label).inc();
    }
}

fn judged(language: &str, verdict: Verdict) -> VerdictLabels {
    VerdictLabels {
        language: language.to_owned(),
        code: verdict.code(),
    }
}

fn finding(kind: SecurityKind, severity: SecuritySeverity) -> FindingLabels {
    FindingLabels {
        kind: kind.name(),
        severity: severity.name(),
    }
}
