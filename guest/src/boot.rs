//! What is the same for every box: file systems of the kernel, modules, the disk with the box's root.

use std::fs::{self, File};
use std::path::Path;

use rustix::mount::{MountFlags, mount};
use rustix::system::finit_module;

use crate::error::{Doing as _, GuestError};
use crate::group;
use crate::waiting::wait_until;

/// Where the root of boxes is mounted.
pub(crate) const ROOT: &str = "/box";

/// The only disk.
const DISK: &str = "/dev/vda";

/// File systems of the kernel, and where they are.
const FILE_SYSTEMS: [(&str, &str); 4] = [
    ("devtmpfs", "/dev"),
    ("proc", "/proc"),
    ("sysfs", "/sys"),
    ("cgroup2", "/sys/fs/cgroup"),
];

/// What the kernel does not have built in. Each needs those before it.
const MODULES: [&str; 1] = ["virtio_blk"];

/// Prepares the guest up to where boxes differ.
pub(crate) fn boot() -> Result<(), GuestError> {
    let none = MountFlags::NOSUID | MountFlags::NOEXEC;
    for (kind, place) in FILE_SYSTEMS {
        fs::create_dir_all(place).doing(|| format!("make {place}"))?;
        mount(kind, place, kind, none, None).doing(|| format!("mount {kind}"))?;
    }
    MODULES.iter().try_for_each(|name| load(name))?;
    wait_until(|| Path::new(DISK).exists().then_some(())).doing(|| format!("find {DISK}"))?;
    fs::create_dir_all(ROOT).doing(|| format!("make {ROOT}"))?;
    let flags = MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV;
    mount(DISK, ROOT, "ext4", flags, None).doing(|| "mount the root of the box, which may be damaged".to_owned())?;
    group::enable_controllers()
}

fn load(name: &str) -> Result<(), GuestError> {
    let loaded = File::open(format!("/modules/{name}.ko")).and_then(|file| Ok(finit_module(file, c"", 0)?));
    loaded.doing(|| format!("load the module {name}"))
}
