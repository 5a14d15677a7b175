//! Waits for sockets that outlived their processes.
//!
//! A socket that was sent over itself has no owner. The kernel collects such sockets some time after their last process
//! has ended (`unix_gc`). Until then the next program finds their names taken, and in `proc_pid_net(5)`.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The kernel needs less than this, except where the sockets are those of a living program in a box next door.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Returns when no socket in this network namespace has a name, or when the time is over.
pub(crate) fn wait_for_lost_sockets() {
    let deadline = Instant::now() + TIMEOUT;
    while a_socket_has_a_name() && Instant::now() < deadline {
        sleep(Duration::from_millis(1));
    }
}

/// The name is the eighth column of a table under a line of titles.
fn a_socket_has_a_name() -> bool {
    let table = fs::read("/proc/self/net/unix").unwrap_or_default();
    let mut rows = table.split(|byte| *byte == b'\n').skip(1);
    rows.any(|row| {
        let columns = row.split(|byte| *byte == b' ').filter(|column| !column.is_empty());
        columns.count() > 7
    })
}
