//! A machine whose guest is up, and in which nothing runs yet.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use assize_guest_protocol::{Order, port};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::agent::Agent;
use super::parts::{Disk, Kernel};
use super::process::{Bounds, MachineProcess, spawn};
use super::state::MachineDirectory;
use super::template::Template;

/// What of a log goes into an error, in bytes.
const LONGEST_LOG: u64 = 4096;

/// What the sockets are called on which the worker waits for a port of the guest. Firecracker takes this name, and adds the
/// port to it.
pub(super) const SOCKETS: &str = "port";

/// The socket for one port.
pub(super) fn socket_name(port: u32) -> String {
    format!("{SOCKETS}_{port}")
}

/// What a machine is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachinePlan<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) disk: &'a Disk,
    pub(super) memory_bytes: u64,
    pub(super) cpus: u32,
}

/// What a machine is run with.
#[derive(Debug)]
pub(super) struct Host<'a> {
    pub(super) plan: MachinePlan<'a>,
    pub(super) bounds: Bounds,
}

/// A machine that runs.
#[derive(Debug)]
pub(super) struct Machine {
    directory: MachineDirectory,
    process: MachineProcess,
    agent: Agent,
    runner: UnixListener,
}

/// A machine in which a runner runs.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) directory: MachineDirectory,
    pub(super) process: MachineProcess,
    pub(super) agent: Agent,
    /// Frames of the runner.
    pub(super) runner: UnixStream,
}

/// The sockets on which a worker waits for a guest.
#[derive(Debug)]
pub(super) struct Sockets {
    runner: UnixListener,
    agent: UnixListener,
}

/// A machine that was started, and whose guest is not up yet.
#[derive(Debug)]
pub(super) struct Starting {
    directory: MachineDirectory,
    process: MachineProcess,
    sockets: Sockets,
}

impl Machine {
    /// Starts the runner. Then nothing more can connect to the worker.
    ///
    /// # Errors
    /// With what the guest says.
    pub(super) async fn start(mut self, order: &Order) -> io::Result<Started> {
        self.agent.start(order).await?;
        let (runner, _address) = self.runner.accept().await?;
        Ok(Started {
            directory: self.directory,
            process: self.process,
            agent: self.agent,
            runner,
        })
    }

    /// Ends a machine whose memory and devices are kept.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub(super) async fn into_template(mut self) -> io::Result<Template> {
        self.process.kill().await?;
        Ok(Template::of(self.directory))
    }
}

impl Starting {
    /// Starts the process of a machine. It runs in the machine's directory, which its command line names.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) async fn spawn(
        program: &Path,
        arguments: Vec<OsString>,
        host: &Host<'_>,
        directory: MachineDirectory,
    ) -> io::Result<Self> {
        let sockets = Sockets::in_directory(directory.path())?;
        let process = spawn(program, arguments, directory.path(), host.bounds.clone()).await?;
        if let Some(id) = process.id() {
            directory.belongs_to(id)?;
        }
        Ok(Self {
            directory,
            process,
            sockets,
        })
    }

    /// Waits until it is up, which `up` says with the agent of its guest.
    ///
    /// # Errors
    /// With what the machine says, where it ends.
    pub(super) async fn when(self, up: impl AsyncFnOnce(&Sockets) -> io::Result<Agent>) -> io::Result<Machine> {
        let Self {
            directory,
            mut process,
            sockets,
        } = self;
        let is_up = tokio::select! {
            is_up = up(&sockets) => is_up,
            ended = process.wait() => Err(io::Error::other(format!("it ended: {}", ended?))),
        };
        match is_up {
            Ok(agent) => Ok(Machine {
                directory,
                process,
                agent,
                runner: sockets.runner,
            }),
            Err(error) => Err(with_log(process, error).await),
        }
    }
}

impl Sockets {
    fn in_directory(directory: &Path) -> io::Result<Self> {
        let listen = |port| UnixListener::bind(directory.join(socket_name(port)));
        Ok(Self {
            runner: listen(port::RUNNER)?,
            agent: listen(port::AGENT)?,
        })
    }

    /// The agent, which connects.
    pub(super) async fn agent(&self) -> io::Result<Agent> {
        let (agent, _address) = self.agent.accept().await?;
        Ok(Agent::over(agent))
    }

    /// The agent, which says that the guest is up.
    pub(super) async fn ready(&self) -> io::Result<Agent> {
        let mut agent = self.agent().await?;
        agent.ready().await?;
        Ok(agent)
    }
}

/// A machine that did not come up.
#[derive(Debug, Error)]
#[error("the machine did not start: {source}{}", wrote(log))]
struct StartError {
    source: io::Error,
    /// What it wrote.
    log: String,
}

fn wrote(log: &str) -> String {
    match log.trim() {
        "" => String::new(),
        log => format!("; it wrote: {}", log.escape_debug()),
    }
}

/// Ends a machine that did not come up, and says why with what it wrote.
async fn with_log(mut process: MachineProcess, source: io::Error) -> io::Error {
    // What cannot be killed has ended.
    let _killed = process.kill().await;
    let mut log = text(process.stderr.take()).await;
    log.push_str(&text(process.stdout.take()).await);
    io::Error::other(StartError { source, log })
}

async fn text(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut text = Vec::new();
    if let Some(stream) = stream {
        // What can be read says why, and there is no more.
        let _read = stream.take(LONGEST_LOG).read_to_end(&mut text).await;
    }
    String::from_utf8_lossy(&text).into_owned()
}
