//! The program `assize-docker-proxy`.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use assize_docker_proxy::{DEFAULTS, DockerProxy, Settings, daemon_lost, listen_at, socket_path};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "\
Stands between workers and the Docker Engine, and lets through what boxes need

A process that may use the socket of Docker is root on the host. This one can make, see and remove boxes and
nothing else: no mount, no right, no network, no other image, no other container.

It ends, with exit code 3, when no daemon has listened at Docker's socket for a minute: in a container it has to
be started again to see a socket that was made anew.

Usage: assize-docker-proxy [--config FILE] [--check | --defaults | --help | --version]

  --config FILE  Settings in TOML; ASSIZE_DOCKER_PROXY_CONFIG names a file too
  --check        Only ask the proxy that listens there whether it reaches Docker; exit code 0 when it does
  --defaults     Print every setting with its default

Every setting can be given in the environment too, as ASSIZE_DOCKER_PROXY_KEY; it wins over the file.

Examples:
  assize-docker-proxy
  ASSIZE_DOCKER_PROXY_LISTEN=unix:///srv/assize/docker.sock assize-docker-proxy
  ASSIZE__SANDBOX__DOCKER__HOST=unix:///run/assize/docker.sock assize worker
";

/// Answer to a ping, from its first byte on.
const PONG: &[u8] = b"HTTP/1.1 200";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Serve,
    Check,
    Print(&'static str),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let (action, file) = match arguments(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(problem) => return complain(&problem, 2),
    };
    if let Action::Print(text) = action {
        // The reader may have gone away.
        let _gone = std::io::stdout().write_all(text.as_bytes());
        return ExitCode::SUCCESS;
    }
    // A name or a value that is not UTF-8 is none of ours.
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value.to_str()?.to_owned())));
    let settings = match Settings::load(file.as_deref(), variables) {
        Ok(settings) => settings,
        Err(error) => return complain(&error.to_string(), 2),
    };
    let done = match action {
        Action::Check => check(&settings).await,
        _ => serve(&settings).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string(), 3),
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<(Action, Option<PathBuf>), String> {
    let mut action = Action::Serve;
    let mut file = std::env::var_os("ASSIZE_DOCKER_PROXY_CONFIG").map(PathBuf::from);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--config" => file = Some(given.next().ok_or("--config needs a file")?.into()),
            "--check" => action = Action::Check,
            "--defaults" => action = Action::Print(DEFAULTS),
            "--help" | "-h" => action = Action::Print(HELP),
            "--version" | "-V" => {
                action = Action::Print(concat!("assize-docker-proxy ", env!("CARGO_PKG_VERSION"), "\n"))
            }
            other => return Err(format!("unknown argument {other:?}; see `assize-docker-proxy --help`")),
        }
    }
    Ok((action, file))
}

fn complain(problem: &str, code: u8) -> ExitCode {
    // Standard error may be closed, and there is no other place to say it.
    let _lost = writeln!(std::io::stderr(), "error: {problem}");
    ExitCode::from(code)
}

async fn serve(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let proxy = DockerProxy::new(settings)?;
    let path = socket_path(&settings.listen).ok_or("`listen` is no socket")?;
    let mode = settings.socket_mode().ok_or("`mode` is no mode")?;
    let listener = listen_at(path, mode)
        .await
        .map_err(|error| format!("cannot listen at {}: {error}", path.display()))?;
    tracing::info!(listen = %path.display(), docker = settings.docker, "the proxy lets boxes through");
    let docker = socket_path(&settings.docker).ok_or("`docker` is no socket")?;
    let lost = tokio::select! {
        () = proxy.serve(listener, stopped()) => false,
        () = daemon_lost(docker) => true,
    };
    // Another proxy may have taken the place already.
    let _gone = tokio::fs::remove_file(path).await;
    if lost {
        return Err(format!(
            "no daemon has listened at {} for a minute; started again, the proxy looks anew",
            docker.display()
        )
        .into());
    }
    tracing::info!("the proxy has stopped");
    Ok(())
}

/// Waits for a request to end.
async fn stopped() {
    let on = |kind| signal(kind).ok();
    let (Some(mut interrupt), Some(mut terminate)) = (on(SignalKind::interrupt()), on(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

async fn check(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let path = socket_path(&settings.listen).ok_or("`listen` is no socket")?;
    let asking = async {
        let mut stream = UnixStream::connect(path).await?;
        stream
            .write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
            .await?;
        let mut answer = vec![0; PONG.len()];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), asking)
        .await
        .map_err(|_elapsed| format!("the proxy at {} does not answer", path.display()))?
        .map_err(|error| format!("cannot reach the proxy at {}: {error}", path.display()))?;
    if answer != PONG {
        return Err("the proxy does not reach Docker; its log says why".into());
    }
    Ok(())
}
