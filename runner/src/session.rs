//! The state machine of the protocol: idle, running, finished, and what each command may do there.

use std::fs::File;
use std::os::fd::OwnedFd;

use assize_child::PROGRAM_OOM_SCORE;
use assize_protocol::{Command, Fault, FaultStage, Fetch, Hello, Program, Report, RunRequest, Stopped, VERSION};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};

use crate::environment::read_environment;
use crate::files::places::Places;
use crate::files::write::Files;
use crate::harden::harden;
use crate::limits::deadline::until;
use crate::limits::watch::Watch;
use crate::meters::meter::Meter;
use crate::meters::threads::own_cpus;
use crate::processes::filter::Filters;
use crate::processes::kill::kill_everything;
use crate::processes::reap::{Reaper, Waited, wait_any};
use crate::processes::sockets;
use crate::processes::spawn::{Execution, Given, rlimits, spawn};
use crate::processes::zygote::Zygote;
use crate::running::Running;
use crate::stop::Stop;
use crate::streams::next_input::NextInput;
use crate::streams::wire::{Inbox, Outbox};
use crate::usage::Usage;

/// The work directory when none is named.
const WORK: &str = "/work";

struct Session {
    work: String,
    places: Places,
    files: Files,
    meter: Meter,
    reaper: Reaper,
    watch: Watch,
    outbox: Outbox,
    running: Option<Running>,
    /// Standard input of the next program, as far as it has come.
    input: NextInput,
    /// Descriptors that came, and belong to a command that is not read yet.
    received: Vec<OwnedFd>,
    /// Pipes of the worker's for the next program.
    pipes: Given,
    /// What is read when the running program has ended.
    then_fetch: Option<Fetch>,
    /// A reset was requested for when the running program has ended.
    then_reset: bool,
    zygote: Option<Zygote>,
    filters: Filters,
    lost_sockets: LostSockets,
}

/// Where sockets can have outlived their processes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LostSockets {
    /// The box before in this slot may have left some, and may still run.
    OfOthers,
    /// A program ran since they were waited for.
    OfPrograms,
    None,
}

/// Serves one worker until it hangs up or something breaks; `writable` are the work directory and what else is cleared.
pub(crate) fn serve(writable: Vec<String>) -> Stop {
    let mut session = match Session::begin(writable) {
        Ok(session) => session,
        Err(stop) => return stop,
    };
    let stop = match session.serve() {
        Ok(never) => match never {},
        Err(stop) => stop,
    };
    kill_everything();
    if let Stop::Fault(fault) = &stop {
        session.report_fault(fault);
    }
    stop
}

impl Session {
    fn begin(mut writable: Vec<String>) -> Result<Self, Stop> {
        let failed = |error: std::io::Error| Stop::fault(FaultStage::Harden, error.to_string());
        harden().map_err(failed)?;
        if writable.is_empty() {
            writable.push(WORK.to_owned());
        }
        let work = writable[0].clone();
        let mut outbox = Outbox::new();
        let meter = Meter::open();
        outbox.push(&Report::Hello(Hello {
            version: VERSION,
            meters: meter.meters(),
            cpus: meter.cpus(),
            environment: read_environment()?,
        }))?;
        let reaper = Reaper::new().map_err(failed)?;
        // With one there is no choice. A box with a quota of one runs on any of them.
        let filters = Filters::compile(!meter.measures_starvation() || own_cpus() == 1);
        let filters = filters.map_err(|error| Stop::fault(FaultStage::Harden, error.to_string()))?;
        Ok(Self {
            files: Files::new(work.clone()),
            work,
            places: Places::new(writable),
            meter,
            reaper,
            watch: Watch::start(kill_everything).map_err(failed)?,
            outbox,
            running: None,
            input: NextInput::default(),
            received: Vec::new(),
            pipes: Given::default(),
            then_fetch: None,
            then_reset: false,
            zygote: None,
            filters,
            lost_sockets: LostSockets::OfOthers,
        })
    }

    fn serve(&mut self) -> Result<std::convert::Infallible, Stop> {
        let mut inbox = Inbox::new();
        loop {
            while let Some(command) = inbox.next()? {
                self.handle(command)?;
            }
            self.advance()?;
            self.outbox.flush()?;
            if self.wait()? {
                inbox.fill(&mut self.received)?;
            }
        }
    }

