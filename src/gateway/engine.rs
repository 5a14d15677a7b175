//! The trait behind the routes: what takes submissions and has their answers.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use thiserror::Error;
use uuid::Uuid;

use crate::contract::{
    CallbackTarget, KeptProblem, ProblemInfo, ReadSubmission, Rejected, ServiceStatus, Submission, SubmissionFilter,
    SubmissionPage, TestSet, TestSetHash, TestSetInfo, TestSetKind,
};
use crate::gateway::{Entry, KeySecret, Place};
use crate::store::CpuMinute;

/// A submission that a site hands in.
#[derive(Debug)]
pub struct Order {
    /// What is to be judged.
    pub read: ReadSubmission,
    /// The site that hands it in.
    pub site: Arc<str>,
    /// Where its answer is to be sent.
    pub callback: Option<CallbackTarget>,
    /// Whether its CPU time is counted for the site.
    pub is_charged: bool,
    /// Its place among those that the site may have in flight, until it is counted as one of them.
    pub place: Place,
}

/// Whether a submission is judged before what may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A person or a program waits for it.
    Now,
    /// It is one of many, and may wait behind others.
    Bulk,
}

/// A submission that is to be judged once more.
#[derive(Debug)]
pub struct Rejudge {
    /// The submission.
    pub id: Uuid,
    /// The request, by its UUID; the same one again is the same request.
    pub request: Uuid,
    /// The site that asks for it, which may have only so many in flight.
    pub site: Arc<str>,
    /// Whether it may wait.
    pub urgency: Urgency,
    /// Whether its CPU time is counted for the site.
    pub is_charged: bool,
    /// Its place among those that the site may have in flight, until it is counted as one of them.
    pub place: Place,
}

/// Who sends a package.
#[derive(Debug, Clone)]
pub struct PackageSender {
    /// The site.
    pub site: Arc<str>,
    /// It may replace what another one has put.
    pub may_replace_all: bool,
}

/// Why a submission was not taken, or its state is not known.
#[derive(Debug, Error)]
pub enum EngineError {
    /// It cannot be judged.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// Too many wait already.
    #[error("too many submissions wait already, {waiting} of them; send it again in a while")]
    Busy {
        /// How many.
        waiting: usize,
        /// What was handed in, which may be handed in again as it is.
        order: Box<Order>,
    },
    /// The program of the submission is not kept, or not any longer.
    #[error("{0}")]
    NotKept(&'static str),
    /// The program of the submission is kept in a form that this version does not know.
    #[error("the submission is kept in a form that cannot be read by this version ({0}); send it once more")]
    Unreadable(String),
    /// A package that cannot be judged, and why.
    #[error("{0}")]
    Package(String),
    /// There is nowhere to keep it.
    #[error("{0}")]
    CannotKeep(String),
    /// It is another site's.
    #[error("{0}")]
    Forbidden(String),
    /// Another call sends the same request, or did a moment ago.
    #[error("the same request is being sent at this moment; the request can be sent again in a while")]
    BeingSent,
    /// Something that is needed is away.
    #[error("{0}; the request can be sent again in a while")]
    Unavailable(String),
}

/// Takes submissions and has their answers.
pub trait Engine: Send + Sync {
    /// Takes a submission. One whose id and content are known is the same one.
    fn submit(&self, order: Order) -> BoxFuture<'_, Result<Arc<Entry>, EngineError>>;

    /// A submission that was taken, by any service.
    fn find(&self, id: Uuid) -> BoxFuture<'_, Result<Option<Arc<Entry>>, EngineError>>;

    /// The same submission, if this site has handed it in before. Its answer is had whatever has become of its problem.
    fn taken_before<'a>(
        &'a self,
        submission: &'a Submission,
        site: &'a str,
    ) -> BoxFuture<'a, Result<Option<Arc<Entry>>, EngineError>>;

