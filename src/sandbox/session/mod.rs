//! The worker's half of the protocol: typed calls, each with a deadline.

mod answer;
mod box_error;
mod drain;
mod feed;
mod fetch;
mod hand_over;
mod input;
mod input_file;
mod pipes;
mod queue;
mod run;
mod spent;
mod starved;
mod undelivered;
mod wire;
mod zygote;

use std::path::Path;
use std::time::Duration;

use assize_protocol::{
    CHUNK, Command, Component, Fetched, Hello, Lifetime, Meters, PutFile, RunFacts, RunRequest, Stdin, Stopped,
};
use bytes::Bytes;
use futures::FutureExt as _;
use tokio::time::timeout;

use crate::sandbox::inputs::InputLoan;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, LiveBox, PostMortem};
use answer::{Answer, answer, last_fault};
pub use box_error::BoxError;
pub use input::Input;
use pipes::Pipes;
pub use run::RunStreams;
use run::{Allowed, Connected, until_exited};
pub use spent::CpuSpent;
pub use starved::Starved;
use undelivered::Undelivered;
use wire::{BoxReader, BoxWriter};

/// How long the runner may take for what is its own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimeouts {
    /// Until its first report.
    pub hello: Duration,
    /// For an answer, beyond the limits of a program.
    pub answer: Duration,
}

/// What a box is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxDescription {
    /// Digest of what its environment was resolved to, such as that of an image.
    pub environment_digest: String,
    /// What is in its environment, such as Python and numpy, by name.
    pub components: Vec<Component>,
    /// Where the figures of its runs come from.
    pub meters: Meters,
}

/// What a runner said before it hung up is there at once.
const LAST_REPORT_WITHIN: Duration = Duration::from_secs(1);

/// A box with a runner that has said hello.
pub struct Session {
    id: String,
    environment_digest: String,
    hello: Hello,
    reader: BoxReader,
    writer: BoxWriter,
    handle: Box<dyn BoxHandle>,
    timeouts: SessionTimeouts,
    forks: bool,
    /// A reset is under way or done, and nothing has happened since.
    is_clean: bool,
    /// Resets that were asked for, and whose end the runner has not reported yet.
    resets: u32,
    /// Of the program that runs.
    starved: Starved,
    /// Of all programs that run here.
    spent: CpuSpent,
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
    pub async fn open(launched: LiveBox, timeouts: SessionTimeouts) -> Result<Self, BoxError> {
        let LiveBox {
            id,
            environment_digest,
            input,
            output,
            handle,
        } = launched;
        let mut reader = BoxReader::new(output);
        let Answer::Hello(hello) = answer(&mut reader, &mut 0, timeouts.hello).await? else {
            return Err(BoxError::OutOfTurn("hello was expected"));
        };
        if !hello.meters.memory_kills && handle.meter().is_none() {
            return Err(BoxError::NoMemoryKills);
        }
        Ok(Self {
            id,
            environment_digest,
            hello,
            reader,
            writer: BoxWriter::new(input, timeouts.answer),
            handle,
            timeouts,
            forks: false,
            is_clean: false,
            resets: 0,
            starved: Starved::default(),
            spent: CpuSpent::default(),
        })
    }

    /// Whether the box has no more CPUs than `spec` says, as far as its runner sees.
    ///
    /// # Errors
    /// When it has more: the kernel gives a group whose CPUs cannot be had those of the group around it.
    pub fn has_the_cpus_of(&self, spec: &BoxSpec) -> Result<(), BoxError> {
        match self.hello.cpus {
            Some(found) if found > spec.cpus => Err(BoxError::TooManyCpus {
                found,
                asked: spec.cpus,
            }),
            _ => Ok(()),
        }
    }

    /// Name of the box in logs.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its work directory, as programs in it see it.
    pub fn work(&self) -> &Path {
        self.handle.work()
    }

    /// What the box is, as verdicts show it.
    pub fn description(&self) -> BoxDescription {
        BoxDescription {
            environment_digest: self.environment_digest.clone(),
            components: self.hello.environment.clone(),
            meters: self.hello.meters,
        }
    }

    /// Gives the box the memory and the processes that `spec` asks for.
    ///
    /// # Errors
    /// When its backend cannot.
    pub async fn resize(&mut self, spec: &BoxSpec) -> Result<(), LaunchError> {
        self.handle.resize(spec).await
    }

