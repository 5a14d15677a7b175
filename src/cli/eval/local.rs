//! Candidates judged in boxes of this machine.

use std::sync::Arc;

use crate::cli::Failure;
use crate::cli::eval::answered::Answered;
use crate::config::JudgingSettings;
use crate::contract::Submission;
use crate::judge::{Attempt, Judge, JudgeFailure, JudgeOptions};
use crate::problem::ProblemStore;
use crate::sandbox::{ClaimedCpus, Pool, claim_cpus};

/// A judge with its boxes.
#[derive(Debug)]
pub(super) struct LocalJudge {
    judge: Judge,
    pool: Arc<Pool>,
    /// They are held as long as this is.
    cpus: ClaimedCpus,
}

impl LocalJudge {
    pub(super) async fn open(settings: JudgingSettings, slots: Option<usize>) -> Result<Self, Failure> {
        let slots = slots.unwrap_or(settings.worker.slots).max(1);
        let cpus = claim_cpus(&settings.sandbox, slots).map_err(Failure::usage)?;
        let warm = settings.sandbox.warm_boxes;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, cpus.shares.slots.clone(), warm);
        let pool = Arc::new(pool.await.map_err(Failure::ours)?);
        let judge = Judge::new(JudgeOptions::from(settings), Arc::clone(&pool), ProblemStore::empty());
        Ok(Self { judge, pool, cpus })
    }

    pub(super) fn slots(&self) -> usize {
        self.cpus.shares.slots.len()
    }

    pub(super) async fn answer(&self, submission: &Submission) -> Answered {
        match self.judge.judge(submission, &Attempt::now(), &|_progress| {}).await {
            Ok(judgement) => Answered::Verdict(Box::new(judgement)),
            Err(JudgeFailure::Rejected(rejected)) => Answered::Refused(rejected.to_string()),
            // The judge does its work: the same would be said of every candidate of the task.
            Err(JudgeFailure::Error(error)) if error.is_of_the_tests() => Answered::Refused(error.to_string()),
            Err(JudgeFailure::Error(error)) => Answered::Silent(error.to_string()),
        }
    }

    pub(super) async fn close(self) {
        self.pool.close().await;
    }
}
