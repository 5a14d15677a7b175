//! Machines by QEMU, which reaches the guest over ports of virtio-serial, and has a monitor while a machine is kept or
//! restored.

mod arguments;
mod migration;
mod monitor;

use std::io;
use std::path::PathBuf;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use semver::Version;
use tokio::net::UnixListener;

use self::arguments::{MONITOR, Memory, arguments};
use self::monitor::Monitor;
use super::driver::Driver;
use super::known::{MachineProgram, version};
use super::machine::{Host, Machine, Starting};
use super::state::MachineDirectory;
use super::template::{Template, devices_in, memory_in};
use crate::config::{Accelerator, MicrovmSettings};
use crate::sandbox::BackendError;

const PROGRAM: MachineProgram = MachineProgram {
    name: "QEMU",
    begins: "QEMU emulator version ",
    // What the machines were tried with.
    oldest: Version::new(7, 2, 0),
    install: "install QEMU (apt-get install -y --no-install-recommends qemu-system-x86), or name it in \
                       sandbox.microvm.qemu",
};

/// QEMU, and what it runs machines with.
#[derive(Debug)]
pub(super) struct Qemu {
    program: PathBuf,
    accelerator: Accelerator,
}

impl Qemu {
    pub(super) fn new(settings: &MicrovmSettings) -> Self {
        Self {
            program: settings.qemu.clone(),
            accelerator: settings.accelerator,
        }
    }

    async fn spawn(&self, host: &Host<'_>, memory: Memory<'_>, directory: MachineDirectory) -> io::Result<Starting> {
        let arguments = arguments(&host.plan, self.accelerator, memory, directory.path());
        Starting::spawn(&self.program, arguments, host, directory).await
    }

    async fn start(&self, host: &Host<'_>, directory: MachineDirectory) -> io::Result<Machine> {
        let starting = self.spawn(host, Memory::Own, directory).await?;
        starting.when(async |sockets| sockets.ready().await).await
    }

    async fn start_and_keep(&self, host: &Host<'_>, directory: MachineDirectory) -> io::Result<Template> {
        let place = directory.path().to_owned();
        let listener = UnixListener::bind(place.join(MONITOR))?;
        let starting = self.spawn(host, Memory::Kept(&memory_in(&place)), directory).await?;
        let saved = starting.when(async |sockets| {
            let mut monitor = Monitor::over(listener.accept().await?.0).await?;
            let agent = sockets.ready().await?;
            migration::save(&mut monitor, &place, &devices_in(&place)).await?;
            Ok(agent)
        });
        saved.await?.into_template().await
    }

    async fn start_from(
        &self,
        host: &Host<'_>,
        template: &Template,
        directory: MachineDirectory,
    ) -> io::Result<Machine> {
        let place = directory.path().to_owned();
        let listener = UnixListener::bind(place.join(MONITOR))?;
        let memory = template.memory();
        let starting = self.spawn(host, Memory::Copied(&memory), directory).await?;
        // With the monitor goes what could command the machine.
        let restored = starting.when(async |sockets| {
            let mut monitor = Monitor::over(listener.accept().await?.0).await?;
            let agent = sockets.agent().await?;
            migration::load(&mut monitor, &place, &template.devices()).await?;
            Ok(agent)
        });
        restored.await
    }
}

impl Driver for Qemu {
    fn runtime(&self) -> BoxFuture<'_, Result<String, BackendError>> {
        async {
            let version = version(&self.program, &PROGRAM).await?;
            Ok(format!("qemu {version} {}", self.accelerator.name()))
        }
        .boxed()
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
