//! Ends every process of a group.

#![expect(
    clippy::disallowed_methods,
    reason = "it blocks a thread of its caller's choice, and says so"
)]

use std::fs;
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// What is killed is gone in milliseconds; only a process that waits for a broken disk stays longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The first pause between two looks, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));

/// Kills every process in a group, and waits until none is left.
///
/// # Errors
/// When something is left after ten seconds.
pub(super) fn kill_all(group: &Path) -> io::Result<()> {
    // One write kills all at once where the kernel can do that (version 2, Linux 5.14).
    let _killed_at_once = fs::write(group.join("cgroup.kill").as_path(), "1").is_ok();
    until(|| {
        let left = processes(group)?;
        for process in &left {
            kill(*process, group);
        }
        Ok(left.is_empty())
    })
}

/// Looks again and again until it is so.
pub(super) fn until(mut is_so: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    let (mut pause, longest) = PAUSES;
    while !is_so()? {
        if Instant::now() >= end {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        sleep(pause);
        pause = longest.min(pause * 2);
    }
    Ok(())
}

/// The processes of a group; none where it is gone.
fn processes(group: &Path) -> io::Result<Vec<Pid>> {
    let text = match fs::read_to_string(group.join("cgroup.procs")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    Ok(text
        .lines()
        .filter_map(|line| Pid::from_raw(line.parse().ok()?))
        .collect())
}

/// Numbers of processes are used again. A descriptor stays with its process, so what is in the group after it was opened
/// is what is killed.
fn kill(process: Pid, group: &Path) {
    let Ok(descriptor) = pidfd_open(process, PidfdFlags::empty()) else {
        return; // It has ended.
    };
    if processes(group).is_ok_and(|now| now.contains(&process)) {
        // One that has ended meanwhile needs no signal.
        let _sent = pidfd_send_signal(descriptor, Signal::KILL);
    }
}
