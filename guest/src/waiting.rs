//! Waiting for what the kernel makes by itself.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::poll;
use rustix::time::Timespec;

/// A device is there milliseconds after its driver, and a worker as soon as its machine; on a busy host neither has to
/// be.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks.
const PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 1_000_000,
};

/// Looks again and again until something is found.
pub(crate) fn wait_until<T>(mut look: impl FnMut() -> Option<T>) -> io::Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        poll(&mut [], Some(&PAUSE))?;
    }
}
