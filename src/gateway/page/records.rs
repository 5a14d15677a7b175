//! What the page shows beyond what the routes of `/v1` know: lists, queues, workers, messages that are kept; and its sessions.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::SecuritySeverity;
use crate::gateway::EngineError;
use crate::store::{
    FindingRow, JudgedMinute, RevisionRow, StoredSubmission, SubmissionFilter, SubmissionList, WorkerRow,
};

/// What an operation of [`Records`] comes to.
pub type Recorded<'a, T> = BoxFuture<'a, Result<T, EngineError>>;

/// A place in a list that begins with the newest.
pub type Cursor = (Timestamp, Uuid);

/// A queue now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueFigure {
    /// Its name.
    pub name: String,
    /// What it is for, in a word.
    pub purpose: &'static str,
    /// Messages that wait; `None`: the queue is not there.
    pub waiting: Option<u32>,
    /// Who consumes it.
    pub consumers: Option<u32>,
}

/// Queues and workers now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fleet {
    /// The queues.
    pub queues: Vec<QueueFigure>,
    /// The workers.
    pub workers: Vec<WorkerRow>,
    /// What does not answer, and why.
    pub errors: Vec<String>,
}

/// Messages that are kept and not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Dead letters, which were given up.
    Dead,
    /// What cannot be judged as its sender wrote it.
    Rejected,
}

/// A message that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// Its id, or the digest of its body.
    pub id: String,
    /// A short word.
    pub code: String,
    /// For people.
    pub reason: String,
    /// Path of the offending field.
    pub field: Option<String>,
    /// Which worker keeps it.
    pub worker: Option<String>,
    /// Which attempt was the last one.
    pub attempt: Option<String>,
    /// When.
    pub died_at: Option<String>,
    /// What failed in its attempts, a line each.
    pub history: Vec<String>,
    /// The beginning of the message, which is untrusted.
    pub body: Vec<u8>,
    /// Length of the message.
    pub bytes: usize,
}

/// What is done with messages that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAction {
    /// They are sent to the queue again.
    Requeue,
    /// They are thrown away.
    Drop,
}

/// Knows what the page shows.
pub trait Records: Send + Sync {
    /// Whether there are queues and workers.
    fn has_fleet(&self) -> bool;

    /// Submissions, the newest first.
    fn submissions(&self, filter: SubmissionFilter) -> Recorded<'_, SubmissionList>;

    /// Everything that is known of one.
    fn submission(&self, id: Uuid) -> Recorded<'_, Option<StoredSubmission>>;

    /// The minutes of the last hour in which something was judged.
    fn minutes(&self) -> Recorded<'_, Vec<JudgedMinute>>;

    /// Revisions of a problem that something was judged against.
    fn revisions(&self, problem: String) -> Recorded<'_, Vec<RevisionRow>>;

    /// Security findings of these severities, the newest first.
    fn findings(
        &self,
        severities: &'static [SecuritySeverity],
        before: Option<Cursor>,
    ) -> Recorded<'_, Vec<FindingRow>>;

    /// Queues and workers.
    fn fleet(&self) -> BoxFuture<'_, Fleet>;

    /// The oldest messages that are kept, and how many there are.
    fn kept(&self, kept: Kept) -> Recorded<'_, (Vec<KeptLine>, usize)>;

    /// Does something with the messages of these ids; with how many.
    fn settle(&self, kept: Kept, ids: Vec<String>, action: KeptAction) -> Recorded<'_, usize>;

    /// Begins a session of an operator. Both digests are SHA-256: of what the cookie holds, and of the token.
    fn begin_session(&self, digest: [u8; 32], token: [u8; 32], lasts: Duration) -> Recorded<'_, ()>;

    /// Digest of the token of a session that has not expired.
    fn session(&self, digest: [u8; 32]) -> Recorded<'_, Option<[u8; 32]>>;

    /// Ends a session.
    fn end_session(&self, digest: [u8; 32]) -> Recorded<'_, ()>;
}
