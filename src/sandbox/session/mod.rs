//! The worker's half of the protocol: typed calls, each with a deadline.

mod input;
mod run;
mod wire;

use std::time::Duration;

use assize_protocol::{
    CHUNK, Command, DecodeError, Fault, Fetch, Fetched, FrameError, PutFile, Report, RunFacts, RunRequest, VERSION,
};
use bytes::Bytes;
use thiserror::Error;
use tokio::time::timeout;

use crate::sandbox::{BoxKeeper, LiveBox, PostMortem};
pub use input::Input;
pub use run::RunStreams;
use wire::{BoxReader, BoxWriter};

/// How long the runner may take for what is its own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimeouts {
    /// Until its first report.
    pub hello: Duration,
    /// For an answer, beyond the limits of a program.
    pub answer: Duration,
}

/// A box that cannot be used any further. It is always ours, never the program's.
#[derive(Debug, Error)]
pub enum BoxError {
    /// The stream broke.
    #[error("the connection to the box broke: {0}")]
    Connection(#[from] std::io::Error),
    /// The runner is gone.
    #[error("the box ended by itself")]
    Ended,
    /// The runner said nothing for too long.
    #[error("the box did not answer within {0:?}")]
    Silent(Duration),
    /// The runner speaks another version.
    #[error("the runner in the image speaks protocol {found}, this worker {VERSION}; rebuild the image")]
    Version {
        /// Version of the runner.
        found: u16,
    },
    /// A frame that cannot be.
    #[error("the box sent a wrong frame: {0}")]
    Frame(#[from] FrameError),
    /// A body that cannot be.
    #[error("the box sent a wrong message: {0}")]
    Decode(#[from] DecodeError),
    /// A report at the wrong time.
    #[error("the box answered out of turn: {0}")]
    OutOfTurn(&'static str),
    /// The runner gave up.
    #[error("the runner failed at {:?}: {}", .0.stage, .0.message)]
    Fault(Fault),
    /// Reading what was to be sent into the box failed.
    #[error("cannot read the input of the program: {0}")]
    Input(std::io::Error),
}

/// A box with a runner that has said hello.
pub struct Session {
    id: String,
    image: String,
    reader: BoxReader,
    writer: BoxWriter,
    keeper: Box<dyn BoxKeeper>,
    timeouts: SessionTimeouts,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Session {
    /// Waits for the runner's hello.
    ///
    /// # Errors
    /// When it does not come in time or is of another version; the box is destroyed then.
    pub async fn open(live: LiveBox, timeouts: SessionTimeouts) -> Result<Self, BoxError> {
        let LiveBox {
            id,
            image,
            input,
            output,
            keeper,
        } = live;
        let reader = BoxReader::new(output);
        let writer = BoxWriter::new(input, timeouts.answer);
        let mut session = Self {
            id,
            image,
            reader,
            writer,
            keeper,
            timeouts,
        };
        match session.answer(timeouts.hello).await? {
            Answer::Hello(VERSION) => Ok(session),
            Answer::Hello(found) => Err(BoxError::Version { found }),
            _ => Err(BoxError::OutOfTurn("hello was expected")),
        }
    }

    /// Name of the box in logs.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Digest of the image.
    pub fn image(&self) -> &str {
        &self.image
    }

    /// Lays a file below the work directory.
    ///
    /// # Errors
    /// When the box is lost. A path that cannot be laid is reported by the next answer.
    pub async fn put(&mut self, file: PutFile, mut content: Input) -> Result<(), BoxError> {
        self.writer.send(&Command::Put(file)).await?;
        while let Some(piece) = content.next().await.map_err(BoxError::Input)? {
            for chunk in piece.chunks(CHUNK) {
                self.writer.send(&Command::FileData(chunk)).await?;
            }
        }
        self.writer.send(&Command::FileEnd).await
    }

    /// Runs a program until it and everything that it started have ended.
    ///
    /// # Errors
    /// When the box is lost. Whatever the program did is `Ok`.
    pub async fn run(&mut self, request: &RunRequest, streams: RunStreams) -> Result<RunFacts, BoxError> {
        let allowed = Duration::from_micros(request.limits.wall_us) + self.timeouts.answer;
        self.writer.send(&Command::Run(request.clone())).await?;
        let running = run::until_exited(&mut self.reader, &mut self.writer, streams);
        timeout(allowed, running)
            .await
            .map_err(|_elapsed| BoxError::Silent(allowed))?
    }

    /// Reads the start of a file that a program left below the work directory.
    ///
    /// # Errors
    /// When the box is lost. A file that is not there is `Ok`.
    pub async fn fetch(&mut self, path: &str, max_bytes: u32) -> Result<Fetched, BoxError> {
        self.writer
            .send(&Command::Fetch(Fetch {
                path: path.to_owned(),
                max_bytes,
            }))
            .await?;
        match self.answer(self.timeouts.answer).await? {
            Answer::Fetched(fetched) => Ok(fetched),
            _ => Err(BoxError::OutOfTurn("a fetched file was expected")),
        }
    }

    /// Clears the box for the next test.
    ///
    /// # Errors
    /// When the box is lost.
    pub async fn reset(&mut self) -> Result<(), BoxError> {
        self.writer.send(&Command::Reset).await?;
        match self.answer(self.timeouts.answer).await? {
            Answer::ResetDone => Ok(()),
            _ => Err(BoxError::OutOfTurn("the end of a reset was expected")),
        }
    }

    /// Why a lost box ended.
    pub async fn post_mortem(&mut self) -> PostMortem {
        self.keeper.post_mortem().await
    }

    /// Destroys the box.
    pub async fn destroy(self) {
        self.keeper.destroy().await;
    }

    async fn answer(&mut self, allowed: Duration) -> Result<Answer, BoxError> {
        let frame = timeout(allowed, self.reader.next())
            .await
            .map_err(|_elapsed| BoxError::Silent(allowed))??;
        Answer::of(&frame.report()?)
    }
}

/// The answers to everything but a run.
enum Answer {
    Hello(u16),
    Fetched(Fetched),
    ResetDone,
}

impl Answer {
    fn of(report: &Report<'_>) -> Result<Self, BoxError> {
        match report {
            Report::Hello { version } => Ok(Self::Hello(*version)),
            Report::Fetched(fetched) => Ok(Self::Fetched(fetched.clone())),
            Report::ResetDone => Ok(Self::ResetDone),
            Report::Fault(fault) => Err(BoxError::Fault(fault.clone())),
            Report::Output(_) | Report::StdinCredit(_) | Report::Exited(_) => {
                Err(BoxError::OutOfTurn("no program is running"))
            }
        }
    }
}

/// Bytes for the program or the box, in pieces of any size.
pub(super) type Piece = Bytes;
