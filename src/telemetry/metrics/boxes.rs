//! Boxes, from their start to their removal.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::telemetry::metrics::{counted, registered, times};

/// What is counted of boxes.
#[derive(Debug)]
pub struct BoxMetrics {
    /// Boxes that were given to a submission.
    pub leased: Counter,
    /// Boxes that could not be started.
    pub failed: Counter,
    /// Boxes that ended or fell silent while they were needed.
    pub lost: Counter,
    /// Containers that were removed.
    pub removed: Counter,
    /// Containers that could not be removed.
    pub removals_failed: Counter,
    /// Boxes that wait for a submission.
    pub warm: Gauge,
    started: Counter,
    start: Histogram,
}

impl BoxMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let r = registry;
        Self {
            leased: counted(r, "boxes_leased", "Boxes that were given to a submission"),
            failed: counted(r, "boxes_failed", "Boxes that could not be started"),
            lost: counted(
                r,
                "boxes_lost",
                "Boxes that ended or fell silent while they were needed",
            ),
            removed: counted(r, "boxes_removed", "Containers that were removed"),
            removals_failed: counted(
                r,
                "box_removals_failed",
                "Tries to remove a container that failed; each is tried again",
            ),
            warm: counted(r, "warm_boxes", "Boxes that wait for a submission"),
            started: counted(r, "boxes_started", "Boxes that were started and answered"),
            start: registered(
                r,
                "box_start_seconds",
                "Time from asking for a box to its answer",
                times(),
            ),
        }
    }

    /// One was started and answered, so many seconds after it was asked for.
    pub fn started_after(&self, seconds: f64) {
        self.started.inc();
        self.start.observe(seconds);
    }
}
