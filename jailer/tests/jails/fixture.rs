//! A jailer of its own for each test, and workers that speak with it.

use std::fs;
use std::io::{IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use assize_jailer_protocol::{
    Answer, BoxRequest, DESCRIPTORS, FRAME_HEADER, MOST_ANSWER_BYTES, Request, UseLimits, decode, encode, frame_length,
};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use tempfile::TempDir;

use crate::skipped::skipped;

/// What `docker/test.sh` installs.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/jail");

const PROGRAM: &str = env!("CARGO_BIN_EXE_assize-jailer");

const PATIENCE: Duration = Duration::from_secs(60);

/// A jailer, which is killed at the end of its test.
pub(crate) struct TestJailer {
    pub(crate) directory: TempDir,
    group: String,
    settings: Vec<(String, String)>,
    pub(crate) process: Child,
}

/// A connection to it.
pub(crate) struct Worker(UnixStream);

/// A box that was started.
pub(crate) struct TestBox {
    pub(crate) worker: Worker,
    pub(crate) id: String,
    /// To its standard input; from its standard output and error.
    pub(crate) streams: [fs::File; DESCRIPTORS],
}

impl TestJailer {
    /// A jailer with these settings over those of the tests; `None` where there can be none.
    pub(crate) fn start(name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        require_installed()?;
        let directory = tempfile::tempdir().unwrap();
        let group = format!("assize-test-{}-{name}", std::process::id());
        let mut settings = settings(directory.path(), Path::new(INSTALLED), &group);
        settings.extend(
            changes
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
        );
        Some(Self::spawned(directory, group, settings, Command::new(PROGRAM)))
    }

    /// A jailer with a group that is there, started by a command that is made of its program, of the directory with what
    /// it needs, and of the one in which it shall see both and listen.
    pub(crate) fn start_by(command: fn(&Path, &Path, &Path) -> Command, group: &str) -> Option<Self> {
        require_installed()?;
        let directory = tempfile::tempdir().unwrap();
        let seen = directory.path().to_owned();
        let settings = settings(&seen, &seen.join("jail"), group);
        let command = command(Path::new(PROGRAM), Path::new(INSTALLED), &seen);
        Some(Self::spawned(directory, group.to_owned(), settings, command))
    }

    fn spawned(directory: TempDir, group: String, settings: Vec<(String, String)>, command: Command) -> Self {
        let process = spawn(command, &settings);
        let started = Self {
            directory,
            group,
            settings,
            process,
        };
        started.until_it_listens();
        started
    }

    /// Kills it, as a host that is out of memory does, and starts another one in its place.
    pub(crate) fn kill_and_start_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = spawn(Command::new(PROGRAM), &self.settings);
        self.until_it_listens();
    }

    fn until_it_listens(&self) {
        until("the jailer listens", || {
            let mut worker = Worker(UnixStream::connect(self.socket()).ok()?);
            worker.try_ask(&Request::Facts).map(drop)
        });
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("jailer.sock")
    }

    pub(crate) fn worker(&self) -> Worker {
        Worker(UnixStream::connect(self.socket()).unwrap())
    }

    /// A box whose runner has spoken.
    pub(crate) fn started(&self) -> TestBox {
        let mut worker = self.worker();
        let (answer, descriptors) = worker.ask_for_descriptors(&Request::Start(request())).unwrap();
        let Answer::Started(started) = answer else {
            panic!("{answer:?}")
        };
        let descriptors: [OwnedFd; DESCRIPTORS] = descriptors.try_into().unwrap();
        let mut streams = descriptors.map(fs::File::from);
        let mut first = [0; 1];
        if streams[1].read(&mut first).unwrap() == 0 {
            let mut log = String::new();
            streams[2].read_to_string(&mut log).unwrap();
            panic!("no box: {log}");
        }
        TestBox {
            worker,
            id: started.id,
            streams,
        }
    }

    /// Directories of control groups of boxes.
    pub(crate) fn groups(&self) -> Vec<PathBuf> {
        let mounted = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let points = mounted.lines().filter(|line| line.contains(" - cgroup"));
        let points = points.filter_map(|line| line.split(' ').nth(4).map(PathBuf::from));
        let bases = points.map(|point| point.join(&self.group)).filter(|base| base.exists());
        bases
            .flat_map(|base| fs::read_dir(base).unwrap().map(|entry| entry.unwrap().path()))
            .filter(|path| path.is_dir())
            .collect()
    }

    /// Processes of all boxes: each nsjail, and what is in its box.
    pub(crate) fn processes(&self) -> Vec<i32> {
        let lists = self.groups().into_iter().map(|group| group.join("cgroup.procs"));
        let mut all: Vec<i32> = lists
            .filter_map(|list| fs::read_to_string(list).ok())
            .flat_map(|text| text.lines().filter_map(|line| line.parse().ok()).collect::<Vec<_>>())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Nothing of a test stays, however it ends: its boxes end with their connections, and the groups are removed.
impl Drop for TestJailer {
    fn drop(&mut self) {
        let _killed = self.process.kill().and_then(|()| self.process.wait());
        for process in self.processes() {
            if let Some(process) = rustix::process::Pid::from_raw(process) {
                let _gone = rustix::process::kill_process(process, rustix::process::Signal::KILL);
            }
        }
        let end = Instant::now() + Duration::from_secs(5);
        while !self.groups().is_empty() && Instant::now() < end {
            for group in self.groups() {
                let _busy = fs::remove_dir(group);
            }
        }
        let mounted = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        for point in mounted.lines().filter_map(|line| line.split(' ').nth(4)) {
            let _absent = fs::remove_dir(Path::new(point).join(&self.group));
        }
    }
}

impl Worker {
    pub(crate) fn ask(&mut self, request: &Request) -> Answer {
        self.try_ask(request).expect("an answer")
    }

    /// `None` when the jailer hangs up.
    pub(crate) fn try_ask(&mut self, request: &Request) -> Option<Answer> {
        self.ask_for_descriptors(request).map(|(answer, _none)| answer)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        // A jailer that has hung up cannot be written to.
        let _written = self.0.write_all(bytes);
    }

    /// Whether the jailer hangs up within the patience of these tests.
    pub(crate) fn is_hung_up_on(&mut self) -> bool {
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
        // Where it had not read everything, the connection is reset.
        match self.0.read(&mut [0; 64]) {
            Ok(read) => read == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Hangs up, and waits until the jailer does.
    pub(crate) fn close(mut self) {
        self.0.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(self.is_hung_up_on());
    }

    fn ask_for_descriptors(&mut self, request: &Request) -> Option<(Answer, Vec<OwnedFd>)> {
        let (body, descriptors) = self.exchange(&encode(request, MOST_ANSWER_BYTES).unwrap())?;
        Some((decode(&body).unwrap(), descriptors))
    }

    /// The body of the answer to a whole frame, and the descriptors that come with it.
    pub(crate) fn exchange(&mut self, frame: &[u8]) -> Option<(Vec<u8>, Vec<OwnedFd>)> {
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
        self.0.write_all(frame).ok()?;
        let mut header = [0; FRAME_HEADER];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let mut slices = [IoSliceMut::new(&mut header)];
        let received = recvmsg(&self.0, &mut slices, &mut ancillary, RecvFlags::CMSG_CLOEXEC).ok()?;
        let mut descriptors = Vec::new();
        for message in ancillary.drain() {
            if let RecvAncillaryMessage::ScmRights(came) = message {
                descriptors.extend(came);
            }
        }
        if received.bytes != FRAME_HEADER {
            return None;
        }
        let mut body = vec![0; frame_length(header, MOST_ANSWER_BYTES).unwrap()];
        self.0.read_exact(&mut body).ok()?;
        Some((body, descriptors))
    }
}

/// A box with room for a runner.
pub(crate) fn request() -> BoxRequest {
    BoxRequest {
        environment: "python3".to_owned(),
        limits: UseLimits {
            memory_bytes: 128 << 20,
            processes: 16,
        },
        cpus: 1,
        cpuset: Vec::new(),
        scratch_bytes: 16 << 20,
        scratch_inodes: 256,
        executable_work: false,
        file_bytes: 8 << 20,
        open_files: 64,
        socket: false,
        without: Vec::new(),
    }
}

/// What a refusal says: its reason and its remedy.
pub(crate) fn refusal(answer: Answer) -> (String, String) {
    match answer {
        Answer::Refused(refusal) => (refusal.reason, refusal.remedy),
        other => panic!("not refused: {other:?}"),
    }
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not within {PATIENCE:?}");
        sleep(Duration::from_millis(20));
    }
}

/// Of a jailer that listens in `directory`, and finds what it needs in `installed`.
fn settings(directory: &Path, installed: &Path, group: &str) -> Vec<(String, String)> {
    let settings = [
        ("LISTEN", directory.join("jailer.sock").display().to_string()),
        ("NSJAIL", installed.join("nsjail/bin/nsjail").display().to_string()),
        ("ROOTS", installed.join("roots").display().to_string()),
        ("GROUP", group.to_owned()),
    ];
    settings.map(|(key, value)| (key.to_owned(), value)).to_vec()
}

fn spawn(mut command: Command, settings: &[(String, String)]) -> Child {
    let variables = settings.iter();
    command
        .envs(variables.map(|(key, value)| (format!("ASSIZE_JAILER_{key}"), value)))
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// `None` where something is missing: that is said, and no test passes so under CI.
fn require_installed() -> Option<()> {
    let Some(missing) = missing() else {
        return Some(());
    };
    skipped(&missing);
    None
}

fn missing() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("a jailer has to be root".to_owned());
    }
    let needed = ["nsjail/bin/nsjail", "roots/python3"];
    let lost = needed
        .into_iter()
        .find(|name| !Path::new(INSTALLED).join(name).exists());
    lost.map(|name| format!("there is no target/jail/{name}; run docker/nsjail.sh target/jail/nsjail and docker/roots.sh target/jail/roots"))
}
