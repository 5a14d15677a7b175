//! Which OCI runtime makes the containers, and what is known of it as a wall.

use bollard::models::{SystemInfo, SystemInfoCgroupVersionEnum};

use crate::config::DockerSettings;
use crate::sandbox::BackendError;

/// Why no box is made by gVisor.
const OPENS_THE_RUNNER: &str = "is gVisor, in which a program opens the descriptors of the judge's own process";

/// Why no box is made by crun on a host with control groups of version 1.
const KEEPS_A_DIRECTORY: &str =
    "is crun on control groups of version 1, where every program can write to /sys/fs/cgroup and the next one reads it";

/// Why no box is made by a runtime that could be any.
const SAYS_NOTHING: &str = "is configured by a runtimeType, of which the daemon does not say what it is: name the shim \
    itself, such as io.containerd.kata.v2";

/// Parts of the names of gVisor, as a program and as a shim of containerd.
const GVISOR: [&str; 2] = ["runsc", "gvisor"];

/// The runtime of boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runtime {
    /// Its name for the daemon.
    pub(super) name: String,
    pub(super) support: Support,
}

/// What is known of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Support {
    /// The attacks were made in its boxes, and held.
    Tried,
    /// Nothing.
    Untried,
    /// Attacks got through: what it is, and what it does not keep from a program.
    Unsafe(&'static str),
}

/// What to use instead.
pub(super) const REMEDY: &str =
    "set sandbox.docker.runtime to runc, and run the worker in a virtual machine for a kernel of its own";

impl Runtime {
    /// The one that the settings name, or the daemon's own choice.
    pub(super) fn of(settings: &DockerSettings, info: &SystemInfo) -> Self {
        let name = match settings.runtime.as_str() {
            "" => info.default_runtime.clone().unwrap_or_default(),
            named => named.to_owned(),
        };
        let known = info.runtimes.as_ref().and_then(|runtimes| runtimes.get(&name));
        let path = known.and_then(|runtime| runtime.path.as_deref());
        let path = path.filter(|path| !path.is_empty());
        let version_1 = info.cgroup_version == Some(SystemInfoCgroupVersionEnum::_1);
        let support = match support(&name, path, version_1) {
            gets_through @ Support::Unsafe(_) => gets_through,
            // What is configured by a program has its path, also where the name is that of a shim.
            _ if known.is_some() && path.is_none() => Support::Unsafe(SAYS_NOTHING),
            // A runtime that the daemon does not know is a shim, or is refused by the daemon.
            support => support,
        };
        Self { name, support }
    }

    /// # Errors
    /// When programs get through this wall.
    pub(super) fn require_safe(self, host: &str) -> Result<Self, BackendError> {
        let Support::Unsafe(why) = self.support else {
            return Ok(self);
        };
        Err(BackendError::Unfit {
            what: format!("the runtime {:?} of Docker at {host} {why}", self.name),
            remedy: REMEDY.to_owned(),
            source: None,
        })
    }
}

/// A name is the operator's choice; the program behind it is not, where the daemon says which it is.
fn support(name: &str, path: Option<&str>, version_1: bool) -> Support {
    let program = path.map(|path| path.rsplit('/').next().unwrap_or(path));
    let is_gvisor = |text: &str| GVISOR.iter().any(|part| text.contains(part));
    match program.unwrap_or(name) {
        program if is_gvisor(name) || is_gvisor(program) => Support::Unsafe(OPENS_THE_RUNNER),
        program if program.starts_with("crun") && version_1 => Support::Unsafe(KEEPS_A_DIRECTORY),
        "runc" | "io.containerd.runc.v2" => Support::Tried,
        _ => Support::Untried,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_path(path: Option<&str>) -> bollard::models::Runtime {
        bollard::models::Runtime {
            path: path.map(str::to_owned),
            ..bollard::models::Runtime::default()
        }
    }

    #[test]
    fn a_runtime_is_known_by_its_program_and_not_by_the_name_it_was_given() {
        let runtimes = [
            ("runc", Some("runc")),
            ("small", Some("/usr/bin/crun")),
            ("fast", Some("/opt/runsc")),
            ("io.containerd.runc.v2", Some("runc")),
            ("runsc", None),
            ("kata", Some("/usr/bin/kata-runtime")),
            ("safe", None),
            ("safer", Some("")),
            ("io.containerd.x.v1", None),
            ("io.containerd.runc.v3", None),
        ];
        let runtimes = runtimes.map(|(name, path)| (name.to_owned(), of_path(path)));
        let mut info = SystemInfo {
            default_runtime: Some("runc".to_owned()),
            cgroup_version: Some(SystemInfoCgroupVersionEnum::_2),
            runtimes: Some(runtimes.into()),
            ..SystemInfo::default()
        };
        let mut settings = crate::config::load(None).unwrap().sandbox.docker;
        let mut support = |info: &SystemInfo, named: &str| {
            settings.runtime = named.to_owned();
            Runtime::of(&settings, info).support
        };
        for (named, expected) in [
            ("", Support::Tried),
            ("small", Support::Untried),
            ("io.containerd.runc.v2", Support::Tried),
            ("fast", Support::Unsafe(OPENS_THE_RUNNER)),
            ("runsc", Support::Unsafe(OPENS_THE_RUNNER)),
            ("kata", Support::Untried),
            ("safe", Support::Unsafe(SAYS_NOTHING)),
            ("safer", Support::Unsafe(SAYS_NOTHING)),
            ("io.containerd.kata.v2", Support::Untried),
            ("io.containerd.x.v1", Support::Unsafe(SAYS_NOTHING)),
            ("io.containerd.runc.v3", Support::Unsafe(SAYS_NOTHING)),
            ("io.containerd.runsc.v1", Support::Unsafe(OPENS_THE_RUNNER)),
            ("unknown", Support::Untried),
        ] {
            assert_eq!(support(&info, named), expected, "{named}");
        }
        info.cgroup_version = Some(SystemInfoCgroupVersionEnum::_1);
        assert_eq!(support(&info, "small"), Support::Unsafe(KEEPS_A_DIRECTORY));
        assert_eq!(support(&info, "runc"), Support::Tried);
    }
}
