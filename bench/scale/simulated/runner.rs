//! The runner's half of the protocol, as far as it goes without programs.

use std::io;

use assize_protocol::{
    CHUNK, Command, Fetched, HEADER, Header, Hello, Lifetime, Meters, Report, RunRequest, Stdin, Stopped, VERSION,
    WINDOW, read_header,
};
use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::sleep;

use super::draw::{Drawn, Files, Odds};

/// One box.
#[derive(Debug)]
pub(super) struct Runner {
    worker: DuplexStream,
    received: BytesMut,
    odds: Odds,
    /// Those that stay for all tests: the submission.
    files: Files,
    is_durable: bool,
    stdin: Vec<u8>,
    runs: usize,
}

/// A command with its bytes.
struct Frame {
    kind: u8,
    body: Bytes,
}

impl Runner {
    pub(super) fn new(worker: DuplexStream, odds: Odds) -> Self {
        Self {
            worker,
            received: BytesMut::new(),
            odds,
            files: Files::default(),
            is_durable: false,
            stdin: Vec::new(),
            runs: 0,
        }
    }

    /// Serves the worker until it hangs up.
    pub(super) async fn serve(mut self) {
        if let Err(error) = self.answer_all().await
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            tracing::error!(%error, "a simulated box has ended");
        }
    }

    async fn answer_all(&mut self) -> io::Result<()> {
        let hello = Hello {
            version: VERSION,
            meters: Meters::ALL,
            cpus: Some(1),
            environment: Vec::new(),
        };
        self.report(&Report::Hello(hello)).await?;
        while let Some(frame) = self.next().await? {
            self.answer(&frame).await?;
        }
        Ok(())
    }

    async fn answer(&mut self, frame: &Frame) -> io::Result<()> {
        match frame.command()? {
            Command::Put(put) => self.is_durable = put.lifetime == Lifetime::Durable,
            Command::FileData(content) if self.is_durable => self.files.add(content),
            Command::Input(input) => self.stdin.extend_from_slice(input),
            Command::Run(request) => self.run(&request).await?,
            Command::Reset => self.reset().await?,
            Command::Zygote(_) => self.report(&Report::ZygoteStarted(true)).await?,
            Command::Prepare(_) => self.report(&Report::Prepared(true)).await?,
            Command::Fetch(_) => self.report_no_file().await?,
            // What crossed the end of a run on its way, files of one test, and what is for boxes to which descriptors go.
            Command::FileData(_)
            | Command::FileEnd
            | Command::Stdin(_)
            | Command::StdinEnd
            | Command::OutputCredit(_)
            | Command::CloseStdout
            | Command::Pipes
            | Command::CopyInput(_)
            | Command::InputFile(_)
            | Command::CopyData(_)
            | Command::OutputEnded
            | Command::Kill => {}
        }
        Ok(())
    }

    async fn run(&mut self, request: &RunRequest) -> io::Result<()> {
        if request.stdin == Stdin::Pipe {
            self.read_pipe().await?;
        }
        let Drawn { mut facts, is_right } = self.odds.draw(self.files.number(), self.runs, &request.limits);
        self.runs += 1;
        if self.is_killed_within(facts.wall_us).await? {
            facts.stopped = Some(Stopped::Asked);
        }
        let output = if is_right {
            std::mem::take(&mut self.stdin)
        } else {
            b"wrong\n".to_vec()
        };
        let shown = output.len().min(WINDOW as usize);
        for piece in output[..shown].chunks(CHUNK) {
            self.report(&Report::Output(piece)).await?;
        }
        facts.stdout_bytes = shown as u64;
        self.report(&Report::OutputEnd).await?;
        self.report(&Report::Exited(facts)).await?;
        if request.then_fetch.is_some() {
            self.report_no_file().await?;
        }
        if request.then_reset {
            self.reset().await?;
        }
        Ok(())
    }

    /// The whole input, of which the worker sends no more than it is credited.
    async fn read_pipe(&mut self) -> io::Result<()> {
        loop {
            let frame = self.next().await?.ok_or(io::ErrorKind::BrokenPipe)?;
            let taken = match frame.command()? {
                Command::Stdin(input) => {
                    self.stdin.extend_from_slice(input);
                    input.len()
                }
                Command::StdinEnd | Command::Kill => return Ok(()),
                _ => 0,
            };
            if taken > 0 {
                let credit = u32::try_from(taken).unwrap_or(WINDOW);
                self.report(&Report::StdinCredit(credit)).await?;
            }
        }
    }

    /// Lets the time of a run pass. Whether the worker has ended it early.
    async fn is_killed_within(&mut self, wall_us: u64) -> io::Result<bool> {
        let running = sleep(self.odds.real(wall_us));
        tokio::pin!(running);
        loop {
            let frame = tokio::select! {
                () = &mut running => return Ok(false),
                frame = self.next() => frame?.ok_or(io::ErrorKind::BrokenPipe)?,
            };
            if frame.command()? == Command::Kill {
                return Ok(true);
            }
        }
    }

    async fn report_no_file(&mut self) -> io::Result<()> {
        let nothing = Fetched {
            content: None,
            truncated: false,
        };
        self.report(&Report::Fetched(nothing)).await
    }

    async fn reset(&mut self) -> io::Result<()> {
        self.stdin.clear();
        self.report(&Report::ResetDone).await
    }

    async fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        report.encode(&mut bytes).map_err(io::Error::other)?;
        self.worker.write_all(&bytes).await
    }

    /// The next command; `None` when the worker has hung up. No bytes are lost when the future is dropped.
    async fn next(&mut self) -> io::Result<Option<Frame>> {
        loop {
            let header = read_header(&self.received).map_err(io::Error::other)?;
            if let Some(Header { kind, body }) = header
                && self.received.len() >= HEADER + body
            {
                self.received.advance(HEADER);
                let body = self.received.split_to(body).freeze();
                return Ok(Some(Frame { kind, body }));
            }
            if self.worker.read_buf(&mut self.received).await? == 0 {
                return Ok(None);
            }
        }
    }
}

impl Frame {
    fn command(&self) -> io::Result<Command<'_>> {
        Command::decode(self.kind, &self.body).map_err(io::Error::other)
    }
}
