//! A machine whose guest is up, and in which nothing runs yet: started, or made of a template.

use std::io;
use std::path::Path;

use assize_guest_protocol::port;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::process::Child;

use super::agent::Agent;
use super::monitor::Monitor;
use super::process::{Bounds, spawn};
use super::qemu::{MONITOR, MachinePlan, Memory, arguments, socket_name};
use super::state::MachineDirectory;
use super::template::{Template, memory_in};

/// What is told of a log, in bytes.
const TOLD: u64 = 4096;

/// A machine that runs.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) directory: MachineDirectory,
    pub(super) process: Child,
    /// Frames of the runner.
    pub(super) runner: UnixStream,
    pub(super) agent: Agent,
}

/// The sockets on which a worker waits for a machine.
struct Sockets {
    runner: UnixListener,
    agent: UnixListener,
    monitor: Option<UnixListener>,
}

/// A machine that was started, and whose sockets are not connected yet.
struct Starting {
    directory: MachineDirectory,
    process: Child,
    sockets: Sockets,
}

/// The sockets of a machine, connected.
struct Connections {
    runner: UnixStream,
    agent: Agent,
    monitor: Option<Monitor>,
}

impl Machine {
    /// Starts one, and waits until its guest is up.
    ///
    /// # Errors
    /// With what the machine says, where it ends.
    pub(super) async fn boot(host: &Host<'_>, directory: MachineDirectory) -> io::Result<Self> {
        let starting = Starting::spawn(host, Memory::Own, directory).await?;
        let (machine, _none) = starting
            .when(async |connections| connections.agent.ready().await)
            .await?;
        Ok(machine)
    }

    /// Makes one of a template, whose guest is up.
    ///
    /// # Errors
    /// As for [`Machine::boot`].
    pub(super) async fn restore(host: &Host<'_>, template: &Template, directory: MachineDirectory) -> io::Result<Self> {
        let place = directory.path().to_owned();
        let starting = Starting::spawn(host, Memory::Copied(&template.memory()), directory).await?;
        let restored = starting.when(async |connections| match &mut connections.monitor {
            Some(monitor) => template.restore(&place, monitor).await,
            None => Err(io::ErrorKind::NotConnected.into()),
        });
        // With the monitor goes what could command the machine.
        let (machine, _monitor) = restored.await?;
        Ok(machine)
    }

    /// Starts one, and keeps it as a template once its guest is up.
    ///
    /// # Errors
    /// As for [`Machine::boot`].
    pub(super) async fn keep(host: &Host<'_>, directory: MachineDirectory) -> io::Result<Template> {
        let memory = memory_in(directory.path());
        let starting = Starting::spawn(host, Memory::Kept(&memory), directory).await?;
        let (machine, monitor) = starting
            .when(async |connections| connections.agent.ready().await)
            .await?;
        let Self {
            directory,
            mut process,
            runner: _runner,
            agent: _agent,
        } = machine;
        let mut monitor = monitor.ok_or(io::ErrorKind::NotConnected)?;
        let kept = Template::keep(directory, &mut monitor).await;
        process.kill().await?;
        kept
    }
}

impl Starting {
    async fn spawn(host: &Host<'_>, memory: Memory<'_>, directory: MachineDirectory) -> io::Result<Self> {
        let with_monitor = !matches!(memory, Memory::Own);
        let sockets = Sockets::in_directory(directory.path(), with_monitor)?;
        let arguments = arguments(&host.plan, memory, directory.path());
        let process = spawn(host.program, arguments, host.bounds.clone()).await?;
        if let Some(id) = process.id() {
            directory.belongs_to(id)?;
        }
        Ok(Self {
            directory,
            process,
            sockets,
        })
    }

    /// Connects the sockets, and waits until it is up.
    async fn when(
        self,
        up: impl AsyncFnOnce(&mut Connections) -> io::Result<()>,
    ) -> io::Result<(Machine, Option<Monitor>)> {
        let Self {
            directory,
            mut process,
            sockets,
        } = self;
        let connected = async {
            let mut connections = sockets.accept().await?;
            up(&mut connections).await?;
            Ok(connections)
        };
        let connected = tokio::select! {
            connected = connected => connected,
            ended = process.wait() => Err(io::Error::other(format!("it ended: {}", ended?))),
        };
        match connected {
            Ok(Connections { runner, agent, monitor }) => {
                let machine = Machine {
                    directory,
                    process,
                    runner,
                    agent,
                };
                Ok((machine, monitor))
            }
            Err(error) => Err(with_log(process, &error).await),
        }
    }
}

/// What a machine is run with.
#[derive(Debug)]
pub(super) struct Host<'a> {
    pub(super) program: &'a Path,
    pub(super) plan: MachinePlan<'a>,
    pub(super) bounds: Bounds,
}

impl Sockets {
    fn in_directory(directory: &Path, with_monitor: bool) -> io::Result<Self> {
        let listen = |name: &str| UnixListener::bind(directory.join(name));
        Ok(Self {
            runner: listen(&socket_name(port::RUNNER))?,
            agent: listen(&socket_name(port::AGENT))?,
            monitor: with_monitor.then(|| listen(MONITOR)).transpose()?,
        })
    }

    async fn accept(&self) -> io::Result<Connections> {
        let (runner, _address) = self.runner.accept().await?;
        let (agent, _address) = self.agent.accept().await?;
        let monitor = match &self.monitor {
            Some(monitor) => Some(Monitor::over(monitor.accept().await?.0).await?),
            None => None,
        };
        Ok(Connections {
            runner,
            agent: Agent::over(agent),
            monitor,
        })
    }
}

/// Ends a machine that did not come up, and says why with what it wrote.
async fn with_log(mut process: Child, error: &io::Error) -> io::Error {
    // What cannot be killed has ended.
    let _killed = process.kill().await;
    let mut said = text(process.stderr.take()).await;
    said.push_str(&text(process.stdout.take()).await);
    let said = said.trim();
    if said.is_empty() {
        io::Error::other(format!("the machine did not start: {error}"))
    } else {
        io::Error::other(format!(
            "the machine did not start: {error}; it wrote: {}",
            said.escape_debug()
        ))
    }
}

async fn text(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut text = Vec::new();
    if let Some(stream) = stream {
        // What can be read is told, and more there is not.
        let _read = stream.take(TOLD).read_to_end(&mut text).await;
    }
    String::from_utf8_lossy(&text).into_owned()
}
