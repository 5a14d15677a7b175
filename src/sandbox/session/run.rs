//! A running program: its input goes in and its output comes out, each within its window.
//!
//! One future does it all, without tasks of its own: `select!` chooses what happened, `match` acts on it.

use std::pin::pin;
use std::time::Duration;

use assize_protocol::{Command, Report, RunFacts};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::sandbox::session::flow::{Drain, Feed};
use crate::sandbox::session::starved::Starved;
use crate::sandbox::session::wire::{BoxReader, BoxWriter, Frame};
use crate::sandbox::{BoxError, Input};

/// How long a runner takes at most to stop a program at its wall limit, while the host is well.
const STOPPING_TAKES: Duration = Duration::from_secs(1);

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
    Input(Option<Bytes>),
    Delivered,
    ReaderGone,
    Kill,
    Alarm,
}

/// Output that its reader has still to take when the program has ended.
pub(super) struct Undelivered(Drain);

impl Undelivered {
    /// Ends when all is delivered, or the reader hangs up.
    pub(super) async fn deliver(mut self) {
        while !self.0.is_delivered() && self.0.deliver_one().await {}
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
/// The runner reports an end behind the last piece of output, which its window may hold back as long as the reader does
/// not read. A program whose wall limit is over has ended all the same, so its end is not held up by a reader that is
/// slow; and as long as the reader holds up the output, the runner is not silent.
pub(super) async fn until_exited(
    reader: &mut BoxReader,
    writer: &mut BoxWriter,
    resets: &mut u32,
    streams: RunStreams,
    allowed: Allowed,
) -> Result<(RunFacts, Undelivered), BoxError> {
    let RunStreams { input, output, kill } = streams;
    let mut killed = false;
    let mut running = Running {
        feed: Feed::of(input),
        drain: Drain::to(output),
        deadline: Deadline::of(allowed),
    };
    let mut alarm = pin!(sleep(running.deadline.over));
    loop {
        running.feed.send_what_is_there(writer).await?;
        writer.flush().await?;
        let Running { feed, drain, deadline } = &mut running;
        let event = tokio::select! {
            biased;
            () = kill.cancelled(), if !killed => Event::Kill,
            delivered = drain.deliver_one() => if delivered { Event::Delivered } else { Event::ReaderGone },
            frame = reader.next() => Event::FromBox(frame?),
            piece = feed.next(), if feed.wants_more() => Event::Input(piece.map_err(BoxError::Input)?),
            () = &mut alarm => Event::Alarm,
        };
        match event {
            Event::Kill => {
                killed = true;
                writer.queue(&Command::Kill).await?;
            }
            Event::Delivered => drain.credit(writer).await?,
            Event::ReaderGone => drain.close(writer).await?,
            Event::Alarm => alarm.set(sleep(deadline.after_alarm(feed, drain)?)),
            Event::Input(piece) => feed.take(piece, writer).await?,
            Event::FromBox(frame) => {
                if let Some(facts) = running.take(frame, writer, resets).await? {
                    return Ok((facts, Undelivered(running.drain)));
                }
            }
        }
    }
}

/// A program that has not ended yet.
struct Running {
    feed: Feed,
    drain: Drain,
    deadline: Deadline,
}

impl Running {
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
            Report::OutputEnd => self.drain.end(),
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
            return match drain.is_delivered() {
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
