//! What is counted, for the monitoring of many workers.
//!
//! Like log lines, the counters of a process are there for everybody: what happens is counted where it happens. Every
//! series that can be alerted on is there from the start with 0, or its first increase could not be seen.

mod answers;
mod boxes;
mod labels;
mod messages;
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
use answers::AnswerMetrics;
use boxes::BoxMetrics;
use labels::{BuildLabels, PartLabel, PhaseLabel, QueueLabel, ReasonLabel};
use messages::MessageMetrics;
pub(super) use phase::SpanLoss;
pub use phase::{Phase, WaitedIn};
use process::ProcessCollector;
use requests::RequestMetrics;

use crate::telemetry::traces::Span;

/// `Content-Type` of [`Metrics::exposed`].
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

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
    answers: AnswerMetrics,
    parts: Family<PartLabel, Gauge>,
    ready: Gauge,
    queue_wait: Family<QueueLabel, Histogram>,
    phases: Family<PhaseLabel, Histogram>,
    requests: RequestMetrics,
    spans_lost: Family<ReasonLabel, Counter>,
    /// Spans that the collector has taken.
    pub spans_exported: Counter,
    /// Messages from RabbitMQ.
    pub messages: MessageMetrics,
    /// Boxes that were started, used and removed.
    pub boxes: BoxMetrics,
    /// Attempts that another worker took over.
    pub leases_lost: Counter,
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
            answers: AnswerMetrics::register(r),
            parts: counted(r, "part_ready", "Whether a part of the worker is ready, as in /readyz"),
            ready: counted(r, "ready", "Whether all of them are"),
            queue_wait: registered(
                r,
                "queue_wait_seconds",
                "Time from the sender's time stamp, in whole seconds, until a slot takes a submission for the first time",
                Family::new_with_constructor(waits),
            ),
            phases: registered(
                r,
                "phase_seconds",
                "Time that the steps of a submission take",
                Family::new_with_constructor(times),
            ),
            requests: RequestMetrics::register(r),
            spans_lost: counted(r, "spans_dropped", "Spans that did not reach the collector"),
            spans_exported: counted(r, "spans_exported", "Spans that the collector has taken"),
            messages: MessageMetrics::register(r),
            boxes: BoxMetrics::register(r),
            leases_lost: counted(r, "leases_lost", "Attempts that another worker took over"),
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
        self.answers.begin_with_zero();
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
            self.answers.expect_language(language);
        }
        for culprit in culprits {
            self.answers.expect_culprit(culprit);
        }
    }

    /// A slot has taken a submission for the first time, so many seconds after it was sent. A clock of the sender that goes
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
