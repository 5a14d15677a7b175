//! A running program: its input goes in and its output comes out, each within its window.
//!
//! One future does it all, without tasks of its own: `select!` chooses what happened, `match` acts on it.

use std::collections::VecDeque;

use assize_protocol::{CHUNK, Command, Report, RunFacts, WINDOW};
use bytes::{Buf as _, Bytes};
use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::sandbox::session::wire::{BoxReader, BoxWriter, Frame};
use crate::sandbox::{BoxError, Input};

/// Delivered output is credited back in lots, so that not every frame is answered with one.
const CREDIT_LOT: u32 = WINDOW / 4;

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
    delivered: u32,
    /// What the runner may still send before it is credited again.
    window: u32,
}

pub(super) async fn until_exited(
    reader: &mut BoxReader,
    writer: &mut BoxWriter,
    resets: &mut u32,
    streams: RunStreams,
) -> Result<RunFacts, BoxError> {
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
        delivered: 0,
        window: WINDOW,
    };
    let mut facts = None;
    let mut killed = false;
    loop {
        if let Some(facts) = facts.take_if(|_| drain.waiting.is_empty()) {
            return Ok(facts);
        }
        let running = facts.is_none();
        if running {
            feed.send_what_is_there(writer).await?;
        }
        writer.flush().await?;
        let event = tokio::select! {
            biased;
            () = kill.cancelled(), if running && !killed => Event::Kill,
            delivered = drain.deliver_one() => if delivered { Event::Delivered } else { Event::ReaderGone },
            frame = reader.next(), if running => Event::FromBox(frame?),
            piece = feed.next(), if running && feed.wants_more() => Event::Input(piece.map_err(BoxError::Input)?),
        };
        match event {
            Event::Kill => {
                killed = true;
                writer.queue(&Command::Kill).await?;
            }
            Event::Delivered => drain.credit(writer, running).await?,
            Event::ReaderGone => {
                drain.close();
                writer.queue(&Command::CloseStdout).await?;
                drain.credit(writer, running).await?;
            }
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
                    Report::Exited(ended) => facts = Some(ended),
                    Report::ResetDone if *resets > 0 => *resets -= 1,
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
        self.window = self
            .window
            .checked_sub(size)
            .ok_or(BoxError::OutOfTurn("more output than was credited"))?;
        if self.reader.is_some() {
            self.waiting.push_back(output);
            return Ok(());
        }
        self.delivered += size;
        self.credit(writer, true).await
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
        true
    }

    /// Nobody reads any more: what waits and what comes is dropped.
    fn close(&mut self) {
        self.reader = None;
        let dropped: usize = self.waiting.drain(..).map(|piece| piece.len()).sum();
        self.delivered += u32::try_from(dropped).unwrap_or(u32::MAX);
    }

    async fn credit(&mut self, writer: &mut BoxWriter, running: bool) -> Result<(), BoxError> {
        if running && self.delivered >= CREDIT_LOT {
            let lot = std::mem::take(&mut self.delivered);
            self.window += lot;
            writer.queue(&Command::OutputCredit(lot)).await?;
        }
        Ok(())
    }
}
