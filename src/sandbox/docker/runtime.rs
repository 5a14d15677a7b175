//! Which OCI runtime makes the containers, and what is known of it as a wall.

use bollard::models::SystemInfo;

use crate::config::DockerSettings;
use crate::sandbox::BackendError;

/// Programs in whose containers the attacks were held.
const TRIED: [&str; 2] = ["runc", "crun"];

/// Parts of the names of gVisor, as a program and as a shim of containerd.
const GVISOR: [&str; 2] = ["runsc", "gvisor"];

/// The runtime of boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runtime {
    /// Its name for the daemon.
    pub(super) name: String,
    pub(super) standing: Standing,
}

/// What is known of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The attacks were made in its boxes, and held.
    Tried,
    /// Nothing.
    Untried,
    /// Attacks got through.
    Unsafe,
}

/// What gVisor does not keep from a program, in the words of a refusal.
pub(super) const UNSAFE: &str = "is gVisor, in which a program opens the descriptors of the judge's own process";

/// What to use instead.
pub(super) const REMEDY: &str =
    "set sandbox.docker.runtime to runc or crun, and run the worker in a virtual machine for a kernel of its own";

impl Runtime {
    /// The one that the settings name, or the daemon's own choice.
    pub(super) fn of(settings: &DockerSettings, info: &SystemInfo) -> Self {
        let name = match settings.runtime.as_str() {
            "" => info.default_runtime.clone().unwrap_or_default(),
            named => named.to_owned(),
        };
        let known = info.runtimes.as_ref().and_then(|runtimes| runtimes.get(&name));
        let path = known.and_then(|runtime| runtime.path.as_deref()).unwrap_or(&name);
        let standing = standing(&name, path);
        Self { name, standing }
    }

    /// # Errors
    /// When programs get through this wall.
    pub(super) fn require_safe(self, host: &str) -> Result<Self, BackendError> {
        if self.standing != Standing::Unsafe {
            return Ok(self);
        }
        Err(BackendError::Unfit {
            what: format!("the runtime {:?} of Docker at {host} {UNSAFE}", self.name),
            remedy: REMEDY.to_owned(),
            source: None,
        })
    }
}

/// A name is the operator's choice; the program behind it is not.
fn standing(name: &str, path: &str) -> Standing {
    let program = path.rsplit('/').next().unwrap_or(path);
    let is_gvisor = |text: &str| GVISOR.iter().any(|part| text.contains(part));
    if is_gvisor(name) || is_gvisor(program) {
        Standing::Unsafe
    } else if TRIED.contains(&program) || name == "io.containerd.runc.v2" {
        Standing::Tried
    } else {
        Standing::Untried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_is_known_by_its_program_and_not_by_the_name_it_was_given() {
        let info: SystemInfo = serde_json::from_str(
            r#"{"DefaultRuntime": "runc", "Runtimes": {
                "runc": {"path": "runc"}, "small": {"path": "/usr/bin/crun"}, "fast": {"path": "/opt/runsc"},
                "io.containerd.runc.v2": {"path": "runc"}, "runsc": {}, "kata": {"path": "/usr/bin/kata-runtime"}}}"#,
        )
        .unwrap();
        let mut settings = crate::config::load(None).unwrap().sandbox.docker;
        for (named, standing) in [
            ("", Standing::Tried),
            ("small", Standing::Tried),
            ("io.containerd.runc.v2", Standing::Tried),
            ("fast", Standing::Unsafe),
            ("runsc", Standing::Unsafe),
            ("kata", Standing::Untried),
            ("unknown", Standing::Untried),
        ] {
            settings.runtime = named.to_owned();
            assert_eq!(Runtime::of(&settings, &info).standing, standing, "{named}");
        }
    }
}
