//! Input validators of a package, run over inputs in a box of their own. Nothing of a submission is there.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::{Excerpt, Limits};
use crate::judge::ProgramRole;
use crate::judge::boxes::{Boxes, JudgeContext};
use crate::judge::plan::PackageProgram;
use crate::judge::plan::limits::limits_of_validator;
use crate::judge::plan::test_data::{TestData, open_input};
use crate::judge::run::attempt::PIECES_IN_FLIGHT;
use crate::judge::run::request::{PutFilesError, put_files, run_limits};
use crate::judge::run::stdin::{ProgramInput, stdin_for};
use crate::judge::text::escaped;
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::fault::{FaultReason, quoted_stderr};
use crate::judge::validation::result::validator_result;
use crate::judge::verdict::ValidatorResult;
use crate::judge::verdict::excerpt::ExcerptCollector;
use crate::judge::{Attempt, Judge, JudgeError};
use crate::problem::{Package, ValidatorProgram};
use crate::sandbox::{BoxError, Input, PostMortem, Program, RunFacts, RunLimits, RunRequest, RunStreams, Session};

/// Output of a validator that a message quotes, in bytes.
const QUOTED: usize = 1024;

/// An input that an input validator is run on.
#[derive(Debug, Clone)]
pub struct InputCase {
    /// What it is called in messages.
    pub name: String,
    /// The input.
    pub input: PathBuf,
    /// Arguments of the validator.
    pub args: Vec<String>,
    /// Directory with files that lie beside the validator.
    pub files: Option<PathBuf>,
}

/// What an input validator came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputVerdict {
    /// Exit code 42.
    Accepted,
    /// Another exit code, or a crash: the input could not be confirmed. How it ended, and what it said.
    Rejected(String),
    /// It was ended at a limit, so that nothing is known of the input.
    Undecided(String),
}

/// A program that is run over inputs.
struct InputValidation<'a> {
    problem: &'a str,
    built: &'a BuiltValidator,
    boxes: Boxes<'a>,
    limits: Limits,
}

impl Judge {
    /// Runs an input validator of the package over inputs, one after the other.
    ///
    /// # Errors
    /// When it cannot be built, a file cannot be read, or no box can be had. Whatever the program does is `Ok`.
    pub async fn validate_inputs(
        &self,
        package: &Package,
        validator: &ValidatorProgram,
        cases: &[InputCase],
    ) -> Result<Vec<InputVerdict>, JudgeError> {
        let slot = self.pool.slot().await;
        let attempt = Attempt::now();
        let context = JudgeContext {
            pool: &self.pool,
            slot: &slot,
            options: &self.options,
            inputs: &self.inputs,
            attempt: &attempt,
            submission: Uuid::now_v7(),
        };
        let program = PackageProgram::of(package, ProgramRole::InputValidator, validator);
        let built = self.validators.get(&program, context).await?;
        let limits = limits_of_validator(&package.limits, &self.options);
        let mut validation = InputValidation {
            problem: &package.id,
            built: &built,
            boxes: built.boxes(context, &limits),
            limits,
        };
        let mut verdicts = Vec::new();
        for case in cases {
            verdicts.push(validation.verdict(case).await?);
        }
        Ok(verdicts)
    }
}

