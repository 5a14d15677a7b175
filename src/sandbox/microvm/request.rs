//! A box in the terms of a guest.

use std::time::{SystemTime, UNIX_EPOCH};

use assize_guest_protocol::{Order, SEED_BYTES, StartOrder, UseLimits};
use uuid::Uuid;

use crate::sandbox::{BoxSpec, LaunchError};

/// What the kernel of a guest needs of its memory, beside the box: itself, its tables of pages, its first process. Tables
/// grow with the memory, by a 64th.
fn kernels_own(memory_bytes: u64) -> u64 {
    (96 << 20) + memory_bytes / 64
}

/// What a guest is told of a box.
pub(super) fn start_order(spec: &BoxSpec, filters: &[Vec<u8>]) -> Order {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Order::Start(Box::new(StartOrder {
        limits: limits(spec),
        scratch_bytes: spec.scratch_bytes,
        scratch_inodes: spec.scratch_inodes,
        file_bytes: spec.file_bytes,
        open_files: spec.open_files,
        executable_work: spec.executable_work,
        filters: filters.to_vec(),
        now_ns: u64::try_from(now.as_nanos()).unwrap_or(u64::MAX),
        seed: seed(),
    }))
}

/// What can be changed while a box runs.
pub(super) fn limits(spec: &BoxSpec) -> UseLimits {
    UseLimits {
        memory_bytes: spec.memory_bytes,
        processes: spec.all_processes(),
    }
}

/// A limit of memory that is larger than the machine would not hold.
pub(super) fn require_room(spec: &BoxSpec, machine_bytes: u64) -> Result<(), LaunchError> {
    let room = machine_bytes.saturating_sub(kernels_own(machine_bytes));
    if spec.memory_bytes <= room {
        return Ok(());
    }
    let needed = spec
        .memory_bytes
        .saturating_add(kernels_own(spec.memory_bytes.saturating_mul(2)));
    Err(LaunchError::Refused {
        step: "limit the memory of",
        remedy: format!("set sandbox.microvm.memory_bytes to {needed} or more"),
        source: format!(
            "memory_bytes = {} is more than the {room} that a machine of {machine_bytes} has for a box",
            spec.memory_bytes
        )
        .into(),
    })
}

/// Random bytes of the host's kernel: a UUID of version 4 has 122 random bits.
fn seed() -> Vec<u8> {
    let uuids = (0..SEED_BYTES / 16).flat_map(|_| Uuid::new_v4().into_bytes());
    uuids.collect()
}
