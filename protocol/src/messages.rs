//! What the bodies mean. All times are microseconds, all sizes bytes.

use serde::{Deserialize, Serialize};

use crate::figure::Figure;
use crate::hello::Hello;

/// A command of the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// Begins a file below the work directory; its content follows as `FileData`, then `FileEnd`.
    Put(PutFile),
    /// A piece of the file that was begun.
    FileData(&'a [u8]),
    /// With this comes a descriptor, for reading and at the start, of a file of so many bytes: the content of the file that was
    /// begun, which is of [`Lifetime::ThisTest`].
    CopyData(u64),
    /// The file that was begun is complete.
    FileEnd,
    /// Starts a program.
    Run(RunRequest),
    /// A piece of the standard input of the next program, which gets it whole: [`Stdin::File`].
    Input(&'a [u8]),
    /// The same as all of it, with a descriptor as in `CopyData`.
    CopyInput(u64),
    /// The same, with a descriptor of a sealed file in memory: the program reads that file, and no copy of it.
    InputFile(u64),
    /// A piece of the standard input of a program that reads from a pipe, within the credit.
    Stdin(&'a [u8]),
    /// No more standard input will come.
    StdinEnd,
    /// The worker takes this many more bytes of output.
    OutputCredit(u32),
    /// The program's standard output has no reader any more: its next write there fails with `EPIPE`.
    CloseStdout,
    /// Ends the running program and everything that it started.
    Kill,
    /// Reads a piece of a file that the program left below the work directory.
    Fetch(Fetch),
    /// Clears every writable place and writes the durable files again.
    Reset,
    /// Starts a zygote: a warm interpreter that programs can be forked from.
    Zygote(ZygoteRequest),
    /// Lets the zygote compile the files that were put, and import libraries.
    Prepare(PrepareRequest),
    /// With this come ends of pipes for the next program, in whose other ends the worker reads and writes: the one for its
    /// standard output, and, where its standard input is a pipe, the one for that.
    Pipes,
    /// The worker has read the end of the standard output of a program that has a pipe of the worker's.
    OutputEnded,
}

/// A report of the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report<'a> {
    /// First report of all.
    Hello(Hello),
    /// A piece of the program's standard output.
    Output(&'a [u8]),
    /// The program and everything that it started have closed standard output, and still run. Where the worker reads it
    /// itself, it answers `OutputEnded`.
    OutputEnd,
    /// The runner takes this many more bytes of standard input.
    StdinCredit(u32),
    /// The program and everything that it started have ended; all output was sent before.
    Exited(RunFacts),
    /// Answer to `CopyData` and `CopyInput`, whose descriptor is closed, and to `InputFile`: whether the file was copied or can
    /// be given to a program. Nothing is kept of one that cannot, or that has not so many bytes.
    Taken(bool),
    /// Answer to `Fetch`.
    Fetched(Fetched),
    /// Answer to `Reset`.
    ResetDone,
    /// The runner cannot go on. It is never the judged program's fault.
    Fault(Fault),
    /// Answer to `Zygote`: whether one is ready.
    ZygoteStarted(bool),
    /// Answer to `Prepare`: whether programs can be forked. If not, there is no zygote any more.
    Prepared(bool),
    /// Answer to a `Run` that was to fork a zygote which does not. Nothing has run.
    NotForked,
    /// So long, in microseconds, was the running program ready to run and did not: its wall limit is so much later.
    Starved(u64),
}

/// How long a file stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifetime {
    /// Until the box ends: a pristine copy is written after each `Reset`.
    Durable,
    /// Until the next `Reset`.
    ThisTest,
}

/// A file to write below the work directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutFile {
    /// Relative path with `/` between its parts, none of which is empty, `.` or `..`.
    pub path: String,
    /// How long it stays.
    pub lifetime: Lifetime,
    /// Permission bits, such as `0o644`.
    pub mode: u32,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// Relative path below the work directory, as in [`PutFile::path`].
    pub path: String,
    /// Where in the file reading begins.
    pub offset: u64,
    /// At most this many bytes are read; never more than [`crate::CHUNK`].
    pub max_bytes: u32,
}

