//! A submission in a compiled language becomes a program, in a box of the toolchain that holds its sources and nothing
//! else. What it is run on never comes there.

use bytes::Bytes;

use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::submission::{self, room_for_program};
use crate::judge::boxes::{BoxPlan, Boxes, JudgeContext};
use crate::judge::plan::Plan;
use crate::judge::run::compile::{NEEDS_MEMORY, message_of};
use crate::judge::run::request::{Placeholders, command, run_limits, source_names};
use crate::judge::text::escaped;
use crate::judge::validation::build_box::run_and_collect;
use crate::sandbox::{
    BoxError, BoxSpec, Ended, Input, PostMortem, Program, RunFacts, RunRequest, Session, Stdin, Stopped,
};

/// Where the compile command leaves the program.
const LEFT: &str = "/tmp/program";

const PURPOSE: &str = "compiling the submission";

/// Standard error that a message quotes, in bytes.
const QUOTED: usize = 2048;

/// Compiles the submission; `Err` is the reason why it does not compile.
pub(in crate::judge) async fn compile(context: JudgeContext<'_>, plan: &Plan) -> Result<Compiled, JudgeError> {
    let mut boxes = Boxes::new(context, box_plan(context, plan));
    let placeholders = Placeholders {
        entry: &plan.entry,
        sources: &source_names(plan),
        program: LEFT,
        memory_bytes: plan.compile_limits.memory_bytes,
    };
    let compile = request(context, plan, command(&plan.language.compile, &placeholders));
    let mut take = request(context, plan, ["/bin/cat", LEFT].map(str::to_owned).to_vec());
    take.limits.output_bytes = take.limits.output_bytes.min(room_for_program(context.options, plan));
    loop {
        let lost = match boxes.ready().await {
            Err(error) => error.into_lost()?,
            Ok(session) => match made(session, (&compile, &take), plan).await? {
                Ok(compiled) => return Ok(compiled),
                Err(lost) => lost,
            },
        };
        if boxes.lose(lost, PURPOSE).await? == PostMortem::OutOfMemory {
            return Ok(Err(NEEDS_MEMORY.to_owned()));
        }
    }
}

/// The program, or why the submission does not compile.
type Compiled = Result<Bytes, String>;

/// Compiles it in this box, unless that is lost.
async fn made(
    session: &mut Session,
    (compile, take): (&RunRequest, &RunRequest),
    plan: &Plan,
) -> Result<Result<Compiled, BoxError>, JudgeError> {
    let facts = match run_and_collect(session, compile, Input::Empty).await {
        Ok((facts, _output)) => facts,
        Err(lost) => return Ok(Err(lost)),
    };
    if let Some(message) = message_of(&facts, plan)? {
        return Ok(Ok(Err(message)));
    }
    match run_and_collect(session, take, Input::Empty).await {
        Ok((facts, program)) => taken(&facts, program, (plan, take)).map(Ok),
        Err(lost) => Ok(Err(lost)),
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
        then_fetch: None,
        then_reset: false,
    }
}

fn taken(facts: &RunFacts, program: Bytes, (plan, take): (&Plan, &RunRequest)) -> Result<Compiled, JudgeError> {
    match (facts.stopped, facts.ended) {
        (None, Ended::Exit(0)) => Ok(Ok(program)),
        (Some(Stopped::Output(_)), _) => Ok(Err(format!(
            "the program has more than {} bytes, for which a box has no room",
            take.limits.output_bytes
        ))),
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
