//! What is counted, for the monitoring of many workers.
//!
//! Like log lines, the counters of a process are there for everybody: what happens is counted where it happens. Every
//! series that can be alerted on is there from the start with 0, or its first increase could not be seen.

mod labels;
mod phase;
mod process;
mod requests;

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Instant;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use crate::config::LanguageSettings;
use crate::contract::{Answer, LimitKind, RejectionCode, SecurityFinding, SecurityKind, SecuritySeverity, Verdict};
use labels::{
    BuildLabels, CodeLabel, CulpritLabel, FindingLabels, LimitLabel, PartLabel, PhaseLabel, QueueLabel, ReasonLabel,
    VerdictLabels,
};
pub(super) use phase::SpanLoss;
pub use phase::{Phase, WaitedIn};
use process::ProcessCollector;
use requests::RequestMetrics;

use crate::telemetry::traces::Span;

/// `Content-Type` of [`Metrics::exposed`].
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Language of verdicts on submissions in one that this worker is not configured for.
const OTHER: &str = "other";

/// Longest wait in a queue that is counted, in seconds: a sender that gives its messages no real time stamp must not make
/// the sum useless.
const LONGEST_WAIT: f64 = 30.0 * 86_400.0;

/// The counters of this process.
pub fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);
    &METRICS
}

