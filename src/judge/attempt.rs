//! One try at a submission, with what is known of it: a verdict says so also where judging does not come to its end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::contract::{Limits, ProblemRef};
use crate::judge::plan::Plan;
use crate::sandbox::{BoxDescription, CpuSpent};

/// One try at a submission. It is held until there is a verdict, so two tries at one submission are never taken for each
/// other, however many a worker has in hand.
#[derive(Debug)]
pub struct Attempt {
    received_at: Timestamp,
    known: Mutex<Option<Known>>,
    spent: CpuSpent,
}

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

impl Attempt {
    /// A try at a submission that was received then, of which nothing is known yet.
    pub fn new(received_at: Timestamp) -> Self {
        Self {
            received_at,
            known: Mutex::new(None),
            spent: CpuSpent::default(),
        }
    }

    /// A try at a submission that is received now.
    pub fn now() -> Self {
        Self::new(Timestamp::now())
    }

    /// CPU time that its programs have used until now, whatever became of them: compiling, runs that were repeated, and what
    /// was under way when it was cancelled.
    pub fn cpu_ms(&self) -> u64 {
        u64::try_from(self.spent.so_far().as_millis()).unwrap_or(u64::MAX)
    }

    /// Where that is added up.
    pub(super) fn spent(&self) -> &CpuSpent {
        &self.spent
    }

    /// When the submission was received.
    pub(crate) fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// It has a plan.
    pub(super) fn plan(&self, plan: &Plan) {
        *self.lock() = Some(Known::of(plan));
    }

    /// It got a box.
    pub(super) fn describe(&self, description: BoxDescription) {
        if let Some(known) = self.lock().as_mut() {
            known.description = Some(description);
            known.started_at.get_or_insert_with(Timestamp::now);
        }
    }

    /// What is known until now; nothing of what could not be planned.
    pub(super) fn known(&self) -> Option<Known> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