    /// The secret of which the ids of submissions with an `Idempotency-Key` are made, the same of all services that share their
    /// submissions. Where they are in memory, it is drawn by the process, too, and gone with it.
    fn key_secret(&self) -> BoxFuture<'_, Result<KeySecret, EngineError>> {
        static OF_THE_PROCESS: LazyLock<KeySecret> = LazyLock::new(KeySecret::draw);
        async { Ok(OF_THE_PROCESS.clone()) }.boxed()
    }

    /// How many of these submissions the site has handed in before.
    fn count_taken(&self, ids: Vec<Uuid>, site: Arc<str>) -> BoxFuture<'_, Result<usize, EngineError>>;

    /// How many of these submissions were asked for with this request before, to be judged once more.
    fn count_rejudged(&self, ids: Vec<Uuid>, request: Uuid) -> BoxFuture<'_, Result<usize, EngineError>>;

    /// A page of the submissions that are wanted, the newest first.
    fn list(&self, filter: SubmissionFilter) -> BoxFuture<'_, Result<SubmissionPage, EngineError>>;

    /// Asks for a submission not to be judged any further: the first time, or once more. Whether anything of it is under way.
    fn cancel(&self, id: Uuid, reason: Option<String>) -> BoxFuture<'_, Result<bool, EngineError>>;

    /// Has the answer of a submission sent nowhere. What is on its way already still arrives.
    fn forget_callback(&self, id: Uuid) -> BoxFuture<'_, Result<(), EngineError>>;

    /// Has a submission judged once more; the same request again is the same one.
    fn rejudge(&self, wanted: Rejudge) -> BoxFuture<'_, Result<(), EngineError>>;

    /// How far a submission has come that this service sent to be judged once more, until that has ended.
    fn rejudging(&self, id: Uuid) -> Option<Arc<Entry>>;

    /// How many submissions wait before this one, where that is known.
    fn place<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Option<u64>>;

    /// Submissions of a site that wait or run, those that are judged once more included, as far as `most`. Where there would
    /// be no room for `more`, none is counted that has ended.
    fn in_flight(&self, site: Arc<str>, more: usize, most: usize) -> BoxFuture<'_, Result<usize, EngineError>>;

    /// CPU time that submissions of a site have used within the last hour, as far as it is counted; the oldest minute first.
    fn cpu_used(&self, site: Arc<str>) -> BoxFuture<'_, Result<Vec<CpuMinute>, EngineError>>;

    /// Whether submissions can be taken.
    fn ready(&self) -> BoxFuture<'_, Result<(), EngineError>>;

    /// How the service is.
    fn status(&self) -> BoxFuture<'_, Result<ServiceStatus, EngineError>>;
}

/// A test set that a site uploads.
#[derive(Debug, Clone)]
pub struct UploadedTestSet {
    /// The site.
    pub site: Arc<str>,
    /// What it is.
    pub set: Arc<TestSet>,
    /// The bytes that came.
    pub content: Bytes,
}

/// A test set that a site has uploaded.
#[derive(Debug, Clone)]
pub struct FoundTestSet {
    /// The document about it.
    pub info: TestSetInfo,
    /// What its tests do.
    pub kind: TestSetKind,
    /// The set itself, where submissions are judged in this process.
    pub set: Option<Arc<TestSet>>,
}

/// Test sets that sites have uploaded. Each site has its own.
pub trait TestSets: Send + Sync {
    /// Keeps one; whether it is new.
    fn keep(&self, uploaded: UploadedTestSet) -> BoxFuture<'_, Result<bool, EngineError>>;

    /// One that the site has uploaded, which counts as used now.
    fn find(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<Option<FoundTestSet>, EngineError>>;

    /// Removes one of the site; whether there was one.
    fn remove(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<bool, EngineError>>;
}

/// What can be asked for.
pub trait Catalog: Send + Sync {
    /// Ids of all problems, in order.
    fn problems(&self) -> BoxFuture<'_, Result<Vec<String>, EngineError>>;

    /// A problem; `None` when there is none of this id.
    fn problem(&self, id: String) -> BoxFuture<'_, Result<Option<ProblemInfo>, EngineError>>;

    /// A file without a name, for a package of a problem that could be kept.
    fn package_file(&self, id: String, sender: PackageSender) -> BoxFuture<'_, Result<File, EngineError>>;

    /// Gives the disk of these files room, as far as packages on it can be had again.
    fn clear_cache(&self) -> BoxFuture<'_, ()>;

    /// Keeps a zip archive as the newest revision of a problem, if it is a package that can be judged.
    fn keep_package(
        &self,
        id: String,
        sender: PackageSender,
        archive: File,
    ) -> BoxFuture<'_, Result<KeptProblem, EngineError>>;

    /// What is in an environment with its versions, once that is known.
    fn versions(&self, environment: &str) -> Option<BTreeMap<String, String>>;
}