    /// Whether the runner is still there. To be asked of a session that waits for nothing.
    pub fn is_alive(&mut self) -> bool {
        // A runner that was asked nothing is silent: whatever it says is its end.
        self.reader.next().now_or_never().is_none()
    }

    /// Whether the next program can be forked.
    pub fn forks(&self) -> bool {
        self.forks
    }

    /// Writes a file below the work directory.
    ///
    /// # Errors
    /// When the box is lost. A path that cannot be written is reported by the next answer.
    pub async fn put(&mut self, file: PutFile, content: Input) -> Result<(), BoxError> {
        let written = self.write_file(file, content).await;
        let written = self.or_fault(written).await;
        written.map_err(|error| self.uncleared(error))
    }

    async fn write_file(&mut self, file: PutFile, mut content: Input) -> Result<(), BoxError> {
        let lifetime = file.lifetime;
        self.writer.queue(&Command::Put(file)).await?;
        // The runner holds what is durable in memory, and takes it as it comes.
        if lifetime == Lifetime::ThisTest {
            content = self.hand_over(content, Command::CopyData).await?;
        }
        while let Some(piece) = content.next().await.map_err(BoxError::Input)? {
            for chunk in piece.chunks(CHUNK) {
                self.writer.queue(&Command::FileData(chunk)).await?;
            }
        }
        self.writer.queue(&Command::FileEnd).await
    }

    /// Runs a program until it and everything that it started have ended.
    ///
    /// # Errors
    /// When the box is lost, the program starved, or the host was short of memory. Whatever the program did is `Ok`.
    pub async fn run(&mut self, request: &RunRequest, streams: RunStreams) -> Result<RunFacts, BoxError> {
        let (facts, _fetched) = self.run_then(request, streams).await?;
        Ok(facts)
    }

    async fn run_then(
        &mut self,
        request: &RunRequest,
        streams: RunStreams,
    ) -> Result<(RunFacts, Option<Fetched>), BoxError> {
        let running = self.spent.begin(request.limits.cpu_us);
        let ended = self.run_to_its_end(request, streams).await;
        running.end(ended.as_ref().ok().map(|(facts, _fetched)| facts));
        let (facts, fetched) = ended.map_err(|error| self.uncleared(error))?;
        if facts.stopped == Some(Stopped::Starved) {
            self.is_clean = false;
            return Err(BoxError::Starved {
                wall: Duration::from_micros(request.limits.wall_us),
                starved: Duration::from_micros(facts.starved_us.unwrap_or(0)),
            });
        }
        if facts.memory_kills_by_host > 0 {
            self.is_clean = false;
            return Err(BoxError::HostMemory(facts.memory_kills_by_host));
        }
        Ok((facts, fetched))
    }

    async fn run_to_its_end(
        &mut self,
        request: &RunRequest,
        streams: RunStreams,
    ) -> Result<(RunFacts, Option<Fetched>), BoxError> {
        let allowed = Allowed {
            wall: Duration::from_micros(request.limits.wall_us),
            patience: Duration::from_micros(request.limits.starved_us),
            starved: self.starved.clone(),
            answer: self.timeouts.answer,
        };
        self.starved.clear();
        self.is_clean = false;
        let kills_before = self.kills_seen_from_outside()?;
        let ended = self.start_and_wait(request, streams, allowed).await;
        let undelivered = self.or_fault(ended).await?;
        // How long its reader takes is not the box's fault. The reader is a program with limits of its own, or the
        // judge.
        let mut facts = undelivered.deliver().await;
        if facts.memory_kills.is_none() {
            let kills = self.kills_seen_from_outside()?;
            facts.memory_kills = kills.zip(kills_before).map(|(now, before)| now.saturating_sub(before));
        }
        self.forks &= facts.zygote_end.is_none();
        let fetched = match &request.then_fetch {
            Some(fetch) => Some(self.fetched(fetch).await?),
            None => None,
        };
        if request.then_reset && !fetched.as_ref().is_some_and(|fetched| fetched.truncated) {
            self.resets += 1;
            self.is_clean = true;
        }
        Ok((facts, fetched))
    }

    async fn start_and_wait(
        &mut self,
        request: &RunRequest,
        streams: RunStreams,
        allowed: Allowed,
    ) -> Result<Undelivered, BoxError> {
        let (streams, loan) = self.prepare_input(request.stdin, streams).await?;
        let connected = self.connect(request, streams).await?;
        self.writer.queue(&Command::Run(request.clone())).await?;
        let (reader, writer) = (&mut self.reader, &mut self.writer);
        let ended = until_exited(reader, writer, &mut self.resets, connected, allowed).await?;
        if let Some(loan) = loan {
            loan.end();
        }
        Ok(ended)
    }

