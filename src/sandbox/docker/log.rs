//! What the daemon has of a container that was attached to: the runner's output, where it is its streams, and its log.

use std::io;
use std::pin::Pin;

use bollard::container::LogOutput;
use bollard::errors::Error as DockerError;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};

/// Pieces of output of a container.
pub(super) type Attached = Pin<Box<dyn Stream<Item = Result<LogOutput, DockerError>> + Send>>;

/// What a runner writes to its standard error, in pieces; ends with its container.
pub(super) type RunnerLog = BoxStream<'static, String>;

/// The runner speaks on its standard output; its standard error is its log.
pub(super) fn runner_output(attached: Attached, id: String) -> BoxStream<'static, io::Result<Bytes>> {
    let output = move |piece: Result<LogOutput, DockerError>| {
        std::future::ready(match piece {
            Ok(LogOutput::StdOut { message } | LogOutput::Console { message }) => Some(Ok(message)),
            Ok(LogOutput::StdErr { message }) => {
                note(&id, &text(&message));
                None
            }
            Ok(LogOutput::StdIn { .. }) => None,
            Err(error) => Some(Err(io::Error::other(error))),
        })
    };
    attached.filter_map(output).boxed()
}

/// The log of a runner whose streams do not go through the daemon.
pub(super) fn runner_log(attached: Attached) -> RunnerLog {
    let log = |piece| {
        std::future::ready(match piece {
            Ok(LogOutput::StdErr { message }) => Some(text(&message)),
            _ => None,
        })
    };
    attached.filter_map(log).boxed()
}

/// Notes what a runner writes, until its container ends.
pub(super) async fn note_all(mut log: RunnerLog, id: String) {
    while let Some(said) = log.next().await {
        note(&id, &said);
    }
}

fn note(id: &str, said: &str) {
    tracing::warn!(box.id = id, "the runner wrote: {said}");
}

fn text(message: &[u8]) -> String {
    String::from_utf8_lossy(message).trim_end().escape_debug().to_string()
}
