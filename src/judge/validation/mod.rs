//! One test with an output validator of the package: two boxes, wired by the worker.
//!
//! ```text
//! submission stdout --pump--> validator stdin
//! submission stdin  <--pump-- validator stdout      (interactive only; else the input, and nothing)
//! ```
//!
//! Output streams through in constant memory either way. The submission's box never holds the answer or the validator,
//! the validator's box never holds the submission. The worker is the wire, so it knows who ended first: an end is seen
//! by the other side only after it was seen here.

pub(super) mod build;
mod transcript;

use std::pin::pin;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::contract::Excerpt;
use crate::judge::plan::test_data::open_input;
use crate::judge::plan::{CustomValidation, PlannedTest};
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::request::run_limits;
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::transcript::{Side, Transcript};
use crate::judge::verdict::excerpt::ExcerptKeeper;
use crate::judge::verdict::{FirstToExit, ValidatorResult, signal_name};
use crate::sandbox::{
    BoxError, Ended, Input, Lifetime, Program, PutFile, RunFacts, RunRequest, RunStreams, Session, Stopped,
};

/// Where the validator writes its feedback; the format wants a separator at the end.
const FEEDBACK: &str = "feedback/";

/// How much of a message is taken, in bytes.
const MESSAGE: u32 = 16 << 10;

/// What came out of one test.
pub(super) struct Validated {
    pub(super) facts: RunFacts,
    pub(super) stdout: Excerpt,
    pub(super) first: FirstToExit,
    pub(super) validator_result: ValidatorResult,
    pub(super) feedback: Feedback,
    /// What was said, in an interactive problem.
    pub(super) transcript: Option<Excerpt>,
}

/// What a validator left in its feedback directory.
#[derive(Debug, Default)]
pub(super) struct Feedback {
    pub(super) judge_message: Option<String>,
    pub(super) team_message: Option<String>,
    pub(super) score: Option<String>,
    pub(super) score_multiplier: Option<String>,
}

/// A validator in its box, ready for one test.
pub(super) struct Validating<'a> {
    pub(super) session: &'a mut Session,
    pub(super) built: &'a BuiltValidator,
    pub(super) validation: &'a CustomValidation,
    pub(super) test: &'a PlannedTest,
    pub(super) settings: &'a Settings,
}

