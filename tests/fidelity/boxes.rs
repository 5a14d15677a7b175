//! Programs in boxes, as the judge runs them.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use assize::config::{self, LanguageSettings, Settings, StreamsOf};
use assize::sandbox::{
    Backend, BoxError, BoxRole, BoxSpec, Ended, Input, Lifetime, PrepareRequest, Program as Start, PutFile, RunFacts,
    RunLimits, RunRequest, RunStreams, Session, SessionTimeouts, SlotPlacement, Stdin, Stopped, ZygoteRequest,
    open_backend,
};
use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::outcome::{Outcome, Place};
use crate::programs::Program;

/// How a program comes to life in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// An interpreter is started.
    Exec,
    /// A warm interpreter is forked.
    Fork,
}

impl Mode {
    pub(crate) const ALL: [Self; 2] = [Self::Exec, Self::Fork];
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exec => "exec",
            Self::Fork => "fork",
        })
    }
}

/// The file of a program that is started.
const ENTRY: &str = "main.py";

/// What boxes are made of.
#[derive(Debug)]
pub(crate) struct Walls {
    pub(crate) sandbox: Box<dyn Backend>,
    settings: Settings,
    _streams: TempDir,
}

impl Walls {
    pub(crate) async fn raise() -> Self {
        let mut settings = config::load(None).unwrap();
        // What a program sees of its output depends on whose the pipe is.
        let streams = tempfile::tempdir().unwrap();
        settings.sandbox.docker.streams = StreamsOf::Worker;
        settings.sandbox.docker.streams_directory = streams.path().to_owned();
        let sandbox = open_backend(&settings.sandbox, &settings.worker.id).unwrap();
        let connected = sandbox.connect().await;
        connected.expect("these tests need Docker; see README, Tests");
        Self {
            sandbox,
            settings,
            _streams: streams,
        }
    }

    /// Waits until every box is gone.
    pub(crate) async fn close(&self) {
        self.sandbox.close().await;
    }

    pub(crate) fn python(&self) -> &LanguageSettings {
        &self.settings.languages["python3"]
    }

    /// The box of a program, in which a zygote has room too.
    fn spec_for(&self, mode: Mode) -> BoxSpec {
        let spec = self.spec();
        BoxSpec {
            processes: spec.processes + u64::from(mode == Mode::Fork),
            ..spec
        }
    }

    pub(crate) fn spec(&self) -> BoxSpec {
        BoxSpec {
            environment: self.python().environment.clone(),
            role: BoxRole::Submission,
            memory_bytes: 512 << 20,
            processes: 64,
            cpus: self.settings.sandbox.cpus,
            placement: SlotPlacement::default(),
            zygote: None,
            scratch_bytes: self.settings.sandbox.scratch_bytes,
            scratch_inodes: self.settings.sandbox.scratch_inodes,
            executable_work: false,
            file_bytes: self.settings.limits.file_bytes,
            open_files: self.settings.limits.open_files,
            purpose: "fidelity".to_owned(),
        }
    }

    pub(crate) fn limits(&self, program: &Program) -> RunLimits {
        self.limits_of(program.wall)
    }

    pub(crate) fn limits_of(&self, wall: Duration) -> RunLimits {
        let spec = self.spec();
        RunLimits {
            cpu_us: 30_000_000,
            wall_us: u64::try_from(wall.as_micros()).unwrap(),
            starved_us: u64::try_from(wall.as_micros()).unwrap(),
            memory_bytes: spec.memory_bytes,
            input_room_bytes: 0,
            output_bytes: 16 << 20,
            file_bytes: spec.file_bytes,
            open_files: spec.open_files,
            cpus: spec.cpus,
            stderr_keep: 192 << 10,
        }
    }

    /// The command of a program, as the judge makes it.
    pub(crate) fn argv(&self, program: &Program) -> Vec<String> {
        self.command().chain(program.args.clone()).collect()
    }

    pub(crate) fn command_of_main(&self) -> Vec<String> {
        self.command().collect()
    }

    fn command(&self) -> impl Iterator<Item = String> {
        let run = self.python().run.iter();
        run.map(|word| if word == "{entry}" { ENTRY } else { word }.to_owned())
    }

    fn zygote(&self, program: &Program) -> ZygoteRequest {
        let libraries = self.python().warm_libraries.iter();
        let imported = |library: &&String| program.main().contains(&format!("\nimport {library}"));
        ZygoteRequest {
            libraries: libraries.filter(imported).cloned().collect(),
            ..self.zygote_without_libraries()
        }
    }

    pub(crate) fn zygote_without_libraries(&self) -> ZygoteRequest {
        ZygoteRequest {
            audit: true,
            program: self.python().zygote.clone(),
            name: ENTRY.to_owned(),
            argv: self.command().collect(),
            env: self.python().env.clone(),
            libraries: Vec::new(),
            stack_bytes: self.settings.limits.ceiling.memory_bytes,
            file_bytes: self.spec().file_bytes,
            open_files: self.spec().open_files,
            wall_us: 30_000_000,
        }
    }

    fn prepare(&self, program: &Program) -> PrepareRequest {
        let others = program.files.iter().map(|(path, _)| path.as_str());
        let others = others.filter(|path| path.ends_with(".py") && *path != ENTRY);
        PrepareRequest {
            files: std::iter::once(ENTRY).chain(others).map(ToOwned::to_owned).collect(),
            libraries: self.python().libraries.clone(),
            wall_us: 30_000_000,
        }
    }

