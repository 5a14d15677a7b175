//! A judge whose boxes go away, and Python submissions with short limits, for tests on any backend.

use std::sync::Arc;

use assize::config::{self, LanguageSettings, Settings};
use assize::contract::{InlineTest, Judgement, Metadata, RequestedLimits, SourceFile, Submission, Target};
use assize::judge::{Attempt, Judge, JudgeFailure, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::Pool;
use uuid::Uuid;

/// A judge and its boxes.
pub(crate) struct JudgeFixture {
    pub(crate) judge: Judge,
    pool: Arc<Pool>,
}

impl JudgeFixture {
    /// A judge of these problems, in boxes of this pool.
    pub(crate) fn of(settings: &Settings, pool: Arc<Pool>, problems: ProblemStore) -> Self {
        Self {
            judge: Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems),
            pool,
        }
    }

    /// The judgement of a submission that can be judged.
    pub(crate) async fn judge(&self, submission: &Submission) -> Judgement {
        self.try_to_judge(submission).await.unwrap()
    }

    pub(crate) async fn try_to_judge(&self, submission: &Submission) -> Result<Judgement, JudgeFailure> {
        self.judge.judge(submission, &Attempt::now(), &|_progress| {}).await
    }

    /// Waits until every box is gone.
    pub(crate) async fn close(self) {
        self.pool.close().await;
    }
}

/// The language of [`submission`].
pub(crate) fn python(settings: &mut Settings) -> &mut LanguageSettings {
    let name = settings.judge.default_language.clone();
    settings.languages.get_mut(&name).unwrap()
}

/// One Python file, and tests with their answers.
pub(crate) fn submission(source: &str, tests: &[(&str, &str)]) -> Submission {
    let tests = tests.iter().map(|(input, answer)| InlineTest {
        input: Some((*input).to_owned()),
        answer: Some((*answer).to_owned()),

        ..InlineTest::default()
    });
    Submission {
        id: Uuid::new_v4(),
        language: config::load(None).unwrap().judge.default_language,
        files: vec![SourceFile {
            name: "main.py".to_owned(),
            content: source.as_bytes().to_vec(),
        }],
        entry_point: None,
        target: Target::Inline {
            tests: tests.collect(),
            validator_flags: Vec::new(),
        },
        limits: RequestedLimits {
            cpu_ms: Some(1000),
            wall_ms: Some(2500),
            memory_bytes: Some(128 << 20),
            output_bytes: Some(1 << 20),
            processes: Some(32),
        },
        stop_on_first_failure: None,
        rejudge: None,
        metadata: Metadata::new(),
    }
}
