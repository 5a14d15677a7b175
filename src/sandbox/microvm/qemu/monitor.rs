//! The monitor of a machine that is kept as a template or made of one, and of no machine in which a program runs
//! (`https://www.qemu.org/docs/master/interop/qmp-spec.html`).

use std::io;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

/// Longest message, in bytes.
const LONGEST: usize = 256 << 10;

/// A connection to QEMU.
#[derive(Debug)]
pub(super) struct Monitor {
    lines: Framed<UnixStream, LinesCodec>,
    /// What QEMU said last about a migration.
    migration: Option<String>,
}

impl Monitor {
    /// Greets QEMU.
    pub(super) async fn over(connection: UnixStream) -> io::Result<Self> {
        let mut monitor = Self {
            lines: Framed::new(connection, LinesCodec::new_with_max_length(LONGEST)),
            migration: None,
        };
        monitor.next().await?;
        monitor.execute("qmp_capabilities", json!({})).await?;
        Ok(monitor)
    }

    /// Gives a command, and waits for its answer.
    pub(super) async fn execute(&mut self, command: &str, arguments: Value) -> io::Result<()> {
        let message = json!({"execute": command, "arguments": arguments});
        self.lines.send(message.to_string()).await.map_err(broken)?;
        loop {
            let message = self.next().await?;
            if let Some(error) = message.get("error") {
                return Err(io::Error::other(format!("QEMU refuses {command}: {error}")));
            }
            if message.get("return").is_some() {
                return Ok(());
            }
        }
    }

    /// Lets memory stay where it is in a migration, and tells of its end.
    pub(super) async fn prepare_migration(&mut self) -> io::Result<()> {
        let on = |name| json!({"capability": name, "state": true});
        let capabilities = json!({"capabilities": [on("x-ignore-shared"), on("events")]});
        self.execute("migrate-set-capabilities", capabilities).await
    }

    /// Waits for the end of a migration.
    pub(super) async fn until_migrated(&mut self) -> io::Result<()> {
        loop {
            match self.migration.as_deref() {
                Some("completed") => return Ok(()),
                Some("failed" | "cancelled") => return Err(io::Error::other("QEMU says that the migration failed")),
                _ => self.next().await.map(drop)?,
            }
        }
    }

    /// The next message. Events may come at any time.
    async fn next(&mut self) -> io::Result<Value> {
        let line = self.lines.next().await.ok_or(io::ErrorKind::UnexpectedEof)?;
        let message: Value = line.map_err(broken)?.parse()?;
        if message["event"] == "MIGRATION" {
            self.migration = message["data"]["status"].as_str().map(str::to_owned);
        }
        Ok(message)
    }
}

fn broken(error: LinesCodecError) -> io::Error {
    match error {
        LinesCodecError::Io(error) => error,
        LinesCodecError::MaxLineLengthExceeded => io::Error::other("a message of QEMU is too long"),
    }
}
