//! Waits for sockets that outlived their processes.
//!
//! A socket that was sent over itself has no owner. The kernel collects such sockets some time after their last process
//! has ended (`unix_gc`). Until then the next program finds their names taken, and them in `proc_pid_net(5)`; and what
//! was sent with them is there too: open files whose space is not free, locks, memory.
//!
//! The kernel looks for such sockets when any `unix(7)` socket is closed, but not while it is looking already: what was
//! closed in that moment stays until another socket is. So a socket is opened and closed for as long as one is left.
//!
//! Boxes of Docker that follow each other in a slot share a network namespace, and the next one may be starting. Of such
//! a neighbour there are the two ends of its zygote's socket, and of the one by which it gets its streams. They are of a
//! type that the filter keeps from programs.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::net::UnixDatagram;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harden::is_init;

/// The kernel needs some milliseconds, on a host with more work than CPUs some hundreds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Files that were sent over a socket are closed a moment after it.
const FILES_CLOSE_WITHIN: Duration = Duration::from_millis(5);

/// More bytes than the table has of the sockets of a box.
const USUAL_TABLE: usize = 4 << 10;

/// Column of the type.
const TYPE: usize = 4;

/// `SOCK_SEQPACKET`.
const OF_NO_PROGRAM: &[u8] = b"0005";

/// Returns when no socket of a program is left in this network namespace.
///
/// # Errors
/// When one is left after [`TIMEOUT`], or when the kernel does not say.
pub(crate) fn wait_for_lost() -> io::Result<()> {
    // Without namespaces the sockets are those of the host.
    if !is_init() {
        return Ok(());
    }
    let started = Instant::now();
    while has_a_programs(&read_table()?) {
        if started.elapsed() > TIMEOUT {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "sockets of a program are left"));
        }
        drop(UnixDatagram::unbound()?);
        sleep(Duration::from_millis(1));
        if !has_a_programs(&read_table()?) {
            sleep(FILES_CLOSE_WITHIN);
        }
    }
    Ok(())
}

/// At once where it is short: each read makes the kernel go through all its sockets.
fn read_table() -> io::Result<Vec<u8>> {
    let mut table = Vec::with_capacity(USUAL_TABLE);
    File::open("/proc/self/net/unix")?.read_to_end(&mut table)?;
    Ok(table)
}

/// Lines under the line of titles.
fn lines(table: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = table.split(|byte| *byte == b'\n').skip(1);
    lines.filter(|line| !line.is_empty())
}

/// The name of a socket can hold line ends, and then be like lines of others. Its own line comes first, and has its type.
fn has_a_programs(table: &[u8]) -> bool {
    lines(table).any(|line| columns(line).nth(TYPE) != Some(OF_NO_PROGRAM))
}

fn columns(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let columns = line.split(|byte| *byte == b' ');
    columns.filter(|column| !column.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLES: &str = "Num       RefCount Protocol Flags    Type St Inode Path\n";
    const ZYGOTE: &str = "0000000000000000: 00000003 00000000 00000000 0005 03  1234\n";
    const STREAM: &str = "0000000000000000: 00000002 00000000 00000000 0001 01  1235\n";

    #[test]
    fn no_name_hides_a_socket_of_a_program() {
        let of_type =
            |kind: &str, name: &str| format!("0000000000000000: 00000002 00000000 00010000 {kind} 01 77 {name}\n");
        let named = |name: &str| of_type("0001", name);
        for (rows, is_a_programs) in [
            (String::new(), false),
            (ZYGOTE.to_owned(), false),
            (format!("{ZYGOTE}{ZYGOTE}"), false),
            (format!("{ZYGOTE}{STREAM}"), true),
            (of_type("0005", "/proc/self/fd/9/socket"), false),
            (of_type("0005", "\nSECRET"), true),
            (named("/tmp/name"), true),
            (named("@abstract"), true),
            (named("  "), true),
            (named("\nSECRET"), true),
            (named(&format!("\n{}", ZYGOTE.trim_end())), true),
        ] {
            let table = format!("{TITLES}{rows}");
            assert_eq!(has_a_programs(table.as_bytes()), is_a_programs, "{rows:?}");
        }
    }
}