    fn handle(&mut self, command: Command<'_>) -> Result<(), Stop> {
        match (command, &mut self.running) {
            (Command::Stdin(data), Some(running)) => running.feed().take(data),
            (Command::StdinEnd, Some(running)) => {
                running.feed().end();
                Ok(())
            }
            (Command::OutputCredit(bytes), Some(running)) => {
                running.grant(bytes);
                Ok(())
            }
            (Command::CloseStdout, Some(running)) => {
                running.close_stdout();
                Ok(())
            }
            (Command::OutputEnded, Some(running)) => {
                running.output_has_ended();
                Ok(())
            }
            (Command::Kill, Some(running)) => {
                running.stop(Stopped::Asked);
                Ok(())
            }
            // They crossed the end of the program on the way.
            (
                Command::Stdin(_)
                | Command::StdinEnd
                | Command::OutputCredit(_)
                | Command::CloseStdout
                | Command::OutputEnded
                | Command::Kill,
                None,
            ) => Ok(()),
            (_, Some(_)) => Err(Stop::fault(FaultStage::Protocol, "a program is running")),
            (command, None) => self.handle_when_idle(command),
        }
    }

    fn handle_when_idle(&mut self, command: Command<'_>) -> Result<(), Stop> {
        match command {
            Command::Put(put) => self.files.begin(put),
            Command::FileData(data) => self.files.data(data),
            Command::CopyData(bytes) => {
                let given = self.take_file();
                let copied = self.files.copy(given, bytes)?;
                self.outbox.push(&Report::Taken(copied))
            }
            Command::FileEnd => self.files.end(),
            _ if self.files.is_busy() => Err(Stop::fault(FaultStage::Protocol, "a file is not complete")),
            Command::Input(data) => self.input.take(data),
            Command::CopyInput(bytes) => {
                let given = self.take_file();
                let copied = self.input.copy(given, bytes)?;
                self.outbox.push(&Report::Taken(copied))
            }
            Command::InputFile(bytes) => {
                let given = self.take_file();
                let borrowed = self.input.borrow(given, bytes);
                self.outbox.push(&Report::Taken(borrowed))
            }
            Command::Pipes => self.take_pipes(),
            Command::Run(request) => self.run(&request),
            Command::Fetch(fetch) => self.outbox.push(&Report::Fetched(self.files.fetch(&fetch))),
            Command::Reset => self.reset(),
            Command::Zygote(request) => {
                self.end_zygote();
                if self.lost_sockets == LostSockets::OfPrograms {
                    self.wait_for_lost_sockets()?;
                }
                self.zygote = Zygote::start(&request, &self.work, &self.filters)?;
                self.outbox.push(&Report::ZygoteStarted(self.zygote.is_some()))
            }
            Command::Prepare(request) => {
                self.zygote = self.zygote.take().and_then(|zygote| zygote.prepare(&request));
                self.outbox.push(&Report::Prepared(self.zygote.is_some()))
            }
            other => Err(Stop::fault(FaultStage::Protocol, format!("{other:?} out of turn"))),
        }
    }

    fn run(&mut self, request: &RunRequest) -> Result<(), Stop> {
        self.wait_for_lost_sockets()?;
        self.lost_sockets = LostSockets::OfPrograms;
        self.places.touch();
        let input = self.input.begin(request.stdin, request.limits.input_room_bytes)?;
        let mut given = std::mem::take(&mut self.pipes);
        if let Some(input) = &input {
            given.stdin = Some(input.for_reading()?);
        }
        let usage = Usage::begin(&self.meter, input, self.input.ballast_bytes())?;
        self.running = match (&request.program, &self.zygote) {
            (Program::Exec { argv, env }, zygote) => {
                let execution = Execution {
                    argv,
                    env,
                    work: &self.work,
                    rlimits: rlimits(&request.limits),
                    oom_score: PROGRAM_OOM_SCORE,
                    filters: &self.filters,
                };
                let spared = zygote.as_ref().map(Zygote::pid);
                Running::start(request.limits, usage, &self.meter, spared, || {
                    spawn(&execution, given).map(Some)
                })?
            }
            (Program::Fork { argv }, Some(zygote)) => {
                let fork = || zygote.fork(argv, &request.limits, given);
                Running::start(request.limits, usage, &self.meter, Some(zygote.pid()), fork)?
            }
            (Program::Fork { .. }, None) => None,
        };
        self.then_fetch.clone_from(&request.then_fetch);
        self.then_reset = request.then_reset;
        if self.running.is_none() {
            self.end_zygote();
            self.outbox.push(&Report::NotForked)?;
        }
        Ok(())
    }

