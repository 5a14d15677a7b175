//! What a machine writes: the console of its guest, and what QEMU says.

use futures::StreamExt as _;
use tokio::io::AsyncRead;
use tokio_util::codec::{FramedRead, LinesCodec};

/// Longest line, in bytes; the rest of a longer one is left out.
const LONGEST: usize = 4096;

/// Lines of a machine that are logged. All of them are read.
const MOST: usize = 100;

/// Logs the lines of a machine until it ends.
pub(super) async fn log_lines(stream: impl AsyncRead + Unpin, id: String) {
    let mut lines = FramedRead::new(stream, LinesCodec::new_with_max_length(LONGEST));
    let mut number = 0_usize;
    while let Some(line) = lines.next().await {
        number += 1;
        if let Ok(line) = line
            && number <= MOST
        {
            tracing::warn!(box.id = id, "the machine wrote: {}", line.trim_end().escape_debug());
        }
    }
}
