//! What the runner answers to everything but a run.

use std::time::Duration;

use assize_protocol::{Fetched, Hello, Report};
use tokio::time::timeout;

use crate::sandbox::BoxError;
use crate::sandbox::session::wire::BoxReader;

/// The next report that is no end of a reset.
pub(super) async fn answer(reader: &mut BoxReader, resets: &mut u32, allowed: Duration) -> Result<Answer, BoxError> {
    loop {
        let frame = timeout(allowed, reader.next())
            .await
            .map_err(|_elapsed| BoxError::Silent(allowed))??;
        match frame.report()? {
            Report::ResetDone if *resets > 0 => *resets -= 1,
            report => return Answer::of(&report),
        }
    }
}

/// Why a runner that hung up has given up, among what it said before; `None` where it did not say so.
pub(super) async fn last_fault(reader: &mut BoxReader) -> Option<BoxError> {
    while let Ok(frame) = reader.next().await {
        if let Ok(Report::Fault(fault)) = frame.report() {
            return Some(BoxError::Fault(fault));
        }
    }
    None
}

/// The answers to everything but a run.
pub(super) enum Answer {
    Hello(Hello),
    Fetched(Fetched),
    ZygoteStarted(bool),
    Prepared(bool),
    Taken(bool),
}

impl Answer {
    pub(super) fn of(report: &Report<'_>) -> Result<Self, BoxError> {
        match report {
            Report::Hello(hello) => Ok(Self::Hello(hello.clone())),
            Report::Fetched(fetched) => Ok(Self::Fetched(fetched.clone())),
            Report::ZygoteStarted(started) => Ok(Self::ZygoteStarted(*started)),
            Report::Prepared(prepared) => Ok(Self::Prepared(*prepared)),
            Report::Taken(copied) => Ok(Self::Taken(*copied)),
            Report::Fault(fault) => Err(BoxError::Fault(fault.clone())),
            Report::ResetDone => Err(BoxError::OutOfTurn("no reset was asked for")),
            Report::Output(_)
            | Report::OutputEnd
            | Report::StdinCredit(_)
            | Report::Starved(_)
            | Report::Exited(_)
            | Report::NotForked => Err(BoxError::OutOfTurn("no program is running")),
        }
    }
}