impl Validating<'_> {
    /// Lays the input and the answer, and makes the feedback directory.
    pub(super) async fn prepare(&mut self) -> Result<(), AttemptError> {
        let answer = match &self.test.answer {
            Some(answer) => open_input(answer).await,
            None => Ok(Input::Empty),
        };
        let cannot_read = |error: std::io::Error| AttemptError::unreadable(&self.test.name, &error);
        let input = open_input(&self.test.input).await.map_err(cannot_read)?;
        let answer = answer.map_err(cannot_read)?;
        let keep = format!("{FEEDBACK}.keep");
        for (path, content) in [
            (self.path("in"), input),
            (self.path("ans"), answer),
            (keep, Input::Empty),
        ] {
            let put = PutFile {
                path,
                lifetime: Lifetime::ThisTest,
                mode: 0o644,
            };
            self.session
                .put(put, content)
                .await
                .map_err(AttemptError::ValidatorBox)?;
        }
        Ok(())
    }

    /// Runs the submission and the validator side by side.
    pub(super) async fn run(
        &mut self,
        submission: &mut Session,
        request: &RunRequest,
        input: Option<Input>,
    ) -> Result<Validated, AttemptError> {
        let interactive = self.validation.interactive;
        let (said, hears_submission) = mpsc::channel(PIECES_IN_FLIGHT);
        let (to_validator, validator_input) = mpsc::channel(PIECES_IN_FLIGHT);
        let (answered, hears_validator) = mpsc::channel(PIECES_IN_FLIGHT);
        let (to_submission, submission_input) = mpsc::channel(PIECES_IN_FLIGHT);
        let kill = CancellationToken::new();
        let submission_streams = RunStreams {
            input: input
                .filter(|_| !interactive)
                .unwrap_or(Input::Channel(submission_input)),
            output: Some(said),
            kill: kill.clone(),
        };
        let validator_streams = RunStreams {
            input: Input::Channel(validator_input),
            output: interactive.then_some(answered),
            kill: CancellationToken::new(),
        };
        let validator_request = self.request(request);
        let keep = self.settings.judge.excerpt_bytes;
        let transcript = Transcript::new(keep);
        let both = run_both(
            submission.run(request, submission_streams),
            self.session.run(&validator_request, validator_streams),
            &kill,
            interactive,
        );
        let (both, stdout, ()) = tokio::join!(
            both,
            forward_output(hears_submission, to_validator, keep, interactive.then_some(&transcript)),
            forward_replies(hears_validator, to_submission, &transcript)
        );
        let (facts, validator_facts, first) = both?;
        let validator_result = validator_result(&validator_facts);
        let stdout = Excerpt {
            bytes: facts.stdout_bytes,
            ..stdout
        };
        let feedback = self.feedback().await.map_err(AttemptError::ValidatorBox)?;
        let transcript = interactive.then(|| transcript.finish());
        Ok(Validated {
            facts,
            stdout,
            first,
            validator_result,
            feedback,
            transcript,
        })
    }

    /// The input of the next pass, if the validator asks for one (format 2025-09, section "Multi-pass validation").
    pub(super) async fn take_next_pass(&mut self) -> Result<Option<Bytes>, AttemptError> {
        // A program of the image hands it out, since it can be large, and takes it away.
        const SCRIPT: &str = "import os, sys\n\
            path = 'feedback/nextpass.in'\n\
            if not os.path.isfile(path): sys.exit(1)\n\
            with open(path, 'rb') as file:\n\
            \x20   while piece := file.read(1 << 16): sys.stdout.buffer.write(piece)\n\
            os.remove(path)\n";
        let argv = ["/usr/bin/python3", "-I", "-S", "-c", SCRIPT]
            .map(str::to_owned)
            .to_vec();
        let program = Program::Exec {
            argv,
            env: self.built.environment.clone(),
        };
        let request = RunRequest {
            program,
            limits: run_limits(&self.validation.limits, self.settings),
            then_reset: false,
        };
        let (sender, mut receiver) = mpsc::channel(PIECES_IN_FLIGHT);
        let streams = RunStreams {
            input: Input::Empty,
            output: Some(sender),
            kill: CancellationToken::new(),
        };
        let collect = async {
            let mut content = Vec::new();
            while let Some(piece) = receiver.recv().await {
                content.extend_from_slice(&piece);
            }
            content
        };
        let (ran, content) = tokio::join!(self.session.run(&request, streams), collect);
        let facts = ran.map_err(AttemptError::ValidatorBox)?;
        Ok((facts.ended == Ended::Exit(0) && facts.stopped.is_none()).then(|| content.into()))
    }

    fn request(&self, of_submission: &RunRequest) -> RunRequest {
        let mut argv = self.built.command.clone();
        argv.extend([self.path("in"), self.path("ans"), FEEDBACK.to_owned()]);
        argv.extend(self.test.validator_args.iter().cloned());
        let mut limits = run_limits(&self.validation.limits, self.settings);
        // It waits for the submission as long as that runs.
        limits.wall_us = limits.wall_us.saturating_add(of_submission.limits.wall_us);
        RunRequest {
            program: Program::Exec {
                argv,
                env: self.built.environment.clone(),
            },
            limits,
            then_reset: false,
        }
    }

    /// Path of a file of the test, under the name that it has in the package.
    fn path(&self, extension: &str) -> String {
        let name = self.test.name.rsplit('/').next().unwrap_or_default();
        format!("test/{name}.{extension}")
    }

    async fn feedback(&mut self) -> Result<Feedback, BoxError> {
        let mut feedback = Feedback::default();
        let files = [
            ("judgemessage.txt", &mut feedback.judge_message),
            ("teammessage.txt", &mut feedback.team_message),
            ("score.txt", &mut feedback.score),
            ("score_multiplier.txt", &mut feedback.score_multiplier),
        ];
        for (name, place) in files {
            let fetched = self.session.fetch(&format!("{FEEDBACK}{name}"), MESSAGE).await?;
            *place = fetched
                .content
                .map(|content| String::from_utf8_lossy(&content).trim_end().to_owned());
        }
        Ok(feedback)
    }
}

