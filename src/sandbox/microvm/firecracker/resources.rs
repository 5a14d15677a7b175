//! What a machine consists of, in the words of Firecracker's API (`src/firecracker/swagger/firecracker.yaml` there): the
//! whole of what it is told, readable in one piece. A change here is a security review.

use std::path::Path;

use serde::Serialize;

use crate::sandbox::microvm::machine::{MachinePlan, SOCKETS};

/// What the kernel of a guest is told. Its console is the machine's log, for what is critical; it ends the machine where it
/// cannot go on, as a restart by the keyboard does, which is all that Firecracker has of one.
const KERNEL_LINE: &str = "console=ttyS0 8250.nr_uarts=1 i8042.noaux i8042.nomux i8042.dumbkbd quiet loglevel=3 \
                           panic=-1 reboot=k";

/// Of the addresses of guests the first three are taken (`vsock(7)`). Machines do not see each other's.
const ADDRESS: u32 = 3;

/// The name of the only disk.
pub(super) const DISK: &str = "root";

#[derive(Debug, Serialize)]
pub(super) struct MachineConfiguration {
    vcpu_count: u32,
    mem_size_mib: u64,
    smt: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct BootSource<'a> {
    kernel_image_path: &'a Path,
    initrd_path: &'a Path,
    boot_args: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Drive<'a> {
    drive_id: &'static str,
    path_on_host: &'a Path,
    is_root_device: bool,
    is_read_only: bool,
}

/// The path is one from the directory of the machine, so that each that is restored has a socket of its own.
#[derive(Debug, Serialize)]
pub(super) struct Vsock {
    guest_cid: u32,
    uds_path: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct EntropyDevice {}

#[derive(Debug, Serialize)]
pub(super) struct Action {
    action_type: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Vm {
    state: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct SnapshotCreate<'a> {
    snapshot_type: &'static str,
    snapshot_path: &'a Path,
    mem_file_path: &'a Path,
}

#[derive(Debug, Serialize)]
pub(super) struct SnapshotLoad<'a> {
    snapshot_path: &'a Path,
    mem_backend: MemoryBackend<'a>,
    resume_vm: bool,
}

#[derive(Debug, Serialize)]
struct MemoryBackend<'a> {
    backend_type: &'static str,
    backend_path: &'a Path,
}

/// Starts a machine that has been described.
pub(super) const START: Action = Action {
    action_type: "InstanceStart",
};

/// Stops the processors of a machine.
pub(super) const PAUSE: Vm = Vm { state: "Paused" };

/// The only way to the worker.
pub(super) const VSOCK: Vsock = Vsock {
    guest_cid: ADDRESS,
    uds_path: SOCKETS,
};

pub(super) fn machine_configuration(plan: &MachinePlan<'_>) -> MachineConfiguration {
    MachineConfiguration {
        vcpu_count: plan.cpus,
        mem_size_mib: plan.memory_bytes >> 20,
        smt: false,
    }
}

pub(super) fn boot_source<'a>(plan: &MachinePlan<'a>) -> BootSource<'a> {
    BootSource {
        kernel_image_path: &plan.kernel.image,
        initrd_path: &plan.kernel.initramfs,
        boot_args: KERNEL_LINE,
    }
}

/// The guest mounts it itself: it is no root device, since the first root of the kernel is the initramfs.
pub(super) fn disk<'a>(plan: &MachinePlan<'a>) -> Drive<'a> {
    Drive {
        drive_id: DISK,
        path_on_host: &plan.disk.file,
        is_root_device: false,
        is_read_only: true,
    }
}

pub(super) fn snapshot_create<'a>(devices: &'a Path, memory: &'a Path) -> SnapshotCreate<'a> {
    SnapshotCreate {
        snapshot_type: "Full",
        snapshot_path: devices,
        mem_file_path: memory,
    }
}

/// Pages of the file are mapped, and copied when the machine writes to them.
pub(super) fn snapshot_load<'a>(devices: &'a Path, memory: &'a Path) -> SnapshotLoad<'a> {
    SnapshotLoad {
        snapshot_path: devices,
        mem_backend: MemoryBackend {
            backend_type: "File",
            backend_path: memory,
        },
        resume_vm: true,
    }
}
