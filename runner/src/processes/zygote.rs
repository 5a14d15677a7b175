//! A warm interpreter that is forked for every test.
//!
//! It is a process of the box like any other, so its answers are not trusted: a fork of it counts when the kernel
//! confirms that the new process is a child of the runner. How a program ends and what it uses comes from the kernel too.
//! A zygote that is silent, wrong or dead is killed; programs are executed then, which takes longer.

use std::fs;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use assize_child::{Rlimits, ZYGOTE_OOM_SCORE};
use assize_protocol::{FaultStage, PrepareRequest, RunLimits, ZygoteRequest};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv,
    sendmsg, socketpair,
};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process, waitid, waitpid};

use crate::limits::deadline::until;
use crate::processes::audit::AuditPage;
use crate::processes::filter::Filters;
use crate::processes::kill::has_children;
use crate::processes::spawn::{Child, Execution, Given, Pipes, STARTS_WITHIN, execute, rlimits, wait_for_start};
use crate::stop::Stop;

/// A fork takes a millisecond; a zygote that takes this long is stuck.
const FORK_TIMEOUT: Duration = Duration::from_secs(5);

/// CPU time of the zygote itself. How long it may take for something is held on the wall.
const CPU_US: u64 = 3_600_000_000;

/// A warm interpreter that answers.
pub(crate) struct Zygote {
    pid: Pid,
    socket: OwnedFd,
    audit: Option<AuditPage>,
    /// They are not read; they are open so that its own streams are what those of a test are.
    _streams: (Option<OwnedFd>, OwnedFd),
}

impl Zygote {
    /// Starts one in `work`; `None` when it does not start in time.
    pub(crate) fn start(request: &ZygoteRequest, work: &str, filters: &Filters) -> Result<Option<Self>, Stop> {
        let deadline = Instant::now() + Duration::from_micros(request.wall_us);
        // It starts where and under the name that a test will have, so that all that Python makes of these is right.
        let place = Path::new(work).join(&request.name);
        if let Err(error) = fs::copy(&request.program, &place) {
            return Err(Stop::fault(
                FaultStage::Spawn,
                format!("cannot copy {} to {}: {error}", request.program, place.display()),
            ));
        }
        let zygote = Self::execute(request, work, filters)?
            .and_then(|zygote| zygote.expect_answer(b"H", deadline))
            .and_then(|zygote| zygote.import(&request.libraries, deadline))
            .and_then(|zygote| zygote.share_page(request.audit, deadline));
        fs::remove_file(&place)
            .map_err(|error| Stop::fault(FaultStage::File, format!("cannot remove {}: {error}", place.display())))?;
        Ok(zygote)
    }

