//! The two programs of a test with a validator, side by side, and the bytes between them.
//!
//! # Who decides in an interactive problem
//!
//! A program that writes a wrong answer and fails at once races with the validator that rejects the answer. One rule
//! decides, in whatever order they end: a rejection stands if the validator reached it by what the submission wrote. So
//! the end of the output of a program that failed is withheld from the validator for [`FAILED_HOLD`]; a validator that
//! needs the end of the output to reject has seen the failure only, and the failure counts.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::contract::Excerpt;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::validation::result::validator_result;
use crate::judge::validation::transcript::{Side, Transcript};
use crate::judge::validation::turns::Turns;
use crate::judge::verdict::excerpt::ExcerptCollector;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{BoxError, Ended, Input, RunFacts, RunRequest, RunStreams, Session};

/// How long the end of the output of a program that failed is withheld from a validator.
const FAILED_HOLD: Duration = Duration::from_secs(1);

/// How long a program that closes its output may take to end before the end of its output is passed on.
const CLOSED_HOLD: Duration = Duration::from_millis(50);

/// What both programs did.
pub(super) struct Both {
    pub(super) submission: RunFacts,
    pub(super) validator: RunFacts,
    pub(super) first: FirstToExit,
    /// Start of the submission's output.
    pub(super) stdout: Excerpt,
    /// What was said, in an interactive problem.
    pub(super) transcript: Option<Excerpt>,
}

/// A program and the box that it runs in.
pub(super) struct Program<'a> {
    pub(super) session: &'a mut Session,
    pub(super) request: &'a RunRequest,
}

/// Runs the submission and the validator side by side. Without `input` the validator's output is the submission's
/// input, and the submission may idle for `wall`.
pub(super) async fn run_both(
    submission: Program<'_>,
    validator: Program<'_>,
    input: Option<Input>,
    keep: usize,
    wall: Duration,
) -> Result<Both, AttemptError> {
    let is_interactive = input.is_none();
    let (output, from_submission) = mpsc::channel(PIECES_IN_FLIGHT);
    let (to_validator, validator_input) = mpsc::channel(PIECES_IN_FLIGHT);
    let (replies, from_validator) = mpsc::channel(PIECES_IN_FLIGHT);
    let (to_submission, submission_input) = mpsc::channel(PIECES_IN_FLIGHT);
    let kill = CancellationToken::new();
    let submission_streams = RunStreams {
        input: input.unwrap_or(Input::Channel(submission_input)),
        output: Some(output),
        kill: kill.clone(),
    };
    let validator_streams = RunStreams {
        input: Input::Channel(validator_input),
        output: is_interactive.then_some(replies),
        kill: CancellationToken::new(),
    };
    let (transcript, turns) = (Transcript::new(keep), Turns::begin(wall, submission.session.starved()));
    let (ended, ending) = oneshot::channel();
    let output_ended = AtomicBool::new(false);
    let race = Race {
        kill: &kill,
        is_interactive,
        output_ended: &output_ended,
    };
    let output = Output {
        to: to_validator,
        keep,
        transcript: is_interactive.then_some(&transcript),
        turns: &turns,
        ending,
        ended: &output_ended,
    };
    let wired = async {
        tokio::join!(
            race.run(
                submission.session.run(submission.request, submission_streams),
                validator.session.run(validator.request, validator_streams),
                ended,
            ),
            output.forward(from_submission),
            forward_replies(from_validator, to_submission, &transcript, &turns)
        )
    };
    let (both, stdout, ()) = tokio::select! {
        done = wired => done,
        never = turns.end_at_wall_limit(&kill), if is_interactive => match never {},
    };
    let (mut submission, validator, first) = both?;
    if is_interactive {
        submission = turns.settle(submission);
    }
    Ok(Both {
        stdout: Excerpt {
            bytes: submission.stdout_bytes,
            ..stdout
        },
        submission,
        validator,
        first,
        transcript: is_interactive.then(|| transcript.finish()),
    })
}

/// Which of the two ends first.
struct Race<'a> {
    kill: &'a CancellationToken,
    is_interactive: bool,
    /// The validator was told that the submission's output has ended.
    output_ended: &'a AtomicBool,
}

