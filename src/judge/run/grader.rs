//! The grader of a package, run over the results of groups in a box of its own. Nothing of the submission is there.

use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::{Boxes, JudgeContext};
use crate::judge::grading::{GraderAnswer, GraderInput, GroupResult};
use crate::judge::plan::{CustomGrading, PackageProgram};
use crate::judge::run::request::run_limits;
use crate::judge::text::escaped;
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::build_box::run_and_collect;
use crate::judge::validation::fault::{FaultReason, ValidatorFault, quoted_stderr};
use crate::judge::validation::result::exit_code;
use crate::sandbox::{Input, LaunchError, PostMortem, Program, RunFacts, RunLimits, RunRequest, Stdin};

/// What a grader may print, in bytes: a verdict and a score.
const OUTPUT: u64 = 4 << 10;

/// Output that a message quotes, in bytes.
const QUOTED: usize = 200;

/// The grader of a package and its boxes.
pub(in crate::judge) struct Grader<'a> {
    program: PackageProgram,
    built: BuiltValidator,
    boxes: Boxes<'a>,
    /// The boxes of tests that have ended were given up, so that there is room for its own, which is held no longer than it
    /// is used.
    is_alone: bool,
    limits: Limits,
}

impl<'a> Grader<'a> {
    pub(in crate::judge) fn new(built: BuiltValidator, grading: &CustomGrading, context: JudgeContext<'a>) -> Self {
        Self {
            program: grading.program.clone(),
            boxes: built.boxes(context, &grading.limits),
            built,
            is_alone: false,
            limits: grading.limits,
        }
    }

    /// From now on its box can wait for room.
    pub(super) fn alone(&mut self) {
        self.is_alone = true;
    }

    /// Whether it has failed for lack of room beside boxes of tests, which can be given up.
    pub(super) fn needs_room(&self, result: &Result<GroupResult, JudgeError>) -> bool {
        let lacks_room = |error: &JudgeError| matches!(error, JudgeError::Launch(LaunchError::NoRoom { .. }));
        !self.is_alone && result.as_ref().is_err_and(lacks_room)
    }

    /// Grades a group.
    pub(super) async fn grade(&mut self, input: &GraderInput<'_>) -> Result<GroupResult, JudgeError> {
        let group = match input.group.name.as_str() {
            "" => "all tests together".to_owned(),
            name => format!("the group {name}"),
        };
        let failed = |fault| JudgeError::Grader {
            grader: self.program.program.name.clone(),
            problem: self.program.problem.clone(),
            group: group.clone(),
            fault: Box::new(fault),
        };
        let request = request(&self.built, input.flags, run_limits(&self.limits, self.boxes.options()));
        loop {
            let lost = match self.boxes.ready_beside(!self.is_alone).await {
                Err(error) => error.into_lost()?,
                Ok(session) => match run_and_collect(session, &request, Input::Bytes(input.text())).await {
                    Ok((facts, output)) => {
                        if self.is_alone || facts.had_memory_kill() {
                            self.boxes.retire();
                        }
                        return answer(&facts, &output, input)
                            .map(|answer| input.result(answer))
                            .map_err(failed);
                    }
                    Err(lost) => lost,
                },
            };
            if self.boxes.lose(lost, &group).await? == PostMortem::OutOfMemory {
                return Err(failed(FaultReason::Memory.into()));
            }
        }
    }
}

fn request(built: &BuiltValidator, flags: &[String], limits: RunLimits) -> RunRequest {
    RunRequest {
        program: Program::Exec {
            argv: [&built.command, flags].concat(),
            env: built.environment.clone(),
        },
        stdin: Stdin::Pipe,
        limits: RunLimits {
            output_bytes: limits.output_bytes.min(OUTPUT),
            ..limits
        },
        then_fetch: None,
        then_reset: true,
    }
}

/// What a run of it says.
fn answer(facts: &RunFacts, output: &[u8], input: &GraderInput<'_>) -> Result<GraderAnswer, ValidatorFault> {
    let answer = match exit_code(facts) {
        Ok(0) => GraderAnswer::read(output).ok_or_else(|| FaultReason::NoResult {
            text: escaped(String::from_utf8_lossy(output).trim_end(), QUOTED),
        }),
        Ok(code) => Err(FaultReason::GraderExitCode(code)),
        Err(reason) => Err(reason),
    };
    let allowed = answer.and_then(|answer| match input.forbidden_score(answer) {
        Some((given, (lowest, highest))) => Err(FaultReason::GraderScore { given, lowest, highest }),
        None => Ok(answer),
    });
    allowed.map_err(|reason| ValidatorFault {
        reason,
        stderr: quoted_stderr(facts),
    })
}
