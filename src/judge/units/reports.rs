//! What is known of the tests so far: what their program reports, and what the kernel says of the submission's processes.

use crate::contract::{CollectedTest, Limits, UnitOutcome, UnitReport};
use crate::judge::plan::Plan;
use crate::judge::plan::unit_groups::is_of;
use crate::judge::verdict::time_limit_exceeded;
use crate::sandbox::{Ended, RunFacts};

/// The test that stands for all, where they cannot be collected.
const COLLECTION: &str = "collection";

/// What is known of a test.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) outcome: Option<UnitOutcome>,
    pub(super) message: String,
    pub(super) stdout: String,
    /// What the tests wrote to standard error.
    pub(super) stderr: String,
    pub(super) us: u64,
    /// It was skipped behind what the submission answered or raised.
    pub(super) caused: bool,
    /// Of the process that ended in it, or that it was the last one to use.
    pub(super) facts: Option<RunFacts>,
    /// The process ended by itself, or at a limit.
    pub(super) process_died: bool,
    /// What was known of its first run, where it is run once more.
    first: Option<Box<Known>>,
}

impl Known {
    /// Why the tests themselves have skipped it, if they have.
    pub(super) fn skip_reason(&self) -> Option<String> {
        let is_skipped = self.outcome == Some(UnitOutcome::Skipped) && !self.caused;
        is_skipped.then(|| self.message.clone())
    }

    /// Whether it ended by itself a little beyond its time limit.
    fn is_near_limit(&self, limits: &Limits) -> bool {
        let exceeded = |facts: &RunFacts| facts.stopped.is_none() && time_limit_exceeded(facts, limits).is_some();
        self.outcome.is_some() && self.facts.as_ref().is_some_and(exceeded)
    }
}

/// What is known of all tests.
#[derive(Debug, Default)]
pub(super) struct Reports {
    /// Modules that the package says to be its tests.
    modules: Vec<String>,
    pub(super) tests: Vec<CollectedTest>,
    pub(super) known: Vec<Known>,
    /// The test that runs.
    current: Option<usize>,
    /// It has asked the submission for something.
    pub(super) asked: bool,
    /// It has answered while tests were collected, which may be why that fails.
    answered: bool,
    /// The tests themselves are wrong, and why.
    pub(super) broken: Option<String>,
    /// The program of the tests has said what is no report.
    pub(super) is_unreadable: bool,
    pub(super) is_finished: bool,
}

