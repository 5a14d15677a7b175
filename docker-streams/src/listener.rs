//! The socket of one box, until its runner has come.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use assize_docker_box::STREAMS_SOCKET;
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixListener;

use crate::descriptor::send_descriptor;

/// A directory with one listening socket in it. Both are removed with this.
#[derive(Debug)]
pub struct StreamsListener {
    directory: PathBuf,
    socket: UnixListener,
}

impl StreamsListener {
    pub(crate) fn bind(directory: PathBuf) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(&directory)?;
        let path = directory.join(STREAMS_SOCKET);
        let bound = bind_in(&directory).and_then(|socket| {
            // Only its box sees the directory. It is another user: it may connect, and not look around.
            fs::set_permissions(&path, Permissions::from_mode(0o666))?;
            fs::set_permissions(&directory, Permissions::from_mode(0o711))?;
            Ok(socket)
        });
        match bound {
            Ok(socket) => Ok(Self { directory, socket }),
            Err(error) => {
                let _left = fs::remove_dir_all(&directory);
                Err(error)
            }
        }
    }

    /// The directory that is mounted into the container.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Waits for the runner, which is the user of this number, removes the socket and its directory, and sends the runner
    /// its end. Gives the other end.
    ///
    /// # Errors
    /// When another user connects, or something breaks.
    pub async fn hand_over(self, user: u32) -> io::Result<UnixStream> {
        let (runner, _address) = self.socket.accept().await?;
        let found = runner.peer_cred()?.uid();
        drop(self);
        if found != user {
            let reason = format!(
                "user {found} has connected instead of {user}; where the daemon maps users, streams go through it only"
            );
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
        }
        let (ours, theirs) = UnixStream::pair()?;
        send_descriptor(&runner, theirs.as_fd())?;
        Ok(ours)
    }
}

/// `SOCK_SEQPACKET`.
const SEQPACKET: i32 = 5;

/// A socket has the name by which it was bound, and lends it to every connection, which other boxes may see in
/// `proc_pid_net(5)`. So it is none of the host's paths; nor can it be too long this way (`unix(7)`).
///
/// It is of the type that programs cannot make: a box that waits until no socket of a program is left does not wait for
/// the next one of its slot, which is starting in the same network namespace.
fn bind_in(directory: &Path) -> io::Result<UnixListener> {
    let directory = File::open(directory)?;
    let name = format!("/proc/self/fd/{}/{STREAMS_SOCKET}", directory.as_raw_fd());
    let socket = Socket::new(Domain::UNIX, Type::from(SEQPACKET), None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::unix(name)?)?;
    socket.listen(1)?;
    UnixListener::from_std(OwnedFd::from(socket).into())
}

impl Drop for StreamsListener {
    fn drop(&mut self) {
        // What cannot be removed is removed with the directory of the process.
        let _left = fs::remove_file(self.directory.join(STREAMS_SOCKET));
        let _left = fs::remove_dir(&self.directory);
    }
}
