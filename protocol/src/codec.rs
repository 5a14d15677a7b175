//! How messages become frames and back.

use serde::{Deserialize, Serialize};

use crate::error::DecodeError;
use crate::frame::{FrameError, HEADER, append, header};
use crate::hello::Hello;
use crate::messages::{Command, Report};

mod kind {
    pub(super) const PUT: u8 = 0x01;
    pub(super) const FILE_DATA: u8 = 0x02;
    pub(super) const FILE_END: u8 = 0x03;
    pub(super) const RUN: u8 = 0x04;
    pub(super) const STDIN: u8 = 0x05;
    pub(super) const STDIN_END: u8 = 0x06;
    pub(super) const OUTPUT_CREDIT: u8 = 0x07;
    pub(super) const CLOSE_STDOUT: u8 = 0x08;
    pub(super) const KILL: u8 = 0x09;
    pub(super) const FETCH: u8 = 0x0a;
    pub(super) const RESET: u8 = 0x0b;
    pub(super) const ZYGOTE: u8 = 0x0c;
    pub(super) const PREPARE: u8 = 0x0d;
    pub(super) const INPUT: u8 = 0x0e;
    pub(super) const PIPES: u8 = 0x0f;
    pub(super) const OUTPUT_ENDED: u8 = 0x10;
    pub(super) const COPY_DATA: u8 = 0x11;
    pub(super) const COPY_INPUT: u8 = 0x12;
    pub(super) const INPUT_FILE: u8 = 0x13;

    pub(super) const HELLO: u8 = 0x81;
    pub(super) const OUTPUT: u8 = 0x82;
    pub(super) const STDIN_CREDIT: u8 = 0x83;
    pub(super) const EXITED: u8 = 0x84;
    pub(super) const FETCHED: u8 = 0x85;
    pub(super) const RESET_DONE: u8 = 0x86;
    pub(super) const FAULT: u8 = 0x87;
    pub(super) const ZYGOTE_STARTED: u8 = 0x88;
    pub(super) const PREPARED: u8 = 0x89;
    pub(super) const NOT_FORKED: u8 = 0x8a;
    pub(super) const OUTPUT_END: u8 = 0x8b;
    pub(super) const STARVED: u8 = 0x8c;
    pub(super) const TAKEN: u8 = 0x8d;
}

impl<'a> Command<'a> {
    /// Parses the body of a frame of the given kind.
    ///
    /// # Errors
    /// When the kind is none of a command, or the body is not one of that kind.
    pub fn decode(kind: u8, body: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(match kind {
            kind::PUT => Self::Put(parse(kind, body)?),
            kind::FILE_DATA => Self::FileData(body),
            kind::COPY_DATA => Self::CopyData(parse(kind, body)?),
            kind::FILE_END => empty(kind, body, Self::FileEnd)?,
            kind::RUN => Self::Run(parse(kind, body)?),
            kind::INPUT => Self::Input(body),
            kind::COPY_INPUT => Self::CopyInput(parse(kind, body)?),
            kind::INPUT_FILE => Self::InputFile(parse(kind, body)?),
            kind::STDIN => Self::Stdin(body),
            kind::STDIN_END => empty(kind, body, Self::StdinEnd)?,
            kind::OUTPUT_CREDIT => Self::OutputCredit(parse(kind, body)?),
            kind::CLOSE_STDOUT => empty(kind, body, Self::CloseStdout)?,
            kind::KILL => empty(kind, body, Self::Kill)?,
            kind::FETCH => Self::Fetch(parse(kind, body)?),
            kind::RESET => empty(kind, body, Self::Reset)?,
            kind::ZYGOTE => Self::Zygote(parse(kind, body)?),
            kind::PREPARE => Self::Prepare(parse(kind, body)?),
            kind::PIPES => empty(kind, body, Self::Pipes)?,
            kind::OUTPUT_ENDED => empty(kind, body, Self::OutputEnded)?,
            other => return Err(DecodeError::UnknownKind(other)),
        })
    }

    /// Appends the frame of this command to `out`.
    ///
    /// # Errors
    /// When its body does not serialise or is above the cap; `out` is then as it was.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), FrameError> {
        match self {
            Self::Put(put) => append_value(out, kind::PUT, put),
            Self::FileData(data) => append_raw(out, kind::FILE_DATA, data),
            Self::CopyData(bytes) => append_value(out, kind::COPY_DATA, bytes),
            Self::FileEnd => append_raw(out, kind::FILE_END, &[]),
            Self::Run(request) => append_value(out, kind::RUN, request),
            Self::Input(data) => append_raw(out, kind::INPUT, data),
            Self::CopyInput(bytes) => append_value(out, kind::COPY_INPUT, bytes),
            Self::InputFile(bytes) => append_value(out, kind::INPUT_FILE, bytes),
            Self::Stdin(data) => append_raw(out, kind::STDIN, data),
            Self::StdinEnd => append_raw(out, kind::STDIN_END, &[]),
            Self::OutputCredit(bytes) => append_value(out, kind::OUTPUT_CREDIT, bytes),
            Self::CloseStdout => append_raw(out, kind::CLOSE_STDOUT, &[]),
            Self::Kill => append_raw(out, kind::KILL, &[]),
            Self::Fetch(fetch) => append_value(out, kind::FETCH, fetch),
            Self::Reset => append_raw(out, kind::RESET, &[]),
            Self::Zygote(request) => append_value(out, kind::ZYGOTE, request),
            Self::Prepare(request) => append_value(out, kind::PREPARE, request),
            Self::Pipes => append_raw(out, kind::PIPES, &[]),
            Self::OutputEnded => append_raw(out, kind::OUTPUT_ENDED, &[]),
        }
    }
}

