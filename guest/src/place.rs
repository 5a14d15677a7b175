//! What is mounted in a box. It is the same as behind every other wall, and `tests/backends/witness.txt` lists it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use assize_guest_protocol::StartOrder;
use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_bind, mount_change, mount_move, mount_remount};
use rustix::process::{chdir, chroot, umask};
use std::ffi::CString;

use crate::boot::ROOT;
use crate::error::{Doing as _, GuestError};
use crate::group::GROUP;

/// Devices that read and write nothing of the machine, by their numbers (`Documentation/admin-guide/devices.txt`).
const DEVICES: [(&str, u32); 5] = [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)];

/// The major number of them all.
const MEMORY_DEVICES: u32 = 1;

const LINKS: [(&str, &str); 4] = [
    ("/proc/self/fd", "fd"),
    ("/proc/self/fd/0", "stdin"),
    ("/proc/self/fd/1", "stdout"),
    ("/proc/self/fd/2", "stderr"),
];

/// Files below `/proc` that say something about the kernel, and that everyone could read.
const MASKED: [&str; 3] = ["keys", "latency_stats", "timer_list"];

/// What programs read to count CPUs and caches.
const CPUS: &str = "/sys/devices/system/cpu";

/// A few directories and links, and nothing more.
const SMALL: &str = "size=65536,nr_inodes=64,mode=0755";

/// Nothing can be made in it.
const NOTHING: &str = "size=4096,nr_inodes=1,mode=0555";

/// The three that a mount has unless it needs something.
const CLOSED: MountFlags = MountFlags::NOSUID.union(MountFlags::NODEV).union(MountFlags::NOEXEC);

/// Mounts everything, and makes it the root of this process.
pub(crate) fn enter(order: &StartOrder) -> Result<(), GuestError> {
    umask(Mode::empty());
    mount_change("/", MountPropagationFlags::REC | MountPropagationFlags::PRIVATE)
        .doing(|| "part its mounts from those of the guest".to_owned())?;
    mount("proc", inside("proc").as_str(), "proc", CLOSED, None).doing(|| "mount /proc".to_owned())?;
    devices()?;
    mask()?;
    system()?;
    writable(order)?;
    become_root().doing(|| "enter the root of the box".to_owned())?;
    umask(Mode::from_raw_mode(0o022));
    Ok(())
}

fn inside(place: &str) -> String {
    format!("{ROOT}/{place}")
}

fn tmpfs(place: &str, flags: MountFlags, options: &str) -> Result<(), GuestError> {
    let options = CString::new(options)
        .map_err(std::io::Error::other)
        .doing(|| "name options".to_owned())?;
    mount("tmpfs", inside(place).as_str(), "tmpfs", flags, options.as_c_str()).doing(|| format!("mount /{place}"))
}

fn devices() -> Result<(), GuestError> {
    let open = MountFlags::NOSUID | MountFlags::NOEXEC;
    let making = || "fill /dev".to_owned();
    tmpfs("dev", open, SMALL)?;
    for (name, minor) in DEVICES {
        let device = makedev(MEMORY_DEVICES, minor);
        let mode = Mode::from_raw_mode(0o666);
        mknodat(
            CWD,
            inside("dev/").as_str().to_owned() + name,
            FileType::CharacterDevice,
            mode,
            device,
        )
        .doing(making)?;
    }
    for (to, name) in LINKS {
        symlink(to, inside("dev/") + name).doing(making)?;
    }
    for empty in ["dev/mqueue", "dev/pts"] {
        fs::create_dir(inside(empty)).doing(making)?;
        tmpfs(empty, CLOSED | MountFlags::RDONLY, NOTHING)?;
    }
    fs::create_dir(inside("dev/shm")).doing(making)?;
    read_only("dev", open)
}

fn read_only(place: &str, flags: MountFlags) -> Result<(), GuestError> {
    let flags = flags | MountFlags::RDONLY | MountFlags::BIND;
    mount_remount(inside(place).as_str(), flags, "").doing(|| format!("close /{place}"))
}

fn bind(from: &str, place: &str, flags: MountFlags) -> Result<(), GuestError> {
    mount_bind(from, inside(place).as_str()).doing(|| format!("show {from} in the box"))?;
    read_only(place, flags)
}

fn mask() -> Result<(), GuestError> {
    for name in MASKED {
        let file = format!("proc/{name}");
        let by_all = fs::metadata(inside(&file)).is_ok_and(|found| found.mode() & 0o004 != 0);
        if by_all {
            bind(&inside("dev/null"), &file, MountFlags::NOSUID | MountFlags::NOEXEC)?;
        }
    }
    Ok(())
}

fn system() -> Result<(), GuestError> {
    tmpfs("sys", CLOSED, SMALL)?;
    let places = [CPUS, "/sys/fs/cgroup"].map(|place| place.trim_start_matches('/'));
    for place in places {
        fs::create_dir_all(inside(place)).doing(|| "fill /sys".to_owned())?;
    }
    if Path::new(CPUS).exists() {
        bind(CPUS, places[0], CLOSED)?;
    }
    bind(GROUP, places[1], CLOSED)?;
    read_only("sys", CLOSED)
}

fn writable(order: &StartOrder) -> Result<(), GuestError> {
    // It has room for the input of a program too, which is a file as large as one may be.
    let with_input = order.scratch_bytes.saturating_add(order.file_bytes);
    for (place, bytes) in [
        ("work", order.scratch_bytes),
        ("tmp", order.scratch_bytes),
        ("dev/shm", with_input),
    ] {
        let options = format!("size={bytes},nr_inodes={},mode=1777", order.scratch_inodes);
        let executable = place == "work" && order.executable_work;
        let flags = if executable {
            CLOSED - MountFlags::NOEXEC
        } else {
            CLOSED
        };
        tmpfs(place, flags, &options)?;
    }
    Ok(())
}

/// As `switch_root(8)` does it, for the first root cannot be exchanged with `pivot_root(2)`.
fn become_root() -> rustix::io::Result<()> {
    chdir(ROOT)?;
    mount_move(".", "/")?;
    chroot(".")?;
    chdir("/work")
}
