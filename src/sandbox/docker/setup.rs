//! From the settings to what every box of this backend needs: a socket, a profile, a daemon that can limit boxes.

use std::path::Path;

use assize_docker_box::SECCOMP_PROFILE;
use bollard::models::SystemInfo;
use sha2::{Digest as _, Sha256};

use crate::config::{DockerSettings, SandboxSettings};
use crate::sandbox::BackendError;

/// The socket where nothing else is set.
const USUAL_SOCKET: &str = "unix:///var/run/docker.sock";

/// The socket of the daemon, `unix:///path`.
pub(super) fn docker_host(settings: &DockerSettings) -> Result<String, BackendError> {
    let environment = std::env::var("DOCKER_HOST").unwrap_or_default();
    host_of(&settings.host, &environment)
}

fn host_of(setting: &str, environment: &str) -> Result<String, BackendError> {
    let named = [("sandbox.docker.host", setting), ("DOCKER_HOST", environment)];
    let Some((name, host)) = named.into_iter().find(|(_name, host)| !host.is_empty()) else {
        return Ok(USUAL_SOCKET.to_owned());
    };
    let path = host.strip_prefix("unix://");
    if path.is_some_and(|path| Path::new(path).is_absolute()) {
        return Ok(host.to_owned());
    }
    Err(BackendError::Unfit {
        what: format!("{name} = {host:?} is no socket of this host, and boxes are made on no other"),
        remedy: format!(
            "write it as {USUAL_SOCKET}; a daemon that listens on TCP or behind SSH needs a worker on its own host"
        ),
        source: None,
    })
}

/// A seccomp profile, and how it is recognised.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    /// It travels by content in every create call, so it is sent without its white space.
    pub(super) json: String,
    /// SHA-256, in hexadecimal.
    pub(super) digest: String,
}

impl Profile {
    pub(super) fn read(settings: &DockerSettings) -> Result<Self, BackendError> {
        let json = compact_profile(settings)?;
        let digest = hex::encode(Sha256::digest(&json));
        Ok(Self { json, digest })
    }
}

fn compact_profile(settings: &DockerSettings) -> Result<String, BackendError> {
    let path = &settings.seccomp_profile;
    let unfit = |source: Box<dyn std::error::Error + Send + Sync>| BackendError::Unfit {
        what: format!(
            "cannot read sandbox.docker.seccomp_profile = {}: {source}",
            path.display()
        ),
        remedy: "name a profile in Docker's format, or leave the setting empty for the one that is built in".to_owned(),
        source: Some(source),
    };
    let text = if path.as_os_str().is_empty() {
        SECCOMP_PROFILE.to_owned()
    } else {
        std::fs::read_to_string(path).map_err(|error| unfit(error.into()))?
    };
    assize_docker_box::compact_profile(&text).map_err(|error| unfit(error.into()))
}

/// Whether boxes on this daemon would have limits. Without them a stranger's program could have the whole host, and a
/// daemon that cannot set one makes the container all the same.
pub(super) fn require_limits(info: &SystemInfo, settings: &SandboxSettings, host: &str) -> Result<(), BackendError> {
    let missing = missing_limits(info, settings.pin_cpus, has_swap());
    if missing.is_empty() {
        return Ok(());
    }
    Err(BackendError::Unfit {
        what: format!(
            "Docker at {host} cannot limit {} of a container, so no stranger's program may run there",
            names(&missing)
        ),
        remedy: "`assize doctor` says why".to_owned(),
        source: None,
    })
}

/// A limit that a box needs, and the daemon cannot set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingLimit {
    Memory,
    Processes,
    /// Boxes that are bound to CPUs have no other limit of them.
    Cpus,
    /// What a box is refused as memory it would have as swap.
    Swap,
}

impl MissingLimit {
    fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Processes => "processes",
            Self::Cpus => "CPUs",
            Self::Swap => "swap",
        }
    }

    /// What to do about it.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Memory | Self::Processes => {
                "enable the controllers (cgroup_enable=memory), or delegate them to a rootless daemon"
            }
            Self::Cpus => "delegate the controller cpuset, or set sandbox.pin_cpus = false",
            Self::Swap => "swapoff -a, or boot with swapaccount=1",
        }
    }
}

/// Their names, for a message.
pub(super) fn names(missing: &[MissingLimit]) -> String {
    missing.iter().map(|limit| limit.name()).collect::<Vec<_>>().join(", ")
}

/// What must be limited and cannot be, on a host that has swap or none.
pub(super) fn missing_limits(info: &SystemInfo, pins_cpus: bool, has_swap: bool) -> Vec<MissingLimit> {
    let limits = [
        (MissingLimit::Memory, true, info.memory_limit),
        (MissingLimit::Processes, true, info.pids_limit),
        (MissingLimit::Cpus, pins_cpus, info.cpu_set),
        (MissingLimit::Swap, has_swap, info.swap_limit),
    ];
    let missing = limits
        .into_iter()
        .filter(|(_limit, is_needed, there)| *is_needed && *there != Some(true));
    missing.map(|(limit, ..)| limit).collect()
}

/// Whether the host has swap now. One line of `/proc/swaps` is its heading.
pub(super) fn has_swap() -> bool {
    std::fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.lines().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_missing_where_a_box_needs_it_and_the_daemon_cannot_set_it() {
        use MissingLimit::{Cpus, Memory, Processes, Swap};
        let info = |memory, processes, cpus, swap| SystemInfo {
            memory_limit: Some(memory),
            pids_limit: Some(processes),
            cpu_set: Some(cpus),
            swap_limit: Some(swap),
            ..SystemInfo::default()
        };
        let (all, none) = (info(true, true, true, true), info(false, false, false, false));
        for (info, pins_cpus, has_swap, missing) in [
            (&all, true, true, vec![]),
            (&none, true, true, vec![Memory, Processes, Cpus, Swap]),
            (&none, false, false, vec![Memory, Processes]),
            (&info(true, true, true, false), true, true, vec![Swap]),
            (&info(true, true, true, false), true, false, vec![]),
            (&info(true, true, false, true), true, true, vec![Cpus]),
            (&info(true, true, false, true), false, true, vec![]),
            // One that does not say so cannot.
            (&SystemInfo::default(), true, true, vec![Memory, Processes, Cpus, Swap]),
        ] {
            assert_eq!(missing_limits(info, pins_cpus, has_swap), missing, "{info:?}");
        }
        assert_eq!(names(&[Memory, Swap]), "memory, swap");
    }

    #[test]
    fn the_setting_goes_over_the_environment_and_what_is_no_socket_is_refused_by_name() {
        let host = |setting: &str, environment: &str| host_of(setting, environment).map_err(|error| error.to_string());
        assert_eq!(host("", "").unwrap(), USUAL_SOCKET);
        assert_eq!(host("", "unix:///a").unwrap(), "unix:///a");
        assert_eq!(host("unix:///b", "tcp://1.2.3.4:2375").unwrap(), "unix:///b");
        for (setting, environment, name) in [
            ("tcp://127.0.0.1:2375", "", "sandbox.docker.host"),
            ("", "ssh://root@host", "DOCKER_HOST"),
            ("unix://relative", "", "sandbox.docker.host"),
            ("/var/run/docker.sock", "", "sandbox.docker.host"),
        ] {
            let message = host(setting, environment).unwrap_err();
            assert!(
                message.contains(name) && message.contains("unix:///var/run/docker.sock"),
                "{message}"
            );
        }
    }
}
