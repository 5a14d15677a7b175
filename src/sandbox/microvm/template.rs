//! A guest that is up and in which nothing has run yet, kept: its memory as a file, the state of its devices beside it.
//!
//! Machines that are made of it share the file, and copy the pages that they write. Memory stays out of the migration
//! (`x-ignore-shared`), so that it takes milliseconds. What such machines must not have in common, the guest draws anew
//! when the runner is started (`guest/src/freshen.rs`).

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::monitor::Monitor;
use super::state::MachineDirectory;

/// The file with the memory of a guest, in the directory of its machine.
const MEMORY: &str = "memory";

/// The socket over which the state of devices comes and goes.
const STATE: &str = "state";

/// Longest state of devices, in bytes: a few hundred KiB are usual.
const LONGEST: u64 = 64 << 20;

/// A guest that is kept.
#[derive(Debug)]
pub(super) struct Template {
    directory: MachineDirectory,
    state: Bytes,
}

/// Where the memory of a machine in this directory is kept.
pub(super) fn memory_in(directory: &Path) -> PathBuf {
    directory.join(MEMORY)
}

impl Template {
    /// Keeps a machine; it does not run any more then.
    pub(super) async fn keep(directory: MachineDirectory, monitor: &mut Monitor) -> io::Result<Self> {
        let socket = directory.path().join(STATE);
        let listener = UnixListener::bind(&socket)?;
        monitor.execute("stop", json!({})).await?;
        monitor.prepare_migration().await?;
        monitor.execute("migrate", json!({"uri": uri(&socket)})).await?;
        let (mut connection, _address) = listener.accept().await?;
        let mut state = Vec::new();
        let mut limited = (&mut connection).take(LONGEST);
        let (read, migrated) = tokio::join!(limited.read_to_end(&mut state), monitor.until_migrated());
        read?;
        migrated?;
        Ok(Self {
            directory,
            state: state.into(),
        })
    }

    /// The file with the memory.
    pub(super) fn memory(&self) -> PathBuf {
        memory_in(self.directory.path())
    }

    /// Gives a machine that waits in `directory` this state, and lets it run.
    pub(super) async fn restore(&self, directory: &Path, monitor: &mut Monitor) -> io::Result<()> {
        let socket = directory.join(STATE);
        monitor.prepare_migration().await?;
        monitor
            .execute("migrate-incoming", json!({"uri": uri(&socket)}))
            .await?;
        let mut connection = UnixStream::connect(&socket).await?;
        connection.write_all(&self.state).await?;
        connection.shutdown().await?;
        monitor.until_migrated().await?;
        monitor.execute("cont", json!({})).await
    }
}

fn uri(socket: &Path) -> String {
    format!("unix:{}", socket.display())
}
