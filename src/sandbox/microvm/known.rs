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
use semver::Version;
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

/// A program that runs machines.
#[derive(Debug)]
pub(super) struct MachineProgram {
    pub(super) name: &'static str,
    /// What it says before its version.
    pub(super) begins: &'static str,
    /// The oldest version that can be used.
    pub(super) oldest: Version,
    /// How to get it.
    pub(super) install: &'static str,
}

/// The version that a program says.
///
/// # Errors
/// When it says none, or one that is too old, with how to get a newer one.
pub(super) async fn version(path: &Path, program: &MachineProgram) -> Result<Version, BackendError> {
    let said = said_version(path, program).await?;
    match Version::parse(&said) {
        Ok(version) if version >= program.oldest => Ok(version),
        _ => {
            let (path, oldest) = (path.display(), &program.oldest);
            let what = format!("{path} is of version {said}, and {oldest} or newer is needed");
            Err(unfit(what, program.install, None))
        }
    }
}

async fn said_version(path: &Path, program: &MachineProgram) -> Result<String, BackendError> {
    let install = program.install;
    let asked = Command::new(path)
        .arg("--version")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let path = path.display();
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
        .strip_prefix(program.begins)
        .and_then(|rest| rest.split_whitespace().next());
    let version = version.ok_or_else(|| unfit(format!("{path} is no {}", program.name), install, None))?;
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

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const PROGRAM: MachineProgram = MachineProgram {
        name: "QEMU",
        begins: "QEMU emulator version ",
        oldest: Version::new(7, 2, 0),
        install: "install it",
    };

    #[tokio::test]
    async fn a_program_that_is_too_old_or_another_one_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        for (number, (said, expected)) in [
            ("QEMU emulator version 7.2.19 (Debian 1:7.2)", Ok("7.2.19")),
            ("QEMU emulator version 10.0.2", Ok("10.0.2")),
            ("QEMU emulator version 6.9.0", Err("7.2.0 or newer is needed")),
            ("QEMU emulator version new", Err("is of version new")),
            ("Firecracker v1.8.0", Err("is no QEMU")),
        ]
        .into_iter()
        .enumerate()
        {
            let path = directory.path().join(number.to_string());
            fs::write(&path, format!("#!/bin/sh\necho '{said}'\n")).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
            let found = version(&path, &PROGRAM).await;
            match (found, expected) {
                (Ok(found), Ok(version)) => assert_eq!(found.to_string(), version),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, _) => panic!("{said}: {found:?}"),
            }
        }
    }
}
