//! A machine whose guest is up, and in which nothing runs yet.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use assize_guest_protocol::port;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::process::Child;

use super::agent::Agent;
use super::process::{Bounds, spawn};
use super::qemu::socket_name;
use super::state::MachineDirectory;

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
}

impl Machine {
    /// Starts one, and waits until its guest is up.
    ///
    /// # Errors
    /// With what the machine says, where it ends.
    pub(super) async fn boot(
        program: &Path,
        arguments: impl Fn(&Path) -> Vec<OsString>,
        directory: MachineDirectory,
        bounds: Bounds,
    ) -> io::Result<Self> {
        let sockets = Sockets::in_directory(directory.path())?;
        let mut process = spawn(program, arguments(directory.path()), bounds).await?;
        if let Some(id) = process.id() {
            directory.belongs_to(id)?;
        }
        let up = tokio::select! {
            up = sockets.until_up() => up,
            ended = process.wait() => Err(io::Error::other(format!("it ended: {}", ended?))),
        };
        match up {
            Ok((runner, agent)) => Ok(Self {
                directory,
                process,
                runner,
                agent,
            }),
            Err(error) => Err(with_log(process, &error).await),
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

    async fn until_up(&self) -> io::Result<(UnixStream, Agent)> {
        let (runner, _address) = self.runner.accept().await?;
        let (agent, _address) = self.agent.accept().await?;
        let mut agent = Agent::over(agent);
        agent.ready().await?;
        Ok((runner, agent))
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
