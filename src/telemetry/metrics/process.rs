//! What the kernel says about this process, under the names that every client library of Prometheus gives it.

use std::fmt;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use rustix::time::{ClockId, clock_gettime};

/// Reads `/proc/self` whenever it is asked. What cannot be read is left out: the rest is still of use.
#[derive(Debug)]
pub(super) struct ProcessCollector {
    started_at: f64,
}

impl ProcessCollector {
    /// Of a process that starts now.
    pub(super) fn new() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            started_at: since_epoch.as_secs_f64(),
        }
    }
}

impl Collector for ProcessCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let started_at = ConstGauge::new(self.started_at);
        write(
            &mut encoder,
            "process_start_time_seconds",
            "When the process started, since 1970",
            &started_at,
        )?;
        let cpu = ConstCounter::new(cpu_seconds());
        write(&mut encoder, "process_cpu_seconds", "CPU time of the process", &cpu)?;
        let gauges = [
            ("process_resident_memory_bytes", "Resident memory", resident_bytes()),
            ("process_open_fds", "Open descriptors", open_descriptors()),
            (
                "process_max_fds",
                "Descriptors that it may have open",
                most_descriptors(),
            ),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                write(&mut encoder, name, help, &ConstGauge::new(value))?;
            }
        }
        Ok(())
    }
}

fn write(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
    let encoder = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
    metric.encode(encoder)
}

fn cpu_seconds() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "seconds of a process")]
    let (seconds, nanoseconds) = (used.tv_sec as f64, used.tv_nsec as f64);
    seconds + nanoseconds / 1e9
}

/// `VmRSS`, which the kernel writes in units of 1024 bytes.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// Without the one that the directory itself is read by.
fn open_descriptors() -> Option<u64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(open.saturating_sub(1)).ok()
}

/// The soft limit; none where it is unlimited.
fn most_descriptors() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_of_this_process_moves_with_it() {
        let (before, most) = (open_descriptors().unwrap(), most_descriptors().unwrap());
        let files: Vec<fs::File> = (0..3).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        assert!(open_descriptors().unwrap() > before - 3, "{before}");
        assert!(before < most, "{before} of {most}");
        drop(files);
        let resident = resident_bytes().unwrap();
        let block = vec![1_u8; 64 << 20];
        assert!(resident_bytes().unwrap() > resident + (32 << 20), "{}", block.len());
        assert!(cpu_seconds() > 0.0);
    }
}
