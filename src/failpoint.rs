//! Places at which a worker can be made to die as in a power failure: only where it is built for tests, with the feature
//! `failpoints`. Without it `reached` is empty.
//!
//! `ASSIZE_FAILPOINT=judged` kills the process with SIGKILL when it gets there for the first time;
//! `ASSIZE_FAILPOINT=judged@ID` when it gets there with the message of this id in hand.

use strum::IntoStaticStr;
use uuid::Uuid;

/// The variable that arms one.
#[cfg(feature = "failpoints")]
pub const VARIABLE: &str = "ASSIZE_FAILPOINT";

/// How far a delivery has come. The one list of fail-points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// It has been received, and is not parsed yet.
    Received,
    /// There is a lease on the submission.
    Claimed,
    /// Its box is leased, and the first test has run.
    MidRun,
    /// The verdict is known to this process only.
    Judged,
    /// The verdict is in the database.
    Stored,
    /// The broker has confirmed the verdict.
    Published,
    /// The message is acknowledged; boxes are left.
    Acked,
}

impl Stage {
    /// In the order of the flow.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::Claimed,
        Self::MidRun,
        Self::Judged,
        Self::Stored,
        Self::Published,
        Self::Acked,
    ];

    /// Its name in [`VARIABLE`].
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Ends this process here if the stage is armed.
#[cfg(feature = "failpoints")]
pub(crate) fn reached(stage: Stage, message: Option<Uuid>) {
    use std::sync::OnceLock;
    static ARMED: OnceLock<Option<String>> = OnceLock::new();
    let Some(armed) = ARMED.get_or_init(|| std::env::var(VARIABLE).ok()) else {
        return;
    };
    let (name, only) = match armed.split_once('@') {
        Some((name, id)) => (name, Some(id)),
        None => (armed.as_str(), None),
    };
    if name == stage.name() && only.is_none_or(|id| message.is_some_and(|message| message.to_string() == id)) {
        die();
    }
}

/// Nothing happens at a fail-point of a worker that is not built for tests.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub(crate) fn reached(_stage: Stage, _message: Option<Uuid>) {}

/// Nothing is unwound, closed or logged.
#[cfg(feature = "failpoints")]
fn die() {
    use rustix::process::{Signal, getpid, kill_process};
    if kill_process(getpid(), Signal::KILL).is_err() {
        std::process::abort();
    }
}
