//! A running program: its pipes, its limits and its end.

use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use assize_protocol::{
    CHUNK, CpuTime, Ended, FaultStage, Report, RunFacts, RunLimits, Stopped, Stream, WINDOW, ZygoteEnd,
};
use rustix::io::{Errno, read};

use crate::limits::deadline::micros;
use crate::limits::wall::WallClock;
use crate::limits::watch::Watch;
use crate::meters::meter::Meter;
use crate::processes::children::Processes;
use crate::processes::kill::kill_everything;
use crate::processes::reap::has_ended;
use crate::processes::spawn::Child;
use crate::stop::Stop;
use crate::streams::stderr::HeadAndTail;
use crate::streams::stdin::Feed;
use crate::streams::wire::Outbox;
use crate::usage::Usage;

/// Memory is sampled this long after the start, then at this interval.
const FIRST_SAMPLE: Duration = Duration::from_millis(10);
const SAMPLES: Duration = Duration::from_millis(50);

/// How long after a kill everything is killed again, since it may have forked meanwhile.
const KILL_AGAIN: Duration = Duration::from_millis(2);

/// How long after the end of the program its pipes may be open where they could be read. No process of it is alive then,
/// but the zygote, or a socket that was sent over itself, may hold a descriptor.
const PIPES_OPEN_FOR: Duration = Duration::from_millis(500);

/// A program and everything that it started.
pub(crate) struct Running {
    processes: Processes,
    limits: RunLimits,
    feed: Feed,
    /// `None` from the start where the worker reads it.
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
    /// The worker wants no more of its output.
    is_unread: bool,
    credit: u64,
    /// The program has closed it, and the worker does not know yet.
    stdout_ended: bool,
    stdout_bytes: u64,
    forwarded: u64,
    kept: HeadAndTail,
    wall: WallClock,
    stopped: Option<Stopped>,
    ended: Option<(Ended, Instant)>,
    next_cpu_look: Instant,
    next_sample: Instant,
}

