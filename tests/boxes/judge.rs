//! What every test here needs: a judge whose boxes go away, and submissions with defaults.

use std::sync::Arc;

use assize::config::{self, Settings};
use assize::contract::{InlineTest, Judgement, Metadata, RequestedLimits, SourceFile, Submission, Target};
use assize::judge::{Judge, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::{Pool, share_out};
use jiff::Timestamp;
use uuid::Uuid;

/// Submissions that one test may judge at once.
const SLOTS: usize = 2;

/// A judge and its boxes.
pub(crate) struct JudgeFixture {
    judge: Judge,
    pool: Arc<Pool>,
}

impl JudgeFixture {
    pub(crate) async fn open() -> Self {
        Self::with(|_settings| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = config::load(None).unwrap();
        settings.problems.directory = "examples".into();
        change(&mut settings);
        let slots = share_out(&settings.sandbox, SLOTS).unwrap().slots;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0).await;
        let problems = ProblemStore::open(&settings.problems).unwrap();
        let pool = Arc::new(pool.expect("these tests need Docker; see README, Tests"));
        Self {
            judge: Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems),
            pool,
        }
    }

    pub(crate) async fn judge(&self, submission: &Submission) -> Judgement {
        self.judge
            .judge(submission, Timestamp::now(), &|_progress| {})
            .await
            .unwrap()
    }

    /// Waits until every box is gone.
    pub(crate) async fn close(self) {
        self.pool.close().await;
    }
}

/// One file, one test whose answer is `answer`, short limits.
pub(crate) fn submission(source: &str, input: &str, answer: &str) -> Submission {
    let test = InlineTest {
        name: None,
        input: input.to_owned(),
        answer: Some(answer.to_owned()),
    };
    Submission {
        id: Uuid::new_v4(),
        language: "python3".to_owned(),
        files: vec![SourceFile {
            name: "main.py".to_owned(),
            content: source.as_bytes().to_vec(),
        }],
        entry_point: None,
        target: Target::Inline {
            tests: vec![test],
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
