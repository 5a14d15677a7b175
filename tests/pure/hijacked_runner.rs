//! A runner that was taken over says whatever it likes: the worker neither hangs, nor grows, nor believes it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use assize::sandbox::{
    BoxError, BoxHandle, BoxInput, BoxMeter, BoxSpec, Input, LaunchError, Lifetime, LiveBox, PostMortem,
    PrepareRequest, Program, PutFile, RunLimits, RunRequest, RunStreams, Session, SessionTimeouts, Stdin,
};
use assize_protocol::{
    CHUNK, Ended, Fault, FaultStage, Fetched, HEADER, Hello, MAX_BODY, Meters, Report, RunFacts, VERSION, WINDOW,
};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt as _, StreamExt as _};
use proptest::prelude::*;
use tokio::io::AsyncWrite;

pub(crate) const TIMEOUTS: SessionTimeouts = SessionTimeouts {
    hello: Duration::from_secs(30),
    answer: Duration::from_secs(10),
};

/// A box that needs no end, with a counter of its backend's own or without.
struct NoHandle {
    meter: Option<Counter>,
}

/// A counter that has counted nothing.
struct Counter {
    is_readable: bool,
}

impl BoxMeter for Counter {
    fn memory_kills(&self) -> io::Result<u64> {
        if self.is_readable {
            Ok(0)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }
}

impl BoxHandle for NoHandle {
    fn resize<'a>(&'a self, _spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async { Ok(()) }.boxed()
    }

    fn meter(&self) -> Option<&dyn BoxMeter> {
        self.meter.as_ref().map(|meter| meter as &dyn BoxMeter)
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async { PostMortem::default() }.boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        async {}.boxed()
    }
}

/// A runner's input: takes everything, takes nothing, or has ended.
#[derive(Clone, Copy)]
pub(crate) enum Sink {
    Takes,
    Deaf,
    Ended,
}

