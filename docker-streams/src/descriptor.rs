//! A descriptor that is sent over a socket (`unix(7)`, `SCM_RIGHTS`).

use std::io::{self, IoSlice};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};

use socket2::{MsgHdr, SockRef};

/// `SOL_SOCKET`.
const SOL_SOCKET: i32 = 1;
/// `SCM_RIGHTS`.
const SCM_RIGHTS: i32 = 1;
/// `MSG_NOSIGNAL`.
const MSG_NOSIGNAL: i32 = 0x4000;

/// What comes with the descriptor: without a byte nothing would be sent.
const BYTE: [u8; 1] = [0];

/// Sends a descriptor with one byte. It does not wait: to a peer that leaves no room for a byte nothing is sent.
///
/// # Errors
/// When the peer is gone, or has read nothing for long.
pub fn send_descriptor(socket: &impl AsFd, descriptor: BorrowedFd<'_>) -> io::Result<()> {
    let control = control_message(descriptor.as_raw_fd());
    let bytes = [IoSlice::new(&BYTE)];
    let message = MsgHdr::new().with_buffers(&bytes).with_control(&control);
    SockRef::from(socket).sendmsg(&message, MSG_NOSIGNAL).map(drop)
}

/// A `cmsghdr` with one descriptor behind it, filled up to the next word (`cmsg(3)`).
fn control_message(descriptor: i32) -> Vec<u8> {
    const WORD: usize = size_of::<usize>();
    let length = WORD + 2 * size_of::<i32>() + size_of::<i32>();
    let mut message = Vec::with_capacity(length.next_multiple_of(WORD));
    message.extend_from_slice(&length.to_ne_bytes());
    for number in [SOL_SOCKET, SCM_RIGHTS, descriptor] {
        message.extend_from_slice(&number.to_ne_bytes());
    }
    message.resize(length.next_multiple_of(WORD), 0);
    message
}
