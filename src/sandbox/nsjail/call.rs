//! The jailer, with a deadline for each call.

use std::fmt;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assize_jailer_protocol::{Answer, BoxRequest, DESCRIPTORS_WITH_SOCKET, Refusal, RefusalKind, Request};
use thiserror::Error;
use tokio::time::timeout;

use super::channel::Channel;
use crate::sandbox::{BackendError, LaunchError};

/// How the jailer is started.
const START: &str = "start assize-jailer (systemctl start assize-jailer; docs/walls.md says how it is set up)";

const OF_ONE_VERSION: &str = "install the jailer of the same version as the worker, and restart it";

/// The jailer behind a socket.
#[derive(Debug, Clone)]
pub(super) struct Jailer {
    socket: Arc<Path>,
    allowed: Duration,
}

/// A box that was started.
#[derive(Debug)]
pub(super) struct StartedBox {
    /// Of the jailer that started it.
    pub(super) instance: u64,
    pub(super) id: String,
    pub(super) environment_digest: String,
    pub(super) channel: Channel,
    pub(super) streams: [OwnedFd; DESCRIPTORS_WITH_SOCKET],
}

/// A call that failed.
#[derive(Debug, Error)]
pub(super) struct CallError {
    /// What was asked for.
    step: &'static str,
    socket: PathBuf,
    source: CallFailure,
}

#[derive(Debug, Error)]
enum CallFailure {
    #[error("{0}")]
    Connection(#[source] io::Error),
    #[error("no answer within {0:?}")]
    Silent(Duration),
    #[error("an answer to another question")]
    OutOfTurn,
    #[error("it answered {0}")]
    Misread(#[source] io::Error),
    #[error("it is assize-jailer {0}, which does not know what this worker asks")]
    OtherVersion(String),
    #[error("{}", .0.reason)]
    Refused(Refusal),
}

impl Jailer {
    pub(super) fn at(socket: &Path, allowed: Duration) -> Self {
        Self {
            socket: socket.into(),
            allowed,
        }
    }

    /// Where it is.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Asks over a connection of its own.
    pub(super) async fn ask(&self, step: &'static str, request: &Request) -> Result<Answer, CallError> {
        let asking = async {
            let mut channel = Channel::open(&self.socket).await?;
            Ok(channel.ask(request).await?.0)
        };
        self.in_time(step, asking).await
    }

    /// Asks over the connection of a box.
    pub(super) async fn ask_over(
        &self,
        channel: &mut Channel,
        step: &'static str,
        request: &Request,
    ) -> Result<Answer, CallError> {
        let asking = async { Ok(channel.ask(request).await?.0) };
        self.in_time(step, asking).await
    }

    /// Starts a box.
    pub(super) async fn start(&self, request: BoxRequest) -> Result<StartedBox, LaunchError> {
        let environment = request.environment.clone();
        let starting = async {
            let mut channel = Channel::open(&self.socket).await?;
            let (jailer, _none) = channel.ask(&Request::Instance).await?;
            let (answer, descriptors) = channel.ask(&Request::Start(request)).await?;
            let streams: Option<[OwnedFd; DESCRIPTORS_WITH_SOCKET]> = descriptors.try_into().ok();
            Ok((channel, jailer, answer, streams))
        };
        let started = self.in_time("start", starting).await;
        let failed = |error: CallError| error.into_launch_error(&environment);
        match started.map_err(failed)? {
            (_channel, _jailer, Answer::Refused(refusal), _none) => Err(self
                .failed("start", CallFailure::Refused(refusal))
                .into_launch_error(&environment)),
            (channel, Answer::Instance(instance), Answer::Started(started), Some(streams)) => Ok(StartedBox {
                instance,
                id: started.id,
                environment_digest: started.environment_digest,
                channel,
                streams,
            }),
            _other => Err(CallError::out_of_turn(self, "start").into_launch_error(&environment)),
        }
    }

    async fn in_time<T>(
        &self,
        step: &'static str,
        asking: impl Future<Output = io::Result<T>>,
    ) -> Result<T, CallError> {
        let failure = match timeout(self.allowed, asking).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => CallFailure::Misread(error),
            Ok(Err(error)) => CallFailure::Connection(error),
            Err(_elapsed) => CallFailure::Silent(self.allowed),
        };
        Err(self.failed(step, failure))
    }

    fn failed(&self, step: &'static str, source: CallFailure) -> CallError {
        CallError {
            step,
            socket: self.socket.to_path_buf(),
            source,
        }
    }

    /// A refusal as an error.
    pub(super) fn refused(&self, step: &'static str, refusal: Refusal) -> CallError {
        self.failed(step, CallFailure::Refused(refusal))
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            CallFailure::Refused(refusal) => f.write_str(&refusal.reason),
            failure => write!(f, "assize-jailer at {}: {failure}", self.socket.display()),
        }
    }
}

