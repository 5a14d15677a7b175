//! Standard input and output of a running program on their way, each within its window.

use std::collections::VecDeque;

use assize_protocol::{CHUNK, Command, WINDOW};
use bytes::{Buf as _, Bytes};
use futures::FutureExt as _;
use tokio::sync::mpsc;

use crate::sandbox::session::wire::BoxWriter;
use crate::sandbox::{BoxError, Input};

/// Delivered output is credited back in lots, so that not every frame is answered with one.
const CREDIT_LOT: u32 = WINDOW / 4;

/// Standard input on its way into the box.
pub(super) struct Feed {
    input: Input,
    waiting: Bytes,
    credit: usize,
    open: bool,
}

/// Standard output on its way to its reader.
pub(super) struct Drain {
    reader: Option<mpsc::Sender<Bytes>>,
    waiting: VecDeque<Bytes>,
    /// The program has closed its output.
    ended: bool,
    delivered: u32,
    /// What the runner may still send before it is credited again.
    window: u32,
}

impl Feed {
    /// From its beginning.
    pub(super) fn of(input: Input) -> Self {
        Self {
            input,
            waiting: Bytes::new(),
            credit: WINDOW as usize,
            open: true,
        }
    }

    /// Whether the runner takes a piece that has still to be had.
    pub(super) fn wants_more(&self) -> bool {
        self.open && self.waiting.is_empty() && self.credit > 0
    }

    /// Closes the input, which its sender sees.
    pub(super) fn close(&mut self) {
        self.open = false;
        self.waiting.clear();
        self.input = Input::Empty;
    }

    /// The next piece of it, or its end.
    pub(super) async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        self.input.next().await
    }

    /// Sends what can be had without waiting.
    pub(super) async fn send_what_is_there(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        while self.wants_more()
            && let Some(piece) = self.next().now_or_never()
        {
            self.take(piece.map_err(BoxError::Input)?, writer).await?;
        }
        Ok(())
    }

    /// A piece of input, or its end.
    pub(super) async fn take(&mut self, piece: Option<Bytes>, writer: &mut BoxWriter) -> Result<(), BoxError> {
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

    /// The runner takes so many bytes more.
    pub(super) async fn credit(&mut self, bytes: u32, writer: &mut BoxWriter) -> Result<(), BoxError> {
        self.credit += bytes as usize;
        if self.credit > WINDOW as usize {
            return Err(BoxError::OutOfTurn("more input was credited than was sent"));
        }
        self.send(writer).await
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
    /// From its beginning; without a reader it is dropped.
    pub(super) fn to(reader: Option<mpsc::Sender<Bytes>>) -> Self {
        Self {
            reader,
            waiting: VecDeque::new(),
            ended: false,
            delivered: 0,
            window: WINDOW,
        }
    }

    /// Whether nothing waits for the reader.
    pub(super) fn is_delivered(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Keeps a piece for the reader; without one it counts as delivered.
    pub(super) async fn take(&mut self, output: Bytes, writer: &mut BoxWriter) -> Result<(), BoxError> {
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
    pub(super) async fn deliver_one(&mut self) -> bool {
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
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.hang_up_at_the_end();
    }

    fn hang_up_at_the_end(&mut self) {
        if self.ended && self.waiting.is_empty() {
            self.reader = None;
        }
    }

    /// The reader is gone: what waits and what comes is dropped.
    pub(super) async fn close(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        self.reader = None;
        let dropped: usize = self.waiting.drain(..).map(|piece| piece.len()).sum();
        self.delivered += u32::try_from(dropped).unwrap_or(u32::MAX);
        writer.queue(&Command::CloseStdout).await?;
        self.credit(writer).await
    }

    /// Lets the runner send as much again as was delivered.
    pub(super) async fn credit(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        if self.delivered >= CREDIT_LOT {
            let lot = std::mem::take(&mut self.delivered);
            self.window += lot;
            writer.queue(&Command::OutputCredit(lot)).await?;
        }
        Ok(())
    }
}
