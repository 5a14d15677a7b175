//! A running program: its input goes in and its output comes out, each within its window.
//!
//! One future does it all, without tasks of its own: `select!` chooses what happened, `match` acts on it.

use std::pin::pin;
use std::time::Duration;

use assize_protocol::{Command, Report, RunFacts, Stopped, Stream};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::sandbox::session::drain::{Drain, DrainEvent};
use crate::sandbox::session::feed::{Feed, FeedEvent};
use crate::sandbox::session::pipes::{InputPipe, OutputPipe};
use crate::sandbox::session::starved::Starved;
use crate::sandbox::session::undelivered::Undelivered;
use crate::sandbox::session::wire::{BoxReader, BoxWriter, Frame};
use crate::sandbox::{BoxError, Input};

/// How long a runner takes at most to stop a program at its wall limit, while the host is well.
const STOPPING_TAKES: Duration = Duration::from_secs(1);

/// How long after its output a program that ends with it ends at most, as a rule.
const ENDS_WITHIN: Duration = Duration::from_millis(5);

/// What a running program is connected to.
#[derive(Debug)]
pub struct RunStreams {
    /// Its standard input.
    pub input: Input,
    /// Who reads its standard output; `None` drops it. A reader that hangs up closes the program's standard output.
    pub output: Option<mpsc::Sender<Bytes>>,
    /// Ends the program early.
    pub kill: CancellationToken,
}

impl RunStreams {
    /// A program that is run for its exit status: no input, output dropped.
    pub fn silent() -> Self {
        Self {
            input: Input::Empty,
            output: None,
            kill: CancellationToken::new(),
        }
    }
}

enum Event {
    FromBox(Frame),
    Input(FeedEvent),
    Output(DrainEvent),
    Kill,
    Alarm,
}

/// A program that is about to run, and what it is connected to.
pub(super) struct Connected {
    feed: Feed,
    drain: Drain,
    kill: CancellationToken,
}

impl Connected {
    /// By pipes of this worker, or else through the runner.
    pub(super) fn by(streams: RunStreams, output: Option<OutputPipe>, input: Option<InputPipe>) -> Self {
        Self {
            feed: Feed::of(streams.input, input),
            drain: Drain::to(streams.output, output),
            kill: streams.kill,
        }
    }
}

/// How long a program may run, and how long its runner may take beyond that.
pub(super) struct Allowed {
    pub(super) wall: Duration,
    /// How much longer the program may run while it starves, and what is known of that.
    pub(super) patience: Duration,
    pub(super) starved: Starved,
    pub(super) answer: Duration,
}

/// Connects a program until it has ended. Its input is closed then, and a sender sees that it is.
///
/// A runner that carries the output reports an end behind the last piece of it, which its window may hold back as long as
/// the reader does not read. A program whose wall limit is over has ended all the same, so its end is not held up by a
/// reader that is slow; and as long as the reader holds up the output, the runner is not silent. Deadlines come before
/// output, which may come without end.
pub(super) async fn until_exited(
    reader: &mut BoxReader,
    writer: &mut BoxWriter,
    resets: &mut u32,
    connected: Connected,
    allowed: Allowed,
) -> Result<Undelivered, BoxError> {
    let Connected { feed, drain, kill } = connected;
    let mut running = Running::of(feed, drain, allowed);
    let mut alarm = pin!(sleep(running.deadline.over));
    loop {
        running.feed.send_what_is_there(writer).await?;
        writer.flush().await?;
        let Running {
            feed,
            drain,
            deadline,
            stopped,
        } = &mut running;
        let event = tokio::select! {
            biased;
            () = kill.cancelled(), if stopped.is_none() => Event::Kill,
            () = &mut alarm => Event::Alarm,
            output = drain.next() => Event::Output(output?),
            frame = reader.next() => Event::FromBox(frame?),
            input = feed.next() => Event::Input(input?),
        };
        let mut ended = None;
        match event {
            Event::Kill => running.stop(Stopped::Asked, writer).await?,
            Event::Output(DrainEvent::End) => ended = running.outlives_output((reader, writer), resets).await?,
            Event::Output(event) => running.pass_on(event, writer).await?,
            Event::Alarm => alarm.set(sleep(deadline.after_alarm(feed, drain)?)),
            Event::Input(event) => feed.take(event, writer).await?,
            Event::FromBox(frame) => ended = running.take(frame, writer, resets).await?,
        }
        if let Some(facts) = ended {
            return Ok(running.end(facts));
        }
    }
}

