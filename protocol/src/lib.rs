//! The frames that a worker and the runner in a box exchange.
//!
//! The worker writes [`Command`]s to the box's standard input, the runner answers with [`Report`]s on its standard
//! output. Nothing else travels on these two streams, and the judged program never holds a descriptor of either.
//!
//! # State machine
//!
//! ```text
//!          Hello
//!            |
//!            v      Put FileData* FileEnd        Run
//!          idle <----------- Input* ------> idle -----> running
//!            ^                                            |   Stdin* StdinEnd, OutputCredit, CloseStdout, Kill ->
//!            |   ResetDone         Fetched                |   <- Output*, OutputEnd, StdinCredit*, Starved*
//!            +------------ finished <---------------------+   <- Exited, Fetched
//!                 Reset     Fetch
//! ```
//!
//! `Zygote` and `Prepare` may come while idle and are answered with `ZygoteStarted` and `Prepared`. A `Run` that is to
//! fork is answered with `NotForked` when there is no zygote, or when it does not do so; the runner is idle again then.
//!
//! The standard input of a program is a pipe, or a file ([`Stdin`]). For a file, `Input*` comes before the `Run`, without
//! credit, like the data of files: the program and its clocks start when the input is whole.
//!
//! Where the streams of a box are a socket of which the runner has the other end itself, the worker may make the pipes of
//! a program: `Pipes` comes before the `Run`, with the descriptors (`unix(7)`, `SCM_RIGHTS`). The program's standard
//! output, and its standard input unless that is a file, then pass the runner by: there is no `Stdin`, `StdinEnd`,
//! `Output`, credit or `CloseStdout`, and the worker holds the output against its limit. The end of the output is told as
//! ever, by the runner or by the worker: the worker says `OutputEnded`, and `OutputEnd` or `Exited` comes.
//!
//! Over such a socket a file can come as a descriptor, too: `CopyInput` instead of `Input*`, and `CopyData` instead of
//! `FileData*`. The runner copies the file, closes the descriptor, and answers `Taken`. It is idle meanwhile: no program
//! runs that the descriptor could get into. A file that was not copied can come in pieces. With `InputFile` the descriptor
//! is of a sealed file in memory (`memfd_create(2)`), which no other box has until the `Exited` of this run: the program
//! gets it open for reading, by another descriptor, and the memory is the worker's.
//!
//! A `Run` can ask for a piece of a file besides, which is reported right behind the `Exited`, and for a reset. That comes
//! last, and not at all when the file goes on behind what was fetched.
//!
//! The runner speaks first: [`Report::Hello`] carries [`VERSION`], and what the runner can measure. `Stdin`,
//! `StdinEnd`, `OutputCredit`, `CloseStdout`, `OutputEnded` and `Kill` may cross an `Exited` on the way; a runner that is
//! not running ignores them. Every other command out of place, and every frame that does not parse, ends the box: a
//! [`Report::Fault`] is the last report of a runner.
//!
//! # Flow control
//!
//! Each direction of the judged program's data has a window of [`WINDOW`] bytes that starts full with every `Run`.
//! The worker sends no more `Stdin` than the runner has credited, the runner reads no more from the program than the
//! worker has credited. So neither side ever holds more than a window, a program that does not read its input blocks
//! neither, and a `Kill` is never stuck behind data.
//!
//! # Encoding
//!
//! A frame is a little-endian `u32` length of the body, a kind byte and the body. The length is held against
//! [`MAX_BODY`] before a byte is allocated. Bodies are postcard, except for bulk data, which is carried raw.

mod codec;
mod error;
mod figure;
mod frame;
mod hello;
mod messages;

pub use error::DecodeError;
pub use figure::Figure;
pub use frame::{FrameError, HEADER, Header, MAX_BODY, read_header};
pub use hello::{Component, Hello, MAX_COMPONENT_TEXT, MAX_COMPONENTS, Meters};
pub use messages::{
    Command, CpuTime, Ended, Fault, FaultStage, Fetch, Fetched, Lifetime, MemoryPeak, PrepareRequest, Program, PutFile,
    Report, RunFacts, RunLimits, RunRequest, Stdin, Stopped, Stream, ZygoteEnd, ZygoteRequest,
};

/// Version of this protocol. Both ends must agree on it, since they are built from the same tree.
pub const VERSION: u16 = 13;

/// Processes of the runner itself in a box, as the kernel counts them: its two threads. A backend that limits the processes
/// of a box adds them to what a program may have.
pub const RUNNER_PROCESSES: u64 = 2;

/// Processes that a zygote adds to those of the runner.
pub const ZYGOTE_PROCESSES: u64 = 1;

/// Bytes of program data that may be under way in one direction before the receiver grants more.
pub const WINDOW: u32 = 1 << 20;

/// Largest piece of bulk data that one frame carries. Smaller than [`MAX_BODY`], so that control frames get through.
pub const CHUNK: usize = 64 << 10;

/// All durable files of a box together, in bytes, at most: its runner holds them in memory.
pub const DURABLE_AT_MOST: usize = 64 << 20;

/// Standard error that can be kept of a run, in bytes, at most: it comes in the frame of its end.
pub const STDERR_AT_MOST: u32 = 192 << 10;
