//! Asks the proxy for the streams of a box: a call of its own beside those of the Docker Engine.

use std::io;
use std::os::unix::net;

use assize_docker_box::WORKER_SECRET;
use thiserror::Error;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use crate::sandbox::descriptors::receive;

/// Longest answer, in bytes. A refusal is a sentence.
const MOST_ANSWER_BYTES: usize = 16 << 10;

/// Why the proxy gives no streams.
#[derive(Debug, Error)]
pub(super) enum AskError {
    /// It does not want to.
    #[error("the proxy says {0}")]
    Refused(String),
    /// It cannot now, or its daemon cannot.
    #[error("the proxy says {0}")]
    Busy(String),
    /// No answer comes.
    #[error("the proxy hangs up")]
    HungUp,
    /// It is not reached.
    #[error("the proxy cannot be reached: {0}")]
    Away(#[from] io::Error),
}

/// The worker's end of the streams of a box, from the proxy at `host`. It comes over the connection, behind the answer.
pub(super) async fn ask_proxy(host: &str, secret: &str, id: &str) -> Result<UnixStream, AskError> {
    let mut stream = UnixStream::connect(host.trim_start_matches("unix://")).await?;
    // What does not agree to the upgrade hangs up when it has said why.
    let head = format!(
        "POST /containers/{id}/streams HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade, close\r\n\
         Upgrade: assize-streams\r\n{WORKER_SECRET}: {secret}\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let (mut answer, mut descriptors) = (Vec::new(), Vec::new());
    let mut piece = [0; 4096];
    while descriptors.is_empty() && answer.len() < MOST_ANSWER_BYTES {
        match receive(&stream, &mut piece, &mut descriptors).await {
            Ok(read) => answer.extend_from_slice(&piece[..read]),
            Err(_ended) => break,
        }
    }
    let streams = descriptors.pop().ok_or_else(|| refusal(&answer))?;
    let streams = net::UnixStream::from(streams);
    streams.set_nonblocking(true)?;
    Ok(UnixStream::from_std(streams)?)
}

/// What an answer without streams says. A status of the server says that it may go well another time (RFC 9110, 15.6).
fn refusal(answer: &[u8]) -> AskError {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let is_server_error = head.split(' ').nth(1).is_some_and(|status| status.starts_with('5'));
    match body.trim() {
        "" => AskError::HungUp,
        said if is_server_error => AskError::Busy(said.escape_debug().to_string()),
        said => AskError::Refused(said.escape_debug().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_a_proxy_that_cannot_now() {
        let table = [
            ("HTTP/1.1 403 Forbidden\r\n\r\n{\"message\":\"no\"}", "Refused"),
            ("HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{}", "Busy"),
            ("HTTP/1.1 502 Bad Gateway\r\n\r\n{}", "Busy"),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", "HungUp"),
            ("HTTP/1.1 503", "HungUp"),
            ("", "HungUp"),
        ];
        for (answer, expected) in table {
            let refused = format!("{:?}", refusal(answer.as_bytes()));
            assert!(refused.starts_with(expected), "{answer}: {refused}");
        }
    }
}
