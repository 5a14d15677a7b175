//! Machines by Firecracker, which reaches the guest over sockets of the machine (`vsock(7)`), and is told everything over
//! its API. Its own filters of system calls hold, and it has no network.

mod api;
mod resources;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use semver::Version;
use tokio::fs;

use self::api::Api;
use self::resources::{
    DISK, EntropyDevice, PAUSE, START, VSOCK, boot_source, disk, machine_configuration, snapshot_create, snapshot_load,
};
use super::driver::Driver;
use super::known::{MachineProgram, version};
use super::machine::{Host, Machine, Starting};
use super::state::MachineDirectory;
use super::template::{Template, devices_in, memory_in};
use crate::config::MicrovmSettings;
use crate::sandbox::BackendError;

const PROGRAM: MachineProgram = MachineProgram {
    name: "Firecracker",
    begins: "Firecracker v",
    // The first one that tells a guest of its devices by ACPI.
    oldest: Version::new(1, 8, 0),
    install: "install Firecracker (https://github.com/firecracker-microvm/firecracker/releases), and name it in \
              sandbox.microvm.firecracker",
};

/// The socket of the API, in the directory of a machine.
const API: &str = "api";

/// Firecracker, which needs KVM.
#[derive(Debug)]
pub(super) struct Firecracker {
    program: PathBuf,
}

impl Firecracker {
    pub(super) fn new(settings: &MicrovmSettings) -> Self {
        Self {
            program: settings.firecracker.clone(),
        }
    }

    async fn find(&self) -> Result<String, BackendError> {
        let version = version(&self.program, &PROGRAM).await?;
        Ok(format!("firecracker {version} kvm"))
    }

    async fn spawn(&self, host: &Host<'_>, directory: MachineDirectory) -> io::Result<(Starting, PathBuf)> {
        let socket = directory.path().join(API);
        let arguments = arguments(&socket, &directory.name());
        let starting = Starting::spawn(&self.program, arguments, host, directory).await?;
        Ok((starting, socket))
    }

    async fn start(&self, host: &Host<'_>, directory: MachineDirectory) -> io::Result<Machine> {
        let (starting, socket) = self.spawn(host, directory).await?;
        let started = starting.when(async |sockets| {
            let mut api = Api::at(&socket).await?;
            describe(&mut api, host).await?;
            close(api, &socket).await?;
            sockets.ready().await
        });
        started.await
    }

    async fn start_and_keep(&self, host: &Host<'_>, directory: MachineDirectory) -> io::Result<Template> {
        let place = directory.path().to_owned();
        let (starting, socket) = self.spawn(host, directory).await?;
        let saved = starting.when(async |sockets| {
            let mut api = Api::at(&socket).await?;
            describe(&mut api, host).await?;
            let agent = sockets.ready().await?;
            api.patch("/vm", &PAUSE).await?;
            let files = (devices_in(&place), memory_in(&place));
            api.put("/snapshot/create", &snapshot_create(&files.0, &files.1))
                .await?;
            Ok(agent)
        });
        saved.await?.into_template().await
    }

    /// Connections do not outlive a machine: the agent of the guest makes a new one.
    async fn start_from(
        &self,
        host: &Host<'_>,
        template: &Template,
        directory: MachineDirectory,
    ) -> io::Result<Machine> {
        let (starting, socket) = self.spawn(host, directory).await?;
        let restored = starting.when(async |sockets| {
            let mut api = Api::at(&socket).await?;
            let files = (template.devices(), template.memory());
            api.put("/snapshot/load", &snapshot_load(&files.0, &files.1)).await?;
            close(api, &socket).await?;
            sockets.ready().await
        });
        restored.await
    }
}

/// The name of the machine is that of its directory.
fn arguments(socket: &Path, name: &str) -> Vec<OsString> {
    let texts = ["--id", name, "--level", "Error", "--api-sock"];
    let mut all: Vec<OsString> = texts.map(OsString::from).into();
    all.push(socket.into());
    all
}

/// Says what the machine consists of, and starts it.
async fn describe(api: &mut Api, host: &Host<'_>) -> io::Result<()> {
    let plan = &host.plan;
    api.put("/machine-config", &machine_configuration(plan)).await?;
    api.put("/boot-source", &boot_source(plan)).await?;
    api.put(&format!("/drives/{DISK}"), &disk(plan)).await?;
    api.put("/vsock", &VSOCK).await?;
    api.put("/entropy", &EntropyDevice {}).await?;
    api.put("/actions", &START).await
}

/// With its socket goes what could command the machine.
async fn close(api: Api, socket: &Path) -> io::Result<()> {
    drop(api);
    fs::remove_file(socket).await
}

impl Driver for Firecracker {
    fn runtime(&self) -> BoxFuture<'_, Result<String, BackendError>> {
        self.find().boxed()
    }

    fn boot<'a>(&'a self, host: &'a Host<'a>, directory: MachineDirectory) -> BoxFuture<'a, io::Result<Machine>> {
        self.start(host, directory).boxed()
    }

    fn keep<'a>(&'a self, host: &'a Host<'a>, directory: MachineDirectory) -> BoxFuture<'a, io::Result<Template>> {
        self.start_and_keep(host, directory).boxed()
    }

    fn restore<'a>(
        &'a self,
        host: &'a Host<'a>,
        template: &'a Template,
        directory: MachineDirectory,
    ) -> BoxFuture<'a, io::Result<Machine>> {
        self.start_from(host, template, directory).boxed()
    }
}
