//! A program of a package is built in a box of the toolchain environment.

use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::{BoxFile, BoxPlan, Boxes, JudgeContext};
use crate::judge::options::JudgeOptions;
use crate::judge::plan::PackageProgram;
use crate::judge::run::attempt::PIECES_IN_FLIGHT;
use crate::judge::run::request::run_limits;
use crate::judge::validation::fault::{BuildFault, quoted_stderr};
use crate::sandbox::{
    BoxError, BoxRole, BoxSpec, DURABLE_AT_MOST, Ended, Input, PostMortem, Program, RunFacts, RunRequest, RunStreams,
    Session, SlotPlacement, Stdin, Stopped, Stream,
};

/// Environment variables of compilers, and of validators that are no scripts of a language of the settings.
pub(super) const VARIABLES: [&str; 3] = ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8"];

/// Directory of the program's files in its box.
pub(super) const HOME: &str = "validator";

/// What a build leaves.
pub(super) const BUILT: &str = "/tmp/built";

const PURPOSE: &str = "building a program of the package";

/// What a build may leave, in bytes. It is laid into boxes, with a program of ours beside it.
const MOST_BUILT: u64 = DURABLE_AT_MOST as u64 - (1 << 20);

/// Everything that a build needs.
pub(super) struct Builder<'a> {
    pub(super) program: &'a PackageProgram,
    pub(super) files: &'a [BoxFile],
    pub(super) context: JudgeContext<'a>,
}

impl Builder<'_> {
    /// Runs a shell script that leaves its result in one file, and takes that out of the box.
    pub(super) async fn build(&self, script: &str) -> Result<Bytes, JudgeError> {
        let mut boxes = Boxes::new(self.context, self.box_plan());
        let request = self.request(&format!("{script} && cat {BUILT}"));
        loop {
            let lost = match boxes.ready().await {
                Err(error) => error.into_lost()?,
                Ok(session) => match run_and_collect(session, &request, Input::Empty).await {
                    Ok((facts, output)) => return self.built(&facts, output),
                    Err(lost) => lost,
                },
            };
            if boxes.lose(lost, PURPOSE).await? == PostMortem::OutOfMemory {
                return Err(self.failed(BuildFault::Memory));
            }
        }
    }

    /// What it left, if it left anything.
    fn built(&self, facts: &RunFacts, output: Bytes) -> Result<Bytes, JudgeError> {
        match (facts.ended, facts.stopped) {
            (Ended::Exit(0), None) => Ok(output),
            _ => Err(self.failed(fault_of(facts))),
        }
    }

    fn box_plan(&self) -> BoxPlan {
        let (options, limits) = (self.context.options, self.limits());
        let toolchain = options.validators.toolchain.clone();
        BoxPlan {
            spec: validator_box(options, &limits, toolchain, true, self.context.submission),
            files: self.files.to_vec(),
            prepare: None,
        }
    }

    fn request(&self, script: &str) -> RunRequest {
        RunRequest {
            program: Program::Exec {
                argv: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
                env: VARIABLES.map(str::to_owned).to_vec(),
            },
            stdin: Stdin::Pipe,
            limits: run_limits(&self.limits(), self.context.options),
            then_fetch: None,
            then_reset: false,
        }
    }

    fn limits(&self) -> Limits {
        let validators = &self.context.options.validators;
        Limits {
            cpu_ms: validators.compile_cpu_ms,
            wall_ms: validators.compile_cpu_ms.saturating_mul(2),
            memory_bytes: validators.memory_bytes,
            // Its output is what was built: scripts that build write to standard error.
            output_bytes: validators.scratch_bytes.min(MOST_BUILT),
            processes: self.context.options.limits.ceiling.processes,
        }
    }

    fn failed(&self, fault: BuildFault) -> JudgeError {
        JudgeError::ValidatorBuild {
            role: self.program.role,
            problem: self.program.problem.clone(),
            validator: self.program.program.name.clone(),
            fault,
        }
    }
}

/// A box for a program of a package or for its compiler.
pub(super) fn validator_box(
    options: &JudgeOptions,
    limits: &Limits,
    environment: String,
    executable_work: bool,
    submission: Uuid,
) -> BoxSpec {
    BoxSpec {
        environment,
        role: BoxRole::Validator,
        memory_bytes: limits.memory_bytes,
        processes: limits.processes,
        cpus: options.boxes.cpus,
        scratch_bytes: options.validators.scratch_bytes,
        scratch_inodes: options.boxes.scratch_inodes,
        executable_work,
        file_bytes: options.validators.scratch_bytes,
        open_files: options.limits.open_files,
        placement: SlotPlacement::default(),
        zygote: None,
        purpose: submission.to_string(),
    }
}

fn fault_of(facts: &RunFacts) -> BuildFault {
    let stderr = quoted_stderr(facts);
    match (facts.stopped, facts.ended) {
        (Some(Stopped::Output(Stream::Stdout)), _) => BuildFault::TooLarge { most: MOST_BUILT },
        (Some(_), _) => BuildFault::Stopped { stderr },
        (None, Ended::Exit(code)) => BuildFault::ExitCode { code, stderr },
        (None, Ended::Signal(signal)) => BuildFault::Signal { signal, stderr },
    }
}

/// Runs a program, and keeps everything that it writes, which its limits bound.
pub(in crate::judge) async fn run_and_collect(
    session: &mut Session,
    request: &RunRequest,
    input: Input,
) -> Result<(RunFacts, Bytes), BoxError> {
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let (ran, output) = tokio::join!(session.run(request, streams), collect(receiver));
    Ok((ran?, output))
}

/// Everything that a program writes, whose output has a limit.
pub(in crate::judge) async fn collect(mut pieces: mpsc::Receiver<Bytes>) -> Bytes {
    let mut collected = BytesMut::new();
    while let Some(piece) = pieces.recv().await {
        collected.extend_from_slice(&piece);
    }
    collected.freeze()
}
