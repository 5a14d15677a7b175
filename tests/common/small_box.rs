//! The box of a small program.

use assize::sandbox::{BoxRole, BoxSpec, SlotPlacement};

/// A box with room for small programs.
pub(crate) fn small_box() -> BoxSpec {
    BoxSpec {
        environment: "python3".to_owned(),
        role: BoxRole::Submission,
        memory_bytes: 128 << 20,
        processes: 16,
        cpus: 1,
        placement: SlotPlacement::default(),
        scratch_bytes: 16 << 20,
        scratch_inodes: 256,
        executable_work: false,
        file_bytes: 8 << 20,
        open_files: 64,
        zygote: None,
        purpose: "a test".to_owned(),
    }
}
