//! What a box has to be like.

use assize_protocol::{RUNNER_PROCESSES, ZYGOTE_PROCESSES, ZygoteRequest};

/// What a box has to be like. A limit that a backend cannot enforce is an error, never a quiet fallback.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoxSpec {
    /// What is in it, such as `python3`: a name that the backend resolves to an image, a root directory or a disk.
    pub environment: String,
    /// Whose programs run in it.
    pub role: BoxRole,
    /// Memory of everything in the box, in bytes, without any swap.
    pub memory_bytes: u64,
    /// Processes and threads of programs at once. What the runner and a zygote need comes on top, see
    /// [`BoxSpec::all_processes`].
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

/// Whose programs a box runs. The two share nothing: no network namespace, no user, nothing that the kernel counts per
/// user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BoxRole {
    /// The contestant's.
    #[default]
    Submission,
    /// The problem author's.
    Validator,
}

impl BoxSpec {
    /// Processes and threads of everything in the box.
    pub fn all_processes(&self) -> u64 {
        let zygote = if self.zygote.is_some() { ZYGOTE_PROCESSES } else { 0 };
        self.processes + RUNNER_PROCESSES + zygote
    }

    /// The same box in a slot.
    #[must_use]
    pub fn at(self, placement: &SlotPlacement) -> Self {
        Self {
            placement: placement.clone(),
            ..self
        }
    }
}
