//! A program that has ended, and output that is still on its way.

use std::pin::pin;
use std::time::Duration;

use assize_protocol::{RunFacts, Stopped, Stream};
use tokio::time::sleep;

use crate::sandbox::session::drain::{Drain, DrainEvent};

/// How long after the end of a program its pipe may be open where it could be read. No process of it is alive then, but the
/// zygote, or a socket that was sent over itself, may hold a descriptor.
const PIPE_OPEN_FOR: Duration = Duration::from_millis(500);

/// Output that its reader has still to take when the program has ended.
pub(super) struct Undelivered {
    pub(super) drain: Drain,
    pub(super) facts: RunFacts,
    /// Why the runner was asked to end the program.
    pub(super) asked: Option<Stopped>,
}

impl Undelivered {
    /// Ends when all is delivered, or the reader hangs up.
    pub(super) async fn deliver(mut self) -> RunFacts {
        self.drain.bound_rest();
        let mut closes = pin!(sleep(PIPE_OPEN_FOR));
        while !self.drain.is_done() {
            let is_delivered = self.drain.is_delivered();
            let event = tokio::select! {
                biased;
                event = self.drain.next() => event,
                () = &mut closes, if is_delivered => break,
            };
            if matches!(event, Ok(DrainEvent::ReaderGone) | Err(_)) {
                break;
            }
        }
        self.judged()
    }

    /// The facts, with what is known here of output that the runner has not seen. Too much output counts also when it is
    /// found after the end, unless something else ended the program.
    fn judged(self) -> RunFacts {
        let Self {
            drain,
            mut facts,
            asked,
        } = self;
        let Some(pipe) = drain.pipe() else {
            return facts;
        };
        facts.stdout_bytes = pipe.bytes();
        let too_much = Some(Stopped::Output(Stream::Stdout));
        let was_asked_for_that = facts.stopped == Some(Stopped::Asked) && asked == too_much;
        if pipe.is_over_limit() && (facts.stopped.is_none() || was_asked_for_that) {
            facts.stopped = too_much;
        }
        facts
    }
}
