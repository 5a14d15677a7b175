//! Processes of the program `assize`, each with settings and a log of its own: workers and HTTP services.

pub(crate) mod service;
pub(crate) mod variant;
pub(crate) mod workers;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use assize::config::Settings;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::meter;

/// How long a process may take for anything that is asked of it here.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at a process that is not ready yet.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// Log lines that explain a failure.
const LAST_LINES: usize = 20;

/// A process that runs.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// What it was started for, such as `serve`.
    command: String,
    log: PathBuf,
}

impl Process {
    /// Starts `program`; its settings and its log are kept in `directory`.
    pub(crate) fn start(
        (program, directory): (&Path, &Path),
        settings: &Settings,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let name = arguments.join("");
        let file = |ending: &str| directory.join(format!("{}.{name}.{ending}", settings.worker.id));
        let (configuration, log) = (file("toml"), file("log"));
        std::fs::write(&configuration, toml::to_string(settings)?)
            .with_context(|| format!("cannot write {}", configuration.display()))?;
        let mut command = Command::new(program);
        command.arg("--config").arg(&configuration).args(arguments);
        // What the environment says is in these settings already, and would win over them.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ASSIZE") {
                command.env_remove(name);
            }
        }
        let stderr = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stderr(stderr).kill_on_drop(true);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self {
            child,
            command: arguments.join(" "),
            log,
        })
    }

    /// Fails when it has ended.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("`assize {}` ended: {status}", self.command);
        }
        Ok(())
    }

    /// Memory of the process in bytes: `VmHWM` is its peak, `VmRSS` what it has now.
    pub(crate) fn memory(&self, figure: &str) -> anyhow::Result<u64> {
        meter::memory_of(self.id()?, figure)
    }

    /// Files and connections that it has open.
    pub(crate) fn descriptors(&self) -> anyhow::Result<usize> {
        let place = format!("/proc/{}/fd", self.id()?);
        let entries = std::fs::read_dir(&place).with_context(|| format!("cannot read {place}"))?;
        Ok(entries.count())
    }

    /// Stops it and waits until it and its boxes are gone.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.id()?;
        let killed = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        ensure!(killed.success(), "cannot stop the process {pid}");
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .with_context(|| format!("`assize {}` does not end", self.command))??;
        ensure!(
            status.success(),
            "`assize {}` failed; it says:\n{}",
            self.command,
            self.last_lines()
        );
        Ok(())
    }

    /// The end of its log.
    pub(crate) fn last_lines(&self) -> String {
        last_lines(&self.log)
    }

    fn id(&self) -> anyhow::Result<u32> {
        let id = self.child.id();
        id.with_context(|| format!("`assize {}` has ended", self.command))
    }
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_else(|error| format!("{}: {error}", log.display()));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
