//! Candidates in a row that got no answer: how many say that there is no point in going on.

use std::collections::HashSet;

/// So many candidates or tasks in a row are no accident.
const AT_MOST: usize = 20;

/// Whom it is due to that a candidate has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// The candidate or its task, if anything is to blame.
    Candidate,
    /// The judge, which may do better with the next one.
    Judge,
    /// The judge or the tests of the task: the verdict does not say which.
    JudgeOrTask,
    /// The judge, which takes no candidate.
    Closed,
}

/// What got no answer since the last candidate that got one.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// Candidates without any verdict.
    candidates: usize,
    /// Tasks with a verdict that is none. All candidates of a task whose tests are wrong have one, and may be hundreds.
    tasks: HashSet<String>,
}

impl Silence {
    pub(super) fn hear(&mut self, blame: Blame, task_id: &str) {
        match blame {
            Blame::Candidate | Blame::Closed => *self = Self::default(),
            Blame::Judge => self.candidates += 1,
            Blame::JudgeOrTask => {
                self.tasks.insert(task_id.to_owned());
            }
        }
    }

    /// What it is that is too much.
    pub(super) fn is_too_long(&self) -> Option<String> {
        if self.candidates >= AT_MOST {
            return Some(format!("{} candidates", self.candidates));
        }
        (self.tasks.len() >= AT_MOST).then(|| format!("candidates of {} tasks", self.tasks.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_without_a_verdict_are_counted_each_and_those_of_a_task_that_is_wrong_as_one() {
        let distinct = |count: usize| (0..count).map(|task| (Blame::JudgeOrTask, task)).collect::<Vec<_>>();
        let between = [distinct(19), vec![(Blame::Candidate, 0)], distinct(19)].concat();
        let both = [vec![(Blame::Judge, 0); 19], distinct(19)].concat();
        for (heard, too_long) in [
            (vec![(Blame::Judge, 0); 19], None),
            (vec![(Blame::Judge, 0); 20], Some("20 candidates")),
            (vec![(Blame::JudgeOrTask, 0); 200], None),
            (distinct(20), Some("candidates of 20 tasks")),
            (between, None),
            (both, None),
        ] {
            let mut silence = Silence::default();
            heard
                .iter()
                .for_each(|(blame, task)| silence.hear(*blame, &task.to_string()));
            assert_eq!(silence.is_too_long().as_deref(), too_long);
        }
    }
}
