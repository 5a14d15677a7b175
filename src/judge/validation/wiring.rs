//! The two programs of a test with a validator, side by side, and the bytes between them.
//!
//! # Who decides in an interactive problem
//!
//! A program that writes a wrong answer and fails at once races with the validator that rejects the answer. One rule
//! decides, in whatever order they end: a rejection stands if the validator reached it by what the submission wrote. So
//! the end of the output of a program that failed is withheld from the validator for [`FAILED_HOLD`]; a validator that
//! needs the end of the output to reject has seen the failure only, and the failure counts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::contract::Excerpt;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::validation::race::{EndOfBoth, Race};
use crate::judge::validation::transcript::{Side, Transcript};
use crate::judge::validation::turns::Turns;
use crate::judge::verdict::FirstToExit;
use crate::judge::verdict::excerpt::ExcerptCollector;
use crate::sandbox::{Input, RunFacts, RunRequest, RunStreams, Session};

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
    /// The submission was told something, in an interactive problem.
    pub(super) was_asked: bool,
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
    let kill = CancellationToken::new();
    let pipes = Pipes::between(input, &kill);
    let turns = Turns::begin(wall, submission.session.starved());
    let interaction = Interaction {
        is_interactive,
        keep,
        transcript: Transcript::new(keep),
        turns: &turns,
        kill: &kill,
    };
    let (ended, stdout) = tokio::select! {
        done = interaction.carry(submission, validator, pipes) => done,
        never = turns.end_at_wall_limit(&kill), if is_interactive => match never {},
    };
    let mut both = Both::of(ended?, stdout);
    if is_interactive {
        both.submission = turns.settle(both.submission);
        both.was_asked = interaction.transcript.has_validator_spoken();
        both.transcript = Some(interaction.transcript.finish());
    }
    Ok(both)
}

/// What goes on between the two programs.
struct Interaction<'a> {
    is_interactive: bool,
    keep: usize,
    transcript: Transcript,
    turns: &'a Turns,
    /// Ends the submission.
    kill: &'a CancellationToken,
}

impl Interaction<'_> {
    /// Carries the bytes between both until they have ended, and keeps the start of the submission's output.
    async fn carry(
        &self,
        submission: Program<'_>,
        validator: Program<'_>,
        pipes: Pipes,
    ) -> (Result<EndOfBoth, AttemptError>, Excerpt) {
        let (ended, ending) = oneshot::channel();
        let output_ended = AtomicBool::new(false);
        let race = Race {
            kill: self.kill,
            is_interactive: self.is_interactive,
            output_ended: &output_ended,
        };
        let output = Output {
            to: pipes.to_validator,
            keep: self.keep,
            transcript: self.is_interactive.then_some(&self.transcript),
            turns: self.turns,
            ending,
            ended: &output_ended,
        };
        let submission = submission.session.run(submission.request, pipes.submission_streams);
        let validator = validator.session.run(validator.request, pipes.validator_streams);
        let (both, stdout, ()) = tokio::join!(
            race.run(submission, validator, ended),
            output.forward(pipes.from_submission),
            forward_replies(pipes.from_validator, pipes.to_submission, &self.transcript, self.turns)
        );
        (both, stdout)
    }
}

impl Both {
    /// Of programs that took no turns.
    fn of((submission, validator, first): EndOfBoth, stdout: Excerpt) -> Self {
        Self {
            stdout: Excerpt {
                bytes: submission.stdout_bytes,
                ..stdout
            },
            submission,
            validator,
            first,
            transcript: None,
            was_asked: false,
        }
    }
}

/// What both programs are connected to, and the other ends of it.
struct Pipes {
    submission_streams: RunStreams,
    validator_streams: RunStreams,
    from_submission: mpsc::Receiver<Bytes>,
    to_validator: mpsc::Sender<Bytes>,
    from_validator: mpsc::Receiver<Bytes>,
    to_submission: mpsc::Sender<Bytes>,
}

impl Pipes {
    /// `kill` ends the submission.
    fn between(input: Option<Input>, kill: &CancellationToken) -> Self {
        let (output, from_submission) = mpsc::channel(PIECES_IN_FLIGHT);
        let (to_validator, validator_input) = mpsc::channel(PIECES_IN_FLIGHT);
        let (replies, from_validator) = mpsc::channel(PIECES_IN_FLIGHT);
        let (to_submission, submission_input) = mpsc::channel(PIECES_IN_FLIGHT);
        Self {
            validator_streams: RunStreams {
                input: Input::Channel(validator_input),
                output: input.is_none().then_some(replies),
                kill: CancellationToken::new(),
            },
            submission_streams: RunStreams {
                input: input.unwrap_or(Input::Channel(submission_input)),
                output: Some(output),
                kill: kill.clone(),
            },
            from_submission,
            to_validator,
            from_validator,
            to_submission,
        }
    }
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