/// What was found at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The bytes of the regular file from [`Fetch::offset`] on; `None` when there is none.
    pub content: Option<Vec<u8>>,
    /// The file goes on behind `content`.
    pub truncated: bool,
}

/// How a program is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Program {
    /// `execve(argv[0], argv, env)`; `argv[0]` is an absolute path.
    Exec {
        /// Arguments, the program itself first.
        argv: Vec<String>,
        /// The whole environment, as `NAME=value`.
        env: Vec<String>,
    },
    /// A fork of the zygote that has prepared the files.
    Fork {
        /// Arguments that the program sees, the interpreter first.
        argv: Vec<String>,
    },
}

/// A zygote to start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ZygoteRequest {
    /// A program of the image that makes an interpreter a zygote.
    pub program: String,
    /// The name below the work directory under which that program lies while the interpreter starts.
    pub name: String,
    /// The command of a test whose entry point has that name; the first word is an absolute path.
    pub argv: Vec<String>,
    /// The environment of it and of every program, as `NAME=value`.
    pub env: Vec<String>,
    /// Libraries that it imports at once: only a submission that imports them too can be forked from it.
    pub libraries: Vec<String>,
    /// Stack of the largest program that will be forked.
    pub stack_bytes: u64,
    /// Largest file that may be written.
    pub file_bytes: u64,
    /// Open descriptors.
    pub open_files: u64,
    /// Whether its forks note what Python audits (`sys.addaudithook`).
    pub audit: bool,
    /// How long its start may take.
    pub wall_us: u64,
}

/// A submission for the zygote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepareRequest {
    /// Source files below the work directory, the one to run first.
    pub files: Vec<String>,
    /// Libraries that may be imported ahead, by the names of their top packages.
    pub libraries: Vec<String>,
    /// How long it may take.
    pub wall_us: u64,
}

/// What a program reads its standard input from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stdin {
    /// A pipe: the input comes while the program runs.
    Pipe,
    /// A file without a name, open for reading from its start: the input came before, as `Input`.
    File,
}

/// One program to run in the work directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// What to start.
    pub program: Program,
    /// Where its standard input comes from.
    pub stdin: Stdin,
    /// What it may use.
    pub limits: RunLimits,
    /// A piece of a file that is reported behind the end of the program, without being asked.
    pub then_fetch: Option<Fetch>,
    /// Reset as soon as these are reported, without being asked. Not where that file goes on behind what was fetched.
    pub then_reset: bool,
}

/// What one run may use. The box's memory and number of processes are enforced by its cgroup, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLimits {
    /// CPU time of all processes together.
    pub cpu_us: u64,
    /// Time on the wall, without that in which the program starved ([`RunFacts::starved_us`]).
    pub wall_us: u64,
    /// A program that starves for longer is ended: the host is too busy for it.
    pub starved_us: u64,
    /// The box's memory limit; the stack may grow up to it.
    pub memory_bytes: u64,
    /// Memory that the box has beyond that limit for standard input that comes as a file. The runner leaves none of it to
    /// programs.
    pub input_room_bytes: u64,
    /// Standard output beyond this ends the run; the same for standard error.
    pub output_bytes: u64,
    /// Largest file that may be written (`RLIMIT_FSIZE`).
    pub file_bytes: u64,
    /// Open descriptors (`RLIMIT_NOFILE`).
    pub open_files: u64,
    /// How many CPUs the box may keep busy at once; says how soon a CPU limit can be reached.
    pub cpus: u32,
    /// How much of standard error is kept: the first half and the last half of it.
    pub stderr_keep: u32,
}

