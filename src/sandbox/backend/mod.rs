//! What can wall a box in, whatever it is.
//!
//! ```text
//! open_backend(settings) -> Backend --launch--> LiveBox { input, output, BoxHandle }
//! ```
//!
//! A backend makes a box and gives back a byte stream in each direction and a handle. What happens inside is the same
//! runner speaking the same protocol. Nothing outside a backend's own folder knows how it makes its boxes, and only
//! `open` knows which backends there are.

mod check;
mod error;
mod layer;
mod live;
mod open;
mod streams;

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::sandbox::BoxSpec;
pub use check::{Check, CheckState};
pub use error::{BackendError, BoxedError, LaunchError, SweepError};
pub use layer::Layer;
pub use live::{BoxHandle, BoxMeter, LiveBox, PostMortem};
pub use open::{WrongSetting, check_settings, open_backend, wait_until_usable};
pub(in crate::sandbox) use streams::of_socket;
pub use streams::{BoxInput, BoxOutput};

/// What makes boxes.
pub trait Backend: Send + Sync + fmt::Debug {
    /// What holds for all its boxes. The runtime is known once [`Backend::connect`] has succeeded.
    fn facts(&self) -> BackendFacts;

    /// Makes sure that boxes can be made here, with the limits that they need. Nothing is launched before that is sure. It is
    /// asked for once more now and then: what makes the boxes may be another than it was. Where that is nothing
    /// but programs and files of this host, as with virtual machines, a backend answers what it found once.
    ///
    /// # Errors
    /// [`BackendError::Away`] where it may come back by itself, else what has to be changed.
    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>>;

    /// Makes a box and starts it.
    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>>;

    /// Removes what workers that died have left behind, never the box of a living one; gives the number of boxes.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>>;

    /// Removes the boxes that this process started, and waits until they are gone.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// Checks the backend, its host and these environments, without starting a box. One that is away is a failed check.
    fn examine<'a>(&'a self, environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>>;

    /// The same backend with layers left out of every box that is made from now on: for attacks on those that stay,
    /// never for judging.
    ///
    /// # Errors
    /// When it has no such layer, see [`BackendFacts::layers`].
    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError>;
}

/// What holds for all boxes of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendFacts {
    /// What it is called in settings and verdicts, such as `docker`.
    pub name: &'static str,
    /// The program that makes the boxes, such as `runc`; empty while it is not known.
    pub runtime: String,
    /// What stands between a program and the host.
    pub isolation: Isolation,
    /// Whether memory and processes of a box that runs can be changed.
    pub resizes: bool,
    /// Whether a box that uses more memory than its specification allows is stopped by the kernel.
    pub limits_memory: bool,
    /// Whether the kernel refuses more processes than the specification allows.
    pub limits_processes: bool,
    /// Whether a box can be sent descriptors of files in memory of this worker, whose user is another one than that of the box.
    pub borrows_inputs: bool,
    /// SHA-256 of the filter of system calls that the backend puts around a box, in hexadecimal; the runner's own filter is
    /// not counted.
    pub filter: Option<String>,
    /// Digest of the kernel that boxes have, such as `sha256:4beab6…`, where it is not the host's; known once
    /// [`Backend::connect`] has succeeded.
    pub kernel: Option<String>,
    /// Layers that can be left out, for attacks on the others.
    pub layers: Vec<Layer>,
    /// How often [`Backend::sweep`] has something to do.
    pub sweep_every: Duration,
}

/// How often boxes of workers that died are looked for, where nothing asks for more.
pub const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// How long after the end of its programs a verdict takes to be stored and published, on a machine that is not busy. What
/// nothing waits for, as a box to be made or removed, is put off until then.
pub const SETTLES_WITHIN: Duration = Duration::from_millis(20);

/// What stands between a program and the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Namespaces, control groups and filters of the host's own kernel.
    Container,
    /// A kernel of its own, in a virtual machine.
    Machine,
    /// Nothing but what the runner does itself. For tests.
    None,
}

impl Isolation {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Machine => "virtual machine",
            Self::None => "none",
        }
    }
}
