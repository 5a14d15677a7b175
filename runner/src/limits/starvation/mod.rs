//! How long a program was ready to run while the host gave its CPUs to others.
//!
//! # What is counted
//!
//! A thread of the program that waits for a CPU waits for the host, or for the box itself: for another thread of the same
//! program, the zygote or the runner. The control group says how much CPU the box has used. While a thread waits for its
//! own box, all CPUs of the box are in use by it; so over any time, what a thread has waited beyond the CPU time that the
//! rest of its box has used, by CPU, it has waited for others. That holds for each thread alone, however many there are
//! beside it: threads and processes in any number prove no more than one of them.
//!
//! # How it is added up
//!
//! Each look adds what the threads prove since the one before. Several may have starved at the same time, so they are not
//! added; what counts is the best chain: starvation that is proven until a moment, plus what one thread proves from there
//! on. The kernel tells of a wait when it ends. A chain that goes on with another thread must not count a wait a second
//! time that had begun before, so that thread comes with a loss: the time in which it may have been waiting already.
//! What is found this way is at most the truth, and the truth up to a few milliseconds for a program of one thread, beside
//! what the runner itself waited during the last look.
//!
//! The runner waits for the same CPUs, so the threads and the control group are not read at one moment. A chain begins with
//! the CPU time before the threads were read, and ends with the one after: what lies between them is taken off once in a
//! chain, and not at each look.
//!
//! Where the box has a quota instead of CPUs of its own, threads wait for the next period when it is used up. The kernel
//! counts that time when it ends, before the threads run on. All of it is taken off what the best chain proves.
//!
//! A thread that stands back ([`Thread::stands_back`]) at a look or at the one before proves nothing, or a program could buy
//! time with `nice`. It cannot undo that between two looks: the kernel lets no process raise a priority again without a right
//! to (`nice(2)`, `sched(7)`), and a program chooses no CPUs (see the second filter). Processes that live between two looks
//! are not seen, and prove nothing.

use std::collections::{HashMap, HashSet};

use crate::meters::threads::{Thread, ThreadId};

/// A thread that has waited for so long, and still waits, is starving now.
const WAITS_FOR: u64 = 10_000_000;

/// A moment of a run. Times are nanoseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moment {
    /// Since the start of the run.
    pub(crate) at: u64,
    /// CPU time of everything in the box, since any moment before.
    pub(crate) box_cpu: u64,
    /// Time for which its quota made the box pause, since any moment before; read after the threads.
    pub(crate) throttled: u64,
    /// What `at` and `box_cpu` were before the threads were read. The runner may have waited for a CPU since, and the
    /// threads may have run.
    pub(crate) read_from: Reading,
    /// Hundredths of a second since the host began, as threads tell when they did; before they were read.
    pub(crate) uptime: u64,
}

/// When a look began, and the CPU time of the box then.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reading {
    pub(crate) at: u64,
    pub(crate) box_cpu: u64,
}

/// What is proven for one run.
#[derive(Debug)]
pub(crate) struct Starvation {
    cpus: u64,
    begun: Moment,
    last: Moment,
    /// What the best chain proves, pauses for the box's quota included.
    chained: u64,
    proven: u64,
    /// No more can have starved until the last look, whatever proves it.
    at_most: u64,
    chains: HashMap<ThreadId, Chain>,
    is_waiting: bool,
}

/// The best chain that goes on with a thread, and how the thread stood.
#[derive(Debug, Clone, Copy)]
struct Chain {
    seen: Thread,
    /// `None` for a thread that can have been waiting since the start.
    proven: Option<i64>,
    /// CPU time of the box until which `proven` has taken it off.
    box_cpu: u64,
    /// The last moment at which it was known to have been running, or asleep, since the moment before.
    ran_until: Moment,
    /// It has waited since then at most: the begin of the last look before `ran_until`.
    waits_since: u64,
}

impl Starvation {
    /// Of a run in a box with so many CPUs that begins now.
    pub(crate) fn begin(cpus: u32, now: Moment) -> Self {
        Self {
            cpus: u64::from(cpus.max(1)),
            begun: now,
            last: now,
            chained: 0,
            proven: 0,
            at_most: 0,
            chains: HashMap::new(),
            is_waiting: false,
        }
    }

    /// Nanoseconds in which the program is known to have starved until the last look, with what a hypervisor has taken of
    /// its CPUs until then. Both count the time in which one thread waits for another from which its CPU is stolen; so
    /// together they are no more than what the box did not use.
    pub(crate) fn proven_with(&self, stolen: u64) -> u64 {
        self.proven.saturating_add(stolen).min(self.at_most.max(self.proven))
    }

    /// Whether a thread was waiting for others at the last look, for some time already, which is not counted yet.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Takes in how the threads stand now.
    pub(crate) fn look(&mut self, now: Moment, threads: &[Thread]) {
        let replaced = self.replaced(threads);
        let continued = |thread: &Thread| match replaced.contains(&thread.process) && thread.is_main() {
            true => self.unknown(thread, now, None),
            false => self.continued(thread, now),
        };
        let chains: Vec<Chain> = threads.iter().map(continued).collect();
        let best = chains.iter().filter_map(|chain| chain.proven).max().unwrap_or(0);
        let best = u64::try_from(best).unwrap_or(0);
        self.chained = self.chained.max(best.min(self.not_used(now)));
        let throttled = now.throttled.saturating_sub(self.begun.throttled);
        self.proven = self.proven.max(self.chained.saturating_sub(throttled));
        self.at_most = self.at_most.max(self.not_used(now).saturating_sub(throttled));
        self.is_waiting = chains.iter().any(|chain| self.still_waits(chain, now));
        self.chains = chains
            .into_iter()
            .map(|chain| (chain.seen.id, self.rooted(chain, now)))
            .collect();
        self.last = now;
    }

