//! Where control groups are mounted (`proc_pid_mountinfo(5)`, `cgroups(7)`).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

/// Mounted hierarchies.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    /// Where each controller of version 1 is.
    pub(super) controllers: BTreeMap<String, PathBuf>,
    two: Option<Mounted>,
}

/// A mounted hierarchy of version 2.
#[derive(Debug, Clone)]
pub(super) struct Mounted {
    pub(super) point: PathBuf,
    /// The group that is at the mount point.
    pub(super) root: String,
}

pub(super) fn read() -> io::Result<Mounts> {
    Ok(parse(&fs::read_to_string("/proc/self/mountinfo")?))
}

fn parse(text: &str) -> Mounts {
    let mut mounts = Mounts::default();
    for line in text.lines() {
        let Some((left, right)) = line.split_once(" - ") else {
            continue;
        };
        let mut fields = left.split(' ').skip(3);
        let (Some(root), Some(point)) = (fields.next(), fields.next()) else {
            continue;
        };
        let mut kind = right.split(' ');
        match (kind.next(), kind.nth(1)) {
            (Some("cgroup2"), _) => {
                mounts.two.get_or_insert(Mounted {
                    point: point.into(),
                    root: root.to_owned(),
                });
            }
            (Some("cgroup"), Some(options)) => {
                for option in options.split(',') {
                    mounts.controllers.entry(option.to_owned()).or_insert(point.into());
                }
            }
            _ => {}
        }
    }
    mounts
}

impl Mounts {
    /// The hierarchy of version 2, where it holds the controllers. On a host that has both, version 1 holds them.
    pub(super) fn version_2(&self) -> Option<&Mounted> {
        self.two
            .as_ref()
            .filter(|_mounted| !self.controllers.contains_key("memory"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_holds_the_controllers_is_found() {
        let both = "30 24 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n\
                    31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                    32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
        let mounts = parse(both);
        assert!(mounts.version_2().is_none());
        assert_eq!(
            mounts.controllers["cpuacct"],
            PathBuf::from("/sys/fs/cgroup/cpu,cpuacct")
        );
        let two = "30 24 0:26 /a /sys/fs/cgroup rw shared:4 - cgroup2 cgroup rw,nsdelegate\n";
        let mounted = parse(two).version_2().cloned().unwrap();
        assert_eq!((mounted.point, mounted.root.as_str()), ("/sys/fs/cgroup".into(), "/a"));
    }
}
