//! One attack: judged, and held against what must be true afterwards.

use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use thiserror::Error;

use crate::attack::fixture::{SECRET_MARK, control_submission, patient, secret, submission};
use crate::attack::{Attack, AttackFixture};
use crate::config::{JudgingSettings, Startup};
use crate::contract::{InlineTest, Judgement, SandboxInfo, Submission, TestVerdict, Verdict};
use crate::judge::{Attempt, Judge, JudgeFailure, JudgeOptions};
use crate::problem::ProblemStore;
use crate::sandbox::{BackendError, Layer, Pool, PoolPlan, open_backend};

/// Everything that a program may print is looked at, in bytes.
const SHOWN: usize = 256 << 10;

/// What a program prints that got out, or that found what an earlier test has left behind.
const MARKERS: [&str; 2] = ["ESCAPED", "LEAKED"];

/// Attacks beside which a control program must come to its verdict.
const NOISY: &str = "exhaust";

/// Attacks that cannot be run.
#[derive(Debug, Error)]
pub enum AttackRunError {
    /// No boxes.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// No language for the programs.
    #[error("judge.default_language is {0:?}, and [languages.{0}] is not configured")]
    Language(String),
}

/// The outcome of an attack.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Name of the attack.
    pub attack: String,
    /// What was tried.
    pub technique: String,
    /// The layer that was missing.
    pub without: Option<Layer>,
    /// How the program was started.
    pub startup: Startup,
    /// What was decided.
    pub verdict: Verdict,
    /// Whether nothing was achieved.
    pub held: bool,
    /// What was achieved.
    pub broken: Vec<String>,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// A judge under attack.
#[derive(Debug)]
pub struct AttackRun {
    judge: Judge,
    pool: Arc<Pool>,
    language: String,
    startup: Startup,
    without: Option<Layer>,
    /// What the time limits of programs are multiplied with.
    time_factor: u64,
}

impl AttackRun {
    /// A judge as the settings say, whose boxes lack a layer if one is named.
    ///
    /// # Errors
    /// When the backend cannot be used, or has no such layer.
    pub async fn open(
        mut settings: JudgingSettings,
        slots: Vec<String>,
        startup: Startup,
        without: Option<Layer>,
    ) -> Result<Self, AttackRunError> {
        settings.judge.excerpt_bytes = SHOWN;
        let language = settings.judge.default_language.clone();
        match settings.languages.get_mut(&language) {
            Some(python) => python.startup = startup,
            None => return Err(AttackRunError::Language(language)),
        }
        let backend = open_backend(&settings.sandbox, &settings.worker.id)?.without(without.as_slice())?;
        backend.connect().await?;
        let plan = PoolPlan::new(&settings.sandbox, slots, settings.sandbox.warm_boxes.min(1));
        let pool = Arc::new(Pool::new(backend.into(), &plan));
        Ok(Self {
            judge: Judge::new(JudgeOptions::from(settings), Arc::clone(&pool), ProblemStore::empty()),
            pool,
            language,
            startup,
            without,
            time_factor: 1,
        })
    }

    /// The same, with time limits that are so many times as wide.
    #[must_use]
    pub fn with_time_factor(self, time_factor: u64) -> Self {
        Self { time_factor, ..self }
    }

