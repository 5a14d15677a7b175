//! A box that is running, and what its backend can do with it.

use std::fmt;
use std::io;
use std::path::Path;

use futures::future::BoxFuture;

use crate::sandbox::{BoxInput, BoxOutput, BoxSpec, LaunchError};

/// The work directory of every box with a root directory of its own.
const WORK: &str = "/work";

/// A box that is running.
pub struct LiveBox {
    /// Name of the box in logs.
    pub id: String,
    /// Digest of what its environment was resolved to, such as that of an image.
    pub environment_digest: String,
    /// Bytes for the runner.
    pub input: BoxInput,
    /// Bytes from the runner.
    pub output: BoxOutput,
    /// Changes and ends it.
    pub handle: Box<dyn BoxHandle>,
}

impl fmt::Debug for LiveBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveBox")
            .field("id", &self.id)
            .field("environment_digest", &self.environment_digest)
            .finish_non_exhaustive()
    }
}

/// The backend's side of a box. Dropping it destroys the box too, behind the caller's back.
pub trait BoxHandle: Send + Sync {
    /// The work directory, as programs in the box see it.
    fn work(&self) -> &Path {
        Path::new(WORK)
    }

    /// Gives the box the memory and the processes that `spec` asks for.
    fn resize<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>>;

    /// Counts from outside what the runner cannot count from inside; `None` where it can.
    fn meter(&self) -> Option<&dyn BoxMeter>;

    /// Why the box ended by itself, if it did.
    fn post_mortem(&self) -> BoxFuture<'_, PostMortem>;

    /// Destroys the box with everything in it.
    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()>;
}

/// A counter outside of a box.
pub trait BoxMeter: Send + Sync {
    /// Processes of the box that the kernel has killed for memory so far. It only grows.
    ///
    /// # Errors
    /// When the counter cannot be read: it is never taken for 0.
    fn memory_kills(&self) -> io::Result<u64>;
}

/// Why a box ended by itself, as far as its backend knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PostMortem {
    /// The kernel killed something in it at its memory limit.
    OutOfMemory,
    /// The kernel killed something in it for memory; its backend cannot tell whether that was at its limit, or for the memory
    /// of others.
    KilledForMemory,
    /// The host ended it: the backend is away, or was for a while, or the host was short of memory.
    EndedByHost,
    /// Nothing of the kind. What ran in it may have broken it.
    #[default]
    Unexplained,
}
