//! What a worker and the agent in a microVM say to each other. The agent is the first process of the guest, and no
//! program that is judged; what a runner says goes over a channel of its own.
//!
//! ```text
//! agent: Ready             the guest is up, and nothing runs in it yet
//! worker: Start            -> Started | Refused
//! worker: Resize | Examine -> Resized | Use | Refused
//! agent: Ended             the runner has ended; the guest turns itself off once the worker has read it
//! worker: TurnOff
//! ```

#![forbid(unsafe_code)]

mod frame;

use serde::{Deserialize, Serialize};

pub use frame::{FRAME_HEADER, FrameError, MOST_BYTES, body_length, decode, encode};

/// Version of what is said here; both ends have to be of the same.
pub const VERSION: u16 = 2;

/// The ports of the guest, from which the worker's two channels come.
pub mod port {
    /// Frames of worker and runner.
    pub const RUNNER: u32 = 1;
    /// What is said here.
    pub const AGENT: u32 = 2;
}

/// Bytes of fresh randomness that a guest is given.
pub const SEED_BYTES: usize = 64;

/// What a worker asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Start the runner. It is given once.
    Start(Box<StartOrder>),
    /// Give the box other limits.
    Resize(UseLimits),
    /// Say what was used.
    Examine,
    /// End everything.
    TurnOff,
}

/// What the box is to be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOrder {
    /// What can be changed later.
    pub limits: UseLimits,
    /// Space in each writable place, in bytes.
    pub scratch_bytes: u64,
    /// Files and directories in each of them.
    pub scratch_inodes: u64,
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Open descriptors of a process.
    pub open_files: u64,
    /// Whether programs in the work directory may be executed.
    pub executable_work: bool,
    /// Filters of system calls, in the order in which they are installed: instructions of eight bytes each.
    pub filters: Vec<Vec<u8>>,
    /// Time since 1970, in nanoseconds: a guest that was restored has an old clock.
    pub now_ns: u64,
    /// Fresh randomness of [`SEED_BYTES`]: guests that were restored from one template have the same.
    pub seed: Vec<u8>,
}

/// Limits of everything in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseLimits {
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// Processes and threads.
    pub processes: u64,
}

/// What an agent says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The guest is up.
    Ready {
        /// [`VERSION`] of the agent.
        version: u16,
    },
    /// The runner runs.
    Started,
    /// The limits are others.
    Resized,
    /// What was used.
    Use(BoxUse),
    /// The runner has ended.
    Ended(BoxUse),
    /// It was not done.
    Refused {
        /// What could not be done, and why.
        reason: String,
    },
}

/// What the control group of the box has counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxUse {
    /// Processes that were killed at the memory limit of the box.
    pub memory_kills: u64,
    /// Those that were killed for memory while the box had not come to its limit: the guest was short of it.
    pub memory_kills_by_guest: u64,
}
