//! The warm interpreter of a box, which is forked for its programs.

use std::time::Duration;

use assize_protocol::{Command, PrepareRequest, ZygoteRequest};

use crate::sandbox::BoxError;
use crate::sandbox::session::Session;
use crate::sandbox::session::answer::Answer;

impl Session {
    /// Starts a zygote. One that does not start is no error: programs are executed then.
    ///
    /// # Errors
    /// When the box is lost.
    pub async fn start_zygote(&mut self, request: &ZygoteRequest) -> Result<(), BoxError> {
        let sent = self.writer.send(&Command::Zygote(request.clone())).await;
        self.or_fault(sent).await?;
        let allowed = Duration::from_micros(request.wall_us) + self.timeouts.answer;
        match self.answer(allowed).await? {
            Answer::ZygoteStarted(started) => {
                if !started {
                    tracing::warn!(box.id = self.id, "no zygote has started in a box; its programs start slower");
                }
                Ok(())
            }
            _ => Err(BoxError::OutOfTurn("the start of a zygote was expected")),
        }
    }

    /// Lets the zygote prepare the files that were put. If it does not, programs are executed.
    ///
    /// # Errors
    /// When the box is lost.
    pub async fn prepare(&mut self, request: &PrepareRequest) -> Result<(), BoxError> {
        let sent = self.writer.send(&Command::Prepare(request.clone())).await;
        self.or_fault(sent).await?;
        let allowed = Duration::from_micros(request.wall_us) + self.timeouts.answer;
        match self.answer(allowed).await? {
            Answer::Prepared(prepared) => {
                self.forks = prepared;
                Ok(())
            }
            _ => Err(BoxError::OutOfTurn("a prepared zygote was expected")),
        }
    }
}
