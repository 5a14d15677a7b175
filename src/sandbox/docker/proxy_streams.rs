//! Asks the proxy for the streams of a box: a call of its own beside those of the Docker Engine.

use std::io;
use std::os::unix::net;

use assize_docker_box::WORKER_SECRET;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use crate::sandbox::descriptors::receive;

/// Longest answer, in bytes. A refusal is a sentence.
const MOST_ANSWER_BYTES: usize = 16 << 10;

/// The worker's end of the streams of a box, from the proxy at `host`. It comes over the connection, behind the answer.
pub(super) async fn ask_proxy(host: &str, secret: &str, id: &str) -> io::Result<UnixStream> {
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
    let streams = descriptors.pop().ok_or_else(|| io::Error::other(refusal(&answer)))?;
    let streams = net::UnixStream::from(streams);
    streams.set_nonblocking(true)?;
    UnixStream::from_std(streams)
}

/// The body of an answer.
fn refusal(answer: &[u8]) -> String {
    let answer = String::from_utf8_lossy(answer);
    let body = answer.split_once("\r\n\r\n").map_or(&*answer, |(_head, body)| body);
    match body.trim() {
        "" => "the proxy hangs up".to_owned(),
        said => format!("the proxy says {}", said.escape_debug()),
    }
}
