//! What differs from one box to the next.

/// How a runner gets its streams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Streams {
    /// By the daemon, which copies them.
    #[default]
    Daemon,
    /// By a socket in this directory of the host, which is mounted into the container. Empty: the proxy makes one.
    Socket(String),
}

/// A box, as a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerSpec {
    /// Image whose entry point is the runner.
    pub image: String,
    /// Memory of everything in the box, in bytes, without any swap.
    pub memory_bytes: u64,
    /// Processes and threads of everything in the box.
    pub processes: u64,
    /// CPUs that it may keep busy, where it has none of its own.
    pub cpus: u32,
    /// Which of the worker's users everything in the box belongs to. No two boxes that run at once have the same one.
    pub user: usize,
    /// CPUs of the slot, as in `cpuset(7)`. Empty: any.
    pub cpuset: String,
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
    /// What the box is for. It becomes a label.
    pub purpose: String,
    /// How the runner gets its streams.
    pub streams: Streams,
}
