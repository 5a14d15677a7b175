//! What Docker did not do, and what to do about it.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

use assize_docker_box::{NO_ROOM, REFUSED_BY_PROXY};
use bollard::errors::Error as DockerError;
use thiserror::Error;

use crate::sandbox::{BackendError, BoxedError, LaunchError};

/// What to do where boxes fill what the proxy allows all of them.
const MAKE_ROOM: &str = "raise that setting of assize-docker-proxy (docs/operations/sizing.md says what boxes need), or lower \
                         worker.slots or sandbox.warm_boxes";

/// A call that failed.
#[derive(Debug, Error)]
pub(super) enum CallError {
    #[error("{}", message(host, source))]
    Failed {
        step: &'static str,
        host: String,
        source: DockerError,
    },
    #[error("Docker did not answer within {after:?}")]
    Slow { step: &'static str, after: Duration },
}

impl CallError {
    /// It answered with this status.
    pub(super) fn is(&self, status: u16) -> bool {
        self.answer().is_some_and(|(found, _message)| found == status)
    }

    /// It answered that an image is missing. A missing container has the same status.
    pub(super) fn is_missing_image(&self) -> bool {
        self.answer()
            .is_some_and(|(status, message)| status == 404 && message.to_ascii_lowercase().contains("no such image"))
    }

    /// The proxy answered that there is no room beside the boxes that there are.
    fn is_for_lack_of_room(&self) -> bool {
        let reason = self
            .answer()
            .and_then(|(_status, message)| message.strip_prefix(REFUSED_BY_PROXY)?.strip_prefix(": "));
        reason.is_some_and(|reason| reason.starts_with(NO_ROOM))
    }

    /// Status and message, where the daemon has answered.
    pub(super) fn answer(&self) -> Option<(u16, &str)> {
        match self {
            Self::Failed {
                source: DockerError::DockerResponseServerError { status_code, message },
                ..
            } => Some((*status_code, message)),
            _ => None,
        }
    }

    /// What to do about it.
    pub(super) fn remedy(&self) -> String {
        match self {
            _ if self.is_for_lack_of_room() => MAKE_ROOM.to_owned(),
            Self::Failed { host, source, .. } => remedy_of(host, source),
            Self::Slow { .. } => {
                "it is overloaded, frozen or short of disk: look at `docker info`, at its log, and at \
                                  sandbox.docker.call_timeout_ms"
                    .to_owned()
            }
        }
    }

    fn step(&self) -> &'static str {
        match self {
            Self::Failed { step, .. } | Self::Slow { step, .. } => step,
        }
    }

    /// The same error where the daemon cannot be used at all.
    pub(super) fn into_backend_error(self, host: &str) -> BackendError {
        BackendError::Away {
            what: format!("Docker at {host}"),
            remedy: self.remedy(),
            source: Box::new(self),
        }
    }
}

impl From<CallError> for LaunchError {
    fn from(error: CallError) -> Self {
        let (step, remedy) = (error.step(), error.remedy());
        // The proxy has a status of its own for a daemon that it does not reach, and for having too much to do.
        let is_refused = error
            .answer()
            .is_some_and(|(status, _message)| !matches!(status, 502..=504));
        let lacks_room = error.is_for_lack_of_room();
        let source: BoxedError = Box::new(error);
        match is_refused {
            _ if lacks_room => Self::NoRoom { step, remedy, source },
            true => Self::Refused { step, remedy, source },
            false => Self::Unresponsive { step, remedy, source },
        }
    }
}

/// In the words of the daemon where it has answered, else what the socket says.
fn message(host: &str, source: &DockerError) -> String {
    match source {
        DockerError::DockerResponseServerError { message, .. } => message.clone(),
        DockerError::SocketNotFoundError(_) => format!("there is no socket {}", path_of(host)),
        other => match kind_of(other) {
            Some(ErrorKind::PermissionDenied) => format!("permission denied on {}", path_of(host)),
            Some(ErrorKind::ConnectionRefused) => format!("nothing listens at {}", path_of(host)),
            Some(ErrorKind::NotFound) => format!("there is no socket {}", path_of(host)),
            _ => other.to_string(),
        },
    }
}

fn remedy_of(host: &str, source: &DockerError) -> String {
    let socket = path_of(host);
    match source {
        DockerError::DockerResponseServerError { .. } => {
            "look at the log of the Docker daemon, and at `assize doctor`".to_owned()
        }
        DockerError::SocketNotFoundError(_) => missing_socket(socket),
        other => match kind_of(other) {
            Some(ErrorKind::PermissionDenied) => {
                format!(
                    "let this user write to {socket}: make it a member of the socket's group (usually `docker`), or use the socket of assize-docker-proxy"
                )
            }
            Some(ErrorKind::ConnectionRefused) => {
                format!("start the daemon behind {socket}: `systemctl start docker`")
            }
            Some(ErrorKind::NotFound) => missing_socket(socket),
            _ => "is the daemon running? look at `docker info` and at its log".to_owned(),
        },
    }
}

fn missing_socket(socket: &str) -> String {
    format!("install and start Docker, or set sandbox.docker.host to the socket that is used instead of {socket}")
}

fn path_of(host: &str) -> &str {
    host.strip_prefix("unix://").unwrap_or(host)
}

/// The kind of the input or output error behind it.
fn kind_of(error: &DockerError) -> Option<ErrorKind> {
    let mut next = error.source();
    if let DockerError::IOError { err } = error {
        return Some(err.kind());
    }
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found.kind());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixListener;

    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};

    use super::*;
    use crate::sandbox::docker::daemon::Daemon;

    async fn told_of(host: &str) -> String {
        let daemon = Daemon::at(host, Duration::from_secs(5));
        let error = daemon.info().await.unwrap_err();
        error.into_backend_error(host).to_string()
    }

    #[tokio::test]
    async fn each_reason_why_docker_is_not_reached_has_its_own_words_and_remedy() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("docker.sock");
        let host = format!("unix://{}", path.display());
        let missing = told_of(&host).await;
        assert!(
            missing.contains("there is no socket") && missing.contains("install and start"),
            "{missing}"
        );
        // The listener is closed, and the file is still there.
        drop(UnixListener::bind(&path).unwrap());
        let refused = told_of(&host).await;
        assert!(
            refused.contains("nothing listens") && refused.contains("systemctl start docker"),
            "{refused}"
        );
        // Root is denied too on a thread that has given up the right to everything; this test's runtime has no other.
        let mut held = capabilities(None).unwrap();
        held.effective.remove(CapabilitySet::DAC_OVERRIDE);
        set_capabilities(None, held).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        let denied = told_of(&host).await;
        assert!(
            denied.contains("permission denied") && denied.contains("group"),
            "{denied}"
        );
    }

    #[test]
    fn a_denied_socket_is_told_as_such() {
        let denied = DockerError::IOError {
            err: io::Error::from(ErrorKind::PermissionDenied),
        };
        assert_eq!(
            message("unix:///run/x.sock", &denied),
            "permission denied on /run/x.sock"
        );
        assert!(remedy_of("unix:///run/x.sock", &denied).contains("member of the socket's group"));
    }
}