    fn execute(request: &ZygoteRequest, work: &str, filters: &Filters) -> Result<Option<Self>, Stop> {
        let Pipes {
            child_ends: [_, child_stdout, child_stderr, child_status],
            stdout,
            stderr,
            status,
            ..
        } = Pipes::open(Given::default())?;
        let Ok((socket, child_ends)) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
        else {
            return Ok(None);
        };
        let execution = Execution {
            argv: &request.argv,
            env: &request.env,
            work,
            rlimits: Rlimits::new(CPU_US, request.stack_bytes, request.file_bytes, request.open_files),
            oom_score: ZYGOTE_OOM_SCORE,
            filters,
        };
        let child_ends = [child_ends, child_stdout, child_stderr, child_status];
        let pid = execute(&execution, &child_ends)?;
        drop(child_ends);
        wait_for_start(&status, STARTS_WITHIN)?;
        let Some(pid) = Pid::from_raw(pid) else {
            return Ok(None);
        };
        Ok(Some(Self {
            pid,
            socket,
            audit: None,
            _streams: (stdout, stderr),
        }))
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    fn import(self, libraries: &[String], deadline: Instant) -> Option<Self> {
        if libraries.is_empty() {
            return Some(self);
        }
        let packet = format!("I{}", libraries.join("\0"));
        if self.send(packet.as_bytes(), &[]).is_err() {
            self.end();
            return None;
        }
        self.expect_answer(b"I1", deadline)
    }

    /// Gives it a page to note on, if it is to.
    fn share_page(mut self, wanted: bool, deadline: Instant) -> Option<Self> {
        let Some(page) = wanted.then(AuditPage::new).flatten() else {
            return Some(self);
        };
        if self.send(b"A", &[page.fd()]).is_err() {
            self.end();
            return None;
        }
        self.audit = Some(page);
        self.expect_answer(b"A1", deadline)
    }

    /// Audit events of the last program.
    pub(crate) fn audited(&self) -> Vec<String> {
        self.audit.as_ref().map(AuditPage::take).unwrap_or_default()
    }

    /// Lets it compile the submission and import its libraries; `None` when it cannot be used for this submission.
    pub(crate) fn prepare(self, request: &PrepareRequest) -> Option<Self> {
        let deadline = Instant::now() + Duration::from_micros(request.wall_us);
        let mut packet = b"P".to_vec();
        let words: Vec<&str> = request
            .files
            .iter()
            .map(String::as_str)
            .chain([""])
            .chain(request.libraries.iter().map(String::as_str))
            .collect();
        packet.extend_from_slice(words.join("\0").as_bytes());
        if self.send(&packet, &[]).is_err() {
            self.end();
            return None;
        }
        let prepared = self.expect_answer(b"P1", deadline)?;
        if has_children(prepared.pid()) {
            prepared.end();
            return None;
        }
        Some(prepared)
    }

    /// Forks it into a program, with what that is given and else pipes; `None` when that failed, and then it is not to be used
    /// again.
    pub(crate) fn fork(&self, argv: &[String], limits: &RunLimits, given: Given) -> Result<Option<Child>, Stop> {
        let deadline = Instant::now() + FORK_TIMEOUT;
        // A test before may have stopped it.
        let _gone = kill_process(self.pid, Signal::CONT);
        let Pipes {
            child_ends,
            stdin,
            stdout,
            stderr,
            status,
        } = Pipes::open(given)?;
        let mut packet = b"R".to_vec();
        packet.extend_from_slice(&rlimits(limits).to_bytes());
        packet.extend_from_slice(argv.join("\0").as_bytes());
        let descriptors = child_ends.each_ref().map(|pipe| pipe.as_fd());
        if self.send(&packet, &descriptors).is_err() {
            return Ok(None);
        }
        drop(child_ends);
        // Whatever a fork reports is the zygote's fault or the program's, and never ours. It is waited for first: what the
        // zygote says is there by then, and this process is woken once.
        if wait_for_start(&status, FORK_TIMEOUT).is_err() {
            return Ok(None);
        }
        let Some(pid) = self.forked(deadline) else {
            return Ok(None);
        };
        let child = Child {
            pid,
            stdin,
            stdout,
            stderr,
        };
        child.unblocked().map(Some)
    }

    /// Kills it and waits for its end.
    pub(crate) fn end(self) {
        let _gone = kill_process(self.pid, Signal::KILL);
        let _gone = waitpid(Some(self.pid), WaitOptions::empty());
    }

    /// The process that it reports as forked, if the kernel confirms that this is a child of the runner.
    fn forked(&self, deadline: Instant) -> Option<i32> {
        let said = self.receive(deadline)?;
        let (b'F', pid) = said.split_first()? else {
            return None;
        };
        let pid = Pid::from_raw(i32::from_le_bytes(pid.try_into().ok()?)).filter(|pid| *pid != self.pid)?;
        let looking = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(pid), looking).ok()?;
        Some(pid.as_raw_nonzero().get())
    }

    fn expect_answer(self, expected: &[u8], deadline: Instant) -> Option<Self> {
        if self.receive(deadline).as_deref() == Some(expected) {
            return Some(self);
        }
        self.end();
        None
    }

    fn send(&self, packet: &[u8], descriptors: &[BorrowedFd<'_>]) -> rustix::io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            control.push(SendAncillaryMessage::ScmRights(descriptors));
        }
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        sendmsg(&self.socket, &[IoSlice::new(packet)], &mut control, flags).map(|_whole| ())
    }

    /// Its next packet; `None` when none comes before `deadline`.
    fn receive(&self, deadline: Instant) -> Option<Vec<u8>> {
        let mut packet = [0; 16];
        loop {
            let left = until(deadline);
            match poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], Some(&left)) {
                Err(Errno::INTR) => continue,
                Ok(1..) => {}
                _ => return None,
            }
            return match recv(&self.socket, &mut packet, RecvFlags::DONTWAIT) {
                Ok((_, 0)) | Err(_) => None,
                Ok((_, length)) => Some(packet[..length.min(packet.len())].to_vec()),
            };
        }
    }
}
