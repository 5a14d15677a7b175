//! What is mounted in a box, in the order in which it is mounted.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use assize_jailer_protocol::{BoxRequest, WithoutLayer};

use crate::plan::Plan;
use crate::roots::Root;

/// A mount, or a symbolic link in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    source: Option<String>,
    target: String,
    kind: Kind,
    writable: bool,
    executable: bool,
    devices: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Bind,
    Link,
    Proc,
    Tmpfs(String),
}

/// Devices that read and write nothing of the host.
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

const LINKS: [(&str, &str); 4] = [
    ("/proc/self/fd", "/dev/fd"),
    ("/proc/self/fd/0", "/dev/stdin"),
    ("/proc/self/fd/1", "/dev/stdout"),
    ("/proc/self/fd/2", "/dev/stderr"),
];

/// Files below `/proc` that say something about the host, or about other boxes. Those that only root can read need no
/// mask, and take none.
const MASKED: [&str; 3] = ["/proc/keys", "/proc/latency_stats", "/proc/timer_list"];

/// What programs read to count CPUs and caches.
const CPUS: &str = "/sys/devices/system/cpu";

/// A few directories and links, and nothing more.
const SMALL: &str = "size=65536,nr_inodes=64,mode=0755";

/// Nothing can be made in it.
const NOTHING: &str = "size=4096,nr_inodes=1,mode=0555";

/// A directory of the box's control group, and where it is shown.
type Shown = (PathBuf, &'static str);

/// Everything that is mounted; `owned`: by the box's root, else by its only user.
pub(crate) fn mounts(plan: &Plan, root: &Root, shown: &[Shown], owned: bool) -> Vec<Mount> {
    let mut all = vec![
        Mount {
            writable: plan.leaves_out(WithoutLayer::ReadOnlyRoot),
            executable: true,
            ..bind(&root.path, "/")
        },
        Mount {
            // The runner says there which program goes first when memory is short.
            writable: true,
            ..Mount::of(Kind::Proc, "/proc")
        },
    ];
    all.extend(masks());
    all.push(tmpfs("/sys", SMALL, owned));
    all.extend(Path::new(CPUS).exists().then(|| bind(Path::new(CPUS), CPUS)));
    all.extend(shown.iter().map(|(directory, target)| bind(directory, target)));
    all.extend(devices(owned));
    all.extend(scratch(&plan.request, owned));
    all
}

/// What hides files below `/proc`.
fn masks() -> impl Iterator<Item = Mount> {
    let by_all = |file: &&str| fs::metadata(file).is_ok_and(|found| found.mode() & 0o004 != 0);
    MASKED.into_iter().filter(by_all).map(|file| Mount {
        devices: true,
        ..bind(Path::new("/dev/null"), file)
    })
}

/// `/dev`, and what is in it.
fn devices(owned: bool) -> Vec<Mount> {
    let mut all = vec![Mount {
        devices: true,
        ..tmpfs("/dev", SMALL, owned)
    }];
    all.extend(DEVICES.map(|name| device(&format!("/dev/{name}"))));
    all.extend(LINKS.map(|(to, target)| Mount {
        source: Some(to.to_owned()),
        ..Mount::of(Kind::Link, target)
    }));
    all.extend(["/dev/mqueue", "/dev/pts"].map(|target| tmpfs(target, NOTHING, owned)));
    all
}

/// Where a program may write.
fn scratch(request: &BoxRequest, owned: bool) -> [Mount; 3] {
    // It has room for the input of a program too, which is a file as large as one may be.
    let with_input = request.scratch_bytes.saturating_add(request.file_bytes);
    [
        ("/work", request.scratch_bytes),
        ("/tmp", request.scratch_bytes),
        ("/dev/shm", with_input),
    ]
    .map(|(target, bytes)| {
        let options = format!("size={bytes},nr_inodes={},mode=1777", request.scratch_inodes);
        Mount {
            writable: true,
            executable: target == "/work" && request.executable_work,
            ..tmpfs(target, &options, owned)
        }
    })
}

impl Mount {
    /// Read-only, without programs and without devices.
    fn of(kind: Kind, target: &str) -> Self {
        Self {
            source: None,
            target: target.to_owned(),
            kind,
            writable: false,
            executable: false,
            devices: false,
        }
    }
}

fn bind(source: &Path, target: &str) -> Mount {
    Mount {
        source: Some(source.display().to_string()),
        ..Mount::of(Kind::Bind, target)
    }
}

fn tmpfs(target: &str, options: &str, owned: bool) -> Mount {
    let owner = if owned { ",uid=0,gid=0" } else { "" };
    Mount::of(Kind::Tmpfs(format!("{options}{owner}")), target)
}

/// The host's own, as every box has them: through a mount that is read-only a device can be written to, and its times not be
/// changed, which would tell other boxes something.
fn device(path: &str) -> Mount {
    Mount {
        devices: true,
        ..bind(Path::new(path), path)
    }
}

/// As nsjail reads it.
impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mount {{ dst: \"{}\"", self.target)?;
        if let Some(source) = &self.source {
            write!(f, " src: \"{source}\"")?;
        }
        match &self.kind {
            Kind::Link => return write!(f, " is_symlink: true }}"),
            Kind::Bind => write!(f, " is_bind: true")?,
            Kind::Proc => write!(f, " fstype: \"proc\"")?,
            Kind::Tmpfs(options) => write!(f, " fstype: \"tmpfs\" options: \"{options}\"")?,
        }
        write!(
            f,
            " rw: {} noexec: {} nodev: {} nosuid: true }}",
            self.writable, !self.executable, !self.devices
        )
    }
}

#[cfg(test)]
mod tests {
    use assize_jailer_protocol::UseLimits;

    use super::*;
    use crate::settings::Settings;

    fn request(without: Vec<WithoutLayer>) -> BoxRequest {
        let limits = UseLimits {
            memory_bytes: 256 << 20,
            processes: 16,
        };
        BoxRequest {
            environment: "python3".to_owned(),
            limits,
            cpus: 1,
            cpuset: Vec::new(),
            scratch_bytes: 16 << 20,
            scratch_inodes: 256,
            executable_work: true,
            file_bytes: 1 << 20,
            open_files: 64,
            socket: true,
            without,
        }
    }

    #[test]
    fn what_other_boxes_and_the_host_have_too_is_mounted_read_only() {
        let mut settings = Settings::load(None, []).unwrap();
        settings.leave_out = WithoutLayer::ALL.to_vec();
        let directory = tempfile::tempdir().unwrap();
        let root = Root {
            path: directory.path().to_owned(),
            digest: "sha256:0".to_owned(),
        };
        for without in [Vec::new(), WithoutLayer::ALL.to_vec()] {
            let left_out = without.contains(&WithoutLayer::ReadOnlyRoot);
            let plan = Plan::of(request(without), &settings).unwrap();
            let shown = [(directory.path().to_owned(), "/sys/fs/cgroup")];
            let all = mounts(&plan, &root, &shown, true);
            let of_the_host = all.iter().filter(|mount| mount.kind == Kind::Bind);
            for mount in of_the_host.clone() {
                let is_left_out = left_out && mount.target == "/";
                assert_eq!(mount.writable, is_left_out, "{mount}");
            }
            let devices = of_the_host.filter(|mount| mount.target.starts_with("/dev/"));
            assert_eq!(devices.count(), DEVICES.len());
        }
    }
}