impl Running {
    /// `None` when `start` gives no child. `usage` was begun just before.
    pub(crate) fn start(
        limits: RunLimits,
        usage: Usage,
        meter: &Meter,
        zygote: Option<i32>,
        start: impl FnOnce() -> Result<Option<Child>, Stop>,
    ) -> Result<Option<Self>, Stop> {
        let wall = WallClock::start(&limits, meter)?;
        let started = wall.started();
        let Some(Child {
            pid,
            stdin,
            stdout,
            stderr,
        }) = start()?
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            processes: Processes::new(pid, zygote, usage),
            limits,
            feed: Feed::new(stdin),
            stdout,
            stderr: Some(stderr),
            is_unread: false,
            credit: u64::from(WINDOW),
            stdout_ended: false,
            stdout_bytes: 0,
            forwarded: 0,
            kept: HeadAndTail::new(limits.stderr_keep as usize),
            wall,
            stopped: None,
            ended: None,
            next_cpu_look: started + Duration::from_micros(limits.cpu_us / u64::from(limits.cpus.max(1))),
            next_sample: started + FIRST_SAMPLE,
        }))
    }

    pub(crate) fn feed(&mut self) -> &mut Feed {
        &mut self.feed
    }

    pub(crate) fn grant(&mut self, bytes: u32) {
        self.credit += u64::from(bytes);
    }

    /// The output has no reader any more. The pipe is closed where that is watched.
    pub(crate) fn close_stdout(&mut self) {
        self.is_unread = true;
    }

    /// The worker has read the end of the output.
    pub(crate) fn output_has_ended(&mut self) {
        self.stdout_ended = true;
    }

    /// Ends the program. The first reason is the one that counts.
    pub(crate) fn stop(&mut self, why: Stopped) {
        if self.stopped.is_none() && self.ended.is_none() {
            self.stopped = Some(why);
            self.processes.kill();
        }
    }

    /// Descriptors that can make progress: standard output, standard error, and where input can be written.
    pub(crate) fn waits_for(
        &self,
        outbox: &Outbox,
    ) -> (Option<BorrowedFd<'_>>, Option<BorrowedFd<'_>>, Option<BorrowedFd<'_>>) {
        let stdout = self
            .stdout
            .as_ref()
            .map(AsFd::as_fd)
            .filter(|_| self.may_forward(outbox));
        (
            stdout,
            self.stderr.as_ref().map(AsFd::as_fd),
            self.feed.wants_to_write(),
        )
    }

    /// When limits have to be checked next, even if nothing happens.
    pub(crate) fn wake_at(&self) -> Option<Instant> {
        if let Some((_, at)) = self.ended {
            return Some((at + PIPES_OPEN_FOR).max(Instant::now() + KILL_AGAIN));
        }
        if self.stopped.is_some() {
            return Some(Instant::now() + KILL_AGAIN);
        }
        Some(self.wall.next_check().min(self.next_cpu_look).min(self.next_sample))
    }

    /// Moves data, reaps processes and enforces the limits. `Some` when the run is over.
    pub(crate) fn advance(
        &mut self,
        meter: &Meter,
        outbox: &mut Outbox,
        watch: &Watch,
    ) -> Result<Option<RunFacts>, Stop> {
        watch.begin(self.wall.limit_at());
        self.move_data(outbox)?;
        if watch.end() {
            let why = self.wall.reason_after_kill(meter, self.processes.zygote())?;
            self.stopped.get_or_insert(why);
            self.processes.lose_zygote(ZygoteEnd::Cleared);
        }
        if self.ended.is_none() {
            self.enforce_limits(meter)?;
            if has_ended(self.processes.main()) {
                // What its last waits were is gone when it is reaped.
                self.wall.look_at_end(meter, self.processes.zygote())?;
            }
            self.ended = self.processes.reap(meter)?;
        }
        // Not for a program that ends at once: its end says it too.
        if self.ended.is_none() && std::mem::take(&mut self.stdout_ended) {
            outbox.push(&Report::OutputEnd)?;
        }
        if let Some(us) = self.wall.news().filter(|_| self.ended.is_none()) {
            outbox.push(&Report::Starved(us))?;
        }
        self.close_pipes_in_time(outbox);
        let pipes_closed = self.stdout.is_none() && self.stderr.is_none();
        match self.ended.filter(|_| pipes_closed) {
            Some(end) => self.facts(meter, end).map(Some),
            None => Ok(None),
        }
    }

    /// Through the pipes of the program, each of which it can hold.
    fn move_data(&mut self, outbox: &mut Outbox) -> Result<(), Stop> {
        self.feed.pump();
        if let Some(credit) = self.feed.credit() {
            outbox.push(&Report::StdinCredit(credit))?;
        }
        if self.is_unread {
            self.stdout = None;
        }
        self.read_stdout(outbox)?;
        self.read_stderr();
        Ok(())
    }

    /// Only with credit for all that is read at once: of a packet that a program has made of a page, a smaller read would lose
    /// the rest (`O_DIRECT` of `pipe(2)`). The worker gives credit again long before there is less.
    fn may_forward(&self, outbox: &Outbox) -> bool {
        self.credit >= CHUNK as u64 && !outbox.is_full()
    }

    fn read_stdout(&mut self, outbox: &mut Outbox) -> Result<(), Stop> {
        while let Some(pipe) = self.stdout.as_ref().filter(|_| self.may_forward(outbox)) {
            let room = usize::try_from(self.limits.output_bytes - self.forwarded).unwrap_or(usize::MAX);
            match outbox.read_output(pipe, CHUNK, room) {
                Ok(0) => {
                    self.stdout = None;
                    self.stdout_ended = true;
                }
                Ok(read) => {
                    self.count_output(read, room);
                    // The pipe had no more; whatever comes wakes this process again.
                    if read < CHUNK {
                        break;
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(Stop::fault(FaultStage::Watch, format!("standard output: {error}"))),
            }
        }
        Ok(())
    }

    /// What the limit allows was forwarded; output beyond it ends the run.
    fn count_output(&mut self, read: usize, room: usize) {
        let forwarded = read.min(room) as u64;
        self.stdout_bytes += read as u64;
        self.forwarded += forwarded;
        self.credit -= forwarded;
        if self.stdout_bytes > self.limits.output_bytes {
            self.overflow(Stream::Stdout);
            self.stdout = None;
        }
    }

    fn read_stderr(&mut self) {
        let mut buffer = [MaybeUninit::uninit(); CHUNK];
        while let Some(pipe) = &self.stderr {
            match read(pipe, &mut buffer[..]) {
                Ok((data, _rest)) if !data.is_empty() => {
                    self.kept.push(data);
                    if self.kept.bytes() > self.limits.output_bytes {
                        self.overflow(Stream::Stderr);
                        self.stderr = None;
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                _ => self.stderr = None,
            }
        }
    }

    /// Too much output counts also when it is found in the pipe after the end.
    fn overflow(&mut self, stream: Stream) {
        if self.ended.is_some() && self.stopped.is_none() {
            self.stopped = Some(Stopped::Output(stream));
        }
        self.stop(Stopped::Output(stream));
    }

    fn enforce_limits(&mut self, meter: &Meter) -> Result<(), Stop> {
        if self.stopped.is_some() {
            self.processes.kill();
            return Ok(());
        }
        let now = Instant::now();
        if now >= self.next_cpu_look {
            let left = self.limits.cpu_us.saturating_sub(self.cpu(meter)?.us);
            if left == 0 {
                self.stop(Stopped::Cpu);
            }
            // It cannot be used up sooner than by all CPUs at once.
            let soonest = Duration::from_micros(left / u64::from(self.limits.cpus.max(1)));
            self.next_cpu_look = now + soonest.max(Duration::from_millis(1));
        }
        if now >= self.next_sample {
            self.processes.sample(meter)?;
            self.next_sample = now + SAMPLES;
        }
        if let Some(why) = self.wall.check(meter, self.processes.zygote())? {
            self.stop(why);
        }
        Ok(())
    }

    /// Closes pipes that a descriptor outside of every process of the program still holds open.
    fn close_pipes_in_time(&mut self, outbox: &Outbox) {
        let late = self.ended.is_some_and(|(_, at)| at.elapsed() >= PIPES_OPEN_FOR);
        let held = self.stderr.is_some() || (self.stdout.is_some() && self.may_forward(outbox));
        if late && held {
            self.processes.lose_zygote(ZygoteEnd::Cleared);
            kill_everything();
            self.stdout = None;
            self.stderr = None;
        }
    }

    fn cpu(&mut self, meter: &Meter) -> Result<CpuTime, Stop> {
        let living = self.ended.is_none().then_some(self.processes.main());
        self.processes.usage().cpu(meter, living)
    }

    fn facts(&mut self, meter: &Meter, (ended, at): (Ended, Instant)) -> Result<RunFacts, Stop> {
        let memory_kills = self.processes.usage().memory_kills(meter)?;
        let had_memory_kill = memory_kills.at_limit.is_some_and(|kills| kills > 0);
        let cpu = self.cpu(meter)?;
        if self.stopped.is_none() && cpu.us > self.limits.cpu_us {
            self.stopped = Some(Stopped::Cpu);
        }
        let kept = std::mem::replace(&mut self.kept, HeadAndTail::new(0));
        let stderr_bytes = kept.bytes();
        let (stderr_head, stderr_tail) = kept.into_parts();
        let usage = self.processes.usage();
        let memory_peak = usage.memory_peak(self.limits.memory_bytes, had_memory_kill);
        usage.give_back_input();
        Ok(RunFacts {
            ended,
            stopped: self.stopped,
            cpu,
            wall_us: micros(at - self.wall.started()),
            starved_us: self.wall.starved_us(),
            memory_peak,
            memory_kills: memory_kills.at_limit,
            memory_kills_by_host: memory_kills.by_host,
            refused_processes: self.processes.usage().refused_processes(meter)?,
            stdout_bytes: self.stdout_bytes,
            stderr_bytes,
            stderr_head,
            stderr_tail,
            leftovers: self.processes.leftovers(),
            zygote_end: self.processes.zygote_end(),
            audit: Vec::new(),
        })
    }
}