/// What is known about a run once it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFacts {
    /// How the program's main process ended.
    pub ended: Ended,
    /// Why the runner ended it, if it did.
    pub stopped: Option<Stopped>,
    /// CPU time of all processes together.
    pub cpu: CpuTime,
    /// Time between start and end of the main process.
    pub wall_us: u64,
    /// As much of `wall_us` as the program is known to have been ready to run while the host gave its CPUs to others than
    /// this box. At most the truth, and `None` where the runner cannot measure it ([`crate::Meters::starvation`]).
    pub starved_us: Option<u64>,
    /// Largest amount of memory seen in use.
    pub memory_peak: MemoryPeak,
    /// Processes of the box that the kernel killed during this run at the memory limit of the box; `None` where the runner
    /// cannot count them ([`crate::Meters::memory_kills`]).
    pub memory_kills: Option<u64>,
    /// Those that it killed while the host or a group around the box was short of memory; 0 where none can be counted.
    pub memory_kills_by_host: u64,
    /// Processes that the limit of the box refused during this run; `None` where the runner cannot count them
    /// ([`crate::Meters::refused_processes`]).
    pub refused_processes: Option<u64>,
    /// Bytes read from standard output, at most one above the limit's multiple of a read. 0 where the worker reads it itself.
    pub stdout_bytes: u64,
    /// Bytes read from standard error.
    pub stderr_bytes: u64,
    /// Start of standard error.
    pub stderr_head: Vec<u8>,
    /// End of standard error, where `stderr_head` does not hold it all; what is between was dropped.
    pub stderr_tail: Vec<u8>,
    /// Processes that were still alive when the main process ended, and were killed.
    pub leftovers: u32,
    /// Why the zygote that the program was forked from has ended during the run, if it has.
    pub zygote_end: Option<ZygoteEnd>,
    /// The last audit events, oldest first. The program can forge them: advice, and no fact.
    pub audit: Vec<String>,
}

impl RunFacts {
    /// A run that ended like this, of which nothing was measured and at which nothing was noticed.
    #[must_use]
    pub const fn ended(ended: Ended) -> Self {
        Self {
            ended,
            stopped: None,
            cpu: CpuTime {
                us: 0,
                source: Figure::Cgroup,
            },
            wall_us: 0,
            starved_us: Some(0),
            memory_peak: MemoryPeak {
                bytes: 0,
                source: Figure::Cgroup,
            },
            memory_kills: Some(0),
            memory_kills_by_host: 0,
            refused_processes: Some(0),
            stdout_bytes: 0,
            stderr_bytes: 0,
            stderr_head: Vec::new(),
            stderr_tail: Vec::new(),
            leftovers: 0,
            zygote_end: None,
            audit: Vec::new(),
        }
    }

    /// Time on the wall as the limit counts it: without that in which the program starved.
    #[must_use]
    pub fn counted_wall_us(&self) -> u64 {
        self.wall_us.saturating_sub(self.starved_us.unwrap_or(0))
    }

    /// Whether the kernel is known to have killed a process of the box at its memory limit.
    #[must_use]
    pub fn had_memory_kill(&self) -> bool {
        self.memory_kills.is_some_and(|kills| kills > 0)
    }
}

/// How a process ended, from `wait4(2)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// It called `exit` with this code.
    Exit(i32),
    /// This signal killed it.
    Signal(i32),
}

/// Why a zygote ended during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ZygoteEnd {
    /// The runner ended it, since what the program had left behind could not be ended beside it in time.
    Cleared,
    /// The kernel killed it for memory.
    Memory,
    /// The runner ended it because it had processes of its own, which it never has unless the program is in it.
    HadChildren,
    /// It ended by itself, or a program killed it.
    Unexpected,
}

/// Why the runner ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stopped {
    /// The CPU limit was reached.
    Cpu,
    /// The wall limit was reached.
    Wall,
    /// It starved for longer than its limits allow.
    Starved,
    /// More output than allowed.
    Output(Stream),
    /// The worker sent `Kill`.
    Asked,
}

/// An output stream of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// CPU time of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuTime {
    /// User and system time.
    pub us: u64,
    /// Where it comes from.
    pub source: Figure,
}

/// Memory of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPeak {
    /// Largest amount seen.
    pub bytes: u64,
    /// Where it comes from.
    pub source: Figure,
}

/// Which step of the runner failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultStage {
    /// Making the runner itself safe at its start.
    Harden,
    /// A command that does not parse or is out of place.
    Protocol,
    /// Writing or reading a file.
    File,
    /// Between fork and exec.
    Spawn,
    /// Watching a running program.
    Watch,
    /// Clearing the writable places.
    Reset,
}

/// Why a runner gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where it happened.
    pub stage: FaultStage,
    /// What happened, for the operator.
    pub message: String,
}
