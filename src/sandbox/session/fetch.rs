//! Files that a program has left in its box.

use assize_protocol::{CHUNK, Command, Fetch, Fetched, RunFacts, RunRequest};

use crate::sandbox::BoxError;
use crate::sandbox::session::answer::Answer;
use crate::sandbox::session::{RunStreams, Session};

impl Session {
    /// Runs a program as [`Session::run`] does, and reads the start of a file that it left below the work directory. The
    /// box is asked for it ahead, and clears it only when all of it was read.
    ///
    /// # Errors
    /// As [`Session::run`]. A file that is not there is `Ok`.
    pub async fn run_and_fetch(
        &mut self,
        request: &RunRequest,
        streams: RunStreams,
        (path, max_bytes): (&str, u64),
    ) -> Result<(RunFacts, Fetched), BoxError> {
        let request = RunRequest {
            then_fetch: Some(fetch_of(path, 0, max_bytes)),
            ..request.clone()
        };
        let (facts, begin) = self.run_then(&request, streams).await?;
        let begin = begin.ok_or(BoxError::OutOfTurn("a fetched file was expected"))?;
        Ok((facts, self.fetch_rest(path, begin, max_bytes).await?))
    }

    /// Reads the start of a file that a program left below the work directory.
    ///
    /// # Errors
    /// When the box is lost. A file that is not there is `Ok`.
    pub async fn fetch(&mut self, path: &str, max_bytes: u64) -> Result<Fetched, BoxError> {
        let begin = self.fetch_piece(&fetch_of(path, 0, max_bytes)).await?;
        self.fetch_rest(path, begin, max_bytes).await
    }

    /// The whole of a file of which this was fetched.
    async fn fetch_rest(&mut self, path: &str, begin: Fetched, max_bytes: u64) -> Result<Fetched, BoxError> {
        let mut whole = begin;
        while let (Some(content), true) = (&mut whole.content, whole.truncated) {
            let read = content.len() as u64;
            if read >= max_bytes {
                break;
            }
            let piece = self.fetch_piece(&fetch_of(path, read, max_bytes - read)).await?;
            // It is a box that says so: a file that gives nothing would be asked for without end.
            let more = piece.content.filter(|more| !more.is_empty());
            whole.truncated = piece.truncated && more.is_some();
            content.extend(more.unwrap_or_default());
        }
        Ok(whole)
    }

    async fn fetch_piece(&mut self, fetch: &Fetch) -> Result<Fetched, BoxError> {
        let sent = self.writer.send(&Command::Fetch(fetch.clone())).await;
        self.or_fault(sent).await?;
        self.fetched(fetch).await
    }

    /// What the box says of a file that it was asked for.
    pub(super) async fn fetched(&mut self, fetch: &Fetch) -> Result<Fetched, BoxError> {
        let most = fetch.max_bytes as usize;
        match self.answer(self.timeouts.answer).await? {
            Answer::Fetched(fetched) if fetched.content.as_ref().is_some_and(|it| it.len() > most) => {
                Err(BoxError::OutOfTurn("more of a file than was asked for"))
            }
            Answer::Fetched(fetched) => Ok(fetched),
            _ => Err(BoxError::OutOfTurn("a fetched file was expected")),
        }
    }
}

/// A piece of a file, of at most [`CHUNK`] bytes.
fn fetch_of(path: &str, offset: u64, max_bytes: u64) -> Fetch {
    Fetch {
        path: path.to_owned(),
        offset,
        max_bytes: u32::try_from(max_bytes.min(CHUNK as u64)).unwrap_or(u32::MAX),
    }
}
