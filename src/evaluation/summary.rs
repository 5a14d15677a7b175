//! What came out, as a document.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::evaluation::{Evaluation, Outcome, ResultRow, pass_at_k, wilson};

/// What came out of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Always `assize.evaluation.v1`.
    #[serde(rename = "type")]
    version: &'static str,
    /// The file of tasks.
    pub dataset: String,
    /// The file of results.
    pub results: String,
    /// Tasks of the data set.
    pub tasks: usize,
    /// Those that have candidates.
    pub tasks_with_candidates: usize,
    /// Candidates.
    pub candidates: u32,
    /// Candidates that solve their task.
    pub passed: u32,
    /// Candidates that do not.
    pub failed: u32,
    /// Candidates of which nothing is known. They count neither as passed nor as failed.
    pub no_answer: u32,
    /// Why the first of these has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_without_answer: Option<String>,
    /// How many candidates got which verdict.
    pub verdicts: BTreeMap<String, u32>,
    /// The estimates.
    pub pass_at: Vec<PassAtK>,
    /// What holds a range of estimates: at which confidence, and how it is found.
    pub interval: &'static str,
    /// Lines of both files that were left out, each with the reason.
    pub left_out: Vec<String>,
    /// Each task with candidates.
    pub by_task: Vec<TaskSummary>,
}

/// What part of the tasks is solved within `k` tries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassAtK {
    /// Tries.
    pub k: u32,
    /// The mean over the tasks, from 0 to 1.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Tasks that have an answer about at least `k` candidates: only these count.
    pub tasks: usize,
    /// The estimate where every candidate without an answer, and every line of candidates that is left out, counts as one
    /// that fails: no program gains by making the judge fail.
    pub at_least: f64,
}

/// A task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaskSummary {
    /// Its id.
    pub task_id: String,
    /// Its candidates.
    pub candidates: u32,
    /// Those that solve it.
    pub passed: u32,
    /// Those that do not.
    pub failed: u32,
    /// Those of which nothing is known.
    pub no_answer: u32,
    /// How many of them got which verdict.
    pub verdicts: BTreeMap<String, u32>,
    /// Why the first one that is not passed is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Summary {
    /// Counts the results of an evaluation; `ks` are the numbers of tries that are asked for, else those that can be had
    /// of 1, 5, 10 and 100.
    pub fn of(evaluation: &Evaluation, results: &[ResultRow], files: [&Path; 2], ks: &[u32]) -> Self {
        let by_task = by_task(results);
        let sum = |of: fn(&TaskSummary) -> u32| by_task.iter().map(of).sum();
        let mut verdicts = BTreeMap::new();
        for (verdict, count) in by_task.iter().flat_map(|task| &task.verdicts) {
            *verdicts.entry(verdict.clone()).or_default() += count;
        }
        let [dataset, written] = files.map(|path| path.display().to_string());
        Self {
            version: "assize.evaluation.v1",
            dataset,
            results: written,
            tasks: evaluation.task_count(),
            tasks_with_candidates: by_task.len(),
            candidates: sum(|task| task.candidates),
            passed: sum(|task| task.passed),
            failed: sum(|task| task.failed),
            no_answer: sum(|task| task.no_answer),
            first_without_answer: first_without_answer(results),
            verdicts,
            pass_at: estimates(&by_task, evaluation.candidates_left_out(), ks),
            interval: "95 %, Wilson score interval over tasks",
            left_out: evaluation.left_out().iter().map(ToString::to_string).collect(),
            by_task,
        }
    }
}

fn first_without_answer(results: &[ResultRow]) -> Option<String> {
    let mut silent = results.iter().filter(|row| row.outcome == Outcome::NoAnswer);
    silent.find_map(|row| {
        Some(format!(
            "{} {}: {}",
            row.task_id,
            row.candidate,
            row.message.as_deref()?
        ))
    })
}

/// Tasks in the order of the candidates' file.
fn by_task(results: &[ResultRow]) -> Vec<TaskSummary> {
    let mut tasks: Vec<TaskSummary> = Vec::new();
    let mut places = BTreeMap::new();
    for row in results {
        let place = *places.entry(row.task_id.as_str()).or_insert(tasks.len());
        if place == tasks.len() {
            tasks.push(TaskSummary {
                task_id: row.task_id.clone(),
                ..TaskSummary::default()
            });
        }
        if let Some(task) = tasks.get_mut(place) {
            task.add(row);
        }
    }
    tasks
}

impl TaskSummary {
    fn add(&mut self, row: &ResultRow) {
        self.candidates += 1;
        match row.outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::NoAnswer => self.no_answer += 1,
        }
        if let Some(verdict) = row.verdict {
            *self.verdicts.entry(verdict.code().to_owned()).or_default() += 1;
        }
        if self.message.is_none() && row.outcome != Outcome::Passed {
            self.message.clone_from(&row.message);
        }
    }
}

fn estimates(tasks: &[TaskSummary], mut left_out: BTreeMap<&str, u32>, ks: &[u32]) -> Vec<PassAtK> {
    let whole = |task: &TaskSummary| {
        let left_out = left_out.remove(task.task_id.as_str()).unwrap_or_default();
        (task.candidates.saturating_add(left_out), task.passed)
    };
    let mut all: Vec<(u32, u32)> = tasks.iter().map(whole).collect();
    // Tasks all of whose candidates are left out.
    all.extend(left_out.into_values().map(|count| (count, 0)));
    let answers = |task: &TaskSummary| task.passed + task.failed;
    let most = tasks.iter().map(answers).max().unwrap_or_default();
    let usual = [1, 5, 10, 100].into_iter().filter(|k| *k <= most.max(1));
    let wanted: Vec<u32> = if ks.is_empty() { usual.collect() } else { ks.to_vec() };
    let estimate = |k: u32| {
        let figures = tasks.iter().filter_map(|task| pass_at_k(answers(task), task.passed, k));
        let figures: Vec<f64> = figures.collect();
        let estimate = mean(&figures)?;
        let all = all.iter().filter_map(|(all, passed)| pass_at_k(*all, *passed, k));
        let at_least = mean(&all.collect::<Vec<_>>())?;
        let interval = wilson(estimate, figures.len());
        Some(PassAtK {
            k,
            estimate,
            low: interval.low,
            high: interval.high,
            tasks: figures.len(),
            at_least,
        })
    };
    wanted.into_iter().filter_map(estimate).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no data set has so many tasks")]
fn mean(figures: &[f64]) -> Option<f64> {
    (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_that_are_left_out_count_as_ones_that_fail_where_the_least_is_estimated() {
        let task = TaskSummary {
            task_id: "a".to_owned(),
            candidates: 2,
            passed: 1,
            failed: 1,
            ..TaskSummary::default()
        };
        for (left_out, at_least) in [
            (BTreeMap::new(), 0.5),
            (BTreeMap::from([("a", 2)]), 0.25),
            (BTreeMap::from([("a", 2), ("b", 1)]), 0.125),
        ] {
            let estimates = estimates(std::slice::from_ref(&task), left_out, &[1]);
            let one = &estimates[0];
            assert!(
                (one.estimate - 0.5).abs() < 1e-9 && (one.at_least - at_least).abs() < 1e-9,
                "{one:?}"
            );
        }
    }
}
