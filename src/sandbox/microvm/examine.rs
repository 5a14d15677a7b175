//! What the doctor and `/readyz` show.

use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::groups;
use super::known::accelerator;
use super::parts::PartError;
use super::state::{State, base};
use super::{MicrovmBackend, check_environment};
use crate::config::{Accelerator, MicrovmSettings, Vmm};
use crate::sandbox::{BackendError, Check};

/// Checks what machines need, and the disks of these environments.
pub(super) async fn examine(backend: &MicrovmBackend, environments: &[&str]) -> Vec<Check> {
    let settings = &backend.settings;
    let mut checks = vec![
        program(backend).await,
        acceleration(settings),
        sockets(settings),
        control_group(settings).await,
        kernel(backend).await,
    ];
    for environment in environments {
        checks.push(disk(backend, environment).await);
    }
    checks
}

async fn program(backend: &MicrovmBackend) -> Check {
    let settings = &backend.settings;
    let (name, program) = match settings.vmm {
        Vmm::Qemu => ("qemu", &settings.qemu),
        Vmm::Firecracker => ("firecracker", &settings.firecracker),
    };
    match backend.driver.runtime().await {
        Ok(found) => Check::ok(name, format!("{found} ({})", program.display())),
        Err(error) => failed(name, &error),
    }
}

fn failed(check: &'static str, error: &BackendError) -> Check {
    match error {
        BackendError::Unfit { what, remedy, .. } | BackendError::Away { what, remedy, .. } => {
            Check::fail(check, what, remedy)
        }
        other => Check::fail(check, other.to_string(), "correct [sandbox.microvm]"),
    }
}

fn acceleration(settings: &MicrovmSettings) -> Check {
    const NAME: &str = "accelerator";
    match accelerator(settings) {
        Err(error) => failed(NAME, &error),
        Ok(()) if settings.accelerator == Accelerator::Tcg => Check::warn(
            NAME,
            "tcg: machines are ten times slower and more, and what guests are kept in is no hardware",
            "set sandbox.microvm.accelerator = \"kvm\" on a host with /dev/kvm",
        ),
        Ok(()) => Check::ok(NAME, "kvm"),
    }
}

fn sockets(settings: &MicrovmSettings) -> Check {
    const NAME: &str = "state directory";
    let base = base(&settings.state_directory);
    match State::make(&base) {
        Ok(_made) => Check::ok(NAME, base.display().to_string()),
        Err(error) => Check::fail(
            NAME,
            format!("cannot write to {}: {error}", base.display()),
            "name another directory in sandbox.microvm.state_directory",
        ),
    }
}

async fn control_group(settings: &MicrovmSettings) -> Check {
    const NAME: &str = "control group";
    if settings.group.is_empty() {
        return Check::warn(
            NAME,
            "none: a program that runs a machine is bound by its address space and its CPUs only",
            "set sandbox.microvm.group, see docs/walls.md",
        );
    }
    // Of a directory that no worker has.
    let (group, name) = (settings.group.clone(), format!("doctor-{}", Uuid::new_v4().simple()));
    let tried = spawn_blocking(move || groups::try_out(&group, &name)).await;
    match tried {
        Ok(Ok(found)) => Check::ok(NAME, format!("{} ({found})", settings.group)),
        Ok(Err(error)) => Check::fail(NAME, error.reason, error.remedy),
        Err(error) => Check::fail(NAME, error.to_string(), "look at the log of the worker"),
    }
}

async fn kernel(backend: &MicrovmBackend) -> Check {
    const NAME: &str = "kernel";
    let checked = match backend.parts().kernel() {
        Ok(kernel) => backend.verify_kernel(&kernel).await.map(|()| kernel.digest),
        Err(error) => Err(error),
    };
    as_check(NAME, "kernel", checked)
}

async fn disk(backend: &MicrovmBackend, environment: &str) -> Check {
    const NAME: &str = "disk";
    if let Err(error) = check_environment(&backend.settings, environment) {
        return Check::fail(NAME, environment, error.remedy());
    }
    let checked = match backend.parts().disk(environment) {
        Ok(disk) => backend.verify_disk(&disk).await.map(|()| disk.digest),
        Err(error) => Err(error),
    };
    as_check(NAME, environment, checked)
}

fn as_check(name: &'static str, what: &str, checked: Result<String, PartError>) -> Check {
    match checked {
        Ok(digest) => Check::ok(name, format!("{what} ({})", &digest["sha256:".len()..][..12])),
        Err(error) => Check::fail(name, format!("{what}: {error}"), error.remedy),
    }
}