/// Waits for both and says who ended first. A validator of an interactive problem that has decided ends the submission.
async fn run_both(
    submission: impl Future<Output = Result<RunFacts, BoxError>>,
    validator: impl Future<Output = Result<RunFacts, BoxError>>,
    kill: &CancellationToken,
    interactive: bool,
) -> Result<(RunFacts, RunFacts, FirstToExit), AttemptError> {
    let (mut submission, mut validator) = (pin!(submission), pin!(validator));
    tokio::select! {
        ran = &mut submission => {
            let facts = ran.map_err(AttemptError::Box)?;
            let judged = validator.await.map_err(AttemptError::ValidatorBox)?;
            Ok((facts, judged, FirstToExit::Submission))
        }
        judged = &mut validator => {
            let judged = judged.map_err(AttemptError::ValidatorBox)?;
            if interactive && validator_result(&judged) != ValidatorResult::Accepted {
                kill.cancel();
            }
            let facts = submission.await.map_err(AttemptError::Box)?;
            Ok((facts, judged, FirstToExit::Validator))
        }
    }
}

/// Passes the submission's output on and keeps its start. A validator that hears no more is, in an interactive problem
/// (which has a transcript), a closed pipe for the submission; else nobody's business.
async fn forward_output(
    mut from: mpsc::Receiver<Bytes>,
    to: mpsc::Sender<Bytes>,
    keep: usize,
    transcript: Option<&Transcript>,
) -> Excerpt {
    let mut kept = ExcerptKeeper::new(keep);
    let mut heard = true;
    while let Some(piece) = from.recv().await {
        kept.push(&piece);
        if let Some(transcript) = transcript {
            transcript.record(Side::Submission, &piece);
        }
        heard = heard && to.send(piece).await.is_ok();
        if !heard && transcript.is_some() {
            break;
        }
    }
    kept.finish()
}

/// Passes the validator's words on. A submission that hears no more does not break the validator's pipe: it reads the
/// end of the submission's output and decides.
async fn forward_replies(mut from: mpsc::Receiver<Bytes>, to: mpsc::Sender<Bytes>, transcript: &Transcript) {
    let mut heard = true;
    while let Some(piece) = from.recv().await {
        transcript.record(Side::Validator, &piece);
        heard = heard && to.send(piece).await.is_ok();
    }
}

/// Exit code 42 accepts, 43 rejects, and everything else is a validator that failed.
fn validator_result(facts: &RunFacts) -> ValidatorResult {
    let stderr_text = || {
        let said = [&facts.stderr_head[..], &facts.stderr_tail[..]].concat();
        String::from_utf8_lossy(&said).trim_end().to_owned()
    };
    let failed = |reason: String| {
        ValidatorResult::Failed(format!("{reason}; {}", stderr_text()).trim_end_matches("; ").to_owned())
    };
    if facts.had_memory_kill() {
        return failed("it needs more memory than it may use".to_owned());
    }
    match (facts.stopped, facts.ended) {
        (None, Ended::Exit(42)) => ValidatorResult::Accepted,
        (None, Ended::Exit(43)) => ValidatorResult::Rejected,
        (None, Ended::Exit(code)) => failed(format!("it ended with exit code {code}, expected 42 or 43")),
        (None, Ended::Signal(signal)) => failed(format!("it was killed by {}", signal_name(signal))),
        (Some(Stopped::Cpu | Stopped::Wall), _) => failed("it took longer than it may".to_owned()),
        (Some(Stopped::Output(_)), _) => failed("it wrote more than it may".to_owned()),
        (Some(Stopped::Asked), _) => failed("it was stopped".to_owned()),
    }
}
