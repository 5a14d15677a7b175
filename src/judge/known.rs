//! What is known of submissions in progress, for the verdicts of those whose judging does not come to its end.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use lru::LruCache;
use uuid::Uuid;

use crate::contract::{Limits, ProblemRef};
use crate::judge::plan::Plan;
use crate::sandbox::BoxDescription;

/// Submissions that are remembered; a judgement forgets its own.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// What was found out about a submission.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Limits of each test.
    pub(super) limits: Limits,
    /// The problem with its revision.
    pub(super) problem: Option<ProblemRef>,
    /// Name of its environment.
    pub(super) environment: String,
    /// What its box is, once one was started.
    pub(super) description: Option<BoxDescription>,
    /// When it got its first box.
    pub(super) started_at: Option<Timestamp>,
}

impl Known {
    /// What a plan says.
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            limits: plan.limits,
            problem: plan.problem.clone(),
            environment: plan.language.environment.clone(),
            description: None,
            started_at: None,
        }
    }
}

/// What is known, by the id of the submission.
#[derive(Debug)]
pub(super) struct InProgress(Mutex<LruCache<Uuid, Known>>);

impl Default for InProgress {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl InProgress {
    pub(super) fn remember(&self, submission: Uuid, known: Known) {
        self.lock().put(submission, known);
    }

    /// It got a box.
    pub(super) fn describe(&self, submission: Uuid, description: BoxDescription) {
        if let Some(known) = self.lock().get_mut(&submission) {
            known.description = Some(description);
            known.started_at.get_or_insert_with(Timestamp::now);
        }
    }

    /// Forgets it, and says what was known.
    pub(super) fn take(&self, submission: Uuid) -> Option<Known> {
        self.lock().pop(&submission)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<Uuid, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
