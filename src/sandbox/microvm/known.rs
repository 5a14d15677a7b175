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
use crate::config::{Accelerator, MicrovmSettings, Vmm};
use crate::sandbox::{BackendError, BoxedError};

/// Programs say their version in milliseconds.
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
    /// `runtime` is what the program says of itself.
    pub(super) fn find(settings: &MicrovmSettings, runtime: String) -> Result<Self, BackendError> {
        accelerator(settings)?;
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
        unfit(self.fault.to_string(), self.remedy, Some(self.fault.into()))
    }
}

pub(super) fn unfit(what: String, remedy: impl Into<String>, source: Option<BoxedError>) -> BackendError {
    BackendError::Unfit {
        what,
        remedy: remedy.into(),
        source,
    }
}

/// The version that a program says behind these words.
///
/// # Errors
/// When it says none; `install` is what to do then.
pub(super) async fn version(
    program: &Path,
    name: &str,
    begins: &str,
    install: &'static str,
) -> Result<String, BackendError> {
    let path = program.display();
    let asked = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match timeout(ANSWERS_WITHIN, asked).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => {
            return Err(unfit(
                format!("cannot start {path}: {error}"),
                install,
                Some(error.into()),
            ));
        }
        Err(_elapsed) => return Err(unfit(format!("{path} does not say its version"), install, None)),
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    let version = stdout
        .strip_prefix(begins)
        .and_then(|rest| rest.split_whitespace().next());
    let version = version.ok_or_else(|| unfit(format!("{path} is no {name}"), install, None))?;
    Ok(version.to_owned())
}

/// Whether machines can be run with what the settings say.
pub(super) fn accelerator(settings: &MicrovmSettings) -> Result<(), BackendError> {
    if settings.accelerator == Accelerator::Tcg {
        return translator(settings.vmm);
    }
    let opened = OpenOptions::new().read(true).write(true).open(KVM).map(drop);
    opened.map_err(|error| {
        let remedy = match error.kind() {
            std::io::ErrorKind::PermissionDenied => "make this user a member of the group kvm (usermod -aG kvm USER)",
            _ => {
                "load the module (modprobe kvm_intel or kvm_amd) on a host with virtualisation, or set \
                 sandbox.microvm.accelerator = \"tcg\" for QEMU"
            }
        };
        unfit(format!("cannot use {KVM}: {error}"), remedy, Some(error.into()))
    })
}

fn translator(vmm: Vmm) -> Result<(), BackendError> {
    match vmm {
        Vmm::Qemu => Ok(()),
        Vmm::Firecracker => Err(unfit(
            "sandbox.microvm.accelerator = \"tcg\" is for QEMU only: Firecracker has no translator".to_owned(),
            "set sandbox.microvm.accelerator = \"kvm\", or sandbox.microvm.vmm = \"qemu\"",
            None,
        )),
    }
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
