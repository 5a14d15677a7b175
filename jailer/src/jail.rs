//! One box: nsjail, the control group around it, and the streams of what runs in it.
//!
//! nsjail waits for its configuration, which comes through a pipe. Meanwhile it is put into the control group and given
//! its limits; so nothing of a box ever runs without them.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};

use assize_jailer_protocol::{UseLimits, WayOfEnding};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use rustix::process::{Pid, PidfdFlags, Resource, Rlimit, geteuid, pidfd_open, prlimit};

use crate::accounts::Place;
use crate::error::JailError;
use crate::nsjail::configuration::{HostUsers, configuration};
use crate::plan::{JAIL_PROCESSES, Plan};
use crate::roots::Root;
use crate::wall::Wall;
use assize_control_groups::BoxGroup;

/// What a pipe takes without being read, unless it was changed (`pipe(7)`).
const PIPE_BYTES: usize = 64 << 10;

/// Larger pieces of input and output between two processes that take turns on a CPU.
const INPUT_BYTES: usize = 256 << 10;

/// The same for its output: a program with much to write then waits less often for the worker.
const OUTPUT_BYTES: usize = 512 << 10;

/// `RLIMIT_MEMLOCK`, in bytes.
const LOCKED_BYTES: u64 = 64 << 10;

/// A box that was started.
#[derive(Debug)]
pub(crate) struct Jail {
    place: Place,
    group: BoxGroup,
    nsjail: Child,
    /// Readable when nsjail has ended.
    pub(crate) ended: OwnedFd,
    status: Option<ExitStatus>,
    /// Kept open, since nsjail opens it by its name.
    _configuration: OwnedFd,
}

/// The worker's ends of the streams of a box: its standard input and output, which may be one, and its standard error.
pub(crate) type Streams = Vec<OwnedFd>;

/// The box's ends of its standard input and output, and the worker's.
type InputAndOutput = (OwnedFd, OwnedFd, Streams);

impl Jail {
    /// Starts a box.
    pub(crate) fn start(wall: &Wall, plan: &Plan) -> Result<(Self, Streams, String), JailError> {
        let root = Root::of(&wall.settings.roots, &plan.request.environment)?;
        let place = wall.accounts.reserve(&plan.request.limits, plan.cpus())?;
        let group = wall.groups.make(&place.id, &plan.limits)?;
        let text = configuration(plan, &root, &group, host_users(wall, &place), &wall.policy);
        let (nsjail, streams, pipe) = match spawn(wall, &text, plan.request.socket) {
            Ok(spawned) => spawned,
            Err(error) => {
                remove(&group, &place.id);
                return Err(error);
            }
        };
        let mut jail = Self::around(place, group, nsjail, pipe.0)?;
        jail.let_go(plan, pipe.1, &text)?;
        Ok((jail, streams, root.digest))
    }

    fn around(place: Place, group: BoxGroup, mut nsjail: Child, pipe: OwnedFd) -> Result<Self, JailError> {
        match pidfd_open(Pid::from_child(&nsjail), PidfdFlags::empty()) {
            Ok(ended) => Ok(Self {
                place,
                group,
                nsjail,
                ended,
                status: None,
                _configuration: pipe,
            }),
            Err(error) => {
                // What cannot be killed has ended.
                let _killed = nsjail.kill().and_then(|()| nsjail.wait());
                remove(&group, &place.id);
                Err(JailError::unable(
                    format!("cannot watch nsjail: {error}"),
                    "use a kernel from Linux 5.4 on, and see the limit of open files of the jailer",
                ))
            }
        }
    }

    /// Puts nsjail under all limits, and tells it what to do.
    fn let_go(&mut self, plan: &Plan, pipe: OwnedFd, text: &str) -> Result<(), JailError> {
        self.group.add(self.nsjail.id())?;
        for (resource, limit) in resource_limits(plan) {
            let limit = Rlimit {
                current: limit,
                maximum: limit,
            };
            prlimit(Some(Pid::from_child(&self.nsjail)), resource, limit).map_err(|error| {
                JailError::unable(
                    format!("cannot set the limit {resource:?} of a box: {error}"),
                    "give the jailer the capability CAP_SYS_RESOURCE, or a higher limit of its own (LimitNOFILE=)",
                )
            })?;
        }
        let written = File::from(pipe).write_all(text.as_bytes());
        written.map_err(|error| unable("tell nsjail about a box", &error))
    }

    /// Its name.
    pub(crate) fn id(&self) -> &str {
        &self.place.id
    }

    /// Whether nsjail has ended, and that was noticed.
    pub(crate) fn is_over(&self) -> bool {
        self.status.is_some()
    }

    /// Gives it other limits.
    pub(crate) fn resize(&self, limits: &UseLimits) -> Result<(), JailError> {
        let before = self.place.resize(limits)?;
        let resized = self
            .group
            .resize(limits.memory_bytes, limits.processes + JAIL_PROCESSES);
        if resized.is_err() {
            self.place.was_not_resized(before);
        }
        Ok(resized?)
    }

