//! Boxes of one kind, one after the other: a fresh one whenever there is doubt about the last.

use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::config::Settings;
use crate::judge::JudgeError;
use crate::sandbox::{
    BoxError, BoxSpec, Input, LaunchError, Lifetime, LiveBox, PostMortem, PutFile, Sandbox, Session, SessionTimeouts,
};

/// A box and what lies in it.
#[derive(Debug, Clone)]
pub(super) struct BoxPlan {
    pub(super) spec: BoxSpec,
    pub(super) files: Vec<BoxFile>,
}

/// A file that is there in every test.
#[derive(Debug, Clone)]
pub(super) struct BoxFile {
    /// Path below the work directory.
    pub(super) path: String,
    pub(super) content: Bytes,
    /// Permission bits.
    pub(super) mode: u32,
}

/// Gives out a box that is ready for the next program, and keeps count of those that were lost.
#[derive(Debug)]
pub(super) struct Boxes<'a> {
    sandbox: &'a dyn Sandbox,
    settings: &'a Settings,
    plan: BoxPlan,
    submission: Uuid,
    current: Option<Session>,
    image: String,
    lost: u32,
}

impl<'a> Boxes<'a> {
    pub(super) fn new(sandbox: &'a dyn Sandbox, settings: &'a Settings, submission: Uuid, plan: BoxPlan) -> Self {
        Self {
            sandbox,
            settings,
            plan,
            submission,
            current: None,
            image: String::new(),
            lost: 0,
        }
    }

    /// Settings of the worker.
    pub(super) fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Digest of the image that the boxes were made from; empty before the first one.
    pub(super) fn image(&self) -> String {
        self.image.clone()
    }

    /// A box that holds its files and no trace of a program that ran before.
    pub(super) async fn ready(&mut self, purpose: &str) -> Result<&mut Session, JudgeError> {
        loop {
            let prepared = match self.current.take() {
                Some(session) => clean(session).await,
                None => self.fresh().await?,
            };
            match prepared {
                Ok(session) => return Ok(self.current.insert(session)),
                Err(error) => self.count(error, purpose)?,
            }
        }
    }

    /// The current box is lost. Says why it ended, unless too many were lost.
    pub(super) async fn lose(&mut self, error: BoxError, purpose: &str) -> Result<PostMortem, JudgeError> {
        let post_mortem = match self.current.take() {
            Some(mut session) => session.post_mortem().await,
            None => PostMortem::default(),
        };
        if !post_mortem.out_of_memory {
            self.count(error, purpose)?;
        }
        Ok(post_mortem)
    }

    /// The current box is in doubt: the next program gets a fresh one.
    pub(super) fn retire(&mut self) {
        self.current = None;
    }

    fn count(&mut self, source: BoxError, purpose: &str) -> Result<(), JudgeError> {
        self.lost += 1;
        tracing::warn!(submission.id = %self.submission, during = purpose, lost = self.lost, %source, "a box was lost");
        if self.lost < self.settings.judge.box_attempts {
            return Ok(());
        }
        Err(JudgeError::Box {
            boxes: self.lost,
            during: purpose.to_owned(),
            source,
        })
    }

    async fn fresh(&mut self) -> Result<Result<Session, BoxError>, LaunchError> {
        let live = self.sandbox.launch(&self.plan.spec).await?;
        self.image.clone_from(&live.image);
        let timeouts = SessionTimeouts {
            hello: Duration::from_millis(self.settings.sandbox.launch_timeout_ms),
            answer: Duration::from_millis(self.settings.sandbox.answer_timeout_ms),
        };
        Ok(open(live, timeouts, &self.plan.files).await)
    }
}

/// A box with its files.
async fn open(live: LiveBox, timeouts: SessionTimeouts, files: &[BoxFile]) -> Result<Session, BoxError> {
    let mut session = Session::open(live, timeouts).await?;
    for BoxFile { path, content, mode } in files {
        let put = PutFile {
            path: path.clone(),
            lifetime: Lifetime::Kept,
            mode: *mode,
        };
        session.put(put, Input::Bytes(content.clone())).await?;
    }
    Ok(session)
}

/// A box as it was before the program that ran in it.
async fn clean(mut session: Session) -> Result<Session, BoxError> {
    session.reset().await?;
    Ok(session)
}