impl AsyncWrite for Sink {
    fn poll_write(self: Pin<&mut Self>, _context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        match *self {
            Self::Takes => Poll::Ready(Ok(data.len())),
            Self::Deaf => Poll::Pending,
            Self::Ended => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {
            Self::Deaf => Poll::Pending,
            Self::Takes | Self::Ended => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

pub(crate) fn a_box(sink: Sink, output: BoxStream<'static, io::Result<Bytes>>) -> LiveBox {
    LiveBox {
        id: "hijacked".to_owned(),
        environment_digest: "sha256:0".to_owned(),
        input: BoxInput::bytes(sink),
        output,
        handle: Box::new(NoHandle { meter: None }),
    }
}

pub(crate) fn frame(report: &Report<'_>) -> Bytes {
    let mut bytes = Vec::new();
    report.encode(&mut bytes).unwrap();
    bytes.into()
}

pub(crate) fn hello() -> Bytes {
    hello_with(Meters::ALL)
}

fn hello_with(meters: Meters) -> Bytes {
    frame(&Report::Hello(Hello {
        version: VERSION,
        meters,
        cpus: Some(1),
        environment: Vec::new(),
    }))
}

pub(crate) fn a_run() -> RunRequest {
    RunRequest {
        program: Program::Fork {
            argv: vec!["python3".to_owned()],
        },
        stdin: Stdin::Pipe,
        limits: RunLimits {
            cpu_us: 1_000_000,
            wall_us: 2_000_000,
            starved_us: 6_000_000,
            memory_bytes: 64 << 20,
            input_room_bytes: 0,
            output_bytes: 1 << 20,
            file_bytes: 1 << 20,
            open_files: 64,
            cpus: 1,
            stderr_keep: 1024,
        },
        then_fetch: None,
        then_reset: false,
    }
}

/// What becomes of a run when the runner says hello, then these pieces, and then nothing more.
async fn run_of(pieces: Vec<Bytes>) -> Result<(), BoxError> {
    let said = stream::iter([hello()].into_iter().chain(pieces).map(Ok)).chain(stream::pending());
    let mut session = Session::open(a_box(Sink::Takes, said.boxed()), TIMEOUTS).await?;
    session.run(&a_run(), RunStreams::silent()).await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn whatever_it_does_not_say_is_waited_for_within_a_deadline() {
    let silent = || stream::pending().boxed();
    assert!(matches!(
        Session::open(a_box(Sink::Takes, silent()), TIMEOUTS).await,
        Err(BoxError::Silent(_))
    ));
    let half = frame(&Report::Output(&[1; 100])).slice(..50);
    assert!(matches!(run_of(vec![half]).await, Err(BoxError::Silent(_))));
    assert!(matches!(run_of(Vec::new()).await, Err(BoxError::Silent(_))));
    let deaf = stream::iter([Ok(hello())]).chain(stream::pending()).boxed();
    let mut session = Session::open(a_box(Sink::Deaf, deaf), TIMEOUTS).await.unwrap();
    let ended = session.run(&a_run(), RunStreams::silent()).await;
    assert!(matches!(ended, Err(BoxError::Silent(_))), "{ended:?}");
}

#[tokio::test]
async fn a_box_whose_memory_kills_are_not_counted_is_refused() {
    let blind = Meters {
        memory_kills: false,
        ..Meters::ALL
    };
    let open = async |meters, meter| {
        let said = stream::iter([Ok(hello_with(meters))]).chain(stream::pending());
        let launched = LiveBox {
            handle: Box::new(NoHandle { meter }),
            ..a_box(Sink::Takes, said.boxed())
        };
        Session::open(launched, TIMEOUTS).await
    };
    let refused = open(blind, None).await;
    assert!(matches!(refused, Err(BoxError::NoMemoryKills)), "{refused:?}");
    open(Meters::ALL, None).await.unwrap();
    open(blind, Some(Counter { is_readable: true })).await.unwrap();
    let mut session = open(blind, Some(Counter { is_readable: false })).await.unwrap();
    let ended = session.run(&a_run(), RunStreams::silent()).await;
    assert!(
        matches!(ended, Err(BoxError::Meter(_))),
        "a counter is never taken for 0: {ended:?}"
    );
}

#[tokio::test]
async fn what_is_out_of_turn_too_large_or_nonsense_ends_the_box() {
    let huge = [&u32::MAX.to_le_bytes()[..], &[Report::OUTPUT_KIND]].concat();
    let too_long = [&(u32::try_from(MAX_BODY).unwrap() + 1).to_le_bytes()[..], &[0x84]].concat();
    let rows: [(&str, Vec<Bytes>); 7] = [
        ("a frame of 4 GiB", vec![huge.into()]),
        ("a frame above the cap", vec![too_long.into()]),
        ("an unknown kind", vec![Bytes::from_static(&[0, 0, 0, 0, 0xff])]),
        (
            "a body that does not parse",
            vec![Bytes::from_static(&[2, 0, 0, 0, 0x84, 0xff, 0xff])],
        ),
        ("a second hello", vec![hello()]),
        (
            "an end of a reset that was not requested",
            vec![frame(&Report::ResetDone)],
        ),
        (
            "more credit than was used",
            vec![frame(&Report::StdinCredit(WINDOW + 1))],
        ),
    ];
    for (what, pieces) in rows {
        let ended = run_of(pieces).await;
        assert!(
            matches!(
                ended,
                Err(BoxError::Frame(_) | BoxError::Decode(_) | BoxError::OutOfTurn(_))
            ),
            "{what}: {ended:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_fetched_with_a_run_is_waited_for_and_no_longer_than_was_asked_for() {
    let exited = || frame(&Report::Exited(RunFacts::ended(Ended::Exit(0))));
    let file = |content: &[u8], truncated| {
        frame(&Report::Fetched(Fetched {
            content: Some(content.to_vec()),
            truncated,
        }))
    };
    let fetch_of = async |pieces: Vec<Bytes>, most| {
        let said = stream::iter([hello()].into_iter().chain(pieces).map(Ok)).chain(stream::pending());
        let mut session = Session::open(a_box(Sink::Takes, said.boxed()), TIMEOUTS).await?;
        session.run_and_fetch(&a_run(), RunStreams::silent(), ("x", most)).await
    };
    let silent = fetch_of(vec![exited()], 4).await;
    assert!(matches!(silent, Err(BoxError::Silent(_))), "{silent:?}");
    let other = fetch_of(vec![exited(), frame(&Report::Prepared(true))], 4).await;
    assert!(matches!(other, Err(BoxError::OutOfTurn(_))), "{other:?}");
    let too_much = fetch_of(vec![exited(), file(b"12345", false)], 4).await;
    assert!(matches!(too_much, Err(BoxError::OutOfTurn(_))), "{too_much:?}");
    let endless = fetch_of(vec![exited(), file(b"", true), file(b"", true)], 4)
        .await
        .unwrap();
    assert_eq!(
        endless.1.content.as_deref(),
        Some(&b""[..]),
        "a file that gives nothing has an end"
    );
}

/// What a call comes to where the runner has written its last words, and nothing can be sent to it any more.
async fn last_words_after<T>(call: impl AsyncFnOnce(&mut Session) -> Result<T, BoxError>) -> BoxError {
    let fault = Fault {
        stage: FaultStage::File,
        message: "no space left".to_owned(),
    };
    let said = [hello(), frame(&Report::Output(b"before")), frame(&Report::Fault(fault))];
    let said = stream::iter(said.map(Ok)).boxed();
    let mut session = Session::open(a_box(Sink::Ended, said), TIMEOUTS).await.unwrap();
    call(&mut session).await.err().unwrap()
}

/// Bytes that are more than wait for a common write.
pub(crate) fn many() -> Bytes {
    vec![0; 1 << 20].into()
}

#[tokio::test]
async fn what_a_runner_said_last_is_heard_whatever_was_being_sent_to_it() {
    let put = || PutFile {
        path: "words.txt".to_owned(),
        lifetime: Lifetime::Durable,
        mode: 0o644,
    };
    let of_a_file = RunRequest {
        stdin: Stdin::File,
        ..a_run()
    };
    let fed = || RunStreams {
        input: Input::Bytes(many()),
        ..RunStreams::silent()
    };
    let prepare = PrepareRequest {
        files: Vec::new(),
        libraries: Vec::new(),
        wall_us: 1,
    };
    let heard = [
        last_words_after(async |session| session.put(put(), Input::Bytes(many())).await).await,
        last_words_after(async |session| {
            session.put(put(), Input::Empty).await?;
            session.run(&a_run(), RunStreams::silent()).await
        })
        .await,
        last_words_after(async |session| session.run(&a_run(), fed()).await).await,
        last_words_after(async |session| session.run(&of_a_file, fed()).await).await,
        last_words_after(async |session| session.prepare(&prepare).await).await,
        last_words_after(async |session| session.fetch("words.txt", 1).await).await,
    ];
    for (call, error) in heard.iter().enumerate() {
        assert!(error.is_about_what_was_put(), "{call}: {error:?}");
    }
}

#[tokio::test]
async fn a_flood_that_nobody_credits_ends_the_box_before_it_is_held() {
    for size in [0, 1, CHUNK, MAX_BODY] {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let piece = frame(&Report::Output(&vec![7; size]));
        let flood = stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(piece.clone())
        });
        let said = stream::iter([Ok(hello())]).chain(flood).boxed();
        let mut session = Session::open(a_box(Sink::Takes, said), TIMEOUTS).await.unwrap();
        // What is delivered here is not read.
        let (sender, _reader) = tokio::sync::mpsc::channel(1);
        let streams = RunStreams {
            output: Some(sender),
            ..RunStreams::silent()
        };
        let ended = session.run(&a_run(), streams).await;
        assert!(matches!(ended, Err(BoxError::OutOfTurn(_))), "{size}: {ended:?}");
        let most = WINDOW as usize / size.max(1) + 16;
        let frames = taken.load(Ordering::Relaxed);
        assert!(frames <= most, "{frames} frames of {size} bytes were taken");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(noise in proptest::collection::vec(any::<u8>(), 0..4 * HEADER + 64)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let ended = run_of(vec![Bytes::from(noise)]).await;
            assert!(ended.is_err(), "{ended:?}");
        });
    }
}
