//! The processes of a run: the main one, those that it leaves behind, and the zygote beside them.

use std::time::{Duration, Instant};

use assize_protocol::{Ended, FaultStage, ZygoteEnd};

use crate::meters::meter::Meter;
use crate::processes::kill::{has_children, is_only_child, kill_children_except, kill_everything};
use crate::processes::reap::{Reaped, Waited, wait_any};
use crate::stop::Stop;
use crate::usage::Usage;

/// A process that a `SIGKILL` does not end in this time is stuck in the kernel: the box is lost.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the program's processes are killed one by one to spare the zygote; after that, it is killed with them.
const ZYGOTE_SPARED_FOR: Duration = Duration::from_millis(100);

pub(crate) struct Processes {
    main: i32,
    /// The zygote, while it is alive and worth sparing.
    zygote: Option<i32>,
    zygote_end: Option<ZygoteEnd>,
    leftovers: u32,
    usage: Usage,
}

impl Processes {
    /// `usage` was begun before `main` was started.
    pub(crate) fn new(main: i32, zygote: Option<i32>, usage: Usage) -> Self {
        Self {
            main,
            zygote,
            zygote_end: None,
            leftovers: 0,
            usage,
        }
    }

    pub(crate) fn main(&self) -> i32 {
        self.main
    }

    pub(crate) fn zygote(&self) -> Option<i32> {
        self.zygote
    }

    pub(crate) fn usage(&mut self) -> &mut Usage {
        &mut self.usage
    }

    /// Looks at the memory of the box, while the main process lives.
    pub(crate) fn sample(&mut self, meter: &Meter) -> Result<(), Stop> {
        self.usage.sample(meter, Some(self.main))
    }

    /// Processes that were alive when the main one had ended.
    pub(crate) fn leftovers(&self) -> u32 {
        self.leftovers
    }

    /// Why the zygote has ended, if it has.
    pub(crate) fn zygote_end(&self) -> Option<ZygoteEnd> {
        self.zygote_end
    }

    pub(crate) fn kill(&self) {
        match self.zygote {
            Some(zygote) => kill_children_except(zygote),
            None => kill_everything(),
        }
    }

    /// From now on the zygote is killed with everything else. The first reason is the one that counts.
    pub(crate) fn lose_zygote(&mut self, why: ZygoteEnd) {
        if self.zygote.take().is_some() {
            self.zygote_end = Some(why);
        }
    }

    /// Reaps those that have ended. When the main one has, ends all others too and gives how it ended and when.
    pub(crate) fn reap(&mut self, meter: &Meter) -> Result<Option<(Ended, Instant)>, Stop> {
        while let Waited::Reaped(reaped) = wait_any() {
            self.count(reaped, meter)?;
            if reaped.pid == self.main {
                let at = Instant::now();
                self.usage.sample(meter, None)?;
                self.reap_the_rest(meter)?;
                return Ok(Some((reaped.ended, at)));
            }
        }
        Ok(None)
    }

    /// The program is over when its main process is: everything else of it is killed.
    fn reap_the_rest(&mut self, meter: &Meter) -> Result<(), Stop> {
        let begun = Instant::now();
        loop {
            match wait_any() {
                Waited::NoChildren => return Ok(()),
                Waited::Reaped(reaped) => {
                    if self.zygote != Some(reaped.pid) {
                        self.leftovers += 1;
                    }
                    self.count(reaped, meter)?;
                }
                Waited::AllAlive if self.zygote.is_some_and(has_children) => self.lose_zygote(ZygoteEnd::HadChildren),
                Waited::AllAlive if self.zygote.is_some_and(is_only_child) => return Ok(()),
                Waited::AllAlive if begun.elapsed() > KILL_TIMEOUT => {
                    return Err(Stop::fault(FaultStage::Watch, "a process does not die"));
                }
                Waited::AllAlive => {
                    // Killing one by one may lose the race against those that fork.
                    if begun.elapsed() > ZYGOTE_SPARED_FOR {
                        self.lose_zygote(ZygoteEnd::Cleared);
                    }
                    // Again and again: a process may have forked while the others were killed.
                    self.kill();
                    std::thread::sleep(Duration::from_micros(200));
                }
            }
        }
    }

    fn count(&mut self, reaped: Reaped, meter: &Meter) -> Result<(), Stop> {
        if self.zygote != Some(reaped.pid) {
            self.usage.count(&reaped);
            return Ok(());
        }
        let memory_kills = self.usage.memory_kills(meter)?;
        let by_memory = reaped.ended == Ended::Signal(libc::SIGKILL) && memory_kills.is_any();
        self.lose_zygote(match by_memory {
            true => ZygoteEnd::Memory,
            false => ZygoteEnd::Unexpected,
        });
        Ok(())
    }
}
