//! What the box has used, from its control group where that can be read.
//!
//! Files of version 1: `Documentation/admin-guide/cgroup-v1/{cpuacct,memory,pids}.rst`; of version 2:
//! `Documentation/admin-guide/cgroup-v2.rst` of the Linux kernel.
//!
//! Which counters there are is decided once and told to the worker. A counter that cannot be read later is a fault: a
//! figure that is missing must not look like one that is zero.

use assize_protocol::{Figure, Meters};
use rustix::time::{ClockId, clock_gettime};

use crate::harden::is_init;
use crate::meters::counter::{Candidate, Counter, STAT_BYTES, read};
use crate::meters::own_limit::{MemoryKills, OwnLimit};
use crate::meters::quota::has_cpu_quota;
use crate::meters::threads::{Thread, Threads, own_cpus};
use crate::stop::Stop;

/// CPU time counters, in nanoseconds.
const CPU: [Candidate; 3] = [
    ("/sys/fs/cgroup/cpu.stat", &["usage_usec"], 1000),
    ("/sys/fs/cgroup/cpuacct/cpuacct.usage", &[], 1),
    ("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", &[], 1),
];

/// Memory in use that cannot be dropped: anonymous memory and what lies in tmpfs. Page cache is not a program's doing.
const MEMORY: [Candidate; 2] = [
    ("/sys/fs/cgroup/memory.stat", &["anon", "shmem"], 1),
    ("/sys/fs/cgroup/memory/memory.stat", &["rss", "shmem"], 1),
];

/// Memory of processes and files, page cache included; `cache` and `file` count what lies in tmpfs too.
const USER_MEMORY: [Candidate; 2] = [
    ("/sys/fs/cgroup/memory.stat", &["anon", "file"], 1),
    ("/sys/fs/cgroup/memory/memory.stat", &["rss", "cache"], 1),
];

/// All memory that is charged, that of the kernel included: buffers of sockets and pipes, tables of pages, stacks.
const ALL_MEMORY: [Candidate; 2] = [
    ("/sys/fs/cgroup/memory.current", &[], 1),
    ("/sys/fs/cgroup/memory/memory.usage_in_bytes", &[], 1),
];

/// Processes that were killed for memory, that of the box or that of the host. The counters only grow.
const MEMORY_KILLS: [Candidate; 2] = [
    ("/sys/fs/cgroup/memory.events", &["oom_kill"], 1),
    ("/sys/fs/cgroup/memory/memory.oom_control", &["oom_kill"], 1),
];

/// Processes that the limit of the box refused. The counter only grows.
const REFUSED: [Candidate; 2] = [
    ("/sys/fs/cgroup/pids.events", &["max"], 1),
    ("/sys/fs/cgroup/pids/pids.events", &["max"], 1),
];

/// Time in which threads of the box were kept from CPUs because its quota was used up, in nanoseconds. Each CPU counts.
const THROTTLED: [Candidate; 4] = [
    ("/sys/fs/cgroup/cpu.stat", &["throttled_usec"], 1000),
    ("/sys/fs/cgroup/cpu/cpu.stat", &["throttled_time"], 1),
    ("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", &["throttled_time"], 1),
    ("/sys/fs/cgroup/cpuacct/cpu.stat", &["throttled_time"], 1),
];

/// Memory of the box, in bytes; `None` without a counter.
pub(crate) struct Memory {
    /// What is in use by processes and files.
    pub(crate) in_use: Option<u64>,
    /// What the kernel has on behalf of the box.
    pub(crate) kernel: Option<u64>,
}

/// Open files of the control group; `None` for what this kernel does not show.
pub(crate) struct Meter {
    cpu: Option<Counter>,
    memory: Option<Counter>,
    user_memory: Option<Counter>,
    all_memory: Option<Counter>,
    memory_kills: Option<Counter>,
    own_limit: Option<OwnLimit>,
    refused: Option<Counter>,
    throttled: Option<Counter>,
    /// Waits of threads, which say nothing without the CPU time of the box, and, where it has a quota, without the time for
    /// which that made it pause.
    threads: Option<Threads>,
}

impl Meter {
    /// Outside a container the files are those of the host and say nothing about a box.
    pub(crate) fn open() -> Self {
        let find = |candidates: &[_]| candidates.iter().filter(|_| is_init()).find_map(Counter::open);
        let (cpu, throttled) = (find(&CPU), find(&THROTTLED));
        let says_enough = cpu.is_some() && (throttled.is_some() || !has_cpu_quota());
        Self {
            threads: says_enough.then(Threads::open).flatten(),
            cpu,
            throttled,
            memory: find(&MEMORY),
            user_memory: find(&USER_MEMORY),
            all_memory: find(&ALL_MEMORY),
            memory_kills: find(&MEMORY_KILLS),
            own_limit: OwnLimit::find(find),
            refused: find(&REFUSED),
        }
    }

    /// Which counters can be read.
    pub(crate) fn meters(&self) -> Meters {
        let source = |counter: &Option<_>| match counter {
            Some(_) => Figure::Cgroup,
            None => Figure::Rusage,
        };
        Meters {
            cpu: source(&self.cpu),
            memory_peak: source(&self.memory),
            memory_kills: self.memory_kills.is_some(),
            refused_processes: self.refused.is_some(),
            starvation: self.measures_starvation(),
        }
    }