impl Race<'_> {
    /// Waits for both. A validator of an interactive problem that rejects or fails ends the submission.
    async fn run(
        &self,
        submission: impl Future<Output = Result<RunFacts, BoxError>>,
        validator: impl Future<Output = Result<RunFacts, BoxError>>,
        ended: oneshot::Sender<bool>,
    ) -> Result<(RunFacts, RunFacts, FirstToExit), AttemptError> {
        let (mut submission, mut validator) = (pin!(submission), pin!(validator));
        tokio::select! {
            ran = &mut submission => {
                let facts = ran.map_err(AttemptError::Box)?;
                // The receiver is gone where the output is forwarded no longer.
                let _not_heard = ended.send(has_failed(&facts));
                let judged = validator.await.map_err(AttemptError::ValidatorBox)?;
                let first = self.first(&judged);
                Ok((facts, judged, first))
            }
            judged = &mut validator => {
                let judged = judged.map_err(AttemptError::ValidatorBox)?;
                if self.is_interactive && validator_result(&judged) != ValidatorResult::Accepted {
                    self.kill.cancel();
                }
                let facts = submission.await.map_err(AttemptError::Box)?;
                Ok((facts, judged, FirstToExit::Validator))
            }
        }
    }

    /// A validator that ended without having been told of the end of the output decided by what was written. One that
    /// failed behind the end of the submission decided nothing: a submission that writes without end can drive it to
    /// its limits.
    fn first(&self, validator: &RunFacts) -> FirstToExit {
        let has_failed = matches!(validator_result(validator), ValidatorResult::Failed(_));
        if has_failed || self.output_ended.load(Ordering::Acquire) {
            FirstToExit::Submission
        } else {
            FirstToExit::Validator
        }
    }
}

fn has_failed(facts: &RunFacts) -> bool {
    facts.stopped.is_some() || facts.ended != Ended::Exit(0)
}

/// The submission's output on its way to the validator.
struct Output<'a> {
    to: mpsc::Sender<Bytes>,
    keep: usize,
    /// There is one in an interactive problem.
    transcript: Option<&'a Transcript>,
    turns: &'a Turns,
    /// Says that the submission has ended, and whether it failed.
    ending: oneshot::Receiver<bool>,
    ended: &'a AtomicBool,
}

impl Output<'_> {
    /// Passes the output on and keeps its start. A validator that reads no more is a closed pipe for the submission in
    /// an interactive problem, and makes no difference in any other.
    async fn forward(self, mut from: mpsc::Receiver<Bytes>) -> Excerpt {
        let mut kept = ExcerptCollector::new(self.keep);
        let mut is_read = true;
        while let Some(piece) = from.recv().await {
            kept.push(&piece);
            if let Some(transcript) = self.transcript {
                transcript.record(Side::Submission, &piece);
                self.turns.submission_spoke();
            }
            is_read = is_read && self.to.send(piece).await.is_ok();
            if !is_read && self.transcript.is_some() {
                return kept.finish();
            }
        }
        self.end().await;
        kept.finish()
    }

    /// Tells the validator of the end of the output, not before it had time to decide by the output alone.
    async fn end(self) {
        if self.transcript.is_some() {
            let ending = timeout(CLOSED_HOLD, self.ending).await;
            if matches!(ending, Ok(Ok(true))) && timeout(FAILED_HOLD, self.to.closed()).await.is_ok() {
                return;
            }
        }
        self.ended.store(true, Ordering::Release);
    }
}

/// Passes the validator's output on. A submission that reads no more does not close the validator's pipe: the validator
/// reads the end of the submission's output and decides.
async fn forward_replies(
    mut from: mpsc::Receiver<Bytes>,
    to: mpsc::Sender<Bytes>,
    transcript: &Transcript,
    turns: &Turns,
) {
    let mut is_read = true;
    while let Some(piece) = from.recv().await {
        transcript.record(Side::Validator, &piece);
        turns.validator_spoke();
        is_read = is_read && to.send(piece).await.is_ok();
    }
}
