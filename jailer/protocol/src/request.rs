//! Requests of a worker, and the jailer's answers.

use serde::{Deserialize, Serialize};

use crate::Finding;

/// What a worker can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// What holds for all boxes.
    Facts,
    /// Which start of a jailer this is: with another one the facts may be others.
    Instance,
    /// Starts the one box of this connection.
    Start(BoxRequest),
    /// Gives the box of this connection other limits.
    Resize(UseLimits),
    /// Says how the box of this connection ended.
    PostMortem,
    /// Looks at the host, and at the root directories of these environments.
    Examine {
        /// Their names.
        environments: Vec<String>,
    },
    /// Removes what is left of boxes that have ended.
    Sweep,
}

/// The one answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// To [`Request::Facts`].
    Facts(Facts),
    /// To [`Request::Instance`]: another number for each start.
    Instance(u64),
    /// To [`Request::Start`], with the descriptors of the box.
    Started(Started),
    /// To [`Request::Resize`].
    Resized,
    /// To [`Request::PostMortem`].
    Ended(WayOfEnding),
    /// To [`Request::Examine`].
    Examined(Vec<Finding>),
    /// To [`Request::Sweep`]: boxes of which something was left.
    Swept(u64),
    /// To any: it was not done.
    Refused(Refusal),
}

/// What holds for all boxes of a jailer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Version of the jailer.
    pub version: String,
    /// The seccomp profile of boxes, in Docker's format.
    pub profile: String,
}

/// A box: what differs from one to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxRequest {
    /// What is in it, such as `python3`: the name of a root directory.
    pub environment: String,
    /// What it may use.
    pub limits: UseLimits,
    /// CPUs that it may keep busy, where it has none of its own.
    pub cpus: u32,
    /// Numbers of its own CPUs. Empty: any.
    pub cpuset: Vec<u32>,
    /// Space in each writable place, in bytes. It counts as memory.
    pub scratch_bytes: u64,
    /// Files and directories in each of them.
    pub scratch_inodes: u64,
    /// Whether programs in the work directory may be executed.
    pub executable_work: bool,
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Open descriptors of a process.
    pub open_files: u64,
    /// Its standard input and output are to be one socket, over which descriptors can be sent, in place of two pipes.
    /// Workers of the version before do not say it.
    #[serde(default)]
    pub socket: bool,
    /// Layers to leave out, for attacks on those that stay. A jailer allows it only where its own settings do.
    pub without: Vec<WithoutLayer>,
}

/// Limits that can be changed while a box runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseLimits {
    /// Memory of everything in the box, in bytes, without any swap.
    pub memory_bytes: u64,
    /// Processes and threads of everything in the box.
    pub processes: u64,
}

/// A layer of the wall that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutLayer {
    /// The filter of system calls around the box; the runner's own stays.
    Seccomp,
    /// The read-only root.
    ReadOnlyRoot,
}

impl WithoutLayer {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Seccomp, Self::ReadOnlyRoot];

    /// The word in settings and in headers of attacks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seccomp => "seccomp",
            Self::ReadOnlyRoot => "read_only_root",
        }
    }
}

/// A box that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Its name, which its control groups have too.
    pub id: String,
    /// Digest of its root directory, `sha256:` and hexadecimal digits.
    pub environment_digest: String,
}

/// How a box ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayOfEnding {
    /// Processes in it that the kernel killed at its memory limit.
    pub memory_kills: u64,
    /// Something outside of it ended nsjail, or the kernel killed something in it for the memory of others.
    pub ended_by_host: bool,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// There is no root directory of that name, or it cannot be used.
    NotInstalled,
    /// The request is above a bound, or makes no sense.
    Forbidden,
    /// All boxes together would have more than they may have. It can be done when some have ended. On a connection that was
    /// not asked for [`Request::Instance`] it is [`RefusalKind::Forbidden`], for workers of the version before.
    NoRoom,
    /// The host cannot do it.
    Unable,
}