    /// Gives the program pipes past the runner, where descriptors can be sent into the box and pipes can be had.
    async fn connect(&mut self, request: &RunRequest, streams: RunStreams) -> Result<Connected, BoxError> {
        let pipes = self.writer.carries_descriptors().then(|| Pipes::open(request));
        let Pipes { output, input, theirs } = match pipes {
            Some(Ok(pipes)) => pipes,
            Some(Err(error)) => {
                tracing::warn!(box.id = self.id, %error, "no pipes can be made for a program; its streams go through the runner");
                return Ok(Connected::by(streams, None, None));
            }
            None => return Ok(Connected::by(streams, None, None)),
        };
        self.writer.queue_with(&Command::Pipes, theirs).await?;
        Ok(Connected::by(streams, Some(output), input))
    }

    /// Sends the input ahead where the program is to get it as a file. The runner takes it as it comes. One that is lent is
    /// the program's until it has ended.
    async fn prepare_input(
        &mut self,
        stdin: Stdin,
        mut streams: RunStreams,
    ) -> Result<(RunStreams, Option<InputLoan>), BoxError> {
        if stdin != Stdin::File {
            return Ok((streams, None));
        }
        let mut input = std::mem::replace(&mut streams.input, Input::Empty);
        if let Some(mut loan) = input.take_loan() {
            self.lend(&mut loan).await?;
            return Ok((streams, Some(loan)));
        }
        let mut input = self.hand_over(input, Command::CopyInput).await?;
        while let Some(piece) = input.next().await.map_err(BoxError::Input)? {
            for chunk in piece.chunks(CHUNK) {
                self.writer.queue(&Command::Input(chunk)).await?;
            }
        }
        Ok((streams, None))
    }

    /// Memory kills so far, where the backend counts them.
    fn kills_seen_from_outside(&self) -> Result<Option<u64>, BoxError> {
        let meter = self.handle.meter();
        meter.map(BoxMeter::memory_kills).transpose().map_err(BoxError::Meter)
    }

    /// Adds up there, from now on, what programs use.
    pub fn count_cpu(&mut self, spent: &CpuSpent) {
        self.spent = spent.clone();
    }

    /// How long the program of the current run has starved.
    pub fn starved(&self) -> Starved {
        self.starved.clone()
    }

    /// Clears the box for the next test. The runner does it before whatever it is asked next, whose answer tells when
    /// it failed.
    ///
    /// # Errors
    /// When the box is lost.
    pub async fn reset(&mut self) -> Result<(), BoxError> {
        if std::mem::take(&mut self.is_clean) {
            return Ok(());
        }
        self.resets += 1;
        let asked = self.writer.queue(&Command::Reset).await;
        let asked = self.or_fault(asked).await;
        asked.map_err(|error| self.uncleared(error))
    }

    /// Why a lost box ended.
    pub async fn post_mortem(&mut self) -> PostMortem {
        self.handle.post_mortem().await
    }

    /// Destroys the box.
    pub async fn destroy(self) {
        let Self {
            handle, reader, writer, ..
        } = self;
        // The runner ends by itself when its worker hangs up.
        drop((reader, writer));
        handle.destroy().await;
    }

    /// An error with its reason: as long as a reset has no answer, no program has begun that could have caused it.
    fn uncleared(&self, error: BoxError) -> BoxError {
        if self.resets == 0 || matches!(error, BoxError::Input(_) | BoxError::InputNotTaken) {
            return error;
        }
        BoxError::NotCleared(Box::new(error))
    }

    /// A runner that gives up says why before it hangs up, and writing to it may find the end of the connection first.
    async fn or_fault<T>(&mut self, done: Result<T, BoxError>) -> Result<T, BoxError> {
        let Err(BoxError::Connection(broken)) = done else {
            return done;
        };
        let said = timeout(LAST_REPORT_WITHIN, last_fault(&mut self.reader)).await;
        Err(said.ok().flatten().unwrap_or(BoxError::Connection(broken)))
    }

    async fn answer(&mut self, allowed: Duration) -> Result<Answer, BoxError> {
        answer(&mut self.reader, &mut self.resets, allowed).await
    }
}

/// Bytes for the program or the box, in pieces of any size.
pub(super) type Piece = Bytes;
