//! A thread that looks whether the runner hangs where it reads or writes a pipe of a program.
//!
//! The kernel locks a pipe for each call (`pipe_read` and `pipe_write` in `fs/pipe.c`). Who comes second waits until the
//! first one is done, whatever the flags of the pipe are, and no signal ends that. A program that writes from a page that it
//! does not have holds the lock until it has the page, which it can put off. All limits would wait with the runner, so
//! another thread kills everything when the program has reached its wall limit: that ends the call.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Builder, Thread};
use std::time::{Duration, Instant};

use rustix::thread::gettid;

use crate::limits::deadline::micros;
use crate::meters::meter::behind_name;

/// A call that is as long ago as this at two looks hangs.
const LOOKS: Duration = Duration::from_millis(100);

/// It reads one file and makes one system call.
const STACK: usize = 64 << 10;

/// What both threads know.
#[derive(Default)]
struct Calls {
    /// Counts their beginnings and their ends: it is odd during a call.
    number: AtomicU64,
    /// When the program reaches its wall limit, in microseconds of the watch.
    limit_us: AtomicU64,
    /// The call that everything was killed for.
    killed_for: AtomicU64,
}

impl Calls {
    /// Notes that everything is killed for this call. `false` where it has ended: the next program may run by now.
    fn may_be_ended(&self, number: u64) -> bool {
        self.killed_for.store(number, Ordering::SeqCst);
        self.number.load(Ordering::SeqCst) == number
    }
}

/// Looks after the thread that started it.
pub(crate) struct Watch {
    begun: Instant,
    calls: Arc<Calls>,
    thread: Thread,
}

impl Watch {
    /// Starts the thread. `kill` ends the program and all that it has started.
    pub(crate) fn start(kill: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (begun, calls) = (Instant::now(), Arc::<Calls>::default());
        let status = format!("/proc/self/task/{}/stat", gettid().as_raw_nonzero());
        let of_thread = Arc::clone(&calls);
        let handle = Builder::new()
            .stack_size(STACK)
            .spawn(move || look_for_ever(begun, &of_thread, &status, kill))?;
        Ok(Self {
            begun,
            calls,
            thread: handle.thread().clone(),
        })
    }

    /// Calls on pipes begin, of a program that reaches its wall limit at `limit`.
    pub(crate) fn begin(&self, limit: Instant) {
        let limit = limit.saturating_duration_since(self.begun);
        self.calls.limit_us.store(micros(limit), Ordering::Relaxed);
        self.calls.number.fetch_add(1, Ordering::Release);
        self.thread.unpark();
    }

    /// They have ended. `true` where everything had to be killed for that.
    pub(crate) fn end(&self) -> bool {
        let number = self.calls.number.fetch_add(1, Ordering::SeqCst);
        self.calls.killed_for.load(Ordering::SeqCst) == number
    }
}

#[expect(clippy::disallowed_methods, reason = "this thread has nothing else to do")]
fn look_for_ever(begun: Instant, calls: &Calls, status: &str, kill: impl Fn()) {
    let mut before = 0;
    loop {
        let number = calls.number.load(Ordering::Acquire);
        let is_during_a_call = number % 2 == 1;
        if number == before && !is_during_a_call {
            thread::park();
        }
        let is_late = micros(begun.elapsed()) >= calls.limit_us.load(Ordering::Relaxed);
        if number == before && is_during_a_call && is_late && waits_for_a_lock(status) && calls.may_be_ended(number) {
            kill();
        }
        before = number;
        thread::sleep(LOOKS);
    }
}

/// Whether a thread is in a wait that no signal ends: `D` in `/proc/PID/stat`, see `proc_pid_stat(5)`. One that only has no
/// CPU is ready to run.
fn waits_for_a_lock(status: &str) -> bool {
    let status = fs::read_to_string(status).unwrap_or_default();
    behind_name(&status).is_some_and(|behind| behind.trim_start().starts_with('D'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "it starts a program that holds its output")]

    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_program_that_holds_its_pipe_is_killed_at_its_limit_and_not_before() {
        let holder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/common/held_pipe.py");
        let mut program = Command::new("python3")
            .arg(holder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = program.stdout.take().unwrap();
        let mut said = String::new();
        BufReader::new(program.stderr.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        if said != "ready\n" {
            assert!(std::env::var_os("CI").is_none(), "{said}");
            eprintln!("skipped: {said}");
            program.wait().unwrap();
            return;
        }
        // It is in the call, and what it has written before is in the pipe.
        #[expect(clippy::disallowed_methods, reason = "nothing tells when it waits")]
        thread::sleep(3 * LOOKS);
        let program = Arc::new(Mutex::new(program));
        let killed = Arc::clone(&program);
        let watch = Watch::start(move || killed.lock().unwrap().kill().unwrap()).unwrap();

        watch.begin(Instant::now());
        watch.end();
        let limit = Instant::now() + 5 * LOOKS;
        watch.begin(limit);
        let read = output.read(&mut [0; 8]).unwrap();
        let at = Instant::now();
        assert!(watch.end(), "it was not killed, and wrote {read} bytes");
        assert!(at >= limit, "it was killed before");
        assert!(!watch.end(), "once is enough");
        program.lock().unwrap().wait().unwrap();
    }
}
