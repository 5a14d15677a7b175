//! Standard output of a running program on its way.

use std::future::pending;

use assize_protocol::{CHUNK, Command, WINDOW};
use bytes::Bytes;
use tokio::sync::mpsc;

use crate::sandbox::BoxError;
use crate::sandbox::session::pipes::{OutputPipe, Read};
use crate::sandbox::session::queue::Queue;
use crate::sandbox::session::wire::BoxWriter;

/// Delivered output is credited back in lots, so that not every frame is answered with one.
const CREDIT_LOT: u32 = WINDOW / 4;

/// Standard output on its way to its reader.
pub(super) struct Drain {
    reader: Option<mpsc::Sender<Bytes>>,
    waiting: Queue,
    /// The program has closed its output.
    ended: bool,
    delivered: u32,
    /// What may still come before so much was delivered that there is more.
    window: u32,
    /// The program's; `None` where the output comes through the runner.
    pipe: Option<OutputPipe>,
}

/// What happened to output.
pub(super) enum DrainEvent {
    /// A piece was delivered.
    Delivered,
    /// The reader hung up.
    ReaderGone,
    /// A piece was read from the program.
    Read,
    /// The program has written more than it may.
    TooMuch,
    /// All was read that the program and what it has started could write.
    End,
}

impl Drain {
    /// From its beginning; without a pipe through the runner, and without a reader it is dropped.
    pub(super) fn to(reader: Option<mpsc::Sender<Bytes>>, pipe: Option<OutputPipe>) -> Self {
        Self {
            reader,
            waiting: Queue::default(),
            ended: false,
            delivered: 0,
            window: WINDOW,
            pipe,
        }
    }

    /// Whether nothing waits for the reader.
    pub(super) fn is_delivered(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether nothing will be delivered any more, now that the program has ended.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.pipe.as_ref().is_none_or(OutputPipe::is_done)
    }

    /// The pipe, where this worker reads it.
    pub(super) fn pipe(&self) -> Option<&OutputPipe> {
        self.pipe.as_ref()
    }

    /// The program has ended: from now on no more is read of its pipe than that can hold.
    pub(super) fn bound_rest(&mut self) {
        if let Some(pipe) = &mut self.pipe {
            pipe.bound_rest();
        }
    }

    /// Keeps a piece from the runner.
    pub(super) async fn take(&mut self, output: Bytes, writer: &mut BoxWriter) -> Result<(), BoxError> {
        // It would use up none of the window, and so could come without end.
        if output.is_empty() {
            return Err(BoxError::OutOfTurn("output without a byte"));
        }
        if self.pipe.is_some() {
            return Err(BoxError::OutOfTurn("output that it does not get"));
        }
        if self.ended {
            return Err(BoxError::OutOfTurn("output behind its end"));
        }
        self.keep(output)?;
        self.credit(writer).await
    }

    /// Keeps a piece for the reader; without one it counts as delivered.
    fn keep(&mut self, output: Bytes) -> Result<(), BoxError> {
        let size = size_of_piece(&output);
        self.window = self
            .window
            .checked_sub(size)
            .ok_or(BoxError::OutOfTurn("more output than was credited"))?;
        match self.reader {
            Some(_) => self.waiting.push(output),
            None => self.delivered += size,
        }
        Ok(())
    }

    /// Hands the oldest piece to the reader, or reads one. Never ends where there is nothing to do. No bytes are lost when
    /// the future is dropped.
    pub(super) async fn next(&mut self) -> Result<DrainEvent, BoxError> {
        if self.pipe.is_some() {
            self.widen();
        }
        let taker = self.reader.as_ref().filter(|_| !self.waiting.is_empty());
        let permit = async {
            match taker {
                Some(reader) => reader.reserve().await,
                None => pending().await,
            }
        };
        // Only with room for all that is read at once.
        let may_read = self.window as usize >= CHUNK && self.waiting.has_room();
        let pipe = self.pipe.as_mut().filter(|_| may_read);
        let read = async {
            match pipe {
                Some(pipe) => pipe.read().await,
                None => pending().await,
            }
        };
        let read = tokio::select! {
            biased;
            permit = permit => return Ok(match permit {
                Ok(permit) => {
                    if let Some(piece) = self.waiting.pop() {
                        self.delivered += size_of_piece(&piece);
                        permit.send(piece);
                    }
                    DrainEvent::Delivered
                }
                Err(_gone) => DrainEvent::ReaderGone,
            }),
            read = read => read,
        };
        match read {
            Read::Piece(piece) => self.keep(piece).map(|()| DrainEvent::Read),
            Read::TooMuch(piece) => self.keep(piece).map(|()| DrainEvent::TooMuch),
            Read::End => Ok(DrainEvent::End),
            Read::Failed(error) => Err(BoxError::Connection(error)),
        }
    }

    /// No output will come any more. The reader sees its end as soon as all is delivered.
    pub(super) fn end(&mut self) -> Result<(), BoxError> {
        if self.pipe.as_ref().is_some_and(|pipe| !pipe.is_done()) {
            return Err(BoxError::OutOfTurn("an end of output that is not there"));
        }
        self.ended = true;
        self.hang_up_at_the_end();
        Ok(())
    }

    fn hang_up_at_the_end(&mut self) {
        if self.ended && self.waiting.is_empty() {
            self.reader = None;
        }
    }

    /// The reader is gone: what waits and what comes is dropped.
    pub(super) async fn close(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        self.reader = None;
        while let Some(piece) = self.waiting.pop() {
            self.delivered += size_of_piece(&piece);
        }
        match &mut self.pipe {
            Some(pipe) => pipe.close(),
            None => writer.queue(&Command::CloseStdout).await?,
        }
        self.credit(writer).await
    }

    /// Something was delivered: the runner may send as much again, and behind the last piece the reader sees the end.
    pub(super) async fn credit(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        self.hang_up_at_the_end();
        match self.widen() {
            Some(lot) if self.pipe.is_none() => writer.queue(&Command::OutputCredit(lot)).await,
            _ => Ok(()),
        }
    }

    /// Lets as much again come as was delivered; gives how much that is.
    fn widen(&mut self) -> Option<u32> {
        (self.delivered >= CREDIT_LOT).then(|| {
            let lot = std::mem::take(&mut self.delivered);
            self.window += lot;
            lot
        })
    }
}

fn size_of_piece(piece: &Bytes) -> u32 {
    u32::try_from(piece.len()).unwrap_or(u32::MAX)
}
