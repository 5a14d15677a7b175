//! A judge in real boxes.

use std::sync::Arc;

use assize::config::{self, Settings};
use assize::contract::Submission;
use assize::problem::ProblemStore;
use assize::sandbox::{Pool, share_out};
use futures::{StreamExt as _, stream};

use crate::cheapest_wall::nsjail_socket;
pub(crate) use crate::judging::{JudgeFixture, python};

/// Submissions that one test may judge at once.
const SLOTS: usize = 2;

impl JudgeFixture {
    /// In boxes of Docker.
    pub(crate) async fn open() -> Self {
        Self::with(|_settings| {}).await
    }

    /// For tests of what is the same behind every wall.
    pub(crate) async fn behind_the_cheapest_wall() -> Self {
        Self::behind_the_cheapest_wall_with(|_settings| {}).await
    }

    /// Likewise, with other settings.
    pub(crate) async fn behind_the_cheapest_wall_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::with(|settings| {
            change(settings);
            if let Some(socket) = nsjail_socket() {
                "nsjail".clone_into(&mut settings.sandbox.backend);
                socket.clone_into(&mut settings.sandbox.nsjail.socket);
            }
        })
        .await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = config::load(None).unwrap();
        settings.problems.directory = "examples".into();
        change(&mut settings);
        let slots = share_out(&settings.sandbox, SLOTS).unwrap().slots;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0).await;
        let pool = pool.expect("these tests need Docker; see README, Tests");
        let problems = ProblemStore::open(&settings.problems).unwrap();
        Self::of(&settings, Arc::new(pool), problems)
    }

    /// Judges them all, some at once, and fails with what is said of those that are wrong.
    pub(crate) async fn none_is_wrong<T>(self, all: &[T], said_of: impl AsyncFn(&Self, &T) -> Option<String>) {
        let said = stream::iter(all).map(|one| said_of(&self, one)).buffer_unordered(SLOTS);
        let wrong: Vec<String> = said.filter_map(std::future::ready).collect().await;
        self.close().await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

/// One Python file, one test whose answer is `answer`.
pub(crate) fn submission(source: &str, input: &str, answer: &str) -> Submission {
    crate::judging::submission(source, &[(input, answer)])
}
