//! The wall limit of a run. It is about a program that idles, so it waits for one that starves, within bounds.

use std::time::{Duration, Instant};

use assize_protocol::{RunLimits, Stopped};

use crate::limits::starvation::{Moment, Reading, Starvation};
use crate::meters::meter::{Meter, own_cpu_ns};
use crate::meters::steal::StealMeter;
use crate::stop::Stop;

/// Threads are looked at after this time, then at this interval.
const LOOKS: Duration = Duration::from_millis(50);

/// The next look comes at the earliest after so many times the CPU time that this one took, since a look at many threads
/// takes long. Time in which the runner waits for a CPU does not count.
const COST: u32 = 50;

/// How soon the limit is checked again while a program waits for a CPU at its limit: what it waited is known when it runs.
const CHECK_AGAIN: Duration = Duration::from_millis(5);

/// Starvation that the worker is told of as it grows, in microseconds.
const NEWS_US: u64 = 10_000;

/// A program that ends sooner cannot have starved for as long as is told, and is not looked at.
const SHORT: Duration = Duration::from_micros(NEWS_US);

/// The clock of one run.
pub(crate) struct WallClock {
    started: Instant,
    limit: Duration,
    /// Starvation beyond it is the host's fault.
    patience: Duration,
    /// `None` where it cannot be measured.
    starvation: Option<Starvation>,
    /// What a hypervisor gives to others, where that can be told. Made by the first look at a program that runs for a
    /// while: most do not.
    steal: Option<Option<StealMeter>>,
    cpus: u32,
    next_look: Instant,
    next_check: Instant,
    told_us: u64,
}

impl WallClock {
    /// Of a run that begins now.
    pub(crate) fn start(limits: &RunLimits, meter: &Meter) -> Result<Self, Stop> {
        let started = Instant::now();
        let limit = Duration::from_micros(limits.wall_us);
        let starvation = match meter.measures_starvation() {
            true => Some(Starvation::begin(limits.cpus, begin(meter, started)?)),
            false => None,
        };
        Ok(Self {
            started,
            limit,
            patience: Duration::from_micros(limits.starved_us),
            steal: None,
            cpus: limits.cpus,
            starvation,
            next_look: started + LOOKS,
            next_check: started + limit,
            told_us: 0,
        })
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// When the limit is reached, as far as it is known how much the program has starved.
    pub(crate) fn limit_at(&self) -> Instant {
        self.started + self.limit + self.starved()
    }

    /// When it has to be checked, even if nothing happens.
    pub(crate) fn next_check(&self) -> Instant {
        match self.starvation {
            Some(_) => self.next_check.min(self.next_look),
            None => self.next_check,
        }
    }

    /// Looks how much the program has starved; `zygote` is none of it.
    pub(crate) fn look(&mut self, meter: &Meter, zygote: Option<i32>) -> Result<(), Stop> {
        if let Some(starvation) = &mut self.starvation {
            let (begun, cpu_before) = (Instant::now(), own_cpu_ns());
            let uptime = uptime();
            let read_from = reading(meter, self.started)?;
            let threads = meter.threads(zygote);
            // The clock first: the runner may wait in between, and what is not used bounds what can have starved.
            let at = nanoseconds_since(self.started);
            let now = Moment {
                at,
                box_cpu: box_cpu(meter)?,
                throttled: meter.throttled_ns()?,
                read_from,
                uptime,
            };
            starvation.look(now, &threads);
            if begun - self.started >= LOOKS {
                let steal = self.steal.get_or_insert_with(|| StealMeter::of_box(self.cpus));
                steal.iter_mut().for_each(StealMeter::look);
            }
            let needed = Duration::from_nanos(own_cpu_ns() - cpu_before);
            self.next_look = begun + LOOKS.max(needed * COST);
        }
        Ok(())
    }

    /// Looks at a program that has ended for the last time.
    pub(crate) fn look_at_end(&mut self, meter: &Meter, zygote: Option<i32>) -> Result<(), Stop> {
        match self.started.elapsed() < SHORT {
            true => Ok(()),
            false => self.look(meter, zygote),
        }
    }

    /// Why the program has to end by now, if it has to.
    pub(crate) fn check(&mut self, meter: &Meter, zygote: Option<i32>) -> Result<Option<Stopped>, Stop> {
        let now = Instant::now();
        if now < self.next_check() {
            return Ok(None);
        }
        self.look(meter, zygote)?;
        if self.starved() > self.patience {
            return Ok(Some(Stopped::Starved));
        }
        if now < self.next_check {
            return Ok(None);
        }
        let passed = now - self.started;
        if passed >= self.limit + self.starved() {
            // What the program ran while the runner waited in the look before is given back by this one.
            self.look(meter, zygote)?;
        }
        // Until then it is known what starved: this process waits for a CPU as well, and may have waited since.
        let is_waiting = self.starvation.as_ref().is_some_and(Starvation::is_waiting);
        if passed < self.limit + self.starved() {
            self.next_check = self.started + self.limit + self.starved();
            Ok(None)
        } else if !is_waiting {
            Ok(Some(Stopped::Wall))
        } else if passed < self.limit + self.patience {
            self.next_check = Instant::now() + CHECK_AGAIN;
            Ok(None)
        } else {
            Ok(Some(Stopped::Starved))
        }
    }

    /// Why a program had to end that was killed at `limit_at` without a look: it may have starved until then.
    pub(crate) fn reason_after_kill(&mut self, meter: &Meter, zygote: Option<i32>) -> Result<Stopped, Stop> {
        let passed = self.started.elapsed();
        self.look(meter, zygote)?;
        match passed >= self.limit + self.starved() {
            true => Ok(Stopped::Wall),
            false => Ok(Stopped::Starved),
        }
    }

    /// How much the program has starved, in microseconds, when that is news to the worker.
    pub(crate) fn news(&mut self) -> Option<u64> {
        let starved_us = self.starved_us()?;
        (starved_us >= self.told_us + NEWS_US).then(|| {
            self.told_us = starved_us;
            starved_us
        })
    }

    /// What other processes and other machines had of its CPUs; `None` where it cannot be measured.
    pub(crate) fn starved_us(&self) -> Option<u64> {
        let stolen = self.steal.iter().flatten().map(StealMeter::stolen).sum::<Duration>();
        let stolen = u64::try_from(stolen.as_nanos()).unwrap_or(u64::MAX);
        let starvation = self.starvation.as_ref()?;
        Some(starvation.proven_with(stolen) / 1000)
    }

    fn starved(&self) -> Duration {
        Duration::from_micros(self.starved_us().unwrap_or(0))
    }
}

/// A moment at which no thread is there yet.
fn begin(meter: &Meter, started: Instant) -> Result<Moment, Stop> {
    let read_from = reading(meter, started)?;
    Ok(Moment {
        at: read_from.at,
        box_cpu: read_from.box_cpu,
        throttled: meter.throttled_ns()?,
        read_from,
        uptime: uptime(),
    })
}

fn reading(meter: &Meter, started: Instant) -> Result<Reading, Stop> {
    let box_cpu = box_cpu(meter)?;
    Ok(Reading {
        at: nanoseconds_since(started),
        box_cpu,
    })
}

fn box_cpu(meter: &Meter) -> Result<u64, Stop> {
    Ok(meter.box_cpu_ns()?.unwrap_or(0))
}

fn nanoseconds_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Hundredths of a second since the host began (`USER_HZ`, `proc_pid_stat(5)`, field 22).
fn uptime() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    u64::try_from(now.tv_sec).unwrap_or(0) * 100 + u64::try_from(now.tv_nsec).unwrap_or(0) / 10_000_000
}