    /// Runs an attack, beside a control submission if it is a noisy one, and checks its outcome. What it does to later
    /// submissions is not seen here but by [`AttackRun::group`].
    pub async fn run(&self, attack: &Attack, fixture: &AttackFixture) -> Outcome {
        let begun = Instant::now();
        let submission = fixture.submission(&self.language, &attack.program);
        let neighbour = async {
            match attack.category() {
                NOISY => Some(self.judge(&self.control_submission()).await),
                _ => None,
            }
        };
        let (judgement, neighbour) = tokio::join!(self.judge(&submission), neighbour);
        let mut broken = leaks(&judgement);
        if !self.expects(attack, judgement.verdict) {
            let message = judgement.message.as_deref().unwrap_or_default();
            broken.push(format!("the verdict is {} {message}", judgement.verdict));
        }
        broken.extend(fixture.damage().await);
        if let Some(control) = neighbour.filter(|control| control.verdict != Verdict::Ac) {
            broken.push(format!("a control submission beside it got {}", control.verdict));
        }
        Outcome {
            attack: attack.name.clone(),
            technique: attack.technique.clone(),
            without: self.without.clone(),
            startup: self.startup,
            verdict: judgement.verdict,
            held: broken.is_empty(),
            broken,
            ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Judges the control submission; gives the milliseconds that it took, or what went wrong.
    ///
    /// # Errors
    /// When the verdict is another one than `AC`.
    pub async fn control(&self) -> Result<u64, String> {
        let begun = Instant::now();
        let judgement = self.judge(&self.control_submission()).await;
        match judgement.verdict {
            Verdict::Ac => Ok(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)),
            verdict => Err(format!("{verdict} {}", judgement.message.unwrap_or_default())),
        }
    }

    /// What the control program is judged in, as its verdict shows it.
    ///
    /// # Errors
    /// When it cannot be judged.
    pub async fn sandbox(&self) -> Result<SandboxInfo, String> {
        let judgement = self.judge(&self.control_submission()).await;
        match judgement.verdict {
            Verdict::Ac => Ok(judgement.sandbox),
            verdict => Err(format!("{verdict} {}", judgement.message.unwrap_or_default())),
        }
    }

    /// What a control program, which attacks nothing, prints.
    ///
    /// # Errors
    /// When it does not come to its end.
    pub async fn output_of(&self, program: &str) -> Result<String, String> {
        let test = InlineTest {
            input: Some(String::new()),
            answer: Some(secret()),

            ..InlineTest::default()
        };
        let looking = patient(submission(&self.language, program.as_bytes(), vec![test]));
        let judgement = self.judge(&looking).await;
        match judgement.tests.into_iter().next() {
            Some(test) if test.verdict == Verdict::Wa => Ok(test.stdout.text),
            Some(test) => Err(format!("{} {}", test.verdict, test.stderr.text)),
            None => Err(judgement.message.unwrap_or_default()),
        }
    }

    fn control_submission(&self) -> Submission {
        control_submission(&self.language)
    }

    /// The language of the programs.
    pub(super) fn language(&self) -> &str {
        &self.language
    }

    /// Removes every box.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// With all layers one of the verdicts that the attack names; without one, whatever is not a success.
    fn expects(&self, attack: &Attack, verdict: Verdict) -> bool {
        match self.without {
            None => attack.verdicts.contains(&verdict) || (verdict == Verdict::Tle && is_heavy(attack)),
            Some(_) => !matches!(verdict, Verdict::Ac | Verdict::Je),
        }
    }

    /// A judge that rejects or fails under an attack has been stopped by it.
    pub(super) async fn judge(&self, submission: &Submission) -> Judgement {
        let attempt = Attempt::now();
        let mut submission = submission.clone();
        for limit in [&mut submission.limits.cpu_ms, &mut submission.limits.wall_ms] {
            *limit = limit.map(|ms| ms.saturating_mul(self.time_factor));
        }
        match self.judge.judge(&submission, &attempt, &|_progress| {}).await {
            Ok(judgement) => judgement,
            Err(JudgeFailure::Error(error)) => self.judge.judge_error(&submission, &attempt, &error),
            Err(JudgeFailure::Rejected(rejected)) => {
                let error = crate::judge::JudgeError::Internal(rejected.into());
                self.judge.judge_error(&submission, &attempt, &error)
            }
        }
    }
}

/// What works until it crashes or is stopped is stopped by the clock instead where the host is slow. That is no
/// success.
fn is_heavy(attack: &Attack) -> bool {
    let ends = [Verdict::Rte, Verdict::Mle, Verdict::Ole];
    attack.verdicts.iter().any(|verdict| ends.contains(verdict))
}

/// What the verdict document shows and must not show.
pub(super) fn leaks(judgement: &Judgement) -> Vec<String> {
    let mut broken = Vec::new();
    for test in &judgement.tests {
        if test.verdict == Verdict::Ac {
            broken.push(format!("test {} was passed without its answer being known", test.name));
        }
        broken.extend(visible_texts(test).flat_map(|text| leaks_in(&test.name, text)));
    }
    broken.dedup();
    broken
}

/// Everything that contestants see of a run. Its input and the answer are the judge's.
fn visible_texts(test: &TestVerdict) -> impl Iterator<Item = &str> {
    let texts = [&test.stdout.text, &test.stderr.text];
    texts.into_iter().chain(&test.checker_message).map(String::as_str)
}

fn leaks_in(test: &str, text: &str) -> Vec<String> {
    let mut leaks = Vec::new();
    if text.contains(SECRET_MARK) {
        leaks.push(format!("a secret came out in test {test}"));
    }
    for line in text.lines() {
        let line: String = line.chars().take(120).collect();
        if MARKERS.iter().any(|word| line.starts_with(word)) {
            leaks.push(format!("in test {test} it printed: {line}"));
        }
    }
    leaks
}
