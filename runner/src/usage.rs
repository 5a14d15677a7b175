//! What a run has used so far: the control group where it can be read, else the processes that were waited for.

use assize_protocol::{CpuTime, Figure, MemoryPeak};

use crate::meters::meter::{Meter, process_cpu_us, process_shared_bytes};
use crate::meters::own_limit::MemoryKills;
use crate::processes::reap::Reaped;
use crate::stop::Stop;
use crate::streams::input::InputFile;

pub(crate) struct Usage {
    cpu_before: Option<u64>,
    kernel_memory_before: Option<u64>,
    memory_kills_before: Option<u64>,
    refused_before: Option<u64>,
    reaped_cpu_us: u64,
    reaped_peak: u64,
    sampled_peak: u64,
    /// What the box is charged for and the program is not: the input, unless that is the worker's, and what the runner holds.
    input: Option<InputFile>,
    ballast_bytes: u64,
    /// The most of the input that the main process was seen to have mapped.
    mapped_bytes: u64,
}

/// An input below this size is not looked for in the memory of processes: its pages count as theirs.
const SMALL: u64 = 1 << 20;

impl Usage {
    pub(crate) fn begin(meter: &Meter, input: Option<InputFile>, ballast_bytes: u64) -> Result<Self, Stop> {
        Ok(Self {
            cpu_before: meter.cpu_us()?,
            kernel_memory_before: meter.kernel_memory_bytes()?,
            memory_kills_before: meter.memory_kills()?,
            refused_before: meter.refused_processes()?,
            reaped_cpu_us: 0,
            reaped_peak: 0,
            sampled_peak: 0,
            input,
            ballast_bytes,
            mapped_bytes: 0,
        })
    }

    pub(crate) fn count(&mut self, reaped: &Reaped) {
        self.reaped_cpu_us += reaped.cpu_us;
        self.reaped_peak = self.reaped_peak.max(reaped.peak_bytes);
    }

    /// Memory of the kernel counts as far as the run has made it grow, and the file of the input does not. `living` is the
    /// main process as long as it lives.
    pub(crate) fn sample(&mut self, meter: &Meter, living: Option<i32>) -> Result<(), Stop> {
        let memory = meter.memory()?;
        if let Some(bytes) = memory.in_use {
            let kernel = grown(self.kernel_memory_before, memory.kernel).unwrap_or(0);
            let charged = self.input.as_ref().map_or(0, InputFile::charged_bytes);
            let used = (bytes + kernel).saturating_sub(charged + self.ballast_bytes);
            self.sampled_peak = self.sampled_peak.max(used);
        }
        if let Some(main) = living.filter(|_| self.input_bytes() >= SMALL) {
            let mapped = process_shared_bytes(main).unwrap_or(0).min(self.input_bytes());
            self.mapped_bytes = self.mapped_bytes.max(mapped);
        }
        Ok(())
    }

    /// Closes an input that is the worker's: another box may have it as soon as the end of the run is reported.
    pub(crate) fn give_back_input(&mut self) {
        self.input.take_if(|input| input.is_borrowed());
    }

    /// `living` is the main process as long as it lives, for where there is no control group.
    pub(crate) fn cpu(&self, meter: &Meter, living: Option<i32>) -> Result<CpuTime, Stop> {
        Ok(match grown(self.cpu_before, meter.cpu_us()?) {
            Some(us) => CpuTime {
                us,
                source: Figure::Cgroup,
            },
            None => CpuTime {
                us: self.reaped_cpu_us + living.and_then(process_cpu_us).unwrap_or(0),
                source: Figure::Rusage,
            },
        })
    }

    pub(crate) fn memory_kills(&self, meter: &Meter) -> Result<MemoryKills, Stop> {
        meter.memory_kills_since(self.memory_kills_before)
    }

    pub(crate) fn refused_processes(&self, meter: &Meter) -> Result<Option<u64>, Stop> {
        Ok(grown(self.refused_before, meter.refused_processes()?))
    }

    /// As much of the input can be in the memory of a process.
    fn input_bytes(&self) -> u64 {
        self.input.as_ref().map_or(0, InputFile::memory_bytes)
    }

    /// The peak of a single process holds the pages of the input that it had mapped, and does not say how many. What was
    /// seen of them is left out. Where the rest would exceed the limit, more was mapped than was seen: the control group
    /// has room for the limit, the ballast and an input that it is charged for, and kills whatever exceeds them, which would
    /// be known.
    fn peak_of_processes(&self, limit: u64) -> u64 {
        let without_seen = self.reaped_peak.saturating_sub(self.mapped_bytes);
        if without_seen >= limit && self.sampled_peak > 0 && self.input_bytes() >= SMALL {
            self.reaped_peak.saturating_sub(self.input_bytes())
        } else {
            without_seen
        }
    }

    /// A memory kill at the limit means that it was reached, whatever was seen in between.
    pub(crate) fn memory_peak(&self, limit: u64, had_memory_kill: bool) -> MemoryPeak {
        let reaped_peak = self.peak_of_processes(limit);
        if had_memory_kill {
            MemoryPeak {
                bytes: limit.max(self.sampled_peak),
                source: Figure::Cgroup,
            }
        } else if self.sampled_peak > reaped_peak {
            MemoryPeak {
                bytes: self.sampled_peak,
                source: Figure::Cgroup,
            }
        } else {
            MemoryPeak {
                bytes: reaped_peak,
                source: Figure::Rusage,
            }
        }
    }
}

/// By how much a counter has grown, where there is one.
fn grown(before: Option<u64>, now: Option<u64>) -> Option<u64> {
    Some(now?.saturating_sub(before?))
}