    /// Processes in which a thread may have called `execve`: it has then ended all others, and has the number of the main
    /// one, with waits that it had before.
    fn replaced(&self, threads: &[Thread]) -> HashSet<i32> {
        let seen = self.chains.values().map(|chain| &chain.seen);
        let had_others: HashSet<i32> = seen.filter(|seen| !seen.is_main()).map(|seen| seen.process).collect();
        let stay = threads.iter().filter(|thread| !thread.is_main());
        let keep_one: HashSet<i32> = stay
            .filter(|thread| self.chains.contains_key(&thread.id))
            .map(|thread| thread.process)
            .collect();
        &had_others - &keep_one
    }

    /// The chain of a thread with what it proves since the last look.
    fn continued(&self, thread: &Thread, now: Moment) -> Chain {
        let before = self.chains.get(&thread.id).copied().or_else(|| self.born(thread));
        let chain = before.filter(|chain| chain.leads_to(thread, now));
        let Some(chain) = chain.filter(|chain| !thread.stands_back && !chain.seen.stands_back) else {
            return self.unknown(thread, now, before);
        };
        let ran = thread.ran - chain.seen.ran;
        // What the thread ran during the last look was taken off then, and comes back now; nothing else can be negative.
        let taken_early = signed(chain.box_cpu) - signed(self.last.read_from.box_cpu);
        let used = signed(now.box_cpu) - signed(chain.box_cpu) - signed(ran);
        let used = used.max(-taken_early);
        let proves = signed(thread.waited - chain.seen.waited) - used / signed(self.cpus);
        Chain {
            proven: chain.proven.map(|proven| proven + proves),
            box_cpu: now.box_cpu,
            ..chain.moved_to(thread, now, self.last)
        }
    }

    /// A thread that did not exist when the last look began has waited for nothing before.
    fn born(&self, thread: &Thread) -> Option<Chain> {
        let began = self.last.read_from;
        let may_have_waited = self.last.at - began.at;
        (thread.id.1 >= self.last.uptime).then(|| Chain {
            seen: Thread {
                ran: 0,
                waited: 0,
                slices: 0,
                ..*thread
            },
            proven: Some(signed(self.chained) - signed(may_have_waited)),
            box_cpu: began.box_cpu,
            ran_until: self.last,
            waits_since: began.at,
        })
    }

    /// A thread that proves nothing now, and nothing of what it has waited until now later.
    fn unknown(&self, thread: &Thread, now: Moment, before: Option<Chain>) -> Chain {
        let never_seen_to_run = Chain {
            seen: *thread,
            proven: None,
            box_cpu: now.read_from.box_cpu,
            ran_until: self.begun,
            waits_since: self.begun.at,
        };
        let chain = before.map_or(never_seen_to_run, |before| before.moved_to(thread, now, self.last));
        Chain { proven: None, ..chain }
    }

    /// The same, or what is proven in all and goes on with this thread, if that is more.
    fn rooted(&self, chain: Chain, now: Moment) -> Chain {
        let rooted = Chain {
            proven: Some(signed(self.chained) - signed(now.at - chain.waits_since)),
            box_cpu: now.read_from.box_cpu,
            ..chain
        };
        if self.worth(&chain) >= self.worth(&rooted) {
            chain
        } else {
            rooted
        }
    }

    /// What is proven, were no CPU time of the box taken off: chains have taken it off until different moments.
    fn worth(&self, chain: &Chain) -> Option<i64> {
        let taken_off = signed(chain.box_cpu) / signed(self.cpus);
        chain.proven.map(|proven| proven + taken_off)
    }

    /// Whether it has been waiting for a while for others than the box.
    fn still_waits(&self, chain: &Chain, now: Moment) -> bool {
        let since = chain.ran_until;
        let used = now.box_cpu.saturating_sub(since.box_cpu) / self.cpus;
        let paused = now.throttled.saturating_sub(since.throttled);
        let may_wait = chain.seen.is_ready && !chain.seen.stands_back;
        may_wait && (now.at - since.at).saturating_sub(used + paused) >= WAITS_FOR
    }

    /// CPU time that the box could have had and did not use: nothing can have starved for longer.
    fn not_used(&self, now: Moment) -> u64 {
        let passed = now.at - self.begun.at;
        let used = now.box_cpu.saturating_sub(self.begun.box_cpu);
        passed.saturating_mul(self.cpus).saturating_sub(used).min(passed)
    }
}

impl Chain {
    /// Whether its thread can stand like this now. After `execve` by another thread that one has its number, with figures
    /// of its own.
    fn leads_to(&self, thread: &Thread, now: Moment) -> bool {
        let grown = |now: u64, before: u64| now.checked_sub(before);
        let busy = grown(thread.ran, self.seen.ran).zip(grown(thread.waited, self.seen.waited));
        // A tick of the kernel may come between its figures and the clock.
        busy.is_some_and(|(ran, waited)| ran + waited <= now.at - self.waits_since + WAITS_FOR)
            && thread.slices >= self.seen.slices
    }

    /// How the thread stands now, after a look at `last`.
    fn moved_to(self, thread: &Thread, now: Moment, last: Moment) -> Self {
        let has_run = thread.slices != self.seen.slices || thread.ran != self.seen.ran;
        let (ran_until, waits_since) = match (has_run, thread.is_ready) {
            (_, false) => (now, now.read_from.at),
            (true, true) => (now, last.read_from.at),
            (false, true) => (self.ran_until, self.waits_since),
        };
        Self {
            seen: *thread,
            ran_until,
            waits_since,
            ..self
        }
    }
}

fn signed(nanoseconds: u64) -> i64 {
    i64::try_from(nanoseconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
