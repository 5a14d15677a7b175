//! Runs become the verdict document.

use std::fs::File;
use std::io::{self, Read as _};

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::{
    EnvironmentInfo, Excerpt, FigureSource, FigureSources, Judgement, Limits, ProblemRef, SandboxInfo, Submission,
    Target, TestVerdict, Totals, Verdict, VerdictType, WorkerInfo,
};
use crate::judge::grading::{Results, TestResult};
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::TestRun;
use crate::judge::verdict::excerpt::{excerpt, stderr_excerpt};
use crate::judge::verdict::findings::Findings;
use crate::judge::verdict::signal_name;
use crate::judge::{Judge, JudgeError};
use crate::sandbox::{BoxDescription, Ended, Figure};

/// How judging went.
#[derive(Debug)]
pub(in crate::judge) enum Outcome {
    /// Nothing was run.
    DoesNotCompile(String),
    /// The tests were run; those that are missing were not reached.
    Ran(Vec<Option<TestRun>>),
}

impl Judge {
    pub(in crate::judge) fn worker_info(&self) -> WorkerInfo {
        WorkerInfo {
            id: self.settings.worker.id.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// `made` is the environment's name and what its boxes are, where one was started.
    pub(in crate::judge) fn sandbox_info(&self, made: Option<(&str, BoxDescription)>) -> SandboxInfo {
        let facts = self.pool.facts();
        SandboxInfo {
            backend: facts.name.to_owned(),
            runtime: facts.runtime,
            filter: facts.filter.map(|digest| format!("sha256:{digest}")),
            figures: made.as_ref().map(|(_name, made)| FigureSources {
                cpu: source_of(made.meters.cpu),
                memory: source_of(made.meters.memory_peak),
            }),
            environment: made.map(|(name, made)| EnvironmentInfo {
                name: name.to_owned(),
                digest: made.environment_digest,
                versions: made
                    .components
                    .into_iter()
                    .map(|part| (part.name, part.version))
                    .collect(),
            }),
        }
    }
}

fn source_of(figure: Figure) -> FigureSource {
    match figure {
        Figure::Cgroup => FigureSource::Cgroup,
        Figure::Rusage => FigureSource::Rusage,
    }
}

/// The document about a submission that was judged.
pub(in crate::judge) fn of(
    submission: &Submission,
    plan: &Plan,
    outcome: Outcome,
    received_at: Timestamp,
    worker: WorkerInfo,
    sandbox: SandboxInfo,
    show: &Show,
) -> Judgement {
    let (compiler_message, runs) = match outcome {
        Outcome::DoesNotCompile(message) => (Some(message), plan.tests.iter().map(|_| None).collect()),
        Outcome::Ran(runs) => (None, runs),
    };
    let results: Vec<Option<TestResult>> = runs.iter().map(|run| run.as_ref().map(|run| run.result)).collect();
    let results = Results {
        root: &plan.groups,
        tests: &results,
        stopping: plan.stopping,
    };
    let graded = results.submission();
    let groups = if plan.scoring { results.groups() } else { Vec::new() };
    let mut findings = Findings::default();
    for (test, run) in plan.tests.iter().zip(&runs) {
        if let Some(run) = run {
            findings.add_run(&test.name, &run.facts);
            findings.boxes_lost(&test.name, run.boxes_lost);
        }
    }
    let tests: Vec<TestVerdict> = plan
        .tests
        .iter()
        .zip(runs)
        .map(|(test, run)| test_verdict(test, run, show))
        .collect();
    Judgement {
        verdict: if compiler_message.is_some() {
            Verdict::Ce
        } else {
            graded.verdict
        },
        score: plan.scoring.then_some(graded.score),
        message: compiler_message,
        problem: plan.problem.clone(),
        totals: totals(&tests),
        groups,
        tests,
        limits: plan.limits,
        security: findings.into_list(),
        ..skeleton(submission, received_at, worker, sandbox)
    }
}

/// The document about a submission that we failed to judge.
pub(in crate::judge) fn of_failure(
    submission: &Submission,
    reason: &JudgeError,
    received_at: Timestamp,
    worker: WorkerInfo,
    sandbox: SandboxInfo,
) -> Judgement {
    let mut findings = Findings::default();
    if let JudgeError::Box {
        under_program, during, ..
    } = reason
    {
        findings.boxes_lost(during, *under_program);
    }
    Judgement {
        message: Some(reason.to_string()),
        security: findings.into_list(),
        ..skeleton(submission, received_at, worker, sandbox)
    }
}

/// The document about a submission that nobody wants to have judged any more.
pub(in crate::judge) fn of_cancelled(
    submission: &Submission,
    reason: Option<String>,
    received_at: Timestamp,
    worker: WorkerInfo,
    sandbox: SandboxInfo,
) -> Judgement {
    Judgement {
        verdict: Verdict::Cancelled,
        message: reason,
        ..skeleton(submission, received_at, worker, sandbox)
    }
}

/// How much of a test is shown.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Show {
    pub(in crate::judge) excerpt_bytes: usize,
    pub(in crate::judge) secret_output: bool,
    pub(in crate::judge) judge_messages: bool,
}

/// What is the same whatever came out.
fn skeleton(submission: &Submission, received_at: Timestamp, worker: WorkerInfo, sandbox: SandboxInfo) -> Judgement {
    Judgement {
        version: VerdictType::V1,
        verdict_id: Uuid::nil(),
        id: submission.id,
        attempt: None,
        rejudge: submission.rejudge,
        verdict: Verdict::Je,
        score: None,
        message: None,
        language: submission.language.clone(),
        problem: asked_problem(&submission.target),
        tests: Vec::new(),
        groups: Vec::new(),
        totals: Totals::default(),
        limits: Limits {
            cpu_ms: 0,
            wall_ms: 0,
            memory_bytes: 0,
            output_bytes: 0,
            processes: 0,
        },
        security: Vec::new(),
        worker,
        sandbox,
        received_at,
        judged_at: Timestamp::now(),
        metadata: submission.metadata.clone(),
    }
    .of_attempt(None)
}

fn asked_problem(target: &Target) -> Option<ProblemRef> {
    match target {
        Target::Problem(problem) => Some(problem.clone()),
        Target::Inline { .. } => None,
    }
}

fn totals(tests: &[TestVerdict]) -> Totals {
    let count = |wanted: Verdict| tests.iter().filter(|test| test.verdict == wanted).count() as u64;
    Totals {
        tests: tests.len() as u64,
        passed: count(Verdict::Ac),
        skipped: count(Verdict::Sk),
        cpu_ms: tests.iter().map(|test| test.cpu_ms).sum(),
        max_cpu_ms: tests.iter().map(|test| test.cpu_ms).max().unwrap_or(0),
        max_memory_bytes: tests.iter().map(|test| test.memory_bytes).max().unwrap_or(0),
    }
}

fn test_verdict(test: &PlannedTest, run: Option<TestRun>, show: &Show) -> TestVerdict {
    let sample_data = |data: &TestData| start_of(data, show.excerpt_bytes).ok();
    let skipped = TestVerdict {
        name: test.name.clone(),
        sample: test.sample,
        verdict: Verdict::Sk,
        score: None,
        cpu_ms: 0,
        wall_ms: 0,
        memory_bytes: 0,
        exit_code: None,
        signal: None,
        stdout: Excerpt::default(),
        stderr: Excerpt::default(),
        checker_message: None,
        judge_message: None,
        transcript: None,
        input: Some(&test.input).filter(|_| test.sample).and_then(sample_data),
        answer: test.answer.as_ref().filter(|_| test.sample).and_then(sample_data),
    };
    let Some(TestRun {
        result,
        facts,
        stdout,
        team_message,
        judge_message,
        transcript,
        boxes_lost: _,
    }) = run
    else {
        return skipped;
    };
    let (exit_code, signal) = match facts.ended {
        Ended::Exit(code) => (Some(code), None),
        Ended::Signal(signal) => (None, Some(signal_name(signal))),
    };
    let shown = test.sample || show.secret_output;
    let hidden = |excerpt: Excerpt| {
        if shown {
            excerpt
        } else {
            Excerpt {
                text: String::new(),
                ..excerpt
            }
        }
    };
    TestVerdict {
        verdict: result.verdict,
        score: result.score,
        cpu_ms: facts.cpu.us.div_ceil(1000),
        wall_ms: facts.wall_us.div_ceil(1000),
        memory_bytes: facts.memory_peak.bytes,
        exit_code,
        signal,
        stderr: hidden(stderr_excerpt(&facts)),
        stdout: hidden(stdout),
        checker_message: team_message,
        // It may quote the answer.
        judge_message: judge_message.filter(|_| test.sample || show.judge_messages),
        transcript: transcript.filter(|_| test.sample || show.judge_messages),
        ..skipped
    }
}

/// The start of a test's data. Samples are small, so reading a piece of one here blocks nobody.
fn start_of(data: &TestData, bytes: usize) -> io::Result<Excerpt> {
    match data {
        TestData::Bytes(whole) => Ok(excerpt(&whole[..whole.len().min(bytes)], whole.len() as u64)),
        TestData::File(path) => {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            let mut start = Vec::new();
            file.take(bytes as u64).read_to_end(&mut start)?;
            Ok(excerpt(&start, length))
        }
    }
}