/// The counters of a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    verdicts: Family<VerdictLabels, Counter>,
    judge_errors: Family<CulpritLabel, Counter>,
    rejections: Family<CodeLabel, Counter>,
    security_events: Family<FindingLabels, Counter>,
    parts: Family<PartLabel, Gauge>,
    ready: Gauge,
    limits_exceeded: Family<LimitLabel, Counter>,
    queue_wait: Family<QueueLabel, Histogram>,
    phases: Family<PhaseLabel, Histogram>,
    box_start: Histogram,
    delivery_to_verdict: Histogram,
    cpu_judged: Counter<f64>,
    starved: Counter<f64>,
    requests: RequestMetrics,
    spans_lost: Family<ReasonLabel, Counter>,
    /// Spans that the collector has taken.
    pub spans_exported: Counter,
    /// Messages taken from the queue.
    pub deliveries: Counter,
    /// Those of them that had been delivered before.
    pub redeliveries: Counter,
    /// Messages that became dead letters.
    pub dead_letters: Counter,
    /// Attempts that another worker took over.
    pub leases_lost: Counter,
    /// Connections made to RabbitMQ: more than one say that it was lost.
    pub broker_connections: Counter,
    /// Boxes that were given to a submission.
    pub boxes_leased: Counter,
    /// Boxes that were started and answered.
    pub boxes_started: Counter,
    /// Boxes that could not be started.
    pub boxes_failed: Counter,
    /// Boxes that ended or fell silent while they were needed.
    pub boxes_lost: Counter,
    /// Containers that were removed.
    pub boxes_removed: Counter,
    /// Containers that could not be removed.
    pub box_removals_failed: Counter,
    /// Boxes that wait for a submission.
    pub warm_boxes: Gauge,
    /// Submissions that can be judged at once.
    pub slots: Gauge,
    /// Those of them that have CPUs of their own.
    pub slots_pinned: Gauge,
    /// Submissions that are being judged.
    pub in_hand: Gauge,
    /// Problem packages that were read and parsed.
    pub packages_parsed: Counter,
    /// Bytes of parsed packages in memory.
    pub package_bytes: Gauge,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(ProcessCollector::new()));
        let r = registry.sub_registry_with_prefix("assize");
        let build = BuildLabels {
            version: env!("CARGO_PKG_VERSION"),
        };
        r.register("build", "Version of this worker", Info::new(build));
        let new = Self {
            verdicts: counted(r, "verdicts", "Verdicts, each once, however often it was published"),
            judge_errors: counted(
                r,
                "judge_errors",
                "Attempts at a submission that failed, by the part at fault",
            ),
            rejections: counted(r, "rejections", "Messages that cannot be judged"),
            security_events: counted(r, "security_events", "Findings about attacks"),
            parts: counted(r, "part_ready", "Whether a part of the worker is ready, as in /readyz"),
            ready: counted(r, "ready", "Whether all of them are"),
            delivery_to_verdict: registered(
                r,
                "delivery_to_verdict_seconds",
                "Time from a delivery until its verdict is stored, published and confirmed",
                times(),
            ),
            limits_exceeded: counted(r, "limits_exceeded", "Tests and runs that exceeded a limit, each once"),
            queue_wait: registered(
                r,
                "queue_wait_seconds",
                "Time from the sender's time stamp, in whole seconds, to the first delivery",
                Family::new_with_constructor(waits),
            ),
            phases: registered(
                r,
                "phase_seconds",
                "Time that the steps of a submission take",
                Family::new_with_constructor(times),
            ),
            box_start: registered(
                r,
                "box_start_seconds",
                "Time from asking for a box to its answer",
                times(),
            ),
            cpu_judged: counted(r, "cpu_judged_seconds", "CPU time of judged tests"),
            starved: counted(
                r,
                "starved_seconds",
                "Time in which judged programs were ready to run and the host gave their CPUs to others",
            ),
            requests: RequestMetrics::register(r),
            spans_lost: counted(r, "spans_dropped", "Spans that did not reach the collector"),
            spans_exported: counted(r, "spans_exported", "Spans that the collector has taken"),
            deliveries: counted(r, "deliveries", "Messages taken from the queue"),
            redeliveries: counted(r, "redeliveries", "Those of them that had been delivered before"),
            dead_letters: counted(r, "dead_letters", "Messages that became dead letters"),
            leases_lost: counted(r, "leases_lost", "Attempts that another worker took over"),
            broker_connections: counted(
                r,
                "broker_connections",
                "Connections made to RabbitMQ; more than one say that it was lost",
            ),
            boxes_leased: counted(r, "boxes_leased", "Boxes that were given to a submission"),
            boxes_started: counted(r, "boxes_started", "Boxes that were started and answered"),
            boxes_failed: counted(r, "boxes_failed", "Boxes that could not be started"),
            boxes_lost: counted(
                r,
                "boxes_lost",
                "Boxes that ended or fell silent while they were needed",
            ),
            boxes_removed: counted(r, "boxes_removed", "Containers that were removed"),
            box_removals_failed: counted(
                r,
                "box_removals_failed",
                "Tries to remove a container that failed; each is tried again",
            ),
            warm_boxes: counted(r, "warm_boxes", "Boxes that wait for a submission"),
            slots: counted(r, "slots", "Submissions that can be judged at once"),
            slots_pinned: counted(r, "slots_pinned", "Slots that have CPUs of their own"),
            in_hand: counted(r, "submissions_in_hand", "Submissions that are being judged"),
            packages_parsed: counted(r, "packages_parsed", "Problem packages that were read and parsed"),
            package_bytes: counted(r, "package_bytes", "Parsed problem packages in memory, in bytes"),
            registry,
        };
        new.begin_with_zero();
        new
    }

    fn begin_with_zero(&self) {
        for code in RejectionCode::ALL {
            drop(self.rejections.get_or_create(&CodeLabel { code: code.name() }));
        }
        for kind in SecurityKind::ALL {
            drop(self.security_events.get_or_create(&finding(kind, kind.severity())));
        }
        for limit in LimitKind::ALL {
            drop(self.limits_exceeded.get_or_create(&LimitLabel { limit: limit.name() }));
        }
        for phase in Phase::ALL {
            drop(self.phases.get_or_create(&PhaseLabel { phase: phase.name() }));
        }
        for queue in WaitedIn::ALL {
            drop(self.queue_wait.get_or_create(&QueueLabel { queue: queue.name() }));
        }
        for loss in SpanLoss::ALL {
            self.lost_spans(loss, 0);
        }
    }

    /// This process judges: in so many slots, submissions in the offered ones of these languages, and failed attempts can
    /// have these culprits. Each series begins with 0.
    pub fn expect_judging(
        &self,
        slots: usize,
        languages: &BTreeMap<String, LanguageSettings>,
        culprits: impl IntoIterator<Item = &'static str>,
    ) {
        self.slots.set(i64::try_from(slots).unwrap_or(i64::MAX));
        for (language, _) in languages.iter().filter(|(_, language)| language.offered) {
            self.expect_language(language);
        }
        for culprit in culprits {
            drop(self.judge_errors.get_or_create(&CulpritLabel { culprit }));
        }
    }

    /// Verdicts on submissions in this language are counted under its name.
    fn expect_language(&self, language: &str) {
        for verdict in Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Sk) {
            drop(self.verdicts.get_or_create(&judged(language, verdict)));
        }
    }

    /// A verdict that is new.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a submission")]
    pub fn verdict(&self, answer: &Answer) {
        let known = self.verdicts.get(&judged(answer.language(), Verdict::Ac)).is_some();
        let language = if known { answer.language() } else { OTHER };
        self.verdicts.get_or_create(&judged(language, answer.verdict())).inc();
        self.cpu_judged.inc_by(answer.cpu_ms() as f64 / 1e3);
        self.starved.inc_by(answer.starved_ms() as f64 / 1e3);
        for limit in answer.rows().iter().filter_map(|row| row.limit) {
            self.limits_exceeded
                .get_or_create(&LimitLabel { limit: limit.name() })
                .inc();
        }
    }

    /// A submission was delivered for the first time, so many seconds after it was sent. A clock of the sender that goes
    /// ahead counts as no wait.
    pub fn waited(&self, queue: WaitedIn, seconds: f64) {
        if seconds <= LONGEST_WAIT {
            let label = QueueLabel { queue: queue.name() };
            self.queue_wait.get_or_create(&label).observe(seconds.max(0.0));
        }
    }

    /// Does a step of a submission in a span of its own, and counts how long it takes. One that is cancelled is not counted.
    pub async fn timed<T>(&self, phase: Phase, step: impl Future<Output = T>) -> T {
        let since = Instant::now();
        let done = Span::of_step(phase.name()).around(step).await;
        let label = PhaseLabel { phase: phase.name() };
        self.phases.get_or_create(&label).observe(since.elapsed().as_secs_f64());
        done
    }

    /// A box was started and answered, so many seconds after it was asked for.
    pub fn box_started_after(&self, seconds: f64) {
        self.boxes_started.inc();
        self.box_start.observe(seconds);
    }

    /// A new verdict is out, so many seconds after its submission was delivered.
    pub fn answered_after(&self, seconds: f64) {
        self.delivery_to_verdict.observe(seconds);
    }

    /// An attempt at a submission that failed, and the name of the part at fault.
    pub fn judge_error(&self, culprit: &'static str) {
        self.judge_errors.get_or_create(&CulpritLabel { culprit }).inc();
    }

    /// The HTTP service has this route, whose series begin with 0.
    pub fn expect_route(&self, route: &str, method: &'static str) {
        self.requests.expect(route, method);
    }

    /// A request to a route was answered with a status, after so many seconds.
    pub fn request_answered(&self, route: (&str, &'static str), status: u16, seconds: f64) {
        self.requests.answered(route, status, seconds);
    }

    /// So many spans did not reach the collector.
    pub(super) fn lost_spans(&self, loss: SpanLoss, spans: u64) {
        let label = ReasonLabel { reason: loss.name() };
        self.spans_lost.get_or_create(&label).inc_by(spans);
    }

    /// A message that cannot be judged.
    pub fn rejection(&self, code: RejectionCode) {
        self.rejections.get_or_create(&CodeLabel { code: code.name() }).inc();
    }

    pub(super) fn finding(&self, found: &SecurityFinding) {
        self.security_events
            .get_or_create(&finding(found.kind, found.severity))
            .inc();
    }

    /// Whether all parts are ready, and each of them.
    pub fn readiness(&self, all: bool, parts: impl IntoIterator<Item = (&'static str, bool)>) {
        self.ready.set(i64::from(all));
        for (part, ready) in parts {
            self.parts.get_or_create(&PartLabel { part }).set(i64::from(ready));
        }
    }

    /// All of them, in the text format of Prometheus.
    pub fn exposed(&self) -> String {
        let mut text = String::new();
        if let Err(error) = prometheus_text::encode(&mut text, &self.registry) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}

fn counted<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    registered(registry, name, help, M::default())
}

fn registered<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

/// A hundredth of a second to more than ten minutes.
fn times() -> Histogram {
    Histogram::new(exponential_buckets(0.01, 2.0, 17))
}

/// A second to more than four hours.
fn waits() -> Histogram {
    Histogram::new(exponential_buckets(1.0, 2.0, 15))
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
