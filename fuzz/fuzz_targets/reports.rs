//! The worker's side: a session with a runner that says these bytes ends, in an error or not, and holds no more than a
//! window.
#![no_main]

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use assize::sandbox::{
    BoxHandle, BoxInput, BoxMeter, BoxSpec, LaunchError, LiveBox, PostMortem, Program, RunLimits, RunRequest, RunStreams,
    Session, SessionTimeouts, Stdin,
};
use assize_protocol::{Hello, Meters, Report, VERSION};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use libfuzzer_sys::fuzz_target;
use tokio::io::AsyncWrite;

/// A box that needs no end.
struct NoHandle;

impl BoxHandle for NoHandle {
    fn resize<'a>(&'a self, _spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async { Ok(()) }.boxed()
    }

    fn meter(&self) -> Option<&dyn BoxMeter> {
        None
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async { PostMortem::default() }.boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        async {}.boxed()
    }
}

struct Sink;

impl AsyncWrite for Sink {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What a runner says first.
fn hello() -> Bytes {
    let hello = Hello {
        version: VERSION,
        meters: Meters::ALL,
        environment: Vec::new(),
    };
    let mut frame = Vec::new();
    Report::Hello(hello).encode(&mut frame).expect("a hello that can be written");
    frame.into()
}

fuzz_target!(|data: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let hello = hello();
        let pieces: Vec<_> = data.chunks(97).map(Bytes::copy_from_slice).collect();
        let said = stream::iter([hello].into_iter().chain(pieces).map(Ok)).chain(stream::pending());
        let timeouts = SessionTimeouts {
            hello: Duration::from_secs(5),
            answer: Duration::from_secs(5),
        };
        let live = LiveBox {
            id: String::new(),
            environment_digest: String::new(),
            input: BoxInput::bytes(Sink),
            output: said.boxed(),
            handle: Box::new(NoHandle),
        };
        let Ok(mut session) = Session::open(live, timeouts).await else { return };
        let request = RunRequest {
            program: Program::Fork { argv: Vec::new() },
            stdin: Stdin::Pipe,
            limits: RunLimits {
                cpu_us: 1,
                wall_us: 1,
                starved_us: 1,
                memory_bytes: 1,
                input_room_bytes: 0,
                output_bytes: 1 << 20,
                file_bytes: 1,
                open_files: 1,
                cpus: 1,
                stderr_keep: 1,
            },
            then_fetch: None,
            then_reset: true,
        };
        while session.run(&request, RunStreams::silent()).await.is_ok() {
            if session.fetch("score.txt", 100).await.is_err() || session.reset().await.is_err() {
                return;
            }
        }
    });
});
