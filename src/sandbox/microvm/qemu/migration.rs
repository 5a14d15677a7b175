//! The state of a machine's devices, as it leaves one QEMU and comes to another one. Memory stays where it is
//! (`x-ignore-shared`), so that it takes milliseconds.

use std::io;
use std::path::Path;

use serde_json::json;
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::monitor::Monitor;

/// The socket over which the state comes and goes.
const STATE: &str = "state";

/// Longest state, in bytes: a few hundred KiB are usual.
const LONGEST: u64 = 64 << 20;

/// Writes the state of the machine in `directory` to a file; it does not run any more then.
pub(super) async fn save(monitor: &mut Monitor, directory: &Path, file: &Path) -> io::Result<()> {
    let socket = directory.join(STATE);
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
    fs::write(file, state).await
}

/// Gives the machine that waits in `directory` the state in a file, and lets it run.
pub(super) async fn load(monitor: &mut Monitor, directory: &Path, file: &Path) -> io::Result<()> {
    let socket = directory.join(STATE);
    monitor.prepare_migration().await?;
    monitor
        .execute("migrate-incoming", json!({"uri": uri(&socket)}))
        .await?;
    let mut connection = UnixStream::connect(&socket).await?;
    connection.write_all(&fs::read(file).await?).await?;
    connection.shutdown().await?;
    monitor.until_migrated().await?;
    monitor.execute("cont", json!({})).await
}

fn uri(socket: &Path) -> String {
    format!("unix:{}", socket.display())
}