impl InputValidation<'_> {
    async fn verdict(&mut self, case: &InputCase) -> Result<InputVerdict, JudgeError> {
        loop {
            let lost = match self.run(case).await? {
                Ok((facts, stdout)) => {
                    if facts.had_memory_kill() {
                        self.boxes.retire();
                    }
                    return Ok(verdict_of(&facts, &stdout.text));
                }
                Err(error) => error,
            };
            if self.boxes.lose(lost, &case.name).await? == PostMortem::OutOfMemory {
                return Ok(InputVerdict::Undecided(FaultReason::Memory.to_string()));
            }
        }
    }

    async fn run(&mut self, case: &InputCase) -> Result<Result<(RunFacts, Excerpt), BoxError>, JudgeError> {
        let unreadable = |path: &Path, source| JudgeError::PackageFile {
            problem: self.problem.to_owned(),
            file: path.display().to_string(),
            source,
        };
        let opened = open_input(&TestData::File(case.input.clone())).await;
        let mut input = opened.map_err(|error| unreadable(&case.input, error))?;
        let given = stdin_for(&mut self.boxes, &mut input).await;
        let request = self.request(case, given);
        let session = match self.boxes.ready().await {
            Ok(session) => session,
            Err(error) => return error.into_lost().map(Err),
        };
        if let Some(files) = &case.files {
            match put_files(session, files, |_path| true).await {
                Ok(()) => {}
                Err(PutFilesError::Io(error)) => return Err(unreadable(files, error)),
                Err(PutFilesError::Box(error)) => return Ok(Err(error)),
            }
        }
        Ok(run_with_output(session, &request, input).await)
    }

    fn request(&self, case: &InputCase, given: ProgramInput) -> RunRequest {
        RunRequest {
            program: Program::Exec {
                argv: [&self.built.command[..], &case.args].concat(),
                env: self.built.environment.clone(),
            },
            stdin: given.stdin,
            limits: RunLimits {
                input_room_bytes: given.room_bytes,
                ..run_limits(&self.limits, self.boxes.options())
            },
            then_fetch: None,
            then_reset: true,
        }
    }
}

/// Runs a program, and keeps the start of what it writes to standard output.
async fn run_with_output(
    session: &mut Session,
    request: &RunRequest,
    input: Input,
) -> Result<(RunFacts, Excerpt), BoxError> {
    let (sender, mut pieces) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let listen = async {
        let mut stdout = ExcerptCollector::new(QUOTED);
        while let Some(piece) = pieces.recv().await {
            stdout.push(&piece);
        }
        stdout.finish()
    };
    let (ran, stdout) = tokio::join!(session.run(request, streams), listen);
    Ok((ran?, stdout))
}

/// What a run of an input validator says of the input.
fn verdict_of(facts: &RunFacts, stdout: &str) -> InputVerdict {
    let fault = match validator_result(facts) {
        ValidatorResult::Accepted | ValidatorResult::AcceptedException => return InputVerdict::Accepted,
        ValidatorResult::Rejected => return InputVerdict::Rejected(exit_summary("exit code 43", stdout, facts)),
        ValidatorResult::Failed(fault) => fault,
    };
    match fault.reason {
        // An assertion that fails is the usual way to reject.
        FaultReason::ExitCode(code) => {
            InputVerdict::Rejected(exit_summary(&format!("exit code {code}"), stdout, facts))
        }
        FaultReason::Signal(_) => InputVerdict::Rejected(exit_summary(&fault.reason.to_string(), stdout, facts)),
        reason => InputVerdict::Undecided(reason.to_string()),
    }
}

/// The exception that a Python program ended with: the last line of its traceback, behind lines of code.
fn exception(stderr: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(stderr);
    let is_traceback = text.lines().any(|line| line.starts_with("  File \""));
    let last = text.trim_end().lines().last()?;
    (is_traceback && !last.starts_with(' ')).then(|| last.to_owned())
}

/// How it ended, and what it wrote: input validators tell what is wrong on either stream.
fn exit_summary(how: &str, stdout: &str, facts: &RunFacts) -> String {
    let error = match exception(&facts.stderr_tail).or_else(|| exception(&facts.stderr_head)) {
        Some(exception) => escaped(&exception, QUOTED),
        None => quoted_stderr(facts),
    };
    let wrote = [escaped(stdout.trim_end(), QUOTED), error];
    let wrote = wrote.iter().filter(|text| !text.is_empty());
    std::iter::once(how)
        .chain(wrote.map(String::as_str))
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_traceback_the_exception_is_told() {
        let traceback = b"Traceback (most recent call last):\n  File \"validate.py\", line 8, in <module>\n    \
                          assert False, 'two numbers'\nAssertionError: two numbers\n";
        assert_eq!(exception(traceback).as_deref(), Some("AssertionError: two numbers"));
        for other in [&b"line 3: not a number"[..], b"", b"  File \"cut off in the midd"] {
            assert_eq!(exception(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