impl<'a> Report<'a> {
    /// Kind byte of [`Report::Output`], for a reader that takes its body out of a buffer without a copy.
    pub const OUTPUT_KIND: u8 = kind::OUTPUT;

    /// What stands before so many bytes of [`Report::Output`], for a writer that reads them into their place. A frame of
    /// more than [`crate::MAX_BODY`] is refused by its reader.
    #[must_use]
    pub fn output_header(bytes: usize) -> [u8; HEADER] {
        header(kind::OUTPUT, bytes)
    }

    /// Parses the body of a frame of the given kind.
    ///
    /// # Errors
    /// When the kind is none of a report, or the body is not one of that kind.
    pub fn decode(kind: u8, body: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(match kind {
            kind::HELLO => Self::Hello(Hello::decode(kind, body)?),
            kind::OUTPUT => Self::Output(body),
            kind::OUTPUT_END => empty(kind, body, Self::OutputEnd)?,
            kind::STDIN_CREDIT => Self::StdinCredit(parse(kind, body)?),
            kind::EXITED => Self::Exited(parse(kind, body)?),
            kind::TAKEN => Self::Taken(parse(kind, body)?),
            kind::FETCHED => Self::Fetched(parse(kind, body)?),
            kind::RESET_DONE => empty(kind, body, Self::ResetDone)?,
            kind::FAULT => Self::Fault(parse(kind, body)?),
            kind::ZYGOTE_STARTED => Self::ZygoteStarted(parse(kind, body)?),
            kind::PREPARED => Self::Prepared(parse(kind, body)?),
            kind::NOT_FORKED => empty(kind, body, Self::NotForked)?,
            kind::STARVED => Self::Starved(parse(kind, body)?),
            other => return Err(DecodeError::UnknownKind(other)),
        })
    }

    /// Appends the frame of this report to `out`.
    ///
    /// # Errors
    /// When its body does not serialise or is above the cap; `out` is then as it was.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), FrameError> {
        match self {
            Self::Hello(hello) => append_value(out, kind::HELLO, hello),
            Self::Output(data) => append_raw(out, kind::OUTPUT, data),
            Self::OutputEnd => append_raw(out, kind::OUTPUT_END, &[]),
            Self::StdinCredit(bytes) => append_value(out, kind::STDIN_CREDIT, bytes),
            Self::Exited(facts) => append_value(out, kind::EXITED, facts),
            Self::Taken(copied) => append_value(out, kind::TAKEN, copied),
            Self::Fetched(fetched) => append_value(out, kind::FETCHED, fetched),
            Self::ResetDone => append_raw(out, kind::RESET_DONE, &[]),
            Self::Fault(fault) => append_value(out, kind::FAULT, fault),
            Self::ZygoteStarted(ready) => append_value(out, kind::ZYGOTE_STARTED, ready),
            Self::Prepared(ready) => append_value(out, kind::PREPARED, ready),
            Self::NotForked => append_raw(out, kind::NOT_FORKED, &[]),
            Self::Starved(us) => append_value(out, kind::STARVED, us),
        }
    }
}

fn parse<T: for<'de> Deserialize<'de>>(kind: u8, body: &[u8]) -> Result<T, DecodeError> {
    let (value, rest) = postcard::take_from_bytes(body).map_err(|source| DecodeError::Body { kind, source })?;
    empty(kind, rest, value)
}

fn empty<T>(kind: u8, rest: &[u8], value: T) -> Result<T, DecodeError> {
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(DecodeError::Trailing {
            kind,
            extra: rest.len(),
        })
    }
}

fn append_raw(out: &mut Vec<u8>, kind: u8, data: &[u8]) -> Result<(), FrameError> {
    append(out, kind, |out| out.extend_from_slice(data))
}

fn append_value<T: Serialize>(out: &mut Vec<u8>, kind: u8, value: &T) -> Result<(), FrameError> {
    let body = postcard::to_stdvec(value).map_err(|source| FrameError::Unserialisable { kind, source })?;
    append_raw(out, kind, &body)
}