    /// CPUs that the box may keep busy, where it has no quota; `None` too where a quota could not be seen.
    pub(crate) fn cpus(&self) -> Option<u32> {
        (self.cpu.is_some() && !has_cpu_quota()).then(own_cpus)
    }

    /// Whether it can be told how long programs wait for others than their box.
    pub(crate) fn measures_starvation(&self) -> bool {
        self.threads.is_some()
    }

    /// The threads of the program that runs; none where their waits are not counted.
    pub(crate) fn threads(&self, zygote: Option<i32>) -> Vec<Thread> {
        self.threads
            .as_ref()
            .map_or_else(Vec::new, |threads| threads.of_all_but(zygote))
    }

    /// CPU time of everything in the box, in nanoseconds; `None` without a counter.
    pub(crate) fn box_cpu_ns(&self) -> Result<Option<u64>, Stop> {
        read(self.cpu.as_ref())
    }

    /// Time for which the quota of the box made it pause, in nanoseconds; none without a quota.
    pub(crate) fn throttled_ns(&self) -> Result<u64, Stop> {
        Ok(read(self.throttled.as_ref())?.unwrap_or(0))
    }

    /// CPU time of everything in the box but the runner, in microseconds; `None` without a counter.
    pub(crate) fn cpu_us(&self) -> Result<Option<u64>, Stop> {
        let total_ns = self.box_cpu_ns()?;
        Ok(total_ns.map(|total_ns| total_ns.saturating_sub(own_cpu_ns()) / 1000))
    }

    /// Memory in use and of the kernel. To make the file with most of the numbers takes the kernel longer than all others,
    /// so it is read once.
    pub(crate) fn memory(&self) -> Result<Memory, Stop> {
        let all = read(self.all_memory.as_ref())?;
        let mut buffer = [0; STAT_BYTES];
        let (in_use, user) = match (&self.memory, &self.user_memory) {
            (Some(memory), Some(user)) if memory.path == user.path => {
                let text = memory.text(&mut buffer);
                let number = |counter: &Counter| text.and_then(|text| counter.total(text));
                (
                    Some(number(memory).ok_or_else(|| memory.unreadable())?),
                    Some(number(user).ok_or_else(|| user.unreadable())?),
                )
            }
            (memory, user) => (read(memory.as_ref())?, read(user.as_ref())?),
        };
        let kernel = all.zip(user).map(|(all, user)| all.saturating_sub(user));
        Ok(Memory { in_use, kernel })
    }

    /// Memory of the kernel on behalf of the box, in bytes; `None` without a counter.
    pub(crate) fn kernel_memory_bytes(&self) -> Result<Option<u64>, Stop> {
        let (all, user) = (read(self.all_memory.as_ref())?, read(self.user_memory.as_ref())?);
        Ok(all.zip(user).map(|(all, user)| all.saturating_sub(user)))
    }

    /// Processes killed for memory since the box began; `None` without a counter.
    pub(crate) fn memory_kills(&self) -> Result<Option<u64>, Stop> {
        read(self.memory_kills.as_ref())
    }

    /// Processes killed for memory since there were so many.
    pub(crate) fn memory_kills_since(&self, before: Option<u64>) -> Result<MemoryKills, Stop> {
        let kills = self
            .memory_kills()?
            .zip(before)
            .map(|(now, before)| now.saturating_sub(before));
        // Behind the kills: what is counted by now has met its limit before. Few runs have any.
        let limit = self.own_limit.as_ref().filter(|_| kills.is_some_and(|kills| kills > 0));
        let met = limit.map(OwnLimit::was_met).transpose()?;
        Ok(MemoryKills::of(kills, met.unwrap_or(true)))
    }

    /// Processes refused since the box began; `None` without a counter.
    pub(crate) fn refused_processes(&self) -> Result<Option<u64>, Stop> {
        read(self.refused.as_ref())
    }
}

/// CPU time of this process, in nanoseconds.
pub(crate) fn own_cpu_ns() -> u64 {
    let own = clock_gettime(ClockId::ProcessCPUTime);
    u64::try_from(own.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(own.tv_nsec).unwrap_or(0)
}

/// What is behind the name of a process or a thread in its `/proc/PID/stat` (`proc(5)`). A name may hold blanks and brackets.
pub(crate) fn behind_name(stat: &str) -> Option<&str> {
    stat.rsplit_once(')').map(|(_, behind)| behind)
}

/// CPU time of one living process, in microseconds: fields 14 and 15 of `/proc/PID/stat`, in hundredths (`proc(5)`).
/// `None` when it has ended.
pub(crate) fn process_cpu_us(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let ticks = behind_name(&stat)?
        .split_ascii_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok());
    Some(ticks.sum::<u64>() * 10_000)
}

/// Pages of files in memory that one living process has mapped, in bytes: `RssShmem` of `/proc/PID/status` (`proc(5)`).
/// `None` when it has ended.
pub(crate) fn process_shared_bytes(pid: i32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("RssShmem:"))?;
    kilobytes
        .trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}
