//! A file of the worker's in the hands of a runner that was taken over: it can read that one file, and the worker does not wait for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::{IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;
use std::time::Duration;

use assize::sandbox::{
    BoxError, BoxInput, Ended, Input, InputCache, LiveBox, RunFacts, RunRequest, RunStreams, Session, Stdin,
};
use assize_protocol::{Command, HEADER, Report, read_header};
use bytes::Bytes;
use futures::StreamExt as _;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use tempfile::NamedTempFile;
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use crate::hijacked_runner::{Sink, TIMEOUTS, a_box, a_run, frame, hello};

static CONTENT: [u8; 1 << 20] = [b'7'; 1 << 20];

fn large_file() -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&CONTENT).unwrap();
    file
}

/// The runner's end of a connection.
struct Runner {
    socket: UnixStream,
    said: Vec<u8>,
}

impl Runner {
    /// The next bytes, with the first descriptor that comes along.
    fn read(&mut self) -> Option<File> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let mut buffer = [0; 4096];
        let mut slices = [IoSliceMut::new(&mut buffer)];
        let read = recvmsg(&self.socket, &mut slices, &mut ancillary, RecvFlags::CMSG_CLOEXEC).unwrap();
        self.said.extend_from_slice(&buffer[..read.bytes]);
        ancillary.drain().find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut came) => came.next().map(File::from),
            _ => None,
        })
    }

    /// The first descriptor that comes next.
    fn next_file(&mut self) -> File {
        loop {
            if let Some(file) = self.read() {
                return file;
            }
        }
    }

    /// The pieces of input that come before a program is to run.
    fn input_in_pieces(&mut self) -> Vec<u8> {
        let mut input = Vec::new();
        loop {
            while let Some(header) = read_header(&self.said)
                .unwrap()
                .filter(|it| self.said.len() >= HEADER + it.body)
            {
                let command: Vec<u8> = self.said.drain(..HEADER + header.body).collect();
                match Command::decode(header.kind, &command[HEADER..]).unwrap() {
                    Command::Input(piece) => input.extend_from_slice(piece),
                    Command::Run(_) => return input,
                    _ => {}
                }
            }
            let _pipes = self.read();
        }
    }
}

/// A session whose runner is this thread, which is given the descriptor of a file.
async fn session_of<T: Send + 'static>(
    runner: impl FnOnce(Runner, File) -> T + Send + 'static,
) -> (Session, JoinHandle<T>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    (&theirs).write_all(&hello()).unwrap();
    let runner = std::thread::spawn(move || {
        let mut connected = Runner {
            socket: theirs,
            said: Vec::new(),
        };
        let file = connected.read().unwrap();
        runner(connected, file)
    });
    ours.set_nonblocking(true).unwrap();
    let (said, input) = tokio::net::UnixStream::from_std(ours).unwrap().into_split();
    let launched = LiveBox {
        input: BoxInput::Socket(input),
        ..a_box(Sink::Takes, ReaderStream::new(said).boxed())
    };
    (Session::open(launched, TIMEOUTS).await.unwrap(), runner)
}

/// The same as [`run_soon_on`], with a file that is lent from here.
async fn run_soon_on_loan(
    session: &mut Session,
    file: &NamedTempFile,
    cache: &InputCache,
) -> Result<RunFacts, BoxError> {
    let mut input = Input::open(file.path()).await.unwrap();
    assert!(input.borrow_from(cache).await);
    let within = timeout(Duration::from_secs(60), run_with(session, input));
    within.await.unwrap()
}

/// Runs a program on this file. A clock of the test's own runs ahead to the deadline of the session.
async fn run_on(session: &mut Session, file: &NamedTempFile) -> Result<RunFacts, BoxError> {
    run_with(session, Input::open(file.path()).await.unwrap()).await
}

async fn run_with(session: &mut Session, input: Input) -> Result<RunFacts, BoxError> {
    let streams = RunStreams {
        input,
        ..RunStreams::silent()
    };
    let request = RunRequest {
        stdin: Stdin::File,
        ..a_run()
    };
    session.run(&request, streams).await
}

