//! What a machine writes: the console of its guest, and what its VMM says.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};

/// Longest line, in bytes; a longer one is told in pieces.
const LONGEST: u64 = 4096;

/// Lines of a machine that are logged. All of them are read.
const MOST: usize = 100;

/// Logs the lines of a machine until it ends.
pub(super) async fn log_lines(stream: impl AsyncRead + Unpin, id: String) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    let mut number = 0_usize;
    loop {
        line.clear();
        let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut line).await;
        if !matches!(read, Ok(1..)) {
            return;
        }
        number = number.saturating_add(1);
        if number <= MOST {
            let line = String::from_utf8_lossy(&line);
            tracing::warn!(box.id = id, "the machine wrote: {}", line.trim_end().escape_debug());
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test]
    async fn a_machine_is_read_to_its_end_whatever_it_writes() {
        let (reader, mut writer) = tokio::io::duplex(1024);
        let log = tokio::spawn(log_lines(reader, "microvm-test".to_owned()));
        let longer = usize::try_from(LONGEST).unwrap() * 4;
        for piece in [vec![b'x'; longer], vec![0xff; 10], b"\n\n".repeat(MOST)] {
            writer.write_all(&piece).await.unwrap();
        }
        drop(writer);
        log.await.unwrap();
    }
}