impl CallError {
    pub(super) fn out_of_turn(jailer: &Jailer, step: &'static str) -> Self {
        jailer.failed(step, CallFailure::OutOfTurn)
    }

    /// Whether the jailer hung up instead of answering.
    pub(super) fn is_end_of_connection(&self) -> bool {
        matches!(&self.source, CallFailure::Connection(error) if error.kind() == ErrorKind::UnexpectedEof)
    }

    /// The same failure, of a jailer that answers others.
    pub(super) fn told_by_another_version(self, version: &str) -> Self {
        Self {
            source: CallFailure::OtherVersion(version.to_owned()),
            ..self
        }
    }

    /// What to do about it.
    pub(super) fn remedy(&self) -> String {
        let socket = self.socket.display();
        match &self.source {
            CallFailure::Refused(refusal) => refusal.remedy.clone(),
            CallFailure::Silent(_) => "look at the load of the host and at the log of assize-jailer".to_owned(),
            CallFailure::OutOfTurn | CallFailure::Misread(_) | CallFailure::OtherVersion(_) => {
                OF_ONE_VERSION.to_owned()
            }
            CallFailure::Connection(error) => match error.kind() {
                ErrorKind::PermissionDenied => {
                    format!("let this user write to {socket}: make it a member of the socket's group")
                }
                ErrorKind::NotFound => format!("{START}, or set sandbox.nsjail.socket to its socket"),
                ErrorKind::ConnectionRefused => START.to_owned(),
                // So it does with a request that it does not know.
                ErrorKind::UnexpectedEof => format!("{OF_ONE_VERSION}, and look at the log of assize-jailer"),
                _ => "look at the log of assize-jailer".to_owned(),
            },
        }
    }

    pub(super) fn into_backend_error(self) -> BackendError {
        let remedy = self.remedy();
        match self.source {
            CallFailure::Refused(refusal) => BackendError::Unfit {
                what: refusal.reason,
                remedy,
                source: None,
            },
            CallFailure::OutOfTurn | CallFailure::Misread(_) | CallFailure::OtherVersion(_) => BackendError::Unfit {
                what: self.to_string(),
                remedy,
                source: None,
            },
            CallFailure::Connection(_) | CallFailure::Silent(_) => BackendError::Away {
                what: format!("assize-jailer at {}", self.socket.display()),
                remedy,
                source: Box::new(self.source),
            },
        }
    }

    /// As an error of a box that is made of this environment.
    pub(super) fn into_launch_error(self, environment: &str) -> LaunchError {
        let (step, remedy) = (self.step, self.remedy());
        match &self.source {
            CallFailure::Refused(refusal) if refusal.kind == RefusalKind::NotInstalled => LaunchError::NotInstalled {
                environment: environment.to_owned(),
                remedy,
                source: Box::new(self),
            },
            CallFailure::Refused(refusal) if refusal.kind == RefusalKind::NoRoom => LaunchError::NoRoom {
                step,
                remedy,
                source: Box::new(self),
            },
            CallFailure::Refused(_)
            | CallFailure::OutOfTurn
            | CallFailure::Misread(_)
            | CallFailure::OtherVersion(_) => LaunchError::Refused {
                step,
                remedy,
                source: Box::new(self),
            },
            CallFailure::Connection(_) | CallFailure::Silent(_) => LaunchError::Unresponsive {
                step,
                remedy,
                source: Box::new(self),
            },
        }
    }
}
