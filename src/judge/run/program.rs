//! A submission in a compiled language becomes a program, in a box of the toolchain that holds its sources and nothing
//! else. What it is run on never comes there.

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::{BoxPlan, Boxes, JudgeContext, submission};
use crate::judge::plan::Plan;
use crate::judge::run::attempt::PIECES_IN_FLIGHT;
use crate::judge::run::compile::{NEEDS_MEMORY, message_of};
use crate::judge::run::request::{Files, command, run_limits, source_names};
use crate::judge::text::escaped;
use crate::judge::validation::build_box::collect;
use crate::sandbox::{
    BoxError, BoxSpec, Ended, Input, PostMortem, Program, RunFacts, RunRequest, RunStreams, Session, Stdin, Stopped,
};

/// Where the compile command leaves the program.
const LEFT: &str = "/tmp/program";

const PURPOSE: &str = "compiling the submission";

/// Standard error that a message quotes, in bytes.
const QUOTED: usize = 2048;

/// Compiles the submission; `Err` is the reason why it does not compile.
pub(in crate::judge) async fn compile(
    context: JudgeContext<'_>,
    plan: &Plan,
) -> Result<Result<Bytes, String>, JudgeError> {
    let mut boxes = Boxes::new(context, box_plan(context, plan));
    let sources = source_names(plan);
    let files = Files::new(&plan.entry, &sources).with_program(LEFT);
    let compile = request(context, plan, command(&plan.language.compile, &files));
    let take = request(context, plan, ["/bin/cat", LEFT].map(str::to_owned).to_vec());
    loop {
        let session = boxes.ready(PURPOSE).await?;
        let lost = match run(session, &compile).await {
            Ok((facts, _output)) => {
                if let Some(message) = message_of(&facts, plan)? {
                    return Ok(Err(message));
                }
                match run(session, &take).await {
                    Ok((facts, program)) => return taken(&facts, program, plan),
                    Err(lost) => lost,
                }
            }
            Err(lost) => lost,
        };
        if boxes.lose(lost, PURPOSE).await? == PostMortem::OutOfMemory {
            return Ok(Err(NEEDS_MEMORY.to_owned()));
        }
    }
}

fn box_plan(context: JudgeContext<'_>, plan: &Plan) -> BoxPlan {
    BoxPlan {
        spec: BoxSpec {
            environment: plan.language.toolchain.clone(),
            // The compiler lies in the image, and nothing that it makes is started there.
            executable_work: false,
            ..submission::spec(
                context.options,
                &plan.language,
                &plan.compile_limits,
                Vec::new(),
                plan.id,
            )
        },
        files: submission::source_files(plan).collect(),
        prepare: None,
    }
}

fn request(context: JudgeContext<'_>, plan: &Plan, argv: Vec<String>) -> RunRequest {
    let limits = Limits {
        output_bytes: context.options.limits.file_bytes,
        ..plan.compile_limits
    };
    RunRequest {
        program: Program::Exec {
            argv,
            env: plan.language.env.clone(),
        },
        stdin: Stdin::Pipe,
        limits: run_limits(&limits, context.options),
        then_reset: false,
    }
}

async fn run(session: &mut Session, request: &RunRequest) -> Result<(RunFacts, Bytes), BoxError> {
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input: Input::Empty,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let (ran, output) = tokio::join!(session.run(request, streams), collect(receiver));
    Ok((ran?, output))
}

fn taken(facts: &RunFacts, program: Bytes, plan: &Plan) -> Result<Result<Bytes, String>, JudgeError> {
    match (facts.stopped, facts.ended) {
        (None, Ended::Exit(0)) => Ok(Ok(program)),
        (Some(Stopped::Output(_)), _) => Ok(Err("the program is larger than limits.file_bytes allows".to_owned())),
        (_, ended) => {
            let code = match ended {
                Ended::Exit(code) | Ended::Signal(code) => code,
            };
            let stderr = String::from_utf8_lossy(&facts.stderr_head).into_owned();
            Err(JudgeError::CompileCommand {
                language: plan.language_name.clone(),
                code,
                stderr: escaped(&format!("it left no {{program}}: {}", stderr.trim_end()), QUOTED),
            })
        }
    }
}
