//! What the runner asks of a zygote, and how it is answered: packets on descriptor 0.

use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use assize_child::{RLIMITS_BYTES, Rlimits};
use rustix::io::{Errno, Result};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, recvmsg, send};
use rustix::stdio::stdin;

/// Descriptors that come with a request to start: standard input, output and error, and the status pipe.
const PIPES: usize = 4;

/// Larger than every packet of the runner: names of files, arguments.
const PACKET: usize = 192 << 10;

/// What the runner asks for.
pub(crate) enum Request {
    /// Import libraries: words for `zygote.warm_up`.
    WarmUp(Vec<Vec<u8>>),
    /// Note what Python audits on this page.
    Audit(OwnedFd),
    /// Compile a submission and import its libraries: words for `zygote.prepare`.
    Prepare(Vec<Vec<u8>>),
    /// Fork into the program.
    Start(Start),
}

/// How the program is started.
pub(crate) struct Start {
    pub(crate) pipes: [OwnedFd; PIPES],
    pub(crate) rlimits: Rlimits,
    pub(crate) argv: Vec<Vec<u8>>,
}

/// Room for a packet. It is made once: what is written anew for each would be copied behind each fork.
pub(crate) fn room() -> Vec<u8> {
    vec![0; PACKET]
}

/// Waits for the next request, which comes into `packet`.
pub(crate) fn receive(packet: &mut [u8]) -> Result<Request> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PIPES))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        let mut slices = [IoSliceMut::new(packet)];
        match recvmsg(stdin(), &mut slices, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(Errno::INTR) => {}
            other => break other?,
        }
    };
    let pipes: Vec<OwnedFd> = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
            _ => None,
        })
        .flatten()
        .collect();
    parse(&packet[..received.bytes], pipes).ok_or(Errno::PROTO)
}

fn parse(packet: &[u8], pipes: Vec<OwnedFd>) -> Option<Request> {
    match packet.split_first()? {
        (b'I', words) => Some(Request::WarmUp(split(words))),
        (b'A', []) => Some(Request::Audit(pipes.into_iter().next()?)),
        (b'P', words) => Some(Request::Prepare(split(words))),
        (b'R', rest) => {
            let (rlimits, argv) = rest.split_first_chunk::<RLIMITS_BYTES>()?;
            Some(Request::Start(Start {
                pipes: pipes.try_into().ok()?,
                rlimits: Rlimits::from_bytes(rlimits),
                argv: split(argv),
            }))
        }
        _ => None,
    }
}

/// Words are separated by NUL, which no file name and no argument holds.
fn split(words: &[u8]) -> Vec<Vec<u8>> {
    words.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
}

/// Answers the runner.
pub(crate) fn answer(answer: &[u8]) -> Result<()> {
    send(stdin(), answer, SendFlags::NOSIGNAL).map(|_whole| ())
}
