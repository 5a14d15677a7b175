//! Each candidate of an evaluation: those that are not known yet are judged, and each result is kept as it comes.

use std::time::Duration;

use anyhow::anyhow;
use futures::StreamExt as _;
use futures::stream;

use crate::cli::eval::answered::Answered;
use crate::cli::eval::judges::Judges;
use crate::cli::eval::row;
use crate::cli::eval::silence::{Blame, Silence};
use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, interrupt};
use crate::evaluation::{Evaluation, EvaluationError, Outcome, ResultFile, ResultRow, SubmissionOptions};

/// What an evaluation ends with.
pub(super) enum Ended {
    /// Every candidate was tried.
    Tried(Vec<ResultRow>),
    Interrupted,
}

/// What each candidate is judged with.
pub(super) struct Each<'a> {
    pub(super) evaluation: &'a Evaluation,
    pub(super) options: &'a SubmissionOptions,
    pub(super) judges: &'a Judges,
    pub(super) timeout: Duration,
}

/// What earlier runs left.
#[derive(Debug, Default)]
struct Known {
    /// Results, with the places of their candidates.
    results: Vec<(usize, ResultRow)>,
    /// Places of the candidates that have none.
    wanted: Vec<usize>,
}

/// The place of a candidate, its result, and whom it is due to where that is no answer.
type Judged = Result<(usize, ResultRow, Blame), EvaluationError>;

impl Each<'_> {
    /// Judges what is not known yet, and keeps each result as it comes.
    pub(super) async fn judge(&self, file: &mut ResultFile, jobs: usize, quiet: bool) -> Result<Ended, Failure> {
        let programs = self.evaluation.programs();
        let Known { mut results, wanted } = self.known(file)?;
        let progress = ProgressLine::start("starting", quiet);
        let mut judged = stream::iter(wanted).map(|place| self.one(place)).buffer_unordered(jobs);
        let mut tally = Tally::default();
        results.iter().for_each(|(_place, row)| tally.add(row));
        let mut silence = Silence::default();
        let interrupted = interrupt::wanted();
        tokio::pin!(interrupted);
        let ended = loop {
            progress.count(results.len(), programs.len(), &tally.summary());
            let next = tokio::select! {
                next = judged.next() => next,
                () = &mut interrupted => break Ok(Ended::Interrupted),
            };
            let Some(next) = next else {
                results.sort_unstable_by_key(|(place, _row)| *place);
                break Ok(Ended::Tried(results.into_iter().map(|(_place, row)| row).collect()));
            };
            let (place, row, blame) = next.map_err(Failure::ours)?;
            tokio::task::block_in_place(|| file.append(&row)).map_err(Failure::ours)?;
            silence.hear(blame, &row.task_id);
            let why = why_ended(blame, &silence, row.message.as_deref().unwrap_or_default());
            tally.add(&row);
            results.push((place, row));
            if let Some(why) = why {
                break Err(Failure::ours(anyhow!(
                    "{why}; when that is mended, the same command goes on"
                )));
            }
        };
        progress.finish();
        ended
    }

    fn known(&self, file: &ResultFile) -> Result<Known, Failure> {
        let mut known = Known::default();
        for (place, program) in self.evaluation.programs().iter().enumerate() {
            let task_id = self.evaluation.task_id(program);
            if !file.has(task_id, program.number) {
                known.wanted.push(place);
                continue;
            }
            let read = self.evaluation.submission(program, self.options);
            let fingerprint = row::fingerprint(&read.map_err(Failure::usage)?.submission);
            match file.known(task_id, program.number, &fingerprint) {
                Some(row) => known.results.push((place, row.clone())),
                None => known.wanted.push(place),
            }
        }
        Ok(known)
    }

    async fn one(&self, place: usize) -> Judged {
        let Some(program) = self.evaluation.programs().get(place) else {
            return Err(EvaluationError::BadLines(Vec::new()));
        };
        let task_id = self.evaluation.task_id(program).to_owned();
        let read = self.evaluation.submission(program, self.options)?;
        let fingerprint = row::fingerprint(&read.submission);
        let answered = self.judges.answer(read, self.timeout).await;
        let cause = match answered {
            Answered::Refused(_) => Blame::Candidate,
            Answered::Closed(_) => Blame::Closed,
            Answered::Silent(_) => Blame::Judge,
            Answered::Verdict(_) => Blame::JudgeOrTask,
        };
        let row = row::of(answered, task_id, program.number, fingerprint);
        let blame = match row.outcome {
            Outcome::NoAnswer => cause,
            Outcome::Passed | Outcome::Failed => Blame::Candidate,
        };
        Ok((place, row, blame))
    }
}

/// Why there is no point in going on, where there is none.
fn why_ended(blame: Blame, silence: &Silence, reason: &str) -> Option<String> {
    match blame {
        Blame::Closed => Some(format!("the service takes no candidate: {reason}")),
        Blame::Judge | Blame::JudgeOrTask | Blame::Candidate => silence
            .is_too_long()
            .map(|what| format!("{what} in a row got no answer, the last one since {reason}")),
    }
}

/// How many candidates got which answer.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    silent: usize,
}

impl Tally {
    fn add(&mut self, row: &ResultRow) {
        match row.outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::NoAnswer => self.silent += 1,
        }
    }

    fn summary(&self) -> String {
        let Self { passed, failed, silent } = self;
        match silent {
            0 => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {silent} without an answer"),
        }
    }
}
