//! What a box has to be like.

use assize_protocol::ZygoteRequest;

/// What a box has to be like. A limit that a backend cannot enforce is an error, never a quiet fallback.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoxSpec {
    /// Image whose entry point is the runner.
    pub image: String,
    /// Memory of everything in the box, in bytes, without any swap.
    pub memory_bytes: u64,
    /// Processes and threads at once, the runner included.
    pub processes: u64,
    /// CPUs that it may keep busy.
    pub cpus: u32,
    /// Where among the worker's slots it runs.
    pub placement: SlotPlacement,
    /// Space in the work directory, and as much again in `/tmp`, in bytes. It counts as memory.
    pub scratch_bytes: u64,
    /// Files and directories in each of them.
    pub scratch_inodes: u64,
    /// Whether programs in the work directory may be executed: needed for compiled ones only.
    pub executable_work: bool,
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Open descriptors of a process.
    pub open_files: u64,
    /// The warm interpreter in it, if there is to be one.
    pub zygote: Option<ZygoteRequest>,
    /// What the box is for, such as a submission's id. It becomes a label.
    pub purpose: String,
}

/// Where a box runs. Boxes of one slot never run programs of two submissions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SlotPlacement {
    /// Number of the slot.
    pub slot: usize,
    /// CPUs of the slot, as in `cpuset(7)`. Empty: any.
    pub cpuset: String,
}

impl BoxSpec {
    /// The same box in a slot.
    #[must_use]
    pub fn at(self, placement: &SlotPlacement) -> Self {
        Self {
            placement: placement.clone(),
            ..self
        }
    }
}
