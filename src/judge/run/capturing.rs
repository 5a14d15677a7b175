//! A program that is only run: what it prints is kept, and files that it leaves behind are fetched.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::contract::Excerpt;
use crate::judge::capture::{Capture, Captured, CapturedFile, Kept, Room};
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::outcome::TestOutcome;
use crate::judge::validation::feedback::Feedback;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{Input, RunRequest, RunStreams, Session};

/// Runs the program in `session` with this input, and fetches its files.
pub(super) async fn run(
    session: &mut Session,
    (request, input): (&RunRequest, Input),
    capture: &Capture,
) -> Result<TestOutcome, AttemptError> {
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let most = usize::try_from(request.limits.output_bytes).unwrap_or(usize::MAX);
    let collecting = collect(receiver, most, &capture.room);
    let (facts, stdout) = tokio::join!(session.run(request, streams), collecting);
    let facts = facts.map_err(AttemptError::Box)?;
    let files = fetch(session, capture).await?;
    Ok(TestOutcome {
        stdout: Excerpt::default(),
        facts,
        first: FirstToExit::Submission,
        validator_result: ValidatorResult::Accepted,
        feedback: Feedback::default(),
        transcript: None,
        captured: Some(Captured { stdout, files }),
        value: None,
    })
}

/// The output up to its limit. What comes beyond ends the program, and is dropped.
async fn collect(mut pieces: mpsc::Receiver<Bytes>, most: usize, room: &Arc<Room>) -> Kept {
    let mut kept = Kept::new(room);
    let mut left = most;
    while let Some(piece) = pieces.recv().await {
        let taken = piece.len().min(left);
        left -= taken;
        kept.push(&piece[..taken]);
    }
    kept
}

async fn fetch(session: &mut Session, capture: &Capture) -> Result<Vec<CapturedFile>, AttemptError> {
    let mut files = Vec::new();
    for (path, most) in &capture.fetch {
        let room = capture.room.left() as u64;
        // At least one byte, so that a file that is there is told from one that is not.
        let most = (*most).min(room).max(1);
        let fetched = session.fetch(path, most).await.map_err(AttemptError::Box)?;
        let content = fetched.content.map(|content| {
            let mut kept = Kept::new(&capture.room);
            kept.push(&content);
            (kept.len() < content.len(), kept)
        });
        let (is_cut, content) = content.map_or((false, None), |(is_cut, kept)| (is_cut, Some(kept)));
        files.push(CapturedFile {
            path: path.clone(),
            content,
            truncated: fetched.truncated || is_cut,
        });
    }
    Ok(files)
}
