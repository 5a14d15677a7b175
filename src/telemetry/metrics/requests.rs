//! Requests to the HTTP service, by route.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::telemetry::metrics::labels::{RequestLabels, RouteLabel};
use crate::telemetry::metrics::{counted, registered};

/// Classes of status codes.
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// What is counted of them.
#[derive(Debug)]
pub(super) struct RequestMetrics {
    requests: Family<RequestLabels, Counter>,
    times: Family<RouteLabel, Histogram>,
}

impl RequestMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        Self {
            requests: counted(
                registry,
                "http_requests",
                "Requests to the HTTP service that were answered",
            ),
            times: registered(
                registry,
                "http_request_seconds",
                "Time from the head of a request to that of its answer",
                Family::new_with_constructor(times),
            ),
        }
    }

    pub(super) fn expect(&self, route: &str, method: &'static str) {
        for status in STATUSES {
            drop(self.requests.get_or_create(&labels(route, method, status)));
        }
        drop(self.times.get_or_create(&RouteLabel {
            route: route.to_owned(),
        }));
    }

    pub(super) fn answered(&self, (route, method): (&str, &'static str), status: u16, seconds: f64) {
        let class = usize::from(status / 100).saturating_sub(2);
        let status = STATUSES[class.min(STATUSES.len() - 1)];
        self.requests.get_or_create(&labels(route, method, status)).inc();
        let route = RouteLabel {
            route: route.to_owned(),
        };
        self.times.get_or_create(&route).observe(seconds);
    }
}

/// Five milliseconds to more than a minute, which `?wait=` may wait.
fn times() -> Histogram {
    Histogram::new(exponential_buckets(0.005, 4.0, 8))
}

fn labels(route: &str, method: &'static str, status: &'static str) -> RequestLabels {
    RequestLabels {
        route: route.to_owned(),
        method,
        status,
    }
}
