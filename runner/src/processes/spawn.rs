//! From a request to a running process: everything is prepared before the fork, and the child only makes system calls.

use std::ffi::{CString, NulError};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use assize_child::{ChildPipes, ChildSetup, EXEC, FILTER, Rlimits, STAGES, report, reset_dispositions, set_up_child};
use assize_protocol::{FaultStage, RunLimits};
use libc::c_char;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, read};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use rustix::time::Timespec;

use crate::processes::filter::Filters;
use crate::stop::Stop;

/// A new process is the program long before this; one that is not is stuck.
pub(crate) const STARTS_WITHIN: Duration = Duration::from_secs(10);

/// What a program may write before the runner reads, in bytes. Where both have one CPU, each change from one to the other
/// costs more than what a small pipe carries.
const OUTPUT_PIPE: usize = 256 << 10;

/// A process that was started, and our ends of its pipes, which never block. Those of streams that it was given are
/// `None`.
pub(crate) struct Child {
    pub(crate) pid: i32,
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdout: Option<OwnedFd>,
    pub(crate) stderr: OwnedFd,
}

/// Streams that a process gets in place of pipes of this one: a file, or pipes of the worker's.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdout: Option<OwnedFd>,
}

/// A command and what it may use.
pub(crate) struct Execution<'a> {
    pub(crate) argv: &'a [String],
    pub(crate) env: &'a [String],
    pub(crate) work: &'a str,
    pub(crate) rlimits: Rlimits,
    pub(crate) oom_score: &'static [u8],
    pub(crate) filters: &'a Filters,
}

/// The pipes of a process that is to be started.
pub(crate) struct Pipes {
    pub(crate) child_ends: [OwnedFd; 4],
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdout: Option<OwnedFd>,
    pub(crate) stderr: OwnedFd,
    pub(crate) status: OwnedFd,
}

/// What the child needs between fork and exec. Nothing is allocated there.
struct Prepared<'a> {
    argv: Vec<CString>,
    env: Vec<CString>,
    work: CString,
    rlimits: Rlimits,
    oom_score: &'static [u8],
    filters: &'a Filters,
}

/// The second layer: what holds when the control group or the runner's own watch does not.
pub(crate) fn rlimits(limits: &RunLimits) -> Rlimits {
    Rlimits::new(limits.cpu_us, limits.memory_bytes, limits.file_bytes, limits.open_files)
}

/// Starts a command, with what it is given and else pipes.
pub(crate) fn spawn(execution: &Execution<'_>, given: Given) -> Result<Child, Stop> {
    let Pipes {
        child_ends,
        stdin,
        stdout,
        stderr,
        status,
    } = Pipes::open(given)?;
    let pid = execute(execution, &child_ends)?;
    drop(child_ends);
    wait_for_start(&status, STARTS_WITHIN)?;
    Child {
        pid,
        stdin,
        stdout,
        stderr,
    }
    .unblocked()
}

impl Pipes {
    /// For what is not given.
    pub(crate) fn open(given: Given) -> Result<Self, Stop> {
        let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed("pipe", &error));
        let (child_stdin, stdin) = match given.stdin {
            Some(stdin) => (stdin, None),
            None => pipe().map(|(read, write)| (read, Some(write)))?,
        };
        let (stdout, child_stdout) = match given.stdout {
            Some(stdout) => (None, stdout),
            None => pipe().map(|(read, write)| (Some(read), write))?,
        };
        // Where a user has used up what pipes may take, it stays as it is.
        let _larger = stdout.as_ref().map(|pipe| fcntl_setpipe_size(pipe, OUTPUT_PIPE));
        let (stderr, child_stderr) = pipe()?;
        let (status, child_status) = pipe()?;
        Ok(Self {
            child_ends: [child_stdin, child_stdout, child_stderr, child_status],
            stdin,
            stdout,
            stderr,
            status,
        })
    }
}

impl Child {
    pub(crate) fn unblocked(self) -> Result<Self, Stop> {
        for ours in self.stdin.iter().chain(&self.stdout).chain([&self.stderr]) {
            fcntl_getfl(ours)
                .and_then(|flags| fcntl_setfl(ours, flags | OFlags::NONBLOCK))
                .map_err(|error| failed("fcntl", &error))?;
        }
        Ok(self)
    }
}

/// Forks into a command whose standard streams and status pipe are `child_ends`; gives its process id.
pub(crate) fn execute(execution: &Execution<'_>, child_ends: &[OwnedFd; 4]) -> Result<i32, Stop> {
    let prepared = prepare(execution).map_err(|error| failed("argument", &error))?;
    let pointers = Pointers::to(&prepared);
    let [stdin, stdout, stderr, status] = child_ends.each_ref().map(AsRawFd::as_raw_fd);
    let pipes = ChildPipes {
        stdin,
        stdout,
        stderr,
        status,
    };
    // SAFETY: this process has one thread, so the child is a whole copy of it; it calls only async-signal-safe
    // functions on memory that was prepared before, and never returns.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        become_program(&prepared, &pointers, pipes);
    }
    if pid < 0 {
        return Err(failed("fork", &io::Error::last_os_error()));
    }
    Ok(pid)
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Stop {
    Stop::fault(FaultStage::Spawn, format!("{what}: {error}"))
}

fn prepare<'a>(execution: &Execution<'a>) -> Result<Prepared<'a>, NulError> {
    let strings = |strings: &[String]| -> Result<Vec<CString>, NulError> {
        strings.iter().map(|string| CString::new(string.as_str())).collect()
    };
    Ok(Prepared {
        argv: strings(execution.argv)?,
        env: strings(execution.env)?,
        work: CString::new(execution.work)?,
        rlimits: execution.rlimits,
        oom_score: execution.oom_score,
        filters: execution.filters,
    })
}

/// Null-terminated arrays of pointers into a [`Prepared`].
struct Pointers {
    argv: Vec<*const c_char>,
    env: Vec<*const c_char>,
}

impl Pointers {
    fn to(prepared: &Prepared<'_>) -> Self {
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

/// The child's whole life before exec.
fn become_program(prepared: &Prepared<'_>, pointers: &Pointers, pipes: ChildPipes) -> ! {
    let setup = ChildSetup {
        pipes,
        work: &prepared.work,
        rlimits: &prepared.rlimits,
        oom_score: prepared.oom_score,
    };
    // SAFETY: this is the child of a fork. The strings end in NUL and the arrays in a null pointer, and all of them live
    // until exec replaces this process. The pipes lie above 2, since 0 to 2 are always open in the runner.
    unsafe {
        if let Err(stage) = set_up_child(&setup) {
            report(pipes.status, stage);
        }
        reset_dispositions();
        if prepared.filters.install() < 0 {
            report(pipes.status, FILTER);
        }
        libc::execve(pointers.argv[0], pointers.argv.as_ptr(), pointers.env.as_ptr());
        report(pipes.status, EXEC)
    }
}

/// Returns when the new process has closed the status pipe, or with the eight bytes that say why it did not start.
pub(crate) fn wait_for_start(status: &OwnedFd, within: Duration) -> Result<(), Stop> {
    let within = Timespec::try_from(within).map_err(|error| failed("start", &error))?;
    let mut message = [0; 8];
    let read = loop {
        match poll(&mut [PollFd::new(status, PollFlags::IN)], Some(&within)) {
            Err(Errno::INTR) => continue,
            Ok(0) => return Err(failed("start", &"the new process is stuck")),
            _ => {}
        }
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
        other => Err(failed("start", &format!("the child said {other:?}"))),
    }
}
