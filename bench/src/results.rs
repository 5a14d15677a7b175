//! What was measured, as it is written to JSON. Ratios are to plain starts of Python, one per test, in the same run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that one run of the benchmark found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) at: Timestamp,
    pub(crate) machine: Machine,
    /// Measurements of each latency.
    pub(crate) rounds: usize,
    /// Slots of the workers that are kept busy.
    pub(crate) slots: usize,
    /// CPUs that something else kept busy at worst.
    pub(crate) disturbance: f64,
    pub(crate) thresholds: Vec<Threshold>,
    pub(crate) latencies: Vec<Latency>,
    pub(crate) steps: Vec<Latency>,
    pub(crate) batches: Vec<Batch>,
    pub(crate) spreads: Vec<Spread>,
    pub(crate) backlogs: Vec<Backlog>,
    pub(crate) lives: Vec<Life>,
    #[serde(default)]
    pub(crate) idle_boxes: Vec<IdleBox>,
    /// One submission at a time, through each door.
    #[serde(default)]
    pub(crate) doors: Vec<Latency>,
    /// Rounds of an interactive problem, one conversation at a time.
    #[serde(default)]
    pub(crate) conversations: Vec<Latency>,
    #[serde(default)]
    pub(crate) occupancies: Vec<Occupancy>,
    #[serde(default)]
    pub(crate) held_clients: Vec<HeldClients>,
    #[serde(default)]
    pub(crate) costs: Vec<Cost>,
}

/// Where it was measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) assize: String,
    pub(crate) cpu: String,
    pub(crate) cpus: usize,
    pub(crate) memory_bytes: u64,
    pub(crate) kernel: String,
    pub(crate) docker: String,
    pub(crate) runtimes: Vec<String>,
    pub(crate) image: String,
}

/// What the worker is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Threshold {
    pub(crate) name: String,
    /// What the measured ratio is a ratio to.
    pub(crate) to: String,
    pub(crate) wanted: Wanted,
    pub(crate) measured: f64,
    pub(crate) met: bool,
}

/// The good side of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

impl Threshold {
    pub(crate) fn new(name: &str, to: &str, wanted: Wanted, measured: f64) -> Self {
        let met = match wanted {
            Wanted::AtMost(most) => measured <= most,
            Wanted::AtLeast(least) => measured >= least,
        };
        Self {
            name: name.to_owned(),
            to: to.to_owned(),
            wanted,
            measured,
            met,
        }
    }
}

/// How long one submission takes, one at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) workload: String,
    /// Who did it.
    pub(crate) way: String,
    /// From where to where.
    pub(crate) span: String,
    pub(crate) median_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) ratio: f64,
}

/// A number of submissions at once: what they cost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Batch {
    pub(crate) workload: String,
    pub(crate) way: String,
    pub(crate) submissions: usize,
    pub(crate) per_second: f64,
    /// CPU time per submission of everything but the services.
    pub(crate) cpu_ms: f64,
    /// CPU time per submission of RabbitMQ and PostgreSQL, where they are known.
    pub(crate) services_cpu_ms: f64,
    /// Peak memory of the worker's process.
    pub(crate) worker_peak_bytes: Option<u64>,
    /// Peak memory of a test, as the verdict has it.
    pub(crate) test_peak_bytes: Option<u64>,
}

/// The same second of work, with more and more of it at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) way: String,
    pub(crate) at_once: usize,
    /// CPU time of a test as it is reported, in milliseconds.
    pub(crate) median_ms: f64,
    /// How far it is from one alone; 0.03 is three percent.
    pub(crate) off: f64,
}

/// Submissions that wait in the queue when a worker comes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Backlog {
    pub(crate) way: String,
    pub(crate) slots: usize,
    pub(crate) submissions: usize,
    pub(crate) per_second: f64,
    pub(crate) cpu_ms: f64,
    pub(crate) services_cpu_ms: f64,
    /// Memory of the worker's process after the first hundred verdicts and after the last one.
    pub(crate) worker_bytes: Option<(u64, u64)>,
}

