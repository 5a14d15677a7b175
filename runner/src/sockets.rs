//! Waits for sockets that outlived their processes.
//!
//! A socket that was sent over itself has no owner. The kernel collects such sockets some time after their last process
//! has ended (`unix_gc`). Until then the next program finds their names taken, and in `proc_pid_net(5)`.
//!
//! The kernel looks for such sockets when any `unix(7)` socket is closed, but not while it is looking already: what was
//! closed in that moment stays until another socket is. So a socket is opened and closed for as long as names are left.

use std::fs;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harden::is_init;

/// The kernel needs some milliseconds, on a host with more work than CPUs some hundreds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Returns when no socket of this box has a name.
///
/// # Errors
/// When one still has after [`TIMEOUT`], or when the kernel does not say.
pub(crate) fn wait_for_lost_sockets() -> io::Result<()> {
    // Without namespaces the names are those of the host.
    if !is_init() {
        return Ok(());
    }
    let deadline = Instant::now() + TIMEOUT;
    while a_socket_has_a_name()? {
        if Instant::now() > deadline {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "names of sockets are left"));
        }
        drop(UnixDatagram::unbound()?);
        sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// The name is the eighth column of a table under a line of titles.
fn a_socket_has_a_name() -> io::Result<bool> {
    let table = fs::read("/proc/self/net/unix")?;
    let mut rows = table.split(|byte| *byte == b'\n').skip(1);
    Ok(rows.any(|row| {
        let columns = row.split(|byte| *byte == b' ').filter(|column| !column.is_empty());
        columns.count() > 7
    }))
}
