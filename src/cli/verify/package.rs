//! One package: its submissions are judged as their author meant them, and compared with what is expected.

use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::cli::program::entry::entry_file;
use crate::cli::program::sources;
use crate::cli::verify::agreement::{Agreement, agreement};
use crate::cli::verify::given_scores::odd_score;
use crate::cli::verify::groups;
use crate::cli::verify::limit::LimitUsed;
use crate::cli::verify::lint::Finding;
use crate::cli::verify::outcome::PackageReport;
use crate::cli::verify::row::{Outcome, Row};
use crate::cli::verify::score_range::outside_of_range;
use crate::cli::verify::verification::{Done, Verification};
use crate::contract::{Judgement, ProblemRef, SubmissionMessage, Verdict, parse};
use crate::judge::{Attempt, Judge, JudgeError, JudgeFailure};
use crate::problem::{ExampleSubmission, folder_meant};
use crate::sandbox::LaunchError;

impl Verification<'_> {
    pub(super) async fn report(
        &self,
        path: &Path,
        found: Vec<Finding>,
        interrupted: impl Future<Output = ()>,
    ) -> PackageReport {
        let done = Done::default();
        let interrupted = tokio::select! {
            () = self.all(&done) => false,
            () = interrupted => true,
        };
        let mut rows = done.rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        rows.sort_by(|left, right| left.name.cmp(&right.name));
        let mut data = done.data.into_inner().unwrap_or_else(PoisonError::into_inner);
        let of_data = data.iter_mut().flat_map(|data| std::mem::take(&mut data.findings));
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        add_findings(found.into_iter().chain(of_data), &mut errors, &mut warnings);
        let limit = done.limit.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !interrupted {
            errors.extend(self.nothing_judged(&rows));
            warnings.extend(self.warnings_of(&rows, limit.as_ref()));
            let out_of_bounds = limit.iter().flat_map(|limit| self.out_of_bounds(limit, &rows));
            add_findings(out_of_bounds, &mut errors, &mut warnings);
        }
        errors.extend(self.missing_environments(&rows));
        PackageReport {
            name: self.package.id.clone(),
            path: path.to_owned(),
            broken: None,
            errors,
            warnings,
            limit,
            data,
            rows,
            groups: groups::names_of(&self.package.root),
            interrupted,
            took: Duration::ZERO,
        }
    }

    /// The data, then the submissions.
    async fn all(&self, done: &Done) {
        if let Some(checks) = self.checks {
            let report = self.check_data(checks).await;
            *done.data.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
        }
        self.judge_all(done).await;
    }

    pub(super) async fn row(&self, example: &ExampleSubmission, cpu_ms: Option<u64>) -> Row {
        self.row_by(self.judge, example, cpu_ms).await
    }

    /// The same by a judge of a part of the package.
    pub(super) async fn row_by(&self, judge: &Judge, example: &ExampleSubmission, cpu_ms: Option<u64>) -> Row {
        let started = Instant::now();
        let language = match self.languages.choose(example) {
            Ok(language) => language,
            Err(reason) => return Row::of(example, Outcome::Skipped(reason)),
        };
        let environment = self
            .settings
            .judging
            .languages
            .get(language)
            .map(|it| it.environment.as_str());
        let known = environment.filter(|environment| self.missing.message(environment).is_some());
        let outcome = match known {
            Some(environment) => self.without_environment(environment),
            None => self.judge_one(judge, example, language, cpu_ms).await,
        };
        Row {
            judged_with: Some(language.to_owned()),
            took: started.elapsed(),
            ..Row::of(example, outcome)
        }
    }

    async fn judge_one(
        &self,
        judge: &Judge,
        example: &ExampleSubmission,
        language: &str,
        cpu_ms: Option<u64>,
    ) -> Outcome {
        let message = match self.message(example, language, cpu_ms) {
            Ok(message) => message,
            Err(error) => return Outcome::Failed(format!("{error:#}")),
        };
        let parsed = serde_json::to_vec(&message)
            .map_err(|error| error.to_string())
            .and_then(|body| parse(&body, &self.settings.submission.caps()).map_err(|error| error.to_string()));
        let submission = match parsed {
            Ok(submission) => submission,
            Err(reason) => return Outcome::Failed(reason),
        };
        let attempt = Attempt::now();
        match judge.judge(&submission, &attempt, &|_progress| {}).await {
            Ok(judgement) => self.compare(example, judgement),
            Err(JudgeFailure::Rejected(rejected)) => Outcome::Failed(rejected.to_string()),
            Err(JudgeFailure::Error(error)) => match missing_environment(&error) {
                Some(environment) => {
                    self.missing.note(environment, error.with_remedy());
                    self.without_environment(environment)
                }
                None => self.compare(example, judge.judge_error(&submission, &attempt, &error)),
            },
        }
    }

    fn message(
        &self,
        example: &ExampleSubmission,
        language: &str,
        cpu_ms: Option<u64>,
    ) -> anyhow::Result<SubmissionMessage> {
        // `<package>/submissions/<folder>/<name>`
        let root = example.path.ancestors().nth(3).unwrap_or(&example.path);
        let mut files = sources::read_within(&example.path, root, &self.settings.submission)?;
        sources::put_constants(&mut files, &self.package.constants);
        let problem = ProblemRef {
            id: self.package.id.clone(),
            revision: None,
        };
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let settings = self.settings.judging.languages.get(language);
        let named = example.entry_point.clone();
        let entry_point = named.map(|named| entry_file(named, &names, settings));
        let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), language, files, problem);
        message.limits.cpu_ms = cpu_ms;
        message.entry_point = entry_point;
        let first_decides = example
            .expectation
            .as_ref()
            .is_none_or(|expected| expected.decided_by_first_failure);
        message.stop_on_first_failure = Some(first_decides);
        Ok(message)
    }

    fn compare(&self, example: &ExampleSubmission, judgement: Judgement) -> Outcome {
        let all_tests = !self.selection.leaves_tests_out();
        let package = self.package;
        let odd_score = odd_score(package, &judgement);
        let outside = outside_of_range(&package.root, package.kind, &judgement).filter(|_| all_tests);
        let (complaint, remark) = match &example.expectation {
            _ if judgement.verdict == Verdict::Je => (judgement.message.clone(), None),
            Some(expectation) => match agreement(expectation, &judgement, all_tests) {
                Agreement::Full => (None, None),
                Agreement::Odd(remark) => (None, Some(remark)),
                Agreement::Not(complaint) => (Some(complaint), None),
            },
            None => (misspelt_folder(&example.name), None),
        };
        Outcome::Judged {
            judgement: Box::new(judgement),
            complaint: complaint.or(outside),
            remark: remark.or(odd_score),
        }
    }

    /// What a package must have to be verified at all.
    fn nothing_judged(&self, rows: &[Row]) -> Option<String> {
        let is_skipped = |row: &Row| matches!(row.outcome, Outcome::Skipped(_) | Outcome::NotBuilt { .. });
        let nothing = !rows.is_empty() && rows.iter().all(is_skipped);
        nothing.then(|| "none of its submissions could be judged, so nothing is verified".to_owned())
    }

    fn warnings_of(&self, rows: &[Row], limit: Option<&LimitUsed>) -> Vec<String> {
        let is_accepted = |row: &&Row| row.name.starts_with("accepted/");
        let was_judged = |row: &Row| row.judgement().is_some();
        let mut warnings = Vec::new();
        if !self.selection.leaves_submissions_out() && !rows.is_empty() {
            let mut accepted = rows.iter().filter(is_accepted).peekable();
            if accepted.peek().is_none() {
                warnings
                    .push("submissions/accepted: is empty; nothing shows that the problem can be solved".to_owned());
            } else if !accepted.any(was_judged) {
                warnings.push("submissions/accepted: none of its submissions was judged".to_owned());
            }
        }
        warnings.extend(rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Judged {
                remark: Some(remark), ..
            } => Some(format!("submissions/{}: {remark}", row.name)),
            _ => None,
        }));
        warnings.extend(limit.filter(|_| !rows.is_empty()).and_then(LimitUsed::warning));
        warnings
    }

    /// A message for each, once, and not for every submission.
    fn missing_environments(&self, rows: &[Row]) -> Vec<String> {
        let mut names: Vec<&str> = rows
            .iter()
            .filter_map(|row| match &row.outcome {
                Outcome::NoEnvironment(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.iter().filter_map(|name| self.missing.message(name)).collect()
    }
}

/// Adds findings to the errors or to the warnings.
fn add_findings(findings: impl Iterator<Item = Finding>, errors: &mut Vec<String>, warnings: &mut Vec<String>) {
    for finding in findings {
        match finding {
            Finding::Error(message) => errors.push(message),
            Finding::Warning(message) => warnings.push(message),
        }
    }
}

/// The environment that a box could not be made of.
fn missing_environment(error: &JudgeError) -> Option<&str> {
    match error {
        JudgeError::Shared(error) => missing_environment(error),
        JudgeError::Launch(LaunchError::NotInstalled { environment, .. }) => Some(environment),
        _ => None,
    }
}

/// A remark on a folder whose name is a misspelling of one that stands for a verdict.
fn misspelt_folder(name: &str) -> Option<String> {
    let folder = name.split('/').next()?;
    let meant = folder_meant(folder)?;
    Some(format!("{folder}/ stands for no verdict; {meant}/ is meant, perhaps"))
}
