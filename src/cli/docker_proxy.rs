//! `assize docker-proxy`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cli::{Failure, interrupt, runtime};
use crate::config::{DockerProxySettings, Settings};
use crate::sandbox::{DockerProxy, listen_at, open_backend};

/// Stand between workers and the Docker Engine, and let through what boxes need
///
/// Whoever may use the socket of Docker is root on the host. This one can make, see and remove boxes and nothing else: no
/// mount, no right, no network, no other image, no other container. The section `docker_proxy` of the settings says
/// where it listens and how large boxes may be; images, runtime and seccomp profile are those of the worker's settings.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize docker-proxy
  ASSIZE__DOCKER_PROXY__LISTEN=unix:///srv/assize/docker.sock assize docker-proxy
  ASSIZE__SANDBOX__DOCKER__HOST=unix:///run/assize/docker.sock assize worker")]
pub(super) struct ProxyCommand {
    /// Only ask the one that listens there whether it reaches Docker; exit code 0 when it does
    #[arg(long)]
    check: bool,
}

impl ProxyCommand {
    pub(super) fn run(self, settings: &Settings) -> Result<ExitCode, Failure> {
        let runtime = runtime()?;
        if self.check {
            return runtime.block_on(check(settings));
        }
        runtime.block_on(serve(settings))
    }
}

async fn serve(settings: &Settings) -> Result<ExitCode, Failure> {
    let proxy = DockerProxy::new(settings).map_err(Failure::usage)?;
    let (path, mode) = place(&settings.docker_proxy)?;
    let listener = listen_at(&path, mode)
        .await
        .map_err(|error| Failure::usage(anyhow!("cannot listen at {}: {error}", path.display())))?;
    let docker = &settings.docker_proxy.docker;
    tracing::info!(listen = %path.display(), docker, "letting boxes through");
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        interrupt::wanted().await;
        stopping.cancel();
    });
    proxy.serve(listener, stop).await;
    // Whoever comes next may have taken the place already.
    let _gone = tokio::fs::remove_file(&path).await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn check(settings: &Settings) -> Result<ExitCode, Failure> {
    let mut sandbox = settings.sandbox.clone();
    settings.docker_proxy.listen.clone_into(&mut sandbox.docker.host);
    let backend = open_backend(&sandbox, &settings.worker.id).map_err(Failure::usage)?;
    backend.connect().await.map_err(Failure::ours)?;
    Ok(ExitCode::SUCCESS)
}

fn place(settings: &DockerProxySettings) -> Result<(PathBuf, u32), Failure> {
    let listen = &settings.listen;
    let path = listen
        .strip_prefix("unix://")
        .map(Path::new)
        .filter(|path| path.is_absolute());
    let path = path.ok_or_else(|| {
        Failure::usage(anyhow!(
            "docker_proxy.listen = {listen:?} is no socket; write it as unix:///run/assize/docker.sock"
        ))
    })?;
    let mode = u32::from_str_radix(&settings.mode, 8)
        .ok()
        .filter(|mode| *mode <= 0o777);
    let mode = mode.ok_or_else(|| {
        Failure::usage(anyhow!(
            "docker_proxy.mode = {:?} is no mode; write it as 0660",
            settings.mode
        ))
    })?;
    Ok((path.to_owned(), mode))
}
