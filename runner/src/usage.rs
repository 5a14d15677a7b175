//! What a run has used so far: the control group where it can be read, else those who were waited for.

use assize_protocol::{CpuTime, Figure, MemoryPeak};

use crate::meter::{Meter, process_cpu_us};
use crate::reap::Dead;

pub(crate) struct Usage {
    cpu_before: Option<u64>,
    oom_kills_before: u64,
    refused_before: u64,
    reaped_cpu_us: u64,
    reaped_peak: u64,
    sampled_peak: u64,
}

impl Usage {
    pub(crate) fn begin(meter: &Meter) -> Self {
        Self {
            cpu_before: meter.cpu_us(),
            oom_kills_before: meter.oom_kills(),
            refused_before: meter.refused_processes(),
            reaped_cpu_us: 0,
            reaped_peak: 0,
            sampled_peak: 0,
        }
    }

    pub(crate) fn count(&mut self, dead: &Dead) {
        self.reaped_cpu_us += dead.cpu_us;
        self.reaped_peak = self.reaped_peak.max(dead.peak_bytes);
    }

    pub(crate) fn sample(&mut self, meter: &Meter) {
        self.sampled_peak = self.sampled_peak.max(meter.memory_bytes().unwrap_or(0));
    }

    /// `living` is the main process as long as it lives, for where there is no control group.
    pub(crate) fn cpu(&self, meter: &Meter, living: Option<i32>) -> CpuTime {
        match (self.cpu_before, meter.cpu_us()) {
            (Some(before), Some(now)) => CpuTime {
                us: now.saturating_sub(before),
                source: Figure::Cgroup,
            },
            _ => CpuTime {
                us: self.reaped_cpu_us + living.and_then(process_cpu_us).unwrap_or(0),
                source: Figure::Rusage,
            },
        }
    }

    pub(crate) fn oom_kills(&self, meter: &Meter) -> u64 {
        meter.oom_kills().saturating_sub(self.oom_kills_before)
    }

    pub(crate) fn refused_processes(&self, meter: &Meter) -> u64 {
        meter.refused_processes().saturating_sub(self.refused_before)
    }

    /// A memory kill means that the limit was reached, whatever was seen in between.
    pub(crate) fn memory_peak(&self, limit: u64, oom_kills: u64) -> MemoryPeak {
        if oom_kills > 0 {
            MemoryPeak {
                bytes: limit.max(self.sampled_peak),
                source: Figure::Cgroup,
            }
        } else if self.sampled_peak > self.reaped_peak {
            MemoryPeak {
                bytes: self.sampled_peak,
                source: Figure::Cgroup,
            }
        } else {
            MemoryPeak {
                bytes: self.reaped_peak,
                source: Figure::Rusage,
            }
        }
    }
}