    /// Those for standard output, then for standard input.
    fn take_pipes(&mut self) -> Result<(), Stop> {
        let mut received = std::mem::take(&mut self.received).into_iter();
        self.pipes = Given {
            stdout: received.next(),
            stdin: received.next(),
        };
        match self.pipes.stdout {
            Some(_) => Ok(()),
            None => Err(Stop::fault(FaultStage::Protocol, "pipes without a descriptor")),
        }
    }

    /// The file that came with a command. None comes where the host lets this box have none.
    fn take_file(&mut self) -> Option<File> {
        let received = std::mem::take(&mut self.received);
        received.into_iter().next().map(File::from)
    }

    /// Kills the zygote, and everything that it may have forked.
    fn end_zygote(&mut self) {
        if let Some(zygote) = self.zygote.take() {
            zygote.end();
            kill_everything();
        }
    }

    fn wait_for_lost_sockets(&mut self) -> Result<(), Stop> {
        if std::mem::replace(&mut self.lost_sockets, LostSockets::None) == LostSockets::None {
            return Ok(());
        }
        sockets::wait_for_lost().map_err(sockets_fault)
    }

    fn reset(&mut self) -> Result<(), Stop> {
        // What was sent with them takes up space in what is cleared.
        self.wait_for_lost_sockets()?;
        self.places.clear()?;
        self.files.restore()?;
        self.outbox.push(&Report::ResetDone)
    }

    fn advance(&mut self) -> Result<(), Stop> {
        self.reaper.drain();
        let Some(running) = &mut self.running else {
            while let Waited::Reaped(reaped) = wait_any() {
                self.zygote.take_if(|zygote| zygote.pid() == reaped.pid);
            }
            return Ok(());
        };
        if let Some(mut facts) = running.advance(&self.meter, &mut self.outbox, &self.watch)? {
            let ended = self.running.take();
            facts.audit = self.zygote.as_ref().map(Zygote::audited).unwrap_or_default();
            if facts.zygote_end.is_some() {
                self.zygote = None;
            }
            self.outbox.push(&Report::Exited(facts))?;
            if let Some(fetch) = self.then_fetch.take() {
                let fetched = self.files.fetch(&fetch);
                self.then_reset &= !fetched.truncated;
                self.outbox.push(&Report::Fetched(fetched))?;
            }
            // The worker has something to do while the memory of a large input is given back, and what was left is cleared.
            self.outbox.flush()?;
            drop(ended);
            if std::mem::take(&mut self.then_reset) {
                self.reset()?;
            }
        }
        Ok(())
    }

    /// Waits until something can be done; `true` when a command has come.
    fn wait(&self) -> Result<bool, Stop> {
        let (input, output) = (stdin(), stdout());
        let mut polled = vec![PollFd::new(&input, PollFlags::IN)];
        let signals = self.reaper.fd();
        polled.push(PollFd::from_borrowed_fd(signals, PollFlags::IN));
        if !self.outbox.is_empty() {
            polled.push(PollFd::new(&output, PollFlags::OUT));
        }
        let mut timeout = None;
        if let Some(running) = &self.running {
            let (out, err, feed) = running.waits_for(&self.outbox);
            polled.extend(
                [out, err]
                    .into_iter()
                    .flatten()
                    .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
            );
            polled.extend(feed.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::OUT)));
            timeout = running.wake_at().map(until);
        }
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(!polled[0].revents().is_empty()),
            Err(error) => Err(Stop::fault(FaultStage::Watch, format!("poll: {error}"))),
        }
    }

    fn report_fault(&mut self, fault: &Fault) {
        // If the report cannot be sent, the worker sees the end of the stream.
        let _not_sent = self.outbox.push(&Report::Fault(fault.clone()));
        let _not_sent = self.outbox.flush_all();
    }
}

fn sockets_fault(error: std::io::Error) -> Stop {
    Stop::fault(FaultStage::Reset, format!("sockets of the program before: {error}"))
}