/// A box that is made, started and removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Life {
    pub(crate) way: String,
    pub(crate) runtime: String,
    /// CPU time of everything: daemon, containerd, shim, runtime, runner, and the worker's part.
    pub(crate) cpu_ms: f64,
    pub(crate) wall_ms: f64,
    /// To the plain `docker run --network none`, without the program `docker` itself.
    pub(crate) ratio: f64,
}

/// A box that waits for a submission. Pages that several processes have are shared out between them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdleBox {
    pub(crate) way: String,
    /// Boxes that waited at once; the memory is that of one.
    pub(crate) boxes: usize,
    /// Of the interpreter that is warm in it.
    pub(crate) interpreter_bytes: u64,
    /// Of everything else: runner, supervisor or shim.
    pub(crate) rest_bytes: u64,
}

/// Many programs in one request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Occupancy {
    pub(crate) way: String,
    pub(crate) slots: usize,
    pub(crate) submissions: usize,
    /// Until the request was answered.
    pub(crate) handed_in_seconds: f64,
    /// From the first delivery to the last judgement.
    pub(crate) seconds: f64,
    /// Of that time, how much of it a slot had a submission in hand, on average.
    pub(crate) in_hand: f64,
    /// Of that time, how much of it a box was given to a submission of a slot.
    pub(crate) in_boxes: f64,
    /// Memory of the service after the first hundred verdicts and after the last one.
    pub(crate) service_bytes: Option<(u64, u64)>,
    pub(crate) service_peak_bytes: u64,
}

/// Clients of which half wait and half follow a stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct HeldClients {
    pub(crate) clients: usize,
    /// Memory of the service before they came.
    pub(crate) before_bytes: u64,
    /// With all of them.
    pub(crate) with_bytes: u64,
}

/// CPU time of a submission that calls functions or runs unit tests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// `calls` or `pytest`.
    pub(crate) workload: String,
    pub(crate) way: String,
    pub(crate) submissions: usize,
    /// Of a submission, its box included.
    pub(crate) cpu_ms: f64,
    /// Of a call, without the box.
    pub(crate) call_ms: Option<f64>,
    /// Of a call to a plain start of python3, of unit tests to plain pytest.
    pub(crate) ratio: Option<f64>,
    /// How far the ratio may be off, by how much the blocks differ.
    #[serde(default)]
    pub(crate) noise: Option<f64>,
}

/// The value that a share of all values does not exceed.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length is an index"
    )]
    let index = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let (low, high) = (quantile(values, 0.5), quantile(values, 0.5 + 0.5 / values.len() as f64));
    (low + high) / 2.0
}

/// How far the median of all values may be off: two standard errors, by the median deviation of those that were measured.
pub(crate) fn noise(values: &[f64]) -> f64 {
    const TWO_ERRORS: f64 = 2.0 * 1.2533 * 1.4826;
    let middle = median(values);
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    TWO_ERRORS * median(&deviations) / (values.len() as f64).sqrt()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of bytes that was one before"
)]
pub(crate) fn median_bytes(readings: &[f64]) -> u64 {
    median(readings) as u64
}

impl Latency {
    /// The results of some measurements, and how many plain starts `plain_ms` they are.
    pub(crate) fn of(workload: &str, way: &str, span: &str, values: &[f64], plain_ms: f64) -> Self {
        let median_ms = median(values);
        Self {
            workload: workload.to_owned(),
            way: way.to_owned(),
            span: span.to_owned(),
            median_ms,
            p95_ms: quantile(values, 0.95),
            ratio: median_ms / plain_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values_lie_below_the_median_and_nearly_all_below_the_95th_percentile() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let cases = [
            (vec![3.0], 3.0, 3.0),
            (vec![4.0, 1.0], 2.5, 4.0),
            (vec![5.0, 1.0, 2.0], 2.0, 5.0),
            (hundred, 50.5, 95.0),
        ];
        for (values, middle, high) in cases {
            assert_eq!((median(&values), quantile(&values, 0.95)), (middle, high), "{values:?}");
        }
    }
}