/// A program that has not ended yet.
struct Running {
    feed: Feed,
    drain: Drain,
    deadline: Deadline,
    /// Why the runner was asked to end it.
    stopped: Option<Stopped>,
}

impl Running {
    fn of(feed: Feed, drain: Drain, allowed: Allowed) -> Self {
        Self {
            feed,
            drain,
            deadline: Deadline::of(allowed),
            stopped: None,
        }
    }

    /// Asks the runner to end the program. The first reason is the one that counts.
    async fn stop(&mut self, why: Stopped, writer: &mut BoxWriter) -> Result<(), BoxError> {
        if self.stopped.is_some() {
            return Ok(());
        }
        self.stopped = Some(why);
        writer.send_if_heard(&Command::Kill).await
    }

    async fn pass_on(&mut self, event: DrainEvent, writer: &mut BoxWriter) -> Result<(), BoxError> {
        match event {
            DrainEvent::Read | DrainEvent::End => {}
            DrainEvent::Delivered => self.drain.credit(writer).await?,
            DrainEvent::ReaderGone => self.drain.close(writer).await?,
            DrainEvent::TooMuch => self.stop(Stopped::Output(Stream::Stdout), writer).await?,
        }
        Ok(())
    }

    /// Tells the runner that the output has ended, unless the program ends with it, as most do: then how it ended.
    async fn outlives_output(
        &mut self,
        (reader, writer): (&mut BoxReader, &mut BoxWriter),
        resets: &mut u32,
    ) -> Result<Option<RunFacts>, BoxError> {
        if let Ok(frame) = timeout(ENDS_WITHIN, reader.next()).await
            && let Some(facts) = self.take(frame?, writer, resets).await?
        {
            return Ok(Some(facts));
        }
        writer.send_if_heard(&Command::OutputEnded).await?;
        Ok(None)
    }

    fn end(self, facts: RunFacts) -> Undelivered {
        Undelivered {
            drain: self.drain,
            facts,
            asked: self.stopped,
        }
    }

    /// Output, or what the runner reports of the program: in the end, how it has ended.
    async fn take(
        &mut self,
        frame: Frame,
        writer: &mut BoxWriter,
        resets: &mut u32,
    ) -> Result<Option<RunFacts>, BoxError> {
        let frame = match frame.into_output() {
            Ok(output) => {
                self.drain.take(output, writer).await?;
                return Ok(None);
            }
            Err(frame) => frame,
        };
        match frame.report()? {
            Report::StdinCredit(bytes) => self.feed.credit(bytes, writer).await?,
            Report::OutputEnd => self.drain.end()?,
            Report::Exited(facts) => return Ok(Some(facts)),
            Report::ResetDone if *resets > 0 => *resets -= 1,
            Report::Starved(us) => self.deadline.extend(us),
            Report::NotForked => return Err(BoxError::NotForked),
            Report::Fault(fault) => return Err(BoxError::Fault(fault)),
            _ => return Err(BoxError::OutOfTurn("a program is running")),
        }
        Ok(None)
    }
}

/// Until when the end of a program is waited for.
struct Deadline {
    allowed: Allowed,
    begun: Instant,
    /// How long the program runs at most while the host is well, and its runner needs to stop it.
    over: Duration,
    is_over: bool,
}

impl Deadline {
    fn of(allowed: Allowed) -> Self {
        Self {
            begun: Instant::now(),
            over: allowed.wall + STOPPING_TAKES.min(allowed.answer / 2),
            is_over: false,
            allowed,
        }
    }

    /// The program has starved for so many microseconds.
    fn extend(&self, starved_us: u64) {
        self.allowed.starved.set(starved_us, self.allowed.patience);
    }

    /// How long it is until the next alarm. A program whose time is over gets no more input.
    fn after_alarm(&mut self, feed: &mut Feed, drain: &Drain) -> Result<Duration, BoxError> {
        let Allowed { wall, answer, .. } = self.allowed;
        if self.is_over {
            // Only what carries the output is held up by it.
            return match drain.is_delivered() || drain.pipe().is_some() {
                true => Err(BoxError::Silent(wall + answer)),
                false => Ok(answer),
            };
        }
        let left = (self.over + self.allowed.starved.so_far()).saturating_sub(self.begun.elapsed());
        if !left.is_zero() {
            return Ok(left);
        }
        self.is_over = true;
        feed.close();
        Ok(answer.saturating_sub(self.over - wall))
    }
}
