//! The machine's devices, as virtio numbers them, and the modules that drive them.

use std::fs::{self, File};

use rustix::system::finit_module;

use crate::error::{Doing as _, GuestError};

/// Where the kernel lists devices, on whatever bus they are.
const DEVICES: &str = "/sys/bus/virtio/devices";

/// Devices that are no PCI devices, such as Firecracker's. ACPI names them: this kernel takes none from its command line.
const BUS: &str = "virtio_mmio";

/// Kinds of devices (`linux/virtio_ids.h`).
const DISK: u32 = 2;
const ENTROPY: u32 = 4;
const SOCKETS: u32 = 19;

/// What the kernel does not have built in. Each module needs those before it.
const MODULES: [(u32, &[&str]); 3] = [
    (DISK, &["virtio_blk"]),
    (ENTROPY, &["virtio_rng"]),
    (
        SOCKETS,
        &[
            "vsock",
            "vmw_vsock_virtio_transport_common",
            "vmw_vsock_virtio_transport",
        ],
    ),
];

/// Loads the modules of all devices that are there.
pub(crate) fn drive() -> Result<(), GuestError> {
    load(BUS)?;
    for (kind, modules) in MODULES {
        if has(kind) {
            modules.iter().try_for_each(|name| load(name))?;
        }
    }
    Ok(())
}

/// Whether the worker is reached by sockets, and not by serial ports.
pub(crate) fn has_sockets() -> bool {
    has(SOCKETS)
}

fn has(kind: u32) -> bool {
    let entries = fs::read_dir(DEVICES).into_iter().flatten().flatten();
    let mut kinds = entries.filter_map(|entry| fs::read_to_string(entry.path().join("device")).ok());
    kinds.any(|text| number(&text) == Some(kind))
}

/// The kernel writes `0x0002`.
fn number(text: &str) -> Option<u32> {
    u32::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()
}

fn load(name: &str) -> Result<(), GuestError> {
    let loaded = File::open(format!("/modules/{name}.ko")).and_then(|file| Ok(finit_module(file, c"", 0)?));
    loaded.doing(|| format!("load the module {name}"))
}
