//! Takes the streams of this runner from a socket, where its container has one.
//!
//! The socket is named by an argument, and is there for one connection. Over it comes the end of a pair of sockets, which
//! takes the place of descriptors 0 and 1; then the connection is closed. So all else is as with streams that were
//! inherited, and no program has begun by then.

use std::io;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SocketAddrUnix, SocketFlags, SocketType,
    connect, recvmsg, socket_with,
};
use rustix::stdio::{dup2_stdin, dup2_stdout};
use rustix::time::Timespec;

/// What the argument that names the socket begins with.
const ARGUMENT: &str = "--streams=";

/// The other side answers at once, on a host with much to do within seconds.
const ANSWERS_WITHIN: Timespec = Timespec { tv_sec: 30, tv_nsec: 0 };

/// Takes the socket out of the arguments and the streams from it, if one is named.
///
/// # Errors
/// When it does not give any.
pub(crate) fn take_streams(arguments: &mut Vec<String>) -> io::Result<()> {
    let Some(place) = arguments.iter().position(|argument| argument.starts_with(ARGUMENT)) else {
        return Ok(());
    };
    let argument = arguments.remove(place);
    let streams = receive(argument.trim_start_matches(ARGUMENT))?;
    dup2_stdin(&streams)?;
    dup2_stdout(&streams)?;
    Ok(())
}

fn receive(path: &str) -> io::Result<OwnedFd> {
    let socket = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    connect(&socket, &SocketAddrUnix::new(path)?)?;
    if poll(&mut [PollFd::new(&socket, PollFlags::IN)], Some(&ANSWERS_WITHIN))? == 0 {
        return Err(io::ErrorKind::TimedOut.into());
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(
        &socket,
        &mut [IoSliceMut::new(&mut byte)],
        &mut ancillary,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let received = ancillary.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    });
    received.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "no streams came"))
}
