//! From a request to a running process: everything is prepared before the fork, and the child only makes system calls.

use std::ffi::{CString, NulError};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use assize_protocol::{FaultStage, Program, RunLimits, RunRequest};
use libc::{c_char, c_int, rlim_t};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, read};
use rustix::pipe::{PipeFlags, pipe_with};

use crate::Stop;

/// A process that was started, and our ends of its pipes, which never block.
pub(crate) struct Child {
    pub(crate) pid: i32,
    pub(crate) stdin: OwnedFd,
    pub(crate) stdout: OwnedFd,
    pub(crate) stderr: OwnedFd,
}

/// What the child needs between fork and exec. Nothing is allocated there.
struct Prepared {
    argv: Vec<CString>,
    env: Vec<CString>,
    work: CString,
    rlimits: [(c_int, rlim_t, rlim_t); 7],
}

/// Where in the child a call failed. Together with `errno` it travels as eight bytes.
const STAGES: [&str; 8] = [
    "setsid",
    "dup",
    "close_range",
    "chdir",
    "setrlimit",
    "prctl",
    "sigprocmask",
    "exec",
];

/// Starts a program in `work`.
pub(crate) fn spawn(request: &RunRequest, work: &str) -> Result<Child, Stop> {
    let failed = |what: &str, error: &dyn std::fmt::Display| Stop::fault(FaultStage::Spawn, format!("{what}: {error}"));
    let prepared = prepare(request, work).map_err(|error| failed("argument", &error))?;
    let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed("pipe", &error));
    let (stdin_theirs, stdin) = pipe()?;
    let (stdout, stdout_theirs) = pipe()?;
    let (stderr, stderr_theirs) = pipe()?;
    let (status, status_theirs) = pipe()?;
    let pointers = Pointers::to(&prepared);
    let theirs = [&stdin_theirs, &stdout_theirs, &stderr_theirs, &status_theirs].map(AsRawFd::as_raw_fd);

    // SAFETY: this process has one thread, so the child is a whole copy of it; it calls only async-signal-safe
    // functions on memory that was prepared before, and never returns.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        become_program(&prepared, &pointers, theirs);
    }
    if pid < 0 {
        return Err(failed("fork", &io::Error::last_os_error()));
    }
    drop((stdin_theirs, stdout_theirs, stderr_theirs, status_theirs));
    wait_for_exec(&status)?;
    for ours in [&stdin, &stdout, &stderr] {
        fcntl_getfl(ours)
            .and_then(|flags| fcntl_setfl(ours, flags | OFlags::NONBLOCK))
            .map_err(|error| failed("fcntl", &error))?;
    }
    Ok(Child {
        pid,
        stdin,
        stdout,
        stderr,
    })
}

fn prepare(request: &RunRequest, work: &str) -> Result<Prepared, NulError> {
    let Program::Exec { argv, env } = &request.program;
    let strings = |strings: &[String]| -> Result<Vec<CString>, NulError> {
        strings.iter().map(|string| CString::new(string.as_str())).collect()
    };
    Ok(Prepared {
        argv: strings(argv)?,
        env: strings(env)?,
        work: CString::new(work)?,
        rlimits: rlimits(&request.limits),
    })
}

/// The second layer: what holds when the control group or the runner's own watch does not.
fn rlimits(limits: &RunLimits) -> [(c_int, rlim_t, rlim_t); 7] {
    let cpu_seconds = limits.cpu_us.div_ceil(1_000_000) + 2;
    let both = |resource: u32, value: u64| (resource.cast_signed(), value, value);
    [
        both(libc::RLIMIT_CORE, 0),
        both(libc::RLIMIT_FSIZE, limits.file_bytes),
        both(libc::RLIMIT_NOFILE, limits.open_files),
        both(libc::RLIMIT_MSGQUEUE, 0),
        both(libc::RLIMIT_MEMLOCK, 64 << 10),
        (libc::RLIMIT_CPU.cast_signed(), cpu_seconds, cpu_seconds + 1),
        both(libc::RLIMIT_STACK, limits.memory_bytes),
    ]
}

/// Null-terminated arrays of pointers into a [`Prepared`].
struct Pointers {
    argv: Vec<*const c_char>,
    env: Vec<*const c_char>,
}

impl Pointers {
    fn to(prepared: &Prepared) -> Self {
        let terminated = |strings: &[CString]| {
            strings
                .iter()
                .map(|string| string.as_ptr())
                .chain([std::ptr::null()])
                .collect()
        };
        Self {
            argv: terminated(&prepared.argv),
            env: terminated(&prepared.env),
        }
    }
}

