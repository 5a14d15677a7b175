//! What makes a box unusable.

use std::time::Duration;

use assize_protocol::{DecodeError, Fault, FaultStage, FrameError};
use thiserror::Error;

use crate::counted::counted;

/// A box that cannot be used any further. It is always ours, never the program's.
#[derive(Debug, Error)]
pub enum BoxError {
    /// The stream broke.
    #[error("the connection to the box broke: {0}")]
    Connection(#[from] std::io::Error),
    /// The runner is gone.
    #[error("the box ended by itself")]
    Ended,
    /// The runner said nothing for too long.
    #[error("the box did not answer within {0:?}")]
    Silent(Duration),
    /// The memory kills in it cannot be counted.
    #[error(
        "neither the runner nor the sandbox backend can count the memory kills of this box, so a memory limit would look \
         like a crash of the program; mount the control group's files in the box (memory.events), or use another runtime"
    )]
    NoMemoryKills,
    /// The backend's own counter of the box cannot be read any more.
    #[error("cannot read how many processes of the box were killed for memory: {0}")]
    Meter(std::io::Error),
    /// A frame that cannot be.
    #[error("the box sent a wrong frame: {0}")]
    Frame(#[from] FrameError),
    /// A body that cannot be.
    #[error("the box sent a wrong message: {0}")]
    Decode(#[from] DecodeError),
    /// A report at the wrong time.
    #[error("the box answered out of turn: {0}")]
    OutOfTurn(&'static str),
    /// The runner gave up.
    #[error("the runner failed at {:?}: {}", .0.stage, .0.message)]
    Fault(Fault),
    /// The host kept the program from running for too long.
    #[error(
        "the host is too busy: a program with a wall limit of {wall:?} was ready to run for {starved:?} in which others had \
         its CPUs; give the worker CPUs of its own (sandbox.cpuset), or fewer slots"
    )]
    Starved {
        /// Its wall limit.
        wall: Duration,
        /// How long it was ready and did not run.
        starved: Duration,
    },
    /// The kernel killed something in it for memory, and not at its limit.
    #[error(
        "the host is short of memory, or a control group around the box is: the kernel killed {} in a box that had not come \
         to its own limit; give the host more memory or the worker fewer slots, and see the limits around its boxes (of a \
         slice, a service, a container or a pod)",
        counted(*.0, "process", "processes")
    )]
    HostMemory(u64),
    /// It may keep more CPUs busy than it was to have.
    #[error(
        "the box may run on {found} CPUs and has no quota, where it was to have {asked}, so times would not be comparable; see \
         whether sandbox.cpuset names CPUs that boxes may have (AllowedCPUs= of a slice or a service around them)"
    )]
    TooManyCpus {
        /// How many it may run on.
        found: u32,
        /// How many it was to have.
        asked: u32,
    },
    /// It was lost before the runner had said that what the program before has left is gone.
    #[error("the box cannot be cleared of what the program before has left: {0}")]
    NotCleared(Box<BoxError>),
    /// It was lost before anything was put into it.
    #[error("the box was lost before it could be used: {0}")]
    NotStarted(Box<BoxError>),
    /// It was lost while what it needs was put into it; no program has begun.
    #[error("the box was lost before a program began in it: {0}")]
    NotReady(Box<BoxError>),
    /// The zygote is dead, or does not fork.
    #[error("the zygote in the box does not fork any more")]
    NotForked,
    /// The runner may not have a file in memory of this worker, or programs of its box could change it. The box is as before.
    #[error("the box does not take an input that is lent to it")]
    InputNotTaken,
    /// Reading what was to be sent into the box failed.
    #[error("cannot read the input of the program: {0}")]
    Input(std::io::Error),
}

impl BoxError {
    /// Whether what was put into the box, or was to be started in it, can be why it was lost: a file that cannot be written,
    /// a program that cannot be executed.
    pub fn is_about_what_was_put(&self) -> bool {
        match self {
            Self::Fault(fault) => matches!(fault.stage, FaultStage::File | FaultStage::Spawn),
            Self::NotCleared(error) | Self::NotReady(error) => error.is_about_what_was_put(),
            _ => false,
        }
    }

    /// Whether a program can be why it was lost that did nothing to the runner: calls of the kernel that take long keep its
    /// processes from ending, and can keep the runner waiting; one that wants much memory finds a host short of it.
    pub fn may_come_of_a_program(&self) -> bool {
        match self {
            Self::Silent(_) | Self::HostMemory(_) => true,
            Self::Fault(fault) => fault.stage == FaultStage::Watch,
            _ => false,
        }
    }
}
