//! Pipes of a program in the hands of a runner that was taken over: nothing waits for it, and no more is read than may be.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::{IoSliceMut, Write as _};
use std::mem::MaybeUninit;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use assize::sandbox::{BoxError, BoxInput, Ended, Input, LiveBox, RunFacts, RunStreams, Session, Stopped, Stream};
use assize_protocol::Report;
use bytes::Bytes;
use futures::StreamExt as _;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use tokio::time::timeout;
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;

use crate::hijacked_runner::{Sink, TIMEOUTS, a_box, a_run, frame, hello, many};

/// What a runner that was taken over does with the pipes of a program: those for its output and for its input.
type Misuse = fn(File, File) -> Vec<Bytes>;

/// Never ends to write, or never begins to read.
fn held_open(output: File, input: File) {
    std::mem::forget((output, input));
}

/// What the pipe of a program's output holds.
const PIPE: u64 = 1 << 18;

/// What a program may write.
const LIMIT: u64 = 1 << 20;

fn flooded(mut output: File, input: File) {
    std::thread::spawn(move || {
        while output.write_all(&[7; 1 << 16]).is_ok() {}
        drop(input);
    });
}

fn exited() -> Bytes {
    frame(&Report::Exited(RunFacts {
        stdout_bytes: u64::MAX,
        ..RunFacts::ended(Ended::Exit(0))
    }))
}

/// What becomes of a run whose runner has taken the pipes of the program.
async fn run_of_pipes(misuse: Misuse) -> Result<(RunFacts, usize), BoxError> {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let runner = std::thread::spawn(move || {
        (&theirs).write_all(&hello()).unwrap();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let mut commands = [0; 4096];
        let mut slices = [IoSliceMut::new(&mut commands)];
        recvmsg(&theirs, &mut slices, &mut ancillary, RecvFlags::CMSG_CLOEXEC).unwrap();
        let pipes = ancillary.drain().find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(pipes) => Some(pipes.map(File::from).collect::<Vec<_>>()),
            _ => None,
        });
        let Ok([output, input]) = <[File; 2]>::try_from(pipes.unwrap()) else {
            panic!("a pipe for output and one for input");
        };
        for report in misuse(output, input) {
            (&theirs).write_all(&report).unwrap();
        }
        theirs
    });
    ours.set_nonblocking(true).unwrap();
    let (said, input) = tokio::net::UnixStream::from_std(ours).unwrap().into_split();
    let launched = LiveBox {
        input: BoxInput::Socket(input),
        ..a_box(Sink::Takes, ReaderStream::new(said).boxed())
    };
    let mut session = Session::open(launched, TIMEOUTS).await?;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let streams = RunStreams {
        input: Input::Bytes(many()),
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let reading = async {
        let mut read = 0;
        while let Some(piece) = receiver.recv().await {
            read += piece.len();
        }
        read
    };
    let request = a_run();
    let (ended, read) = tokio::join!(session.run(&request, streams), reading);
    drop(runner.join().unwrap());
    Ok((ended?, read))
}

#[tokio::test]
async fn pipes_of_a_program_in_its_hands_hold_up_nobody() {
    let rows: [(&str, Misuse, u64); 2] = [
        (
            "held open, and the end is said",
            |output, input| {
                held_open(output, input);
                vec![exited()]
            },
            0,
        ),
        (
            "closed, and the end is said",
            |mut output, _input| {
                output.write_all(b"said").unwrap();
                vec![exited()]
            },
            4,
        ),
    ];
    for (what, misuse, bytes) in rows {
        let within = timeout(Duration::from_secs(20), run_of_pipes(misuse));
        let (facts, read) = within.await.expect("an end").unwrap();
        assert_eq!((facts.stopped, read as u64), (None, bytes), "{what}");
        assert!(facts.stdout_bytes < bytes + PIPE, "{what}: {facts:?}");
    }
}

#[tokio::test]
async fn what_floods_a_pipe_behind_the_end_is_read_as_far_as_the_pipe_could_hold_and_to_the_limit_at_most() {
    let flood: Misuse = |output, input| {
        flooded(output, input);
        vec![exited()]
    };
    let within = timeout(Duration::from_secs(20), run_of_pipes(flood));
    let (facts, read) = within.await.expect("an end").unwrap();
    let read = read as u64;
    // How much was read before the end came is the scheduler's matter.
    match facts.stopped {
        None => assert!((PIPE..=LIMIT).contains(&read), "{read}"),
        stopped => assert_eq!((stopped, read), (Some(Stopped::Output(Stream::Stdout)), LIMIT)),
    }
    assert!(facts.stdout_bytes < LIMIT + PIPE, "{facts:?}");
}

#[tokio::test]
async fn what_it_says_of_streams_that_it_does_not_carry_ends_the_box() {
    let rows: [(&str, Misuse); 3] = [
        ("output", |output, input| {
            held_open(output, input);
            vec![frame(&Report::Output(b"forged"))]
        }),
        ("credit", |output, input| {
            held_open(output, input);
            vec![frame(&Report::StdinCredit(1))]
        }),
        ("an end of output that is open", |output, input| {
            held_open(output, input);
            vec![frame(&Report::OutputEnd)]
        }),
    ];
    for (what, misuse) in rows {
        let ended = run_of_pipes(misuse).await;
        assert!(matches!(ended, Err(BoxError::OutOfTurn(_))), "{what}: {ended:?}");
    }
}
