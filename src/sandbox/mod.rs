//! Boxes: disposable sandboxes, and what can be asked of the runner inside them.
//!
//! A backend (one folder each) makes a box and gives back a byte stream in each direction and a way to destroy it.
//! What happens inside is the same runner speaking the same protocol whatever the wall; [`Session`] is the worker's half
//! of that protocol. It knows neither broker nor judge: a program's behaviour is a [`RunFacts`], never an error, and an
//! error is never a program's behaviour.

mod cpus;
mod docker;
mod host_fault;
mod layer;
mod open;
mod pauses;
mod pool;
mod session;
mod spec;

use std::fmt;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use thiserror::Error;
use tokio::io::AsyncWrite;

pub use assize_protocol::{
    Component, CpuTime, Ended, Fault, Fetched, Figure, Lifetime, MemoryPeak, Meters, PrepareRequest, Program, PutFile,
    RunFacts, RunLimits, RunRequest, Stopped, Stream, ZygoteRequest,
};
pub use cpus::{CpusError, Shares, share_out, stay_on};
pub use docker::{
    DockerProxy, DockerSandbox, DockerUnusable, EngineFacts, ImageFacts, ProxyError, ask_engine, ask_image, boxes_of,
    built_in_seccomp_profile, listen_at, reach_engine,
};
pub use host_fault::host_fault;
pub use layer::Layer;
pub use open::Patience;
pub use pauses::pauses;
pub use pool::{LeaseError, Pool, PoolPlan, Slot};
pub use session::{BoxError, Input, RunStreams, Session, SessionTimeouts};
pub use spec::{BoxSpec, Seat};

/// A wall that boxes can be put behind.
pub trait Sandbox: Send + Sync + fmt::Debug {
    /// What this backend is called in verdicts, such as `docker`.
    fn name(&self) -> &'static str;

    /// SHA-256 of the seccomp profile that its boxes run under.
    fn seccomp_digest(&self) -> &str;

    /// Makes a box and starts it.
    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>>;

    /// Gives the running box of this id the memory and the processes that `spec` asks for.
    fn fit<'a>(&'a self, id: &'a str, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>>;

    /// Removes what workers that died have left behind, never the box of a living one; gives the number of boxes.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>>;

    /// Removes the boxes that this process started, and waits until they are gone.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// A box that is running.
pub struct LiveBox {
    /// Name of the box in logs.
    pub id: String,
    /// Digest of the image it was made from.
    pub image: String,
    /// Bytes for the runner.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
    /// Bytes from the runner.
    pub output: BoxStream<'static, io::Result<Bytes>>,
    /// Ends it.
    pub keeper: Box<dyn BoxKeeper>,
}

impl fmt::Debug for LiveBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveBox")
            .field("id", &self.id)
            .field("image", &self.image)
            .finish_non_exhaustive()
    }
}

/// The end of a box. Dropping it destroys the box too, behind the caller's back.
pub trait BoxKeeper: Send + Sync {
    /// Why the box ended by itself, if it did.
    fn post_mortem(&self) -> BoxFuture<'_, PostMortem>;

    /// Destroys the box with everything in it.
    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()>;
}

/// What is known about a box that ended by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PostMortem {
    /// The kernel killed something in it for memory.
    pub out_of_memory: bool,
    /// Exit code of the runner, if it has ended.
    pub exit_code: Option<i64>,
    /// The host ended it: the backend is away, or was for a while.
    pub by_host: bool,
}

/// Boxes of dead workers that could not be looked for.
#[derive(Debug, Error)]
#[error("cannot look for the boxes of dead workers: {0}")]
pub struct SweepError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A box that could not be made.
#[derive(Debug, Error)]
pub enum LaunchError {
    /// The image is not there.
    #[error("the image {image} is not on this host; build the images with `make images` (docker/images.sh)")]
    ImageMissing {
        /// Name of the image.
        image: String,
    },
    /// The backend refused or did not answer.
    #[error("cannot {step} a box: {source}")]
    Backend {
        /// What was tried.
        step: &'static str,
        /// What the backend says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// One step took too long.
    #[error(
        "Docker did not {step} a box within {after:?}; it is overloaded, frozen or short of disk: look at `docker info`, \
         at its log, and at sandbox.docker.call_timeout_ms"
    )]
    Slow {
        /// What was tried.
        step: &'static str,
        /// How long it was waited for.
        after: std::time::Duration,
    },
    /// All steps together took too long.
    #[error("a box did not start within {0:?} (sandbox.launch_timeout_ms)")]
    Timeout(std::time::Duration),
}