impl Reports {
    /// Nothing yet, of the tests of `plan`.
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            modules: plan.tests.iter().map(|module| module.name.clone()).collect(),
            ..Self::default()
        }
    }

    /// Adds what one report says.
    pub(super) fn add(&mut self, report: UnitReport) {
        for test in report.collected.into_iter().flatten() {
            if self.place(&test.name).is_none() {
                self.tests.push(test);
                self.known.push(Known::default());
            }
        }
        if let Some(name) = report.begin {
            (self.current, self.asked) = (self.place(&name), false);
        }
        if let Some(place) = report.tested.and_then(|name| self.place(&name)) {
            let known = &mut self.known[place];
            known.outcome = report.outcome;
            (known.message, known.stdout, known.us) = (report.message, report.stdout, report.us);
            (known.stderr, known.caused) = (report.stderr, report.caused);
            self.current = None;
        }
        if report.broken.is_some() {
            self.broken = self.broken.take().or(report.broken);
        }
        self.answered |= report.answered;
        self.is_finished |= report.finished;
    }

    /// The test that runs.
    pub(super) fn current(&self) -> Option<usize> {
        self.current
    }

    /// Names of the tests that have ended.
    pub(super) fn done(&self) -> Vec<&str> {
        let all = self.tests.iter().zip(&self.known);
        all.filter(|(_, known)| known.outcome.is_some())
            .map(|(test, _)| test.name.as_str())
            .collect()
    }

    /// The process that `user` was the last one to use has ended: by itself, or since it was needed no longer.
    pub(super) fn process_ended(&mut self, user: Option<usize>, facts: RunFacts, died: bool) {
        let Some(known) = user.and_then(|user| self.known.get_mut(user)) else {
            return;
        };
        let facts = match died {
            true => facts,
            false => RunFacts {
                ended: Ended::Exit(0),
                stopped: None,
                ..facts
            },
        };
        // The process in which a test met its end says more than the one that it started then.
        if !known.process_died {
            (known.facts, known.process_died) = (Some(facts), died);
        }
    }

    /// The program of the tests has ended in the test that runs, which the submission's answers can make it do. `false`
    /// where no test runs, or none has asked anything.
    pub(super) fn blame_current(&mut self, message: &str) -> bool {
        let Some(place) = self.current.take().filter(|_| self.asked) else {
            return false;
        };
        let known = &mut self.known[place];
        known.outcome = Some(UnitOutcome::TooLong);
        message.clone_into(&mut known.message);
        true
    }

    /// The program of the tests has ended before any test was known, which what the submission answered can make it do.
    pub(super) fn blame_collection(&mut self, message: &str) -> bool {
        let is_blamed = self.answered && self.tests.is_empty();
        if is_blamed {
            self.fail_collection(message, None);
        }
        is_blamed
    }

    /// One test stands for all, or one for each module of the package. It has failed; with `facts` of a process that ended
    /// meanwhile.
    pub(super) fn fail_collection(&mut self, message: &str, facts: Option<&RunFacts>) {
        (self.tests, self.known) = (Vec::new(), Vec::new());
        match self.modules.clone() {
            modules if modules.is_empty() => self.add_failed(COLLECTION.to_owned(), message, facts),
            modules => modules
                .into_iter()
                .for_each(|module| self.add_failed(module, message, facts)),
        }
        self.is_finished = true;
    }

    fn add_failed(&mut self, name: String, message: &str, facts: Option<&RunFacts>) {
        let source = String::new();
        self.tests.push(CollectedTest { name, source });
        self.known.push(Known {
            outcome: Some(UnitOutcome::TooLong),
            message: message.to_owned(),
            process_died: facts.is_some(),
            facts: facts.cloned(),
            ..Known::default()
        });
    }

    /// A module of the package of which there is no test. Where the submission's answers can be why, a test that stands for
    /// it has failed; else the first such module is reported.
    pub(super) fn account_for_modules(&mut self) -> Result<(), String> {
        let has_tests = |module: &String| self.tests.iter().any(|test| is_of(module, &test.name));
        let missing: Vec<String> = self
            .modules
            .iter()
            .filter(|module| !has_tests(module))
            .cloned()
            .collect();
        let is_lost = self.tests.iter().any(|test| test.name == COLLECTION);
        for module in missing {
            if !(self.answered || is_lost) {
                return Err(format!("pytest found no test in {module}"));
            }
            self.add_failed(module, "none of its tests could be collected", None);
        }
        Ok(())
    }

    /// Whether what the submission answers makes the tests that there are.
    pub(super) fn is_made_by_answers(&self) -> bool {
        self.answered
    }

    /// Has the tests run once more that ended a little beyond their time limit: that run counts. `false` where there are none.
    pub(super) fn run_again_near_limit(&mut self, limits: &Limits) -> bool {
        let near = self.known.iter_mut().filter(|known| known.is_near_limit(limits));
        for known in near {
            known.first = Some(Box::new(std::mem::take(known)));
            self.is_finished = false;
        }
        !self.is_finished
    }

    /// What has not run will not. Of what was to run once more, the first run counts.
    pub(super) fn give_up(&mut self, message: &str) {
        for known in self.known.iter_mut().filter(|known| known.outcome.is_none()) {
            if let Some(first) = known.first.take() {
                *known = *first;
                continue;
            }
            known.outcome = Some(UnitOutcome::TooLong);
            message.clone_into(&mut known.message);
        }
    }

    /// Whether one has failed, so that others may not have been run.
    pub(super) fn has_failed(&self) -> bool {
        let mut ended = self.known.iter().flat_map(|known| known.outcome);
        ended.any(|outcome| !matches!(outcome, UnitOutcome::Passed | UnitOutcome::Skipped))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.tests.iter().position(|test| test.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Stopped;

    const LIMITS: Limits = Limits {
        cpu_ms: 1000,
        wall_ms: 3000,
        memory_bytes: 1 << 30,
        output_bytes: 1 << 20,
        processes: 64,
    };

    fn ended(cpu_ms: u64, stopped: Option<Stopped>) -> RunFacts {
        let mut facts = RunFacts::ended(Ended::Exit(0));
        (facts.cpu.us, facts.stopped) = (cpu_ms * 1000, stopped);
        facts
    }

    fn passed(reports: &mut Reports, test: usize, facts: RunFacts) {
        let name = reports.tests[test].name.clone();
        reports.add(UnitReport {
            begin: Some(name.clone()),
            ..UnitReport::default()
        });
        reports.process_ended(Some(test), facts, false);
        reports.add(UnitReport {
            tested: Some(name),
            outcome: Some(UnitOutcome::Passed),
            ..UnitReport::default()
        });
    }

    #[test]
    fn a_test_that_ended_near_its_limit_is_run_once_more_and_the_second_run_counts_if_there_is_one() {
        let mut reports = Reports::default();
        let tests = ["fast", "near", "never_again"].map(|name| CollectedTest {
            name: name.to_owned(),
            source: String::new(),
        });
        reports.add(UnitReport {
            collected: Some(tests.into()),
            ..UnitReport::default()
        });
        passed(&mut reports, 0, ended(999, None));
        passed(&mut reports, 1, ended(1050, None));
        passed(&mut reports, 2, ended(1050, None));
        reports.is_finished = true;
        assert!(reports.run_again_near_limit(&LIMITS) && !reports.is_finished);
        assert_eq!(reports.done(), ["fast"]);
        passed(&mut reports, 1, ended(900, None));
        reports.give_up("pytest ended");
        let cpu_us: Vec<u64> = reports
            .known
            .iter()
            .flat_map(|known| &known.facts)
            .map(|facts| facts.cpu.us)
            .collect();
        assert_eq!(cpu_us, [999_000, 900_000, 1_050_000]);
        assert!(
            reports
                .known
                .iter()
                .all(|known| known.outcome == Some(UnitOutcome::Passed))
        );
    }

    #[test]
    fn a_test_that_was_ended_at_its_limit_is_not_run_once_more() {
        let mut reports = Reports::default();
        reports.add_failed("slow".to_owned(), "too slow", Some(&ended(1100, Some(Stopped::Cpu))));
        reports.is_finished = true;
        assert!(!reports.run_again_near_limit(&LIMITS) && reports.is_finished);
    }
}
