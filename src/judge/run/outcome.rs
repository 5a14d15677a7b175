//! What one run of a test showed, and the verdict that follows from it.

use crate::contract::{Excerpt, LimitKind, Limits, Verdict};
use crate::judge::JudgeError;
use crate::judge::capture::Captured;
use crate::judge::grading::{GivenScore, TestResult};
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::validation::fault::ValidatorFault;
use crate::judge::validation::feedback::Feedback;
use crate::judge::verdict::{Decision, FirstToExit, ValidatorResult, verdict_of};
use crate::sandbox::{Ended, Figure, MemoryPeak, RunFacts};

/// A test that ran.
#[derive(Debug)]
pub(in crate::judge) struct TestRun {
    pub(in crate::judge) result: TestResult,
    /// The limit that decided the verdict, if one did.
    pub(in crate::judge) limit: Option<LimitKind>,
    pub(in crate::judge) facts: RunFacts,
    pub(in crate::judge) stdout: Excerpt,
    pub(in crate::judge) team_message: Option<String>,
    pub(in crate::judge) judge_message: Option<String>,
    pub(in crate::judge) transcript: Option<Excerpt>,
    /// What was kept of it, where the program is only run.
    pub(in crate::judge) captured: Option<Captured>,
    /// What the called function returned, where one was.
    pub(in crate::judge) value: Option<Excerpt>,
    /// Boxes that were lost under the program before this run ended, and not because the host ended them.
    pub(in crate::judge) boxes_lost: u32,
}

impl TestRun {
    /// Whether the program ended by itself a little beyond its time limit.
    pub(super) fn is_near_limit(&self) -> bool {
        self.result.verdict == Verdict::Tle && self.facts.stopped.is_none()
    }
}

/// What one run of a test showed, before it is a verdict.
#[derive(Debug)]
pub(in crate::judge) struct TestOutcome {
    pub(in crate::judge) facts: RunFacts,
    pub(in crate::judge) stdout: Excerpt,
    pub(in crate::judge) first: FirstToExit,
    pub(in crate::judge) validator_result: ValidatorResult,
    pub(in crate::judge) feedback: Feedback,
    /// What was said, in an interactive problem.
    pub(in crate::judge) transcript: Option<Excerpt>,
    /// What was kept of it, where the program is only run.
    pub(in crate::judge) captured: Option<Captured>,
    /// What the called function returned, where one was.
    pub(in crate::judge) value: Option<Excerpt>,
}

impl TestOutcome {
    /// The outcome of a run whose box the kernel ended for memory.
    pub(super) fn memory_kill(limits: &Limits) -> Self {
        Self {
            facts: memory_kill_facts(limits),
            stdout: Excerpt::default(),
            first: FirstToExit::Submission,
            validator_result: ValidatorResult::Rejected,
            feedback: Feedback::default(),
            transcript: None,
            captured: None,
            value: None,
        }
    }

    /// What is decided about it.
    pub(super) fn decision(&self, plan: &Plan) -> Decision {
        let decided_first = plan.is_interactive() && self.first == FirstToExit::Validator;
        verdict_of(&self.facts, &plan.limits, &self.validator_result, decided_first)
    }

    /// The time and the memory of the hungriest pass count, since the limits hold for each.
    pub(super) fn at_least(mut self, facts: &RunFacts) -> Self {
        self.facts.cpu.us = self.facts.cpu.us.max(facts.cpu.us);
        if facts.counted_wall_us() > self.facts.counted_wall_us() {
            (self.facts.wall_us, self.facts.starved_us) = (facts.wall_us, facts.starved_us);
        }
        self.facts.memory_peak.bytes = self.facts.memory_peak.bytes.max(facts.memory_peak.bytes);
        self
    }

    /// The test as it counts.
    ///
    /// # Errors
    /// When the validator did not do its work, or gave a score that it may not give.
    pub(super) fn judged(self, plan: &Plan, test: &PlannedTest) -> Result<TestRun, JudgeError> {
        let failed = |fault: ValidatorFault| {
            let (problem, test) = (plan.problem_id().to_owned(), test.name.clone());
            match fault.is_of_test() {
                true => JudgeError::Asserts {
                    test: plan.named(&test),
                    fault,
                },
                false => JudgeError::Validator { problem, test, fault },
            }
        };
        let (verdict, limit) = match self.decision(plan) {
            Decision::Verdict { verdict, limit } => (verdict, limit),
            Decision::ValidatorFailed(fault) => return Err(failed(fault)),
        };
        let is_by_validator = matches!(verdict, Verdict::Ac | Verdict::Wa);
        let given = if is_by_validator {
            let read = test.score_rule.read(&self.feedback, verdict == Verdict::Ac);
            read.map_err(|reason| failed(reason.into()))?
        } else {
            GivenScore::default()
        };
        let message = |message: Option<String>| message.filter(|text| is_by_validator && !text.is_empty());
        Ok(TestRun {
            result: TestResult {
                verdict,
                score: given.score,
                multiplier: given.multiplier,
            },
            limit,
            facts: self.facts,
            stdout: self.stdout,
            team_message: message(self.feedback.team_message),
            judge_message: message(self.feedback.judge_message),
            transcript: self.transcript,
            captured: self.captured,
            value: self.value,
            boxes_lost: 0,
        })
    }
}

fn memory_kill_facts(limits: &Limits) -> RunFacts {
    RunFacts {
        memory_peak: MemoryPeak {
            bytes: limits.memory_bytes,
            source: Figure::Cgroup,
        },
        memory_kills: Some(1),
        ..RunFacts::ended(Ended::Signal(9))
    }
}
