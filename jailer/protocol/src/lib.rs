//! What a worker and assize-jailer say to each other, over a Unix socket.
//!
//! A connection is one box, from its start to its end, or a few questions. Each side writes frames: four bytes with the
//! length of what follows, least first, then that many bytes of JSON. Every request has one answer, and they come in
//! order. When the worker's side of the connection ends, its box is destroyed; the jailer closes its own side when that is
//! done. With [`Answer::Started`] come descriptors (`SCM_RIGHTS`, `unix(7)`): the worker's end of a pair of sockets, which
//! the box has for standard input and output, and the end of its standard error that is read from. Workers of the version
//! before get three: the end of the box's standard input that is written to, then those of its standard output and
//! standard error that are read from.
//!
//! A box is asked for by what differs from one to the next, and by nothing else: neither a path nor a program nor a mount
//! can be named.

#![forbid(unsafe_code)]

mod examination;
mod frame;
mod request;

pub use examination::{Finding, FindingState, Subject};
pub use frame::{
    FRAME_HEADER, FrameError, MOST_ANSWER_BYTES, MOST_REQUEST_BYTES, decode, decode_request, encode, frame_length,
};
pub use request::{
    Answer, BoxRequest, Facts, Refusal, RefusalKind, Request, Started, UseLimits, WayOfEnding, WithoutLayer,
};

/// Descriptors that come with [`Answer::Started`] where streams are pipes.
pub const DESCRIPTORS: usize = 3;

/// Descriptors that come with [`Answer::Started`] where streams are a socket ([`BoxRequest::socket`]).
pub const DESCRIPTORS_WITH_SOCKET: usize = 2;
