//! The process that becomes the runner: PID 1 of new namespaces.

use std::ffi::CStr;
use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;

use assize_guest_protocol::{StartOrder, port};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use rustix::system::sethostname;

use crate::channel::Ways;
use crate::error::{Doing as _, GuestError};
use crate::freshen::freshen;
use crate::{group, place, rights};

/// What every box starts first, with the places that it clears between tests.
const RUNNER: [&CStr; 4] = [c"/usr/lib/assize/runner", c"/work", c"/tmp", c"/dev/shm"];

/// What the runner's own environment holds. Programs get theirs from the worker.
const ENVIRONMENT: [&CStr; 3] = [c"PATH=/usr/bin", c"HOME=/nonexistent", c"LANG=C.UTF-8"];

/// What boxes of every backend are called from inside.
const HOST_NAME: &[u8] = b"box";

const NAMESPACES: libc::c_int = libc::CLONE_NEWIPC
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWUTS
    | libc::SIGCHLD;

/// A runner that was started.
pub(crate) struct Child {
    /// Readable when it has ended.
    pub(crate) ended: OwnedFd,
}

/// Starts the runner, and returns when it runs.
pub(crate) fn start(order: &StartOrder, ways: Ways) -> Result<Child, GuestError> {
    let what = || "start the runner".to_owned();
    freshen(order)?;
    group::make(order.limits)?;
    let (mut said, say) = pipe_with(PipeFlags::CLOEXEC)
        .map(|(read, write)| (std::fs::File::from(read), std::fs::File::from(write)))
        .doing(what)?;
    // SAFETY: this process has one thread, so the child is a whole copy of it; it has no stack of its own to be given, and
    // never returns from here.
    let process = unsafe { libc::syscall(libc::SYS_clone, NAMESPACES, 0, 0, 0, 0) };
    if process == 0 {
        become_runner(order, ways, say);
    }
    drop(say);
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    let process = process.ok_or_else(io::Error::last_os_error).doing(what)?;
    let ended = pidfd_open(process, PidfdFlags::empty()).doing(what)?;
    let mut reason = String::new();
    said.read_to_string(&mut reason).doing(what)?;
    if !reason.is_empty() {
        return Err(io::Error::other(reason)).doing(what);
    }
    Ok(Child { ended })
}

/// The child's whole life before the runner. What fails is said over the pipe, which closes when the runner begins.
fn become_runner(order: &StartOrder, ways: Ways, mut say: std::fs::File) -> ! {
    if let Err(error) = prepare(order, ways).and_then(|()| execute()) {
        // Where the worker listens no more, the end of this process says enough.
        let _said = say.write_all(error.to_string().as_bytes());
    }
    // SAFETY: ends this process, and runs nothing of its parent's.
    unsafe { libc::_exit(127) }
}

fn prepare(order: &StartOrder, ways: Ways) -> Result<(), GuestError> {
    group::join()?;
    rights::own_group_namespace()?;
    sethostname(HOST_NAME).doing(|| "name the box".to_owned())?;
    let runner = ways.open(port::RUNNER)?;
    let console = OpenOptions::new()
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open("/dev/console")
        .doing(|| "open its console".to_owned())?;
    place::enter(order)?;
    rights::limit(order)?;
    for (from, to) in [
        (runner.as_raw_fd(), 0),
        (runner.as_raw_fd(), 1),
        (console.as_raw_fd(), 2),
    ] {
        // SAFETY: both are descriptors of this process, whose first three have no owner in it.
        let copied = unsafe { libc::dup2(from, to) };
        (if copied == to {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        })
        .doing(|| "lay the streams".to_owned())?;
    }
    rights::drop_all()?;
    rights::filter(&order.filters)
}

fn execute() -> Result<(), GuestError> {
    let ended = |strings: &[&CStr]| -> Vec<*const libc::c_char> {
        let pointers = strings.iter().map(|string| string.as_ptr());
        pointers.chain([std::ptr::null()]).collect()
    };
    let (arguments, environment) = (ended(&RUNNER), ended(&ENVIRONMENT));
    // SAFETY: the strings end in NUL, both arrays in a null pointer, and all of them are live.
    unsafe { libc::execve(RUNNER[0].as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
    Err(io::Error::last_os_error()).doing(|| format!("execute {}", RUNNER[0].to_string_lossy()))
}
