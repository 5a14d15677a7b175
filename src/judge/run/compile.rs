//! The compile check: does the submission compile, in the words of its language?

use tokio_util::sync::CancellationToken;

use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::Boxes;
use crate::judge::boxes::submission::compile_wall_ms;
use crate::judge::plan::{Plan, sources};
use crate::judge::run::request::{command, run_limits};
use crate::judge::verdict::signal_name;
use crate::sandbox::{Ended, Input, PostMortem, Program, RunFacts, RunRequest, RunStreams, Stopped};

/// Runs the compile check of the language; `Some` is the reason why the submission does not compile.
pub(in crate::judge) async fn check(boxes: &mut Boxes<'_>, plan: &Plan) -> Result<Option<String>, JudgeError> {
    const PURPOSE: &str = "the compile check";
    if plan.language.compile.is_empty() {
        return Ok(None);
    }
    let request = request(boxes, plan);
    loop {
        let session = boxes.ready(PURPOSE).await?;
        if session.forks() {
            // Its zygote has compiled every file.
            return Ok(None);
        }
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
                return complaint(&facts);
            }
            Err(error) => {
                if boxes.lose(error, PURPOSE).await? == PostMortem::OutOfMemory {
                    return Ok(Some("compiling needs more memory than the limit allows".to_owned()));
                }
            }
        }
    }
}

fn request(boxes: &Boxes<'_>, plan: &Plan) -> RunRequest {
    let settings = boxes.settings();
    let limits = Limits {
        cpu_ms: settings.limits.compile_cpu_ms,
        wall_ms: compile_wall_ms(settings),
        ..plan.limits
    };
    let sources: Vec<&str> = sources(plan).collect();
    let argv = command(&plan.language.compile, "{sources}", &sources);
    RunRequest {
        program: Program::Exec {
            argv,
            env: plan.language.env.clone(),
        },
        limits: run_limits(&limits, settings),
        then_reset: true,
    }
}

/// Exit code 1 is the check's own "does not compile"; a check that dies was killed by what it compiled.
fn complaint(facts: &RunFacts) -> Result<Option<String>, JudgeError> {
    let stderr_text = || {
        let said = [&facts.stderr_head[..], &facts.stderr_tail[..]].concat();
        String::from_utf8_lossy(&said).trim_end().to_owned()
    };
    if facts.had_memory_kill() {
        return Ok(Some("compiling needs more memory than the limit allows".to_owned()));
    }
    match (facts.stopped, facts.ended) {
        (Some(Stopped::Cpu | Stopped::Wall), _) => Ok(Some("compiling takes too long".to_owned())),
        (Some(_), _) => Ok(Some("compiling prints too much".to_owned())),
        (None, Ended::Exit(0)) => Ok(None),
        (None, Ended::Exit(1)) => Ok(Some(stderr_text())),
        (None, Ended::Signal(signal)) => Ok(Some(format!("the compiler was killed by {}", signal_name(signal)))),
        (None, Ended::Exit(code)) => Err(JudgeError::CompileCheck(format!("exit code {code}: {}", stderr_text()))),
    }
}
