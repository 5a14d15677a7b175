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
//! a neighbour there are the two ends of its zygote's socket and no other one, and those are not waited for long.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harden::is_init;

/// The kernel needs some milliseconds, on a host with more work than CPUs some hundreds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// For what may be a neighbour's. The kernel was seen to need 8 to 13 ms.
const NEIGHBOUR_TIMEOUT: Duration = Duration::from_millis(50);

/// Files that were sent over a socket are closed a moment after it.
const FILES_CLOSE_WITHIN: Duration = Duration::from_millis(5);

/// Columns of a socket without a name; the seventh is the inode.
const COLUMNS: usize = 7;

/// Type and state of a zygote's socket: `SOCK_SEQPACKET`, connected.
const OF_A_ZYGOTE: (&[u8], &[u8]) = (b"0005", b"03");

/// Sockets of this network namespace that are there while no program runs, by their inodes.
#[derive(Debug, Default)]
pub(crate) struct Sockets(BTreeSet<Vec<u8>>);

impl Sockets {
    /// Adds those that are there now and may be a zygote's.
    pub(crate) fn add_zygotes(&mut self) -> io::Result<()> {
        if is_init() {
            let table = read_table()?;
            self.0.extend(
                unnamed(&table)
                    .filter(Row::may_be_a_zygotes)
                    .map(|row| row.inode.to_vec()),
            );
        }
        Ok(())
    }

    /// Returns when no socket of a program is left.
    ///
    /// # Errors
    /// When one is left after [`TIMEOUT`], or when the kernel does not say.
    pub(crate) fn wait_for_lost(&mut self) -> io::Result<()> {
        // Without namespaces the sockets are those of the host.
        if !is_init() {
            return Ok(());
        }
        let started = Instant::now();
        loop {
            let table = read_table()?;
            match self.left(&table) {
                Left::Nothing => break,
                Left::PerhapsOfANeighbour if started.elapsed() > NEIGHBOUR_TIMEOUT => {
                    self.0.extend(unnamed(&table).map(|row| row.inode.to_vec()));
                    return Ok(());
                }
                Left::OfAProgram if started.elapsed() > TIMEOUT => {
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "sockets of a program are left"));
                }
                Left::PerhapsOfANeighbour | Left::OfAProgram => {}
            }
            drop(UnixDatagram::unbound()?);
            sleep(Duration::from_millis(1));
            if self.left(&read_table()?) == Left::Nothing {
                sleep(FILES_CLOSE_WITHIN);
            }
        }
        Ok(())
    }

    fn left(&self, table: &[u8]) -> Left {
        if has_a_name(table) {
            return Left::OfAProgram;
        }
        let mut left = Left::Nothing;
        for row in unnamed(table).filter(|row| !self.0.contains(row.inode)) {
            if !row.may_be_a_zygotes() {
                return Left::OfAProgram;
            }
            left = Left::PerhapsOfANeighbour;
        }
        left
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    PerhapsOfANeighbour,
    OfAProgram,
}

/// A socket without a name.
struct Row<'a> {
    kind: &'a [u8],
    state: &'a [u8],
    inode: &'a [u8],
}

impl Row<'_> {
    fn may_be_a_zygotes(&self) -> bool {
        (self.kind, self.state) == OF_A_ZYGOTE
    }
}

fn read_table() -> io::Result<Vec<u8>> {
    fs::read("/proc/self/net/unix")
}

/// Lines under the line of titles.
fn lines(table: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = table.split(|byte| *byte == b'\n').skip(1);
    lines.filter(|line| !line.is_empty())
}

/// A name follows a blank after the last column. It can hold line ends, and then be like lines of sockets without one.
fn has_a_name(table: &[u8]) -> bool {
    lines(table).any(|line| line.ends_with(b" ") || columns(line).count() != COLUMNS)
}

fn unnamed(table: &[u8]) -> impl Iterator<Item = Row<'_>> {
    lines(table).filter_map(|line| {
        let mut columns = columns(line).skip(4);
        Some(Row {
            kind: columns.next()?,
            state: columns.next()?,
            inode: columns.next()?,
        })
    })
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
    fn no_name_hides_a_socket_and_only_a_zygotes_may_be_a_neighbours() {
        let named = |name: &str| format!("0000000000000000: 00000002 00000000 00010000 0001 01 77 {name}\n");
        for (rows, left) in [
            (String::new(), Left::Nothing),
            (ZYGOTE.to_owned(), Left::PerhapsOfANeighbour),
            (format!("{ZYGOTE}{STREAM}"), Left::OfAProgram),
            (named("/tmp/name"), Left::OfAProgram),
            (named("@abstract"), Left::OfAProgram),
            (named("  "), Left::OfAProgram),
            (named("\nSECRET"), Left::OfAProgram),
            (named(&format!("\n{}", ZYGOTE.trim_end())), Left::OfAProgram),
        ] {
            let table = format!("{TITLES}{rows}");
            assert_eq!(Sockets::default().left(table.as_bytes()), left, "{rows:?}");
        }
        let known = Sockets([b"1234".to_vec()].into());
        assert_eq!(known.left(format!("{TITLES}{ZYGOTE}").as_bytes()), Left::Nothing);
        assert_eq!(known.left(format!("{TITLES}{STREAM}").as_bytes()), Left::OfAProgram);
    }
}
