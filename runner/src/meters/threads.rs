//! What the scheduler says of the threads of a program: `/proc/PID/task/TID/schedstat` and `stat`
//! (`Documentation/scheduler/sched-stats.rst` of the Linux kernel, `proc_pid_stat(5)`).

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use rustix::process::{Pid, getpid};
use rustix::thread::{CpuSet, sched_getaffinity};

/// A thread, told from a later one with the same number by when it began, in hundredths of a second since the host did.
pub(crate) type ThreadId = (i32, u64);

/// How a thread stood when it was looked at. Times are nanoseconds since it began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thread {
    pub(crate) id: ThreadId,
    /// The process that it belongs to.
    pub(crate) process: i32,
    pub(crate) ran: u64,
    /// Time in which it was ready to run and did not. A wait that has not ended is not in it.
    pub(crate) waited: u64,
    /// How often it was given a CPU.
    pub(crate) slices: u64,
    /// It is ready to run, or runs.
    pub(crate) is_ready: bool,
    /// It has made itself less important than the runner is, or keeps to fewer CPUs than the box has.
    pub(crate) stands_back: bool,
}

impl Thread {
    /// Whether its number is that of its process.
    pub(crate) fn is_main(&self) -> bool {
        self.id.0 == self.process
    }
}

/// Reads the threads of a box.
#[derive(Debug)]
pub(crate) struct Threads {
    own: Scheduling,
    /// Those of the runner, which every thread of the box begins with.
    cpus: CpuSet,
}

/// What the scheduler goes by, and a thread may change to be given less of a CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scheduling {
    nice: i64,
    policy: u64,
}

impl Threads {
    /// `None` where the kernel does not count waits: the file is not there, or holds zeros only.
    pub(crate) fn open() -> Option<Self> {
        let pid = getpid().as_raw_nonzero();
        let task = format!("/proc/{pid}/task/{pid}");
        let (ran, ..) = schedstat(Path::new(&task))?;
        let (own, ..) = stat(Path::new(&task))?;
        let cpus = sched_getaffinity(None).ok()?;
        (ran > 0).then_some(Self { own, cpus })
    }

    /// All threads in the box but those of the runner and of the zygote. Those that end meanwhile are left out.
    pub(crate) fn of_all_but(&self, zygote: Option<i32>) -> Vec<Thread> {
        let runner = getpid().as_raw_nonzero().get();
        let others = numbers_in("/proc").filter(|process| *process != runner && Some(*process) != zygote);
        others.flat_map(|process| self.of(process)).collect()
    }

    /// Those of a process. One that ended meanwhile may have done so by `execve` of its process, and then the main one has
    /// the waits of the thread that called it: it proves nothing.
    fn of(&self, process: i32) -> Vec<Thread> {
        let tasks = format!("/proc/{process}/task");
        let read = |number: i32| self.read((process, number), Path::new(&format!("{tasks}/{number}")));
        let found: Vec<Option<Thread>> = numbers_in(&tasks).map(read).collect();
        let one_has_ended = found.iter().any(Option::is_none);
        let stands_back = |thread: Thread| Thread {
            stands_back: thread.stands_back || one_has_ended && thread.is_main(),
            ..thread
        };
        found.into_iter().flatten().map(stands_back).collect()
    }

    fn read(&self, (process, number): (i32, i32), task: &Path) -> Option<Thread> {
        // Before the counters: every wait of a thread that is asleep here has ended, and is in them.
        let (scheduling, begun, is_ready) = stat(task)?;
        let (ran, waited, slices) = schedstat(task)?;
        let keeps_its_cpus = || sched_getaffinity(Pid::from_raw(number)).is_ok_and(|cpus| cpus == self.cpus);
        Some(Thread {
            id: (number, begun),
            process,
            ran,
            waited,
            slices,
            is_ready,
            stands_back: scheduling.policy != self.own.policy || scheduling.nice > self.own.nice || !keeps_its_cpus(),
        })
    }
}

/// How many CPUs this process, and everything that it starts, may use.
pub(crate) fn own_cpus() -> u32 {
    sched_getaffinity(None).map_or(1, |cpus| cpus.count())
}

/// Names of a directory that are numbers; none when it is gone.
fn numbers_in(directory: &str) -> impl Iterator<Item = i32> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Time on a CPU, time waited for one, and how often it was given one.
fn schedstat(task: &Path) -> Option<(u64, u64, u64)> {
    let mut buffer = [0; 128];
    let text = std::str::from_utf8(read(&task.join("schedstat"), &mut buffer)?).ok()?;
    let mut numbers = text.split_ascii_whitespace().map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}

/// Fields 3 (state), 19 (nice), 22 (start) and 41 (policy).
fn stat(task: &Path) -> Option<(Scheduling, u64, bool)> {
    let mut buffer = [0; 1024];
    let line = read(&task.join("stat"), &mut buffer)?;
    // The name before, in parentheses, can hold any bytes.
    let behind_name = line.get(line.iter().rposition(|byte| *byte == b')')? + 1..)?;
    let mut fields = std::str::from_utf8(behind_name).ok()?.split_ascii_whitespace();
    let is_ready = fields.next()? == "R";
    let nice = fields.nth(15)?.parse().ok()?;
    let begun = fields.nth(2)?.parse().ok()?;
    let policy = fields.nth(18)?.parse().ok()?;
    Some((Scheduling { nice, policy }, begun, is_ready))
}

fn read<'a>(path: &Path, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let length = File::open(path).ok()?.read(buffer).ok()?;
    buffer.get(..length)
}
