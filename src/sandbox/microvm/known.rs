//! What holds for all machines of a worker: the program that runs them, the kernel, the filters inside.

#![expect(
    clippy::disallowed_types,
    reason = "the program that runs machines is asked for its version"
)]

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use assize_docker_box::compact_profile;
use assize_seccomp::{PROFILE, Profile, filters};
use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::time::timeout;

use super::parts::{Kernel, PartError, Parts};
use crate::config::{Accelerator, MicrovmSettings};
use crate::sandbox::{BackendError, BoxedError};

/// QEMU says its version in milliseconds.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// The device of the accelerator.
const KVM: &str = "/dev/kvm";

/// What holds for all machines.
#[derive(Debug)]
pub(super) struct Known {
    /// The program that runs them, its version, and what it runs them with.
    pub(super) runtime: String,
    pub(super) kernel: Kernel,
    /// The profile, compiled.
    pub(super) filters: Vec<Vec<u8>>,
    /// SHA-256 of the profile, in hexadecimal.
    pub(super) filter: String,
}

impl Known {
    pub(super) async fn find(settings: &MicrovmSettings) -> Result<Self, BackendError> {
        let runtime = runtime(settings).await?;
        accelerator(settings.accelerator)?;
        let kernel = Parts::at(&settings.directory)
            .kernel()
            .map_err(PartError::into_backend_error)?;
        let (filters, filter) = profile(&settings.seccomp_profile)?;
        Ok(Self {
            runtime,
            kernel,
            filters,
            filter,
        })
    }
}

impl PartError {
    pub(super) fn into_backend_error(self) -> BackendError {
        unfit(self.to_string(), self.remedy, None)
    }
}

fn unfit(what: String, remedy: impl Into<String>, source: Option<BoxedError>) -> BackendError {
    BackendError::Unfit {
        what,
        remedy: remedy.into(),
        source,
    }
}

/// QEMU with its version, such as `qemu 10.0.2 kvm`.
pub(super) async fn runtime(settings: &MicrovmSettings) -> Result<String, BackendError> {
    let program = settings.qemu.display();
    let install = "install QEMU (apt-get install -y --no-install-recommends qemu-system-x86), or name it in \
                   sandbox.microvm.qemu";
    let asked = Command::new(&settings.qemu)
        .arg("--version")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match timeout(ANSWERS_WITHIN, asked).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => {
            return Err(unfit(
                format!("cannot start {program}: {error}"),
                install,
                Some(error.into()),
            ));
        }
        Err(_elapsed) => return Err(unfit(format!("{program} does not say its version"), install, None)),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said
        .strip_prefix("QEMU emulator version ")
        .and_then(|rest| rest.split_whitespace().next());
    let version = version.ok_or_else(|| unfit(format!("{program} is no QEMU"), install, None))?;
    Ok(format!("qemu {version} {}", settings.accelerator.name()))
}

/// Whether machines can be run with it.
pub(super) fn accelerator(accelerator: Accelerator) -> Result<(), BackendError> {
    if accelerator == Accelerator::Tcg {
        return Ok(());
    }
    let opened = OpenOptions::new().read(true).write(true).open(KVM).map(drop);
    opened.map_err(|error| {
        let remedy = match error.kind() {
            std::io::ErrorKind::PermissionDenied => "make this user a member of the group kvm (usermod -aG kvm USER)",
            _ => {
                "load the module (modprobe kvm_intel or kvm_amd) on a host with virtualisation, or set \
                 sandbox.microvm.accelerator = \"tcg\""
            }
        };
        unfit(format!("cannot use {KVM}: {error}"), remedy, Some(error.into()))
    })
}

fn profile(path: &Path) -> Result<(Vec<Vec<u8>>, String), BackendError> {
    let wrong = |error: BoxedError| {
        let what = format!(
            "cannot use sandbox.microvm.seccomp_profile = {}: {error}",
            path.display()
        );
        unfit(
            what,
            "name a profile in Docker's format, or leave the setting empty for the one that is built in",
            Some(error),
        )
    };
    let text = if path.as_os_str().is_empty() {
        PROFILE.to_owned()
    } else {
        std::fs::read_to_string(path).map_err(|error| wrong(error.into()))?
    };
    let profile = Profile::parse(&text).map_err(|error| wrong(error.into()))?;
    let compiled = filters(&profile).map_err(|error| wrong(error.into()))?;
    let compact = compact_profile(&text).map_err(|error| wrong(error.into()))?;
    Ok((compiled, hex::encode(Sha256::digest(compact))))
}