/// The same, where it has to end soon.
async fn run_soon_on(session: &mut Session, file: &NamedTempFile) -> Result<RunFacts, BoxError> {
    let within = timeout(Duration::from_secs(60), run_on(session, file));
    within.await.unwrap()
}

#[tokio::test]
async fn a_runner_gets_a_large_file_for_reading_and_in_pieces_where_it_copies_nothing() {
    let (mut session, runner) = session_of(|mut runner, mut file| {
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let access = fcntl_getfl(&file).unwrap() & OFlags::ACCMODE;
        drop(file);
        runner.socket.write_all(&frame(&Report::Taken(false))).unwrap();
        let pieces = runner.input_in_pieces();
        let exited = frame(&Report::Exited(RunFacts::ended(Ended::Exit(0))));
        runner.socket.write_all(&exited).unwrap();
        (access, content, pieces)
    })
    .await;
    run_soon_on(&mut session, &large_file()).await.unwrap();
    let (access, content, pieces) = runner.join().unwrap();
    assert_eq!(access, OFlags::RDONLY);
    assert!(content == CONTENT, "{} bytes by the descriptor", content.len());
    assert!(pieces == CONTENT, "{} bytes in pieces", pieces.len());
}

#[tokio::test]
async fn what_it_says_instead_of_having_copied_a_file_ends_the_box() {
    let exited = frame(&Report::Exited(RunFacts::ended(Ended::Exit(0))));
    let rows: [(&str, Bytes); 3] = [
        ("an end of no program", exited),
        ("a zygote", frame(&Report::Prepared(true))),
        ("output", frame(&Report::Output(b"forged"))),
    ];
    for (what, said) in rows {
        let (mut session, runner) = session_of(move |mut runner, file| {
            runner.socket.write_all(&said).unwrap();
            (runner, file)
        })
        .await;
        let ended = run_soon_on(&mut session, &large_file()).await;
        assert!(matches!(ended, Err(BoxError::OutOfTurn(_))), "{what}: {ended:?}");
        drop(runner.join());
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_never_ends_is_waited_for_within_a_deadline() {
    let (mut session, runner) = session_of(|runner, file| (runner, file)).await;
    let ended = run_on(&mut session, &large_file()).await;
    assert!(matches!(ended, Err(BoxError::Silent(_))), "{ended:?}");
    drop(runner.join());
}

#[tokio::test]
async fn a_runner_that_refuses_a_lent_file_gets_a_copy_and_the_file_is_lent_to_none_after_it() {
    let (mut session, runner) = session_of(|mut runner, lent| {
        let access = fcntl_getfl(&lent).unwrap() & OFlags::ACCMODE;
        runner.socket.write_all(&frame(&Report::Taken(false))).unwrap();
        let copied = runner.next_file();
        runner.socket.write_all(&frame(&Report::Taken(true))).unwrap();
        let exited = frame(&Report::Exited(RunFacts::ended(Ended::Exit(0))));
        runner.socket.write_all(&exited).unwrap();
        (access, lent, copied, runner)
    })
    .await;
    let (file, cache) = (large_file(), InputCache::new(CONTENT.len() as u64));
    let refused = run_soon_on_loan(&mut session, &file, &cache).await;
    assert!(matches!(refused, Err(BoxError::InputNotTaken)), "{refused:?}");
    run_soon_on(&mut session, &file).await.unwrap();
    let (access, lent, copied, _runner) = runner.join().unwrap();
    assert_eq!(access, OFlags::RDONLY);
    let numbers = [&lent, &copied].map(|file| file.metadata().unwrap().ino());
    assert_eq!(numbers[1], file.as_file().metadata().unwrap().ino());
    let (mut session, runner) = session_of(|mut runner, again| {
        runner.socket.write_all(&frame(&Report::Prepared(true))).unwrap();
        again.metadata().unwrap().ino()
    })
    .await;
    let ended = run_soon_on_loan(&mut session, &file, &cache).await;
    assert!(matches!(ended, Err(BoxError::OutOfTurn(_))), "{ended:?}");
    assert_ne!(runner.join().unwrap(), numbers[0]);
}
