//! The boxes of one submission: one after the other, a fresh one whenever there is doubt about the last.

use std::time::Duration;

use bytes::Bytes;

use crate::config::Settings;
use crate::judge::JudgeError;
use crate::judge::plan::Plan;
use crate::sandbox::{
    BoxError, BoxSpec, Input, LaunchError, Lifetime, LiveBox, PostMortem, PutFile, Sandbox, Session, SessionTimeouts,
};

/// Gives out a box that is ready for the next program, and keeps count of those that were lost.
#[derive(Debug)]
pub(super) struct Boxes<'a> {
    sandbox: &'a dyn Sandbox,
    settings: &'a Settings,
    plan: &'a Plan,
    spec: BoxSpec,
    current: Option<Session>,
    image: String,
    lost: u32,
}

impl<'a> Boxes<'a> {
    pub(super) fn new(sandbox: &'a dyn Sandbox, settings: &'a Settings, plan: &'a Plan) -> Self {
        let spec = BoxSpec {
            image: plan.language.image.clone(),
            memory_bytes: plan.limits.memory_bytes,
            // The runner is a process too.
            processes: plan.limits.processes + 1,
            cpus: settings.sandbox.cpus,
            scratch_bytes: settings.sandbox.scratch_bytes,
            scratch_inodes: settings.sandbox.scratch_inodes,
            executable_work: false,
            file_bytes: settings.limits.file_bytes,
            open_files: settings.limits.open_files,
            purpose: plan.id.to_string(),
        };
        Self {
            sandbox,
            settings,
            plan,
            spec,
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

    /// A box that holds the submission's files and no trace of a program that ran before.
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
        tracing::warn!(submission.id = %self.plan.id, during = purpose, lost = self.lost, %source, "a box was lost");
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
        let live = self.sandbox.launch(&self.spec).await?;
        self.image.clone_from(&live.image);
        let timeouts = SessionTimeouts {
            hello: Duration::from_millis(self.settings.sandbox.launch_timeout_ms),
            answer: Duration::from_millis(self.settings.sandbox.answer_timeout_ms),
        };
        Ok(open(live, timeouts, self.plan).await)
    }
}

/// A box with the submission's files.
async fn open(live: LiveBox, timeouts: SessionTimeouts, plan: &Plan) -> Result<Session, BoxError> {
    let mut session = Session::open(live, timeouts).await?;
    for file in &plan.files {
        let put = PutFile {
            path: file.name.clone(),
            lifetime: Lifetime::Kept,
            mode: 0o644,
        };
        session
            .put(put, Input::Bytes(Bytes::copy_from_slice(&file.content)))
            .await?;
    }
    Ok(session)
}

/// A box as it was before the program that ran in it.
async fn clean(mut session: Session) -> Result<Session, BoxError> {
    session.reset().await?;
    Ok(session)
}
