//! What the program that runs unit tests writes, line by line.

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::sync::mpsc;

use crate::contract::{UnitReport, document};

/// A line, in bytes, at most: a request has at most 8 MiB, and what is reported of all tests together fits too.
const LONGEST: usize = 64 << 20;

/// A line.
#[derive(Debug)]
pub(super) enum Line {
    /// A report to the judge.
    Report(UnitReport),
    /// A request for a process of the submission.
    Request(Request),
    /// What is none of these.
    Unreadable,
}

/// A request for a process of the submission: the same number means the same process.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) process: u64,
    /// Its line, with its end.
    pub(super) data: Bytes,
}

/// Makes lines of pieces.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    buffer: BytesMut,
    /// How much of it is known to hold no end of a line.
    searched: usize,
}

impl Splitter {
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole line, without its end.
    pub(super) fn line(&mut self) -> Option<Bytes> {
        let rest = &self.buffer[self.searched..];
        let Some(at) = rest.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.searched + at).freeze();
        self.buffer.advance(1);
        self.searched = 0;
        Some(line)
    }

    /// What has come of a line that has no end yet, in bytes.
    pub(super) fn pending(&self) -> usize {
        self.buffer.len()
    }
}

/// The lines of the program.
#[derive(Debug)]
pub(super) struct Lines {
    from: mpsc::Receiver<Bytes>,
    splitter: Splitter,
}

impl Lines {
    pub(super) fn new(from: mpsc::Receiver<Bytes>) -> Self {
        Self {
            from,
            splitter: Splitter::default(),
        }
    }

    /// The next line; `None` at the end. It may be given up while it is waited for.
    pub(super) async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.splitter.line() {
                return Some(read(&line).unwrap_or(Line::Unreadable));
            }
            if self.splitter.pending() > LONGEST {
                return Some(Line::Unreadable);
            }
            let piece = self.from.recv().await?;
            self.splitter.push(&piece);
        }
    }
}

fn read(line: &Bytes) -> Option<Line> {
    let (kind, rest) = line.split_first()?;
    match kind {
        b'!' => document(rest).ok().map(Line::Report),
        b'>' => {
            let space = rest.iter().position(|byte| *byte == b' ')?;
            let process = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
            let data = [&rest[space + 1..], b"\n"].concat().into();
            Some(Line::Request(Request { process, data }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_reports_and_requests_however_they_are_cut() {
        let (sender, receiver) = mpsc::channel(8);
        for piece in [
            "!{\"begin\":",
            "\"a\"}\n>3 {\"do\"",
            ":1}\n\n!{\"begin\":\"\\ud800\"}\n",
        ] {
            sender.send(Bytes::from(piece)).await.unwrap();
        }
        let mut lines = Lines::new(receiver);
        assert!(matches!(lines.next().await, Some(Line::Report(report)) if report.begin.as_deref() == Some("a")));
        let Some(Line::Request(request)) = lines.next().await else {
            panic!("a request");
        };
        assert_eq!((request.process, &request.data[..]), (3, &b"{\"do\":1}\n"[..]));
        for what in ["an empty line", "half of a surrogate pair"] {
            assert!(matches!(lines.next().await, Some(Line::Unreadable)), "{what}");
        }
        drop(sender);
        assert!(lines.next().await.is_none());
    }
}