    /// nsjail has ended. Where something else ended it, what it had in its care lives on, and is killed now.
    pub(crate) fn has_ended(&mut self) -> io::Result<()> {
        self.status = self.nsjail.try_wait()?;
        self.group.kill()
    }

    /// How it ended; nothing is known of one that runs.
    pub(crate) fn way_of_ending(&mut self) -> io::Result<WayOfEnding> {
        if self.status.is_none() {
            self.status = self.nsjail.try_wait()?;
        }
        let kills = self.group.memory_kills()?;
        // What ends in a box has no power over nsjail, which is outside of it.
        let was_killed = self.status.is_some_and(|status| status.signal().is_some());
        Ok(WayOfEnding {
            memory_kills: kills.at_limit,
            ended_by_host: (was_killed || kills.by_host > 0) && kills.at_limit == 0,
        })
    }
}

/// Destroys the box with everything in it.
impl Drop for Jail {
    fn drop(&mut self) {
        remove(&self.group, &self.place.id);
        // One that never got into its group is not killed with it.
        if let Err(error) = self.nsjail.kill().and_then(|()| self.nsjail.wait()) {
            eprintln!("cannot wait for the nsjail of {}: {error}", self.place.id);
        }
    }
}

/// What cannot be removed now is when it is swept.
fn remove(group: &BoxGroup, id: &str) {
    if let Err(error) = group.kill().and_then(|()| group.remove()) {
        eprintln!("cannot remove the control group of {id}: {error}");
    }
}

/// Users of the host for a box. Without rights there is but one, the jailer's own.
fn host_users(wall: &Wall, place: &Place) -> HostUsers {
    let own = geteuid();
    if !own.is_root() {
        return HostUsers {
            judged: own.as_raw(),
            owner: None,
        };
    }
    let first = wall.settings.first_uid;
    HostUsers {
        judged: first + 1 + place.user,
        owner: Some(first),
    }
}

/// nsjail, the worker's ends of its streams, and both ends of the pipe for its configuration.
type Spawned = (Child, Streams, (OwnedFd, OwnedFd));

fn spawn(wall: &Wall, text: &str, by_socket: bool) -> Result<Spawned, JailError> {
    if text.len() > PIPE_BYTES {
        let reason = format!(
            "a box needs a configuration of {} bytes, and {PIPE_BYTES} are allowed",
            text.len()
        );
        return Err(JailError::unable(reason, "use a shorter seccomp profile"));
    }
    let made = |error: io::Error| unable("make the streams of a box", &error);
    let (configuration, tell) = pipe_with(PipeFlags::CLOEXEC).map_err(|error| made(error.into()))?;
    let (stdin, stdout, mut ours) = if by_socket { socket() } else { pipes() }.map_err(made)?;
    let (errors, stderr) = stream(PIPE_BYTES).map_err(|error| made(error.into()))?;
    ours.push(errors);
    let file = format!("/proc/{}/fd/{}", std::process::id(), configuration.as_raw_fd());
    let started = Command::new(&wall.settings.nsjail)
        .args(["--config", &file])
        .env_clear()
        .current_dir("/")
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr)
        .spawn();
    let child = started.map_err(|error| {
        let reason = format!("cannot start nsjail ({}): {error}", wall.settings.nsjail.display());
        JailError::unable(reason, crate::wall::INSTALL)
    })?;
    Ok((child, ours, (configuration, tell)))
}

fn socket() -> io::Result<InputAndOutput> {
    let (ours, theirs) = UnixStream::pair()?;
    let theirs = OwnedFd::from(theirs);
    Ok((theirs.try_clone()?, theirs, vec![ours.into()]))
}

fn pipes() -> io::Result<InputAndOutput> {
    let (stdin, to) = stream(INPUT_BYTES)?;
    let (from, stdout) = stream(OUTPUT_BYTES)?;
    Ok((stdin, stdout, vec![to, from]))
}

fn stream(bytes: usize) -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
    // Where a user has used up what pipes may take, it stays as it is.
    let _larger = fcntl_setpipe_size(&write, bytes);
    Ok((read, write))
}

fn resource_limits(plan: &Plan) -> [(Resource, Option<u64>); 6] {
    [
        (Resource::Core, Some(0)),
        (Resource::Fsize, Some(plan.request.file_bytes)),
        (Resource::Nofile, Some(plan.request.open_files)),
        (Resource::Memlock, Some(LOCKED_BYTES)),
        (Resource::Msgqueue, Some(0)),
        // The runner sets it for each program; what is used of it counts as memory.
        (Resource::Stack, None),
    ]
}

fn unable(what: &str, error: &io::Error) -> JailError {
    JailError::unable(
        format!("cannot {what}: {error}"),
        "see the limits of open files and of memory of the jailer, and its log",
    )
}