    /// A preparation of one file, beside which any others may lie.
    pub(crate) fn prepare_only_main(&self) -> PrepareRequest {
        PrepareRequest {
            files: vec![ENTRY.to_owned()],
            libraries: self.python().libraries.clone(),
            wall_us: 30_000_000,
        }
    }

    pub(crate) async fn open_box(&self, mode: Mode) -> Result<Session, BoxError> {
        let live = self.sandbox.launch(&self.spec_for(mode)).await.unwrap();
        let timeouts = SessionTimeouts {
            hello: Duration::from_secs(30),
            answer: Duration::from_secs(10),
        };
        Session::open(live, timeouts).await
    }
}

/// A box in which one program after the other runs, with a reset between; a fresh one when it is lost.
#[derive(Debug)]
pub(crate) struct Lane<'a> {
    walls: &'a Walls,
    mode: Mode,
    session: Option<Session>,
    /// Name of the program that the zygote has prepared.
    prepared: Option<String>,
}

impl<'a> Lane<'a> {
    pub(crate) fn new(walls: &'a Walls, mode: Mode) -> Self {
        Self {
            walls,
            mode,
            session: None,
            prepared: None,
        }
    }

    async fn attempt(&mut self, program: &Program) -> Result<Outcome, BoxError> {
        let session = match self.session.take() {
            Some(mut session) => {
                session.reset().await?;
                session
            }
            None => {
                self.prepared = None;
                self.walls.open_box(self.mode).await?
            }
        };
        let session = self.session.insert(session);
        // A program that runs twice is forked twice from one zygote, so that what the forks share is seen.
        let known = self.prepared.as_ref() == Some(&program.name) && !program.between_boxes;
        let prepared = known && session.forks();
        if self.mode == Mode::Fork && !prepared {
            session.start_zygote(&self.walls.zygote(program)).await?;
        }
        for (path, content) in &program.files {
            put(session, path, content).await?;
        }
        let argv = self.walls.argv(program);
        let start = match self.mode {
            Mode::Exec => Start::Exec {
                argv,
                env: self.walls.python().env.clone(),
            },
            Mode::Fork => {
                if !prepared {
                    session.prepare(&self.walls.prepare(program)).await?;
                    self.prepared = Some(program.name.clone());
                }
                if !session.forks() {
                    return Ok(Outcome::not_forked());
                }
                Start::Fork { argv }
            }
        };
        let request = RunRequest {
            program: start,
            stdin: Stdin::File,
            limits: self.walls.limits(program),
            then_fetch: None,
            then_reset: false,
        };
        let (facts, stdout) = run(session, &request, &program.stdin, program.reader_gone).await?;
        // As the judge does: a box in which memory ran out is in doubt.
        if facts.had_memory_kill() {
            self.session = None;
        }
        Ok(outcome(facts, stdout))
    }
}

impl Place for Lane<'_> {
    fn run<'a>(&'a mut self, program: &'a Program) -> Pin<Box<dyn Future<Output = Outcome> + 'a>> {
        Box::pin(async {
            let attempted = self.attempt(program).await;
            attempted.unwrap_or_else(|error| {
                self.session = None;
                Outcome {
                    end: format!("lost with the box: {error}"),
                    stdout: Vec::new(),
                    stderr: Vec::new(),
                }
            })
        })
    }

    async fn leave(self) {
        if let Some(session) = self.session {
            session.destroy().await;
        }
    }
}

/// Puts a file that lies there until the next reset.
pub(crate) async fn put(session: &mut Session, path: &str, content: &[u8]) -> Result<(), BoxError> {
    let file = PutFile {
        path: path.to_owned(),
        lifetime: Lifetime::ThisTest,
        mode: 0o644,
    };
    session.put(file, Input::Bytes(Bytes::copy_from_slice(content))).await
}

/// Runs a program with this input, and reads its output.
pub(crate) async fn run_with(
    session: &mut Session,
    request: &RunRequest,
    stdin: &[u8],
) -> Result<(RunFacts, Vec<u8>), BoxError> {
    run(session, request, stdin, false).await
}

async fn run(
    session: &mut Session,
    request: &RunRequest,
    stdin: &[u8],
    reader_gone: bool,
) -> Result<(RunFacts, Vec<u8>), BoxError> {
    let (output, mut reader) = mpsc::channel::<Bytes>(16);
    if reader_gone {
        reader.close();
    }
    let streams = RunStreams {
        input: Input::Bytes(Bytes::copy_from_slice(stdin)),
        output: Some(output),
        kill: CancellationToken::new(),
    };
    let reading = async {
        let mut stdout = Vec::new();
        while let Some(piece) = reader.recv().await {
            stdout.extend_from_slice(&piece);
        }
        stdout
    };
    let (facts, stdout) = tokio::join!(session.run(request, streams), reading);
    Ok((facts?, stdout))
}

fn outcome(facts: RunFacts, stdout: Vec<u8>) -> Outcome {
    let ended = match facts.ended {
        Ended::Exit(code) => format!("exit {code}"),
        Ended::Signal(signal) => format!("signal {signal}"),
    };
    let why = match facts.stopped {
        None => "",
        Some(Stopped::Wall) => " by the wall limit",
        Some(Stopped::Starved) => " by a busy host",
        Some(Stopped::Cpu) => " by the CPU limit",
        Some(Stopped::Output(_)) => " by the output limit",
        Some(Stopped::Asked) => " on demand",
    };
    Outcome {
        end: format!("{ended}{why}"),
        stdout,
        stderr: [facts.stderr_head, facts.stderr_tail].concat(),
    }
}
