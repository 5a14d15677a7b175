//! Standard input of a running program on its way.

use assize_protocol::{CHUNK, Command, WINDOW};
use bytes::{Buf as _, Bytes};
use futures::FutureExt as _;

use crate::sandbox::session::pipes::InputPipe;
use crate::sandbox::session::wire::BoxWriter;
use crate::sandbox::{BoxError, Input};

/// Standard input on its way to the program.
pub(super) struct Feed {
    input: Input,
    open: bool,
    to: Destination,
}

/// Who gets it next.
enum Destination {
    /// The runner, within its credit.
    Runner { waiting: Bytes, credit: usize },
    /// The program.
    Program(InputPipe),
}

/// What happened to input.
pub(super) enum FeedEvent {
    /// A piece has come, or the end.
    Piece(Option<Bytes>),
    /// More can be written.
    Writable,
}

impl Feed {
    /// From its beginning; without a pipe through the runner.
    pub(super) fn of(input: Input, pipe: Option<InputPipe>) -> Self {
        let through_runner = Destination::Runner {
            waiting: Bytes::new(),
            credit: WINDOW as usize,
        };
        Self {
            input,
            open: true,
            to: pipe.map_or(through_runner, Destination::Program),
        }
    }

    /// Whether a piece is taken that has still to be had.
    fn wants_more(&self) -> bool {
        self.open
            && match &self.to {
                Destination::Runner { waiting, credit } => waiting.is_empty() && *credit > 0,
                Destination::Program(pipe) => pipe.has_room(),
            }
    }

    /// Closes the input, which its sender sees.
    pub(super) fn close(&mut self) {
        self.open = false;
        self.input = Input::Empty;
        match &mut self.to {
            Destination::Runner { waiting, .. } => waiting.clear(),
            Destination::Program(pipe) => pipe.forget(),
        }
    }

    /// What happens next. No bytes are lost when the future is dropped.
    pub(super) async fn next(&mut self) -> Result<FeedEvent, BoxError> {
        let wants_more = self.wants_more();
        let Self { input, to, .. } = self;
        let writable = async {
            match to {
                Destination::Program(pipe) => pipe.writable().await,
                Destination::Runner { .. } => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = writable => Ok(FeedEvent::Writable),
            piece = input.next(), if wants_more => Ok(FeedEvent::Piece(piece.map_err(BoxError::Input)?)),
        }
    }

    /// Sends what can be had without waiting.
    pub(super) async fn send_what_is_there(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        while self.wants_more()
            && let Some(piece) = self.input.next().now_or_never()
        {
            self.take(FeedEvent::Piece(piece.map_err(BoxError::Input)?), writer)
                .await?;
        }
        Ok(())
    }

    /// Sends on what happened to it.
    pub(super) async fn take(&mut self, event: FeedEvent, writer: &mut BoxWriter) -> Result<(), BoxError> {
        let has_ended = matches!(event, FeedEvent::Piece(None));
        self.open &= !has_ended;
        match (&mut self.to, event) {
            (Destination::Runner { waiting, .. }, FeedEvent::Piece(Some(piece))) => *waiting = piece,
            (Destination::Runner { .. }, FeedEvent::Piece(None)) => writer.queue(&Command::StdinEnd).await?,
            (Destination::Program(pipe), FeedEvent::Piece(Some(piece))) => pipe.push(piece),
            (Destination::Program(pipe), FeedEvent::Piece(None)) => pipe.end(),
            (_, FeedEvent::Writable) => {}
        }
        self.send(writer).await
    }

    /// The runner takes so many bytes more.
    pub(super) async fn credit(&mut self, bytes: u32, writer: &mut BoxWriter) -> Result<(), BoxError> {
        let Destination::Runner { credit, .. } = &mut self.to else {
            return Err(BoxError::OutOfTurn("credit for input that it does not get"));
        };
        *credit += bytes as usize;
        if *credit > WINDOW as usize {
            return Err(BoxError::OutOfTurn("more input was credited than was sent"));
        }
        self.send(writer).await
    }

    /// Sends as much of what waits as is taken.
    async fn send(&mut self, writer: &mut BoxWriter) -> Result<(), BoxError> {
        let (waiting, credit) = match &mut self.to {
            Destination::Runner { waiting, credit } => (waiting, credit),
            Destination::Program(pipe) => {
                pipe.write();
                return Ok(());
            }
        };
        while !waiting.is_empty() && *credit > 0 {
            let size = waiting.len().min(*credit).min(CHUNK);
            writer.queue(&Command::Stdin(&waiting[..size])).await?;
            waiting.advance(size);
            *credit -= size;
        }
        Ok(())
    }
}
