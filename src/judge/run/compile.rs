//! The compile check: does the submission compile, in the words of its language?

use tokio_util::sync::CancellationToken;

use crate::config::{LanguageSettings, Startup};
use crate::contract::{Limits, Progress, ProgressStage};
use crate::judge::boxes::Boxes;
use crate::judge::boxes::submission::compile_wall_ms;
use crate::judge::plan::Plan;
use crate::judge::run::request::{Placeholders, command, run_limits, source_names};
use crate::judge::text::escaped;
use crate::judge::verdict::signal_name;
use crate::judge::{JudgeError, ProgressSink};
use crate::sandbox::{Ended, Input, PostMortem, Program, RunFacts, RunRequest, RunStreams, Stdin, Stopped};

pub(super) const NEEDS_MEMORY: &str = "compiling needs more memory than the limit allows";

/// Standard error that a message quotes, in bytes.
const QUOTED: usize = 2048;

/// Whether the compile check of a language is a run of its own, and not a part of making the interpreter ready.
pub(in crate::judge) fn is_by_itself(language: &LanguageSettings) -> bool {
    !language.compile.is_empty() && language.startup == Startup::Exec
}

/// Runs the compile command of the language; `Some` is the reason why the submission does not compile.
pub(in crate::judge) async fn check(
    boxes: &mut Boxes<'_>,
    plan: &Plan,
    progress: ProgressSink<'_>,
) -> Result<Option<String>, JudgeError> {
    const PURPOSE: &str = "the compile check";
    if plan.language.compile.is_empty() || plan.language.is_compiled() {
        return Ok(None);
    }
    let request = request(boxes, plan);
    loop {
        let session = match boxes.ready().await {
            Ok(session) => session,
            Err(error) => match boxes.lose(error.into_lost()?, PURPOSE).await? {
                // The tests will have too little memory too, which is their verdict.
                PostMortem::OutOfMemory => return Ok(None),
                _ => continue,
            },
        };
        if session.forks() {
            // Its zygote has compiled every file.
            return Ok(None);
        }
        progress(Progress::of_stage(plan.id, ProgressStage::Compiling));
        let streams = RunStreams {
            input: Input::Empty,
            output: None,
            kill: CancellationToken::new(),
        };
        match session.run(&request, streams).await {
            Ok(facts) => {
                if facts.had_memory_kill() {
                    boxes.retire();
                }
                return message_or_go_on(&facts, plan, progress);
            }
            Err(error) => {
                if boxes.lose(error, PURPOSE).await? == PostMortem::OutOfMemory {
                    return Ok(Some(NEEDS_MEMORY.to_owned()));
                }
            }
        }
    }
}

/// What the compiler says, or nothing, and the tests begin.
fn message_or_go_on(facts: &RunFacts, plan: &Plan, progress: ProgressSink<'_>) -> Result<Option<String>, JudgeError> {
    let message = message_of(facts, plan)?;
    if message.is_none() {
        progress(Progress::of_stage(plan.id, ProgressStage::Running));
    }
    Ok(message)
}

fn request(boxes: &Boxes<'_>, plan: &Plan) -> RunRequest {
    let options = boxes.options();
    let limits = Limits {
        cpu_ms: options.limits.compile_cpu_ms,
        wall_ms: compile_wall_ms(options),
        ..plan.limits
    };
    let placeholders = Placeholders {
        entry: &plan.entry,
        sources: &source_names(plan),
        program: "",
        memory_bytes: limits.memory_bytes,
    };
    RunRequest {
        program: Program::Exec {
            argv: command(&plan.language.compile, &placeholders),
            env: plan.language.env.clone(),
        },
        stdin: Stdin::Pipe,
        limits: run_limits(&limits, options),
        then_fetch: None,
        then_reset: true,
    }
}

/// The exit codes that the language's table lists mean "does not compile"; a compiler that dies was killed by what it
/// compiled; every other exit code is a fault of the image or of the table.
pub(super) fn message_of(facts: &RunFacts, plan: &Plan) -> Result<Option<String>, JudgeError> {
    let stderr = || {
        let bytes = [&facts.stderr_head[..], &facts.stderr_tail[..]].concat();
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    };
    if facts.had_memory_kill() {
        return Ok(Some(NEEDS_MEMORY.to_owned()));
    }
    match (facts.stopped, facts.ended) {
        (Some(Stopped::Cpu | Stopped::Wall), _) => Ok(Some("compiling takes too long".to_owned())),
        (Some(_), _) => Ok(Some("compiling prints too much".to_owned())),
        (None, Ended::Exit(0)) => Ok(None),
        (None, Ended::Exit(code)) if plan.language.compile_error_codes.contains(&code) => Ok(Some(stderr())),
        (None, Ended::Signal(signal)) => Ok(Some(format!("the compiler was killed by {}", signal_name(signal)))),
        (None, Ended::Exit(code)) => Err(JudgeError::CompileCommand {
            language: plan.language_name.clone(),
            code,
            stderr: escaped(&stderr(), QUOTED),
        }),
    }
}
