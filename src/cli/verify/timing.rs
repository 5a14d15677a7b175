//! In which order submissions are judged, and with which time limits: those that bound the limit of the package from below
//! come first, and those that bound it from above are given more time than it.

use std::sync::{Arc, PoisonError};

use futures::{StreamExt as _, stream};

use crate::cli::units::seconds;
use crate::cli::verify::limit::{LimitUsed, scaled};
use crate::cli::verify::lint::Finding;
use crate::cli::verify::row::{Row, Timed};
use crate::cli::verify::test_glob::TestGlob;
use crate::cli::verify::verification::{Done, Verification};
use crate::contract::{TestVerdict, Verdict};
use crate::judge::Judge;
use crate::problem::{ExampleSubmission, Format, ProblemStore, TimeLimit};

/// The limit of a package, and the time that a submission which has to be too slow has to exceed.
#[derive(Clone, Copy)]
struct Wider {
    limit_ms: u64,
    wider_ms: u64,
}

/// CPU time for submissions that a time limit is derived from.
const WIDE_LIMIT_MS: u64 = 20_000;

impl Verification<'_> {
    /// Those that the time limit follows from come first.
    pub(super) async fn judge_all(&self, done: &Done) {
        let (fast, others): (Vec<_>, Vec<_>) = self.package.examples.iter().partition(|it| it.bounds.is_fast());
        let asked_for = self.selection.time_limit;
        let asked_for = asked_for.and_then(|limit| u64::try_from(limit.as_millis()).ok());
        if !self.is_derived() {
            let limit_ms = self.set_limit(done, &[]);
            self.judge_some(&fast, (asked_for, None), done).await;
            let wider = asked_for.is_none().then(|| self.wider(limit_ms)).flatten();
            self.judge_some(&others, (asked_for, wider), done).await;
            return;
        }
        self.judge_some(&fast, (Some(WIDE_LIMIT_MS), None), done).await;
        let mut timed: Vec<Timed> = {
            let rows = done.rows.lock().unwrap_or_else(PoisonError::into_inner);
            rows.iter().filter_map(Row::timed).collect()
        };
        for example in others.iter().filter(|example| !example.bounds.lower.is_empty()) {
            timed.extend(self.time_of_part(example).await);
        }
        let limit_ms = self.set_limit(done, &timed);
        self.judge_some(&others, (Some(limit_ms), self.wider(limit_ms)), done)
            .await;
    }

    fn is_derived(&self) -> bool {
        self.selection.time_limit.is_none() && matches!(self.package.limits.time, TimeLimit::Derived { .. })
    }

    /// The limit in milliseconds.
    fn set_limit(&self, done: &Done, timed: &[Timed]) -> u64 {
        let limit = LimitUsed::of(
            self.package,
            self.selection.time_limit,
            timed,
            &self.settings.judging.limits,
        );
        let cpu_ms = limit.cpu_ms;
        *done.limit.lock().unwrap_or_else(PoisonError::into_inner) = Some(limit);
        cpu_ms
    }

    /// What a submission that has to be too slow has to exceed.
    fn wider(&self, limit_ms: u64) -> Option<Wider> {
        let margins = self.package.limits.margins?;
        let wider_ms = scaled(limit_ms, margins.time_limit_to_tle);
        Some(Wider { limit_ms, wider_ms })
    }

    /// How long a submission takes on those tests alone on which it has to be fast enough.
    async fn time_of_part(&self, example: &ExampleSubmission) -> Option<Timed> {
        let mut part = self.package.clone();
        let lower = example.bounds.lower.iter();
        let lower: Vec<TestGlob> = lower.map(|glob| TestGlob::of(glob.as_deref())).collect();
        if !part.keep_tests(|test| lower.iter().any(|glob| glob.means(&test.name))) {
            return None;
        }
        let judge = Judge::new(
            self.settings.judging.clone().into(),
            Arc::clone(&self.judge.pool()),
            ProblemStore::single(part),
        );
        self.row_by(&judge, example, Some(WIDE_LIMIT_MS)).await.timed()
    }

    /// Judges with the first limit; those that have to be too slow with the second one.
    async fn judge_some(
        &self,
        examples: &[&ExampleSubmission],
        (cpu_ms, wider): (Option<u64>, Option<Wider>),
        done: &Done,
    ) {
        let mut judging = stream::iter(examples.iter().copied())
            .map(|example| async move {
                match wider.filter(|_| !example.bounds.upper.is_empty()) {
                    Some(wider) => self.slow_row(example, cpu_ms, wider).await,
                    None => self.row(example, cpu_ms).await,
                }
            })
            .buffer_unordered(self.jobs);
        while let Some(row) = judging.next().await {
            let count = done.add(row);
            self.progress_line
                .count(count, self.package.examples.len(), &self.package.id);
        }
    }

    /// One that is as expected with more time than the limit is so with the limit, unless it needed that time for a test.
    /// Another one is judged again: it may be too slow for the limit, and too close to it.
    async fn slow_row(&self, example: &ExampleSubmission, cpu_ms: Option<u64>, wider: Wider) -> Row {
        let row = self.row(example, Some(wider.wider_ms)).await;
        let Some(judgement) = row.judgement() else {
            return row;
        };
        let is_between = |test: &TestVerdict| test.verdict != Verdict::Tle && test.cpu_ms > wider.limit_ms;
        let needed_more = judgement.tests.iter().any(is_between);
        match (row.ok(), needed_more) {
            (Some(true), false) => row,
            (Some(true), true) => self.row(example, cpu_ms).await,
            _ => Row {
                slowest_beyond_ms: row.max_cpu_on(&example.bounds.upper),
                ..self.row(example, cpu_ms).await
            },
        }
    }

    /// Submissions that bound the time limit, and are too close to it.
    pub(super) fn out_of_bounds(&self, limit: &LimitUsed, rows: &[Row]) -> Vec<Finding> {
        let timed: Vec<(&Row, Timed)> = rows.iter().filter_map(|row| Some((row, row.timed()?))).collect();
        let margins = match self.package.limits.margins {
            Some(margins) if self.selection.time_limit.is_none() => margins,
            _ => return limit.close(&timed).into_iter().map(Finding::Warning).collect(),
        };
        let shown = seconds(limit.cpu_ms);
        let below = timed
            .iter()
            .filter(|(_, timed)| !self.is_derived() && scaled(timed.cpu_ms, margins.ac_to_time_limit) > limit.cpu_ms);
        let mut found: Vec<Finding> = below
            .map(|(_, timed)| {
                Finding::Warning(format!(
                    "{} takes {}: the time limit of {shown} has to be at least {} times that (ac_to_time_limit)",
                    timed.name,
                    seconds(timed.cpu_ms),
                    margins.ac_to_time_limit
                ))
            })
            .collect();
        for row in rows.iter().filter(|row| row.ok() == Some(true)) {
            let Some(slowest_ms) = row.slowest_beyond_ms else {
                continue;
            };
            let message = format!(
                "{} takes {}, which has to be at least {} times the time limit of {shown} (time_limit_to_tle)",
                row.name,
                seconds(slowest_ms),
                margins.time_limit_to_tle
            );
            // "It is an error if no such multiple exists" (format 2025-09, section "Problem timing").
            let is_error = self.is_derived() && self.package.format == Format::V2025;
            found.push(match is_error {
                true => Finding::Error(message),
                false => Finding::Warning(message),
            });
        }
        found
    }
}
