//! One submission as a page shows it: its state and answer, who judged it, and its program.

use std::time::{Duration, SystemTime};

use askama::Template;
use uuid::Uuid;

use crate::contract::{Answer, FileMessage, ShownProgram};
use crate::gateway::Snapshot;
use crate::gateway::page::views::answer::AnswerView;
use crate::gateway::page::views::visible::{Output, PageRoom};
use crate::gateway::page::views::words::{State, moment, roughly};
use crate::store::{AttemptRow, StoredSubmission};

/// What changes while a submission is judged.
#[derive(Template)]
#[template(path = "submission_part.html")]
pub(in crate::gateway::page) struct SubmissionPart {
    pub(in crate::gateway::page) state: State,
    /// It has no answer yet, or is judged once more.
    pub(in crate::gateway::page) is_live: bool,
    /// How it is with judging it once more, while the answer before is shown.
    pub(in crate::gateway::page) again: Option<&'static str>,
    pub(in crate::gateway::page) finished: u64,
    pub(in crate::gateway::page) tests: Option<u64>,
    pub(in crate::gateway::page) latest: String,
    pub(in crate::gateway::page) answer: Option<AnswerView>,
    pub(in crate::gateway::page) rejection: Option<RejectionView>,
    pub(in crate::gateway::page) attempts: Vec<AttemptView>,
    pub(in crate::gateway::page) history: Vec<PastView>,
}

/// Why a submission cannot be judged.
#[derive(Debug)]
pub(in crate::gateway::page) struct RejectionView {
    pub(in crate::gateway::page) code: &'static str,
    pub(in crate::gateway::page) field: String,
    pub(in crate::gateway::page) reason: String,
}

/// One attempt.
#[derive(Debug)]
pub(in crate::gateway::page) struct AttemptView {
    pub(in crate::gateway::page) number: i32,
    pub(in crate::gateway::page) worker: String,
    pub(in crate::gateway::page) started: String,
    pub(in crate::gateway::page) took: String,
    pub(in crate::gateway::page) outcome: String,
    pub(in crate::gateway::page) reason: String,
}

/// A verdict that does not count any longer.
#[derive(Debug)]
pub(in crate::gateway::page) struct PastView {
    pub(in crate::gateway::page) attempt: i32,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) worker: String,
    pub(in crate::gateway::page) at: String,
}

/// A file of a submission.
#[derive(Debug)]
pub(in crate::gateway::page) struct Source {
    pub(in crate::gateway::page) name: String,
    pub(in crate::gateway::page) content: Output,
}

/// The files of a submission.
#[derive(Debug, Default)]
pub(in crate::gateway::page) struct Sources {
    pub(in crate::gateway::page) files: Vec<Source>,
    /// Those for which there was no room.
    pub(in crate::gateway::page) cut: usize,
}

/// What a program may take up of a page, in bytes of HTML.
const ROOM: usize = 1 << 20;

/// How long a request to judge once more is waited for.
const LONGEST_AWAITED: Duration = Duration::from_secs(24 * 60 * 60);

impl SubmissionPart {
    /// `awaited`: the request to judge it once more that the visitor waits for.
    pub(in crate::gateway::page) fn of(stored: &StoredSubmission, awaited: Option<Uuid>) -> Self {
        let is_open = stored.attempts.iter().any(|attempt| attempt.ended_at.is_none());
        let has_ended = stored.answer.is_some() || stored.rejection.is_some();
        let is_awaited = awaited.is_some_and(|request| !has_ended_again(stored, request));
        Self {
            state: State::of(&stored.row.state),
            is_live: is_open || is_awaited || !has_ended,
            again: match (has_ended, is_open, is_awaited) {
                (true, true, _) => Some("it is being judged once more"),
                (true, false, true) => Some("it waits to be judged once more"),
                _ => None,
            },
            finished: 0,
            tests: None,
            latest: String::new(),
            answer: stored.answer.as_ref().map(AnswerView::of),
            rejection: stored.rejection.as_ref().map(|rejection| RejectionView {
                code: rejection.code.name(),
                field: rejection.field.clone().unwrap_or_default(),
                reason: rejection.reason.clone(),
            }),
            attempts: stored.attempts.iter().map(AttemptView::from).collect(),
            history: stored
                .history
                .iter()
                .map(|past| PastView {
                    attempt: past.attempt,
                    state: State::of(&past.verdict),
                    worker: past.worker.clone(),
                    at: moment(past.judged_at),
                })
                .collect(),
        }
    }