/// The child's whole life before exec, one step per line.
fn become_program(prepared: &Prepared, pointers: &Pointers, [stdin, stdout, stderr, status]: [c_int; 4]) -> ! {
    // SAFETY: every call is async-signal-safe (`signal-safety(7)`) and gets descriptors that are open, strings that end
    // in NUL, and arrays that end in a null pointer; all of them live until exec replaces this process.
    unsafe {
        let mut at = 0;
        let mut step = |result: c_int| {
            if result < 0 {
                report(status, at);
            }
            at += 1;
        };
        step(libc::setsid());
        // The pipes lie above 2, since 0 to 2 are always open in the runner; so no dup overwrites another.
        step(
            libc::dup2(stdin, 0)
                .min(libc::dup2(stdout, 1))
                .min(libc::dup2(stderr, 2)),
        );
        step(close_all_but(status));
        step(libc::chdir(prepared.work.as_ptr()));
        step(set_rlimits(&prepared.rlimits));
        // Of the box nobody else is alive now who could look into this copy of the runner. As exec does by itself; it
        // is needed before, since an undumpable process may not write its own files below /proc.
        step(libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0));
        prefer_for_oom_kill();
        step(reset_signals());
        libc::execve(pointers.argv[0], pointers.argv.as_ptr(), pointers.env.as_ptr());
        report(status, at)
    }
}

/// # Safety
/// For the child only: it closes every descriptor above 2 but `status`, whoever owns it.
unsafe fn close_all_but(status: c_int) -> c_int {
    let above = c_int::try_from(status).unwrap_or(3);
    // SAFETY: closing descriptors of this process; nobody uses them between here and exec.
    unsafe {
        let below = if above > 3 {
            libc::syscall(libc::SYS_close_range, 3, above - 1, 0)
        } else {
            0
        };
        let beyond = libc::syscall(libc::SYS_close_range, above + 1, libc::c_uint::MAX, 0);
        if below == 0 && beyond == 0 { 0 } else { -1 }
    }
}

fn set_rlimits(rlimits: &[(c_int, rlim_t, rlim_t)]) -> c_int {
    for &(resource, soft, hard) in rlimits {
        // SAFETY: `getrlimit` fills in a live variable, `setrlimit` only reads one.
        let result = unsafe {
            let mut now = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            libc::getrlimit(resource.cast_unsigned(), &raw mut now);
            let hard = hard.min(now.rlim_max);
            let new = libc::rlimit {
                rlim_cur: soft.min(hard),
                rlim_max: hard,
            };
            libc::setrlimit(resource.cast_unsigned(), &raw const new)
        };
        if result != 0 {
            return result;
        }
    }
    0
}

/// When memory runs out, the program shall die and not the runner. Raising one's own score needs no right (`proc(5)`).
fn prefer_for_oom_kill() {
    const SCORE: &[u8] = b"1000";
    // SAFETY: the path ends in NUL, the buffer is live, and the descriptor is closed by whom it was opened.
    unsafe {
        let file = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, SCORE.as_ptr().cast(), SCORE.len());
            libc::close(file);
        }
    }
}

/// The runner blocks `SIGCHLD` and ignores `SIGPIPE`; both would be inherited over exec.
fn reset_signals() -> c_int {
    // SAFETY: `set` is initialised by `sigemptyset` before it is read; the default action is no function of ours.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut())
    }
}

/// Says where it failed, and ends.
fn report(status: c_int, stage: u32) -> ! {
    let errno = io::Error::last_os_error().raw_os_error().unwrap_or(0);
    let mut message = [0; 8];
    message[..4].copy_from_slice(&stage.to_le_bytes());
    message[4..].copy_from_slice(&errno.to_le_bytes());
    // SAFETY: the buffer is live; `_exit` runs nothing of the runner's.
    unsafe {
        libc::write(status, message.as_ptr().cast(), message.len());
        libc::_exit(127)
    }
}

/// Returns when exec has closed the status pipe, or with the eight bytes that say why it did not.
fn wait_for_exec(status: &OwnedFd) -> Result<(), Stop> {
    let mut message = [0; 8];
    let read = loop {
        match read(status, &mut message) {
            Err(Errno::INTR) => {}
            other => break other,
        }
    };
    match read {
        Ok(0) => Ok(()),
        Ok(8) => {
            let [a, b, c, d, e, f, g, h] = message;
            let stage = STAGES
                .get(u32::from_le_bytes([a, b, c, d]) as usize)
                .unwrap_or(&"start");
            let error = io::Error::from_raw_os_error(i32::from_le_bytes([e, f, g, h]));
            Err(Stop::fault(FaultStage::Spawn, format!("{stage}: {error}")))
        }
        other => Err(Stop::fault(
            FaultStage::Spawn,
            format!("the child said {other:?} instead of starting"),
        )),
    }
}
