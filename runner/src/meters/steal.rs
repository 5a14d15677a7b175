//! CPU time that a hypervisor gave to other machines while a CPU of the box had something to do.
//!
//! The kernel of a virtual machine counts it as `steal`, for each CPU (`proc_stat(5)`), where the hypervisor says so. It is
//! no CPU time of a thread. Of a thread that had the CPU it is no wait either, so the wall clock goes on and nothing else
//! shows it; threads that waited for that one meanwhile have waited for it too.

use std::fs::{self, File};
use std::io::Read as _;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::thread::sched_getaffinity;

use crate::meters::quota::has_cpu_quota;

/// Which column of a CPU's line it is, behind its name.
const STEAL: usize = 7;

/// What the kernel counts in here (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// The flags of the first CPU are within so many bytes.
const FIRST_CPU_BYTES: u64 = 8 << 10;

/// What is stolen from a box that has CPUs of its own.
#[derive(Debug)]
pub(crate) struct StealMeter {
    cpus: Vec<usize>,
    /// Of each of them, when it was read first.
    began: Option<Vec<u64>>,
    stolen: Duration,
}

impl StealMeter {
    /// `None` where nothing can be stolen, and where others may use the CPUs of the box too: it is not known from whom
    /// something is stolen there.
    pub(crate) fn of_box(cpus: u32) -> Option<Self> {
        // A box without CPUs of its own has a quota instead.
        if !is_virtual() || has_cpu_quota() {
            return None;
        }
        let own = own_cpus();
        let has_its_own = !own.is_empty() && own.len() <= usize::try_from(cpus).unwrap_or(usize::MAX);
        has_its_own.then_some(Self {
            cpus: own,
            began: None,
            stolen: Duration::ZERO,
        })
    }

    /// Looks what was stolen since it was first asked to, of the CPU that lost most.
    pub(crate) fn look(&mut self) {
        let text = fs::read_to_string("/proc/stat").ok();
        if let Some(now) = text.and_then(|text| steal_of(&text, &self.cpus)) {
            let began = self.began.get_or_insert_with(|| now.clone());
            self.stolen = self.stolen.max(most_lost(began, &now));
        }
    }

    /// What was found so far.
    pub(crate) fn stolen(&self) -> Duration {
        self.stolen
    }
}

fn most_lost(began: &[u64], now: &[u64]) -> Duration {
    let lost = began.iter().zip(now).map(|(began, now)| now.saturating_sub(*began));
    let ticks = lost.max().unwrap_or(0);
    TICK.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX))
}

/// The ticks of each of these CPUs, if the kernel tells them.
fn steal_of(text: &str, cpus: &[usize]) -> Option<Vec<u64>> {
    let of_cpu = |cpu: &usize| {
        let name = format!("cpu{cpu} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name))?;
        line.split_ascii_whitespace().nth(STEAL)?.parse().ok()
    };
    cpus.iter().map(of_cpu).collect()
}

fn own_cpus() -> Vec<usize> {
    let Ok(set) = sched_getaffinity(None) else {
        return Vec::new();
    };
    (0..rustix::thread::CpuSet::MAX_CPU)
        .filter(|cpu| set.is_set(*cpu))
        .collect()
}

/// Whether the processor says that it is one of a virtual machine. Others than x86 do not say; those are asked what is
/// stolen in any case.
fn is_virtual() -> bool {
    static IS_VIRTUAL: OnceLock<bool> = OnceLock::new();
    *IS_VIRTUAL.get_or_init(|| {
        let mut first = Vec::new();
        let read = File::open("/proc/cpuinfo").and_then(|file| file.take(FIRST_CPU_BYTES).read_to_end(&mut first));
        let text = String::from_utf8_lossy(&first);
        let flags = text.lines().find(|line| line.starts_with("flags"));
        read.is_ok() && flags.is_none_or(|flags| flags.split_ascii_whitespace().any(|flag| flag == "hypervisor"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "cpu  9 9 9 9 9 9 9 90 0 0\n\
                          cpu0 1 2 3 4 5 6 7 10 0 0\n\
                          cpu1 1 2 3 4 5 6 7 20 0 0\n\
                          cpu10 1 2 3 4 5 6 7 30 0 0\n\
                          intr 8 9\n";
    const AFTER: &str = "cpu0 1 2 3 4 5 6 7 12 0 0\n\
                         cpu1 1 2 3 4 5 6 7 27 0 0\n\
                         cpu10 1 2 3 4 5 6 7 90 0 0\n";

    #[test]
    fn what_is_stolen_is_that_of_the_own_cpu_that_lost_most() {
        let lost = |cpus: &[usize]| {
            let (began, now) = (steal_of(BEFORE, cpus).unwrap(), steal_of(AFTER, cpus).unwrap());
            most_lost(&began, &now)
        };
        assert_eq!(lost(&[0]), Duration::from_millis(20));
        assert_eq!(lost(&[0, 1]), Duration::from_millis(70));
        assert_eq!(lost(&[10]), Duration::from_millis(600));
    }

    #[test]
    fn a_kernel_that_does_not_tell_it_steals_nothing() {
        assert_eq!(steal_of(BEFORE, &[3]), None);
        assert_eq!(steal_of("cpu0 1 2 3 4\n", &[0]), None);
        assert_eq!(most_lost(&[5], &[4]), Duration::ZERO);
    }
}