    /// The same, with how far judging it once more has come.
    #[must_use]
    pub(in crate::gateway::page) fn with_progress(self, snapshot: &Snapshot) -> Self {
        let Self {
            finished,
            tests,
            latest,
            ..
        } = Self::of_snapshot(snapshot);
        Self {
            finished,
            tests,
            latest,
            ..self
        }
    }

    /// A submission that has no answer yet.
    pub(in crate::gateway::page) fn of_snapshot(snapshot: &Snapshot) -> Self {
        let last = snapshot.progress.last();
        Self {
            state: State::of(if snapshot.running { "running" } else { "waiting" }),
            is_live: true,
            again: None,
            finished: last.map_or(0, |last| last.finished),
            tests: last.map(|last| last.tests),
            latest: last
                .map(|last| format!("{} {}", last.test, last.verdict))
                .unwrap_or_default(),
            answer: None,
            rejection: None,
            attempts: Vec::new(),
            history: Vec::new(),
        }
    }
}

/// Whether a request to judge once more has come to an end, or will not any more.
fn has_ended_again(stored: &StoredSubmission, request: Uuid) -> bool {
    let is_it = |rejudge: Option<Uuid>| rejudge == Some(request);
    is_it(stored.answer.as_ref().and_then(Answer::rejudge))
        || stored.history.iter().any(|past| is_it(past.rejudge))
        || stored
            .attempts
            .iter()
            .any(|attempt| is_it(attempt.rejudge) && attempt.outcome.as_deref() == Some("rejected"))
        || is_old(request)
}

/// A UUID of version 7 says when it was drawn.
fn is_old(request: Uuid) -> bool {
    let Some((seconds, _nanoseconds)) = request.get_timestamp().map(|drawn| drawn.to_unix()) else {
        return true;
    };
    let drawn = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.min(u64::from(u32::MAX)));
    drawn.elapsed().is_ok_and(|age| age > LONGEST_AWAITED)
}

impl From<&AttemptRow> for AttemptView {
    fn from(row: &AttemptRow) -> Self {
        let took = row
            .ended_at
            .map(|ended| (ended - row.started_at).total(jiff::Unit::Second));
        let outcome = row.outcome.as_deref().unwrap_or("under way");
        Self {
            number: row.number,
            worker: row.worker.clone(),
            started: moment(row.started_at),
            took: took.and_then(Result::ok).map(roughly).unwrap_or_default(),
            outcome: match row.rejudge.is_some() {
                true => format!("{outcome}, once more"),
                false => outcome.to_owned(),
            },
            reason: row.reason.clone().unwrap_or_default(),
        }
    }
}

/// The files of a program that is kept, and what it is given.
pub(in crate::gateway::page) fn sources_of(program: ShownProgram) -> Sources {
    let files = program.files.into_iter().chain(program.inputs);
    let mut files: Vec<Source> = files.map(Source::from).collect();
    let mut room = PageRoom::of(ROOM);
    files.iter_mut().for_each(|file| file.content.fit(&mut room));
    Sources { files, cut: room.cut }
}

impl From<FileMessage> for Source {
    fn from(file: FileMessage) -> Self {
        use base64::Engine as _;
        let name = file.name.clone();
        let bytes = match file.into_content() {
            (Some(text), _) => text.into_bytes(),
            // It was read when it was accepted.
            (None, base64) => base64::engine::general_purpose::STANDARD
                .decode(base64.unwrap_or_default())
                .unwrap_or_default(),
        };
        Self {
            name,
            content: Output::of(&bytes, bytes.len() as u64),
        }
    }
}
