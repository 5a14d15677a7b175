//! What is the same for every box: file systems of the kernel, modules, the disk with the box's root.

use std::fs;
use std::path::Path;

use rustix::mount::{MountFlags, mount};

use crate::error::{Doing as _, GuestError};
use crate::waiting::wait_until;
use crate::{devices, group};

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

/// Prepares the guest up to where boxes differ.
pub(crate) fn boot() -> Result<(), GuestError> {
    let none = MountFlags::NOSUID | MountFlags::NOEXEC;
    for (kind, place) in FILE_SYSTEMS {
        fs::create_dir_all(place).doing(|| format!("make {place}"))?;
        mount(kind, place, kind, none, None).doing(|| format!("mount {kind}"))?;
    }
    devices::drive()?;
    wait_until(|| Path::new(DISK).exists().then_some(())).doing(|| format!("find {DISK}"))?;
    fs::create_dir_all(ROOT).doing(|| format!("make {ROOT}"))?;
    let flags = MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV;
    mount(DISK, ROOT, "ext4", flags, None).doing(|| "mount the root of the box, which may be damaged".to_owned())?;
    group::enable_controllers()
}
