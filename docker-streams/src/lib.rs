//! The streams of a box beside the daemon.
//!
//! Through the daemon every byte is copied twice on its way, by `containerd-shim` and by `dockerd`. So a box can have a
//! directory of its own on the host, with one listening socket in it, that is mounted into its container. Its runner
//! connects before it does anything else and is sent one end of a pair of sockets; the other end is the worker's.
//!
//! ```text
//! StreamsDirectory::open -> listen -> [the container is made and started] -> hand_over
//!                                                                             |- one connection, of the box's user
//!                                                                             |- socket and directory are removed
//!                                                                             `- the runner is sent its end
//! ```
//!
//! No program runs in a box before its worker has the other end. By then nothing listens any more, the directory is
//! removed, so that nothing can ever be made in it, and the connection is closed.

#![forbid(unsafe_code)]

mod descriptor;
mod directory;
mod listener;

pub use descriptor::send_descriptor;
pub use directory::StreamsDirectory;
pub use listener::StreamsListener;
