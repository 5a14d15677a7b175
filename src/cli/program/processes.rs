//! Which processes calls are made in, as an option of `judge` and `submit`.

use clap::ValueEnum;

use crate::contract::{CallOptions, CallProcesses, SubmissionMessage};

/// How calls share a process.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum Processes {
    /// Each call has a process of its own.
    Each,
    /// Each call has a fork of the process that has imported the program.
    Forks,
    /// All calls are made in one process.
    One,
}

impl Processes {
    /// Says so in a message.
    pub(in crate::cli) fn put_into(self, message: &mut SubmissionMessage) {
        let processes = match self {
            Self::Each => CallProcesses::Each,
            Self::Forks => CallProcesses::Forks,
            Self::One => CallProcesses::One,
        };
        message.call_options = Some(CallOptions { processes });
    }
}
