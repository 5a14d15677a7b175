//! A running program: its input goes in and its output comes out, each within its window.
//!
//! One future does it all, without tasks of its own: `select!` chooses what happened, `match` acts on it.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use assize_protocol::{CHUNK, Command, Report, RunFacts, WINDOW};
use bytes::{Buf as _, Bytes};
use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::sandbox::session::starved::Starved;
use crate::sandbox::session::wire::{BoxReader, BoxWriter, Frame};
use crate::sandbox::{BoxError, Input};

/// Delivered output is credited back in lots, so that not every frame is answered with one.
const CREDIT_LOT: u32 = WINDOW / 4;

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

/// Standard input on its way into the box.
struct Feed {
    input: Input,
    waiting: Bytes,
    credit: usize,
    open: bool,
}

/// Standard output on its way to its reader.
struct Drain {
    reader: Option<mpsc::Sender<Bytes>>,
    waiting: VecDeque<Bytes>,
    /// The program has closed its output.
    ended: bool,
    delivered: u32,
    /// What the runner may still send before it is credited again.
    window: u32,
}

/// Output that its reader has still to take when the program has ended.
pub(super) struct Undelivered(Drain);

impl Undelivered {
    /// Ends when all is delivered, or the reader hangs up.
    pub(super) async fn deliver(mut self) {
        while !self.0.waiting.is_empty() && self.0.deliver_one().await {}
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
    let mut feed = Feed {
        input,
        waiting: Bytes::new(),
        credit: WINDOW as usize,
        open: true,
    };
    let mut drain = Drain {
        reader: output,
        waiting: VecDeque::new(),
        ended: false,
        delivered: 0,
        window: WINDOW,
    };
    let mut killed = false;
    let over = allowed.wall + STOPPING_TAKES.min(allowed.answer / 2);
    let begun = Instant::now();
    let mut alarm = pin!(sleep(over));
    let mut is_over = false;
    loop {
        feed.send_what_is_there(writer).await?;
        writer.flush().await?;
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
            Event::ReaderGone => {
                drain.close();
                writer.queue(&Command::CloseStdout).await?;
                drain.credit(writer).await?;
            }
            Event::Alarm if !is_over && begun.elapsed() < over + allowed.starved.so_far() => {
                alarm.set(sleep_until(begun + over + allowed.starved.so_far()));
            }
            Event::Alarm if !is_over => {
                is_over = true;
                feed.close();
                alarm.set(sleep(allowed.answer.saturating_sub(over - allowed.wall)));
            }
            Event::Alarm if drain.waiting.is_empty() => return Err(BoxError::Silent(allowed.wall + allowed.answer)),
            Event::Alarm => alarm.set(sleep(allowed.answer)),
            Event::Input(piece) => feed.take(piece, writer).await?,
            Event::FromBox(frame) => match frame.into_output() {
                Ok(output) => drain.take(output, writer).await?,
                Err(frame) => match frame.report()? {
                    Report::StdinCredit(bytes) => {
                        feed.credit += bytes as usize;
                        if feed.credit > WINDOW as usize {
                            return Err(BoxError::OutOfTurn("more input was credited than was sent"));
                        }
                        feed.send(writer).await?;
                    }
                    Report::OutputEnd => drain.end(),
                    Report::Exited(facts) => return Ok((facts, Undelivered(drain))),
                    Report::ResetDone if *resets > 0 => *resets -= 1,
                    Report::Starved(us) => allowed.starved.set(us, allowed.patience),
                    Report::NotForked => return Err(BoxError::NotForked),
                    Report::Fault(fault) => return Err(BoxError::Fault(fault)),
                    _ => return Err(BoxError::OutOfTurn("a program is running")),
                },
            },
        }
    }
}

impl Feed {
    fn wants_more(&self) -> bool {
        self.open && self.waiting.is_empty() && self.credit > 0
    }

    /// Closes the input, which its sender sees.
    fn close(&mut self) {
        self.open = false;
        self.waiting.clear();
        self.input = Input::Empty;
    }

    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        self.input.next().await
    }

    /// Sends what can be had without waiting.
    async fn send_what_is_there(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        while self.wants_more()
            && let Some(piece) = self.next().now_or_never()
        {
            self.take(piece.map_err(BoxError::Input)?, writer).await?;
        }
        Ok(())
    }

    /// A piece of input, or its end.
    async fn take(&mut self, piece: Option<Bytes>, writer: &mut BoxWriter) -> Result<(), BoxError> {
        match piece {
            Some(piece) => {
                self.waiting = piece;
                self.send(writer).await
            }
            None => {
                self.open = false;
                writer.queue(&Command::StdinEnd).await
            }
        }
    }

    /// Sends as much of what waits as the runner takes.
    async fn send(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        while !self.waiting.is_empty() && self.credit > 0 {
            let size = self.waiting.len().min(self.credit).min(CHUNK);
            writer.queue(&Command::Stdin(&self.waiting[..size])).await?;
            self.waiting.advance(size);
            self.credit -= size;
        }
        Ok(())
    }
}

impl Drain {
    /// Keeps a piece for the reader; without one it counts as delivered.
    async fn take(&mut self, output: Bytes, writer: &mut BoxWriter) -> Result<(), BoxError> {
        let size = u32::try_from(output.len()).unwrap_or(u32::MAX);
        // It would use up none of the window, and so could come without end.
        if size == 0 {
            return Err(BoxError::OutOfTurn("output without a byte"));
        }
        if self.ended {
            return Err(BoxError::OutOfTurn("output behind its end"));
        }
        self.window = self
            .window
            .checked_sub(size)
            .ok_or(BoxError::OutOfTurn("more output than was credited"))?;
        if self.reader.is_some() {
            self.waiting.push_back(output);
            return Ok(());
        }
        self.delivered += size;
        self.credit(writer).await
    }

    /// Hands the oldest piece to the reader; `false` when the reader hung up. Never ends while nothing waits.
    async fn deliver_one(&mut self) -> bool {
        let (Some(reader), Some(piece)) = (&self.reader, self.waiting.front()) else {
            return std::future::pending().await;
        };
        let Ok(permit) = reader.reserve().await else {
            return false;
        };
        self.delivered += u32::try_from(piece.len()).unwrap_or(u32::MAX);
        permit.send(piece.clone());
        self.waiting.pop_front();
        self.hang_up_at_the_end();
        true
    }

    /// No output will come any more. The reader sees its end as soon as all is delivered.
    fn end(&mut self) {
        self.ended = true;
        self.hang_up_at_the_end();
    }

    fn hang_up_at_the_end(&mut self) {
        if self.ended && self.waiting.is_empty() {
            self.reader = None;
        }
    }

    /// The reader is gone: what waits and what comes is dropped.
    fn close(&mut self) {
        self.reader = None;
        let dropped: usize = self.waiting.drain(..).map(|piece| piece.len()).sum();
        self.delivered += u32::try_from(dropped).unwrap_or(u32::MAX);
    }

    async fn credit(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        if self.delivered >= CREDIT_LOT {
            let lot = std::mem::take(&mut self.delivered);
            self.window += lot;
            writer.queue(&Command::OutputCredit(lot)).await?;
        }
        Ok(())
    }
}
