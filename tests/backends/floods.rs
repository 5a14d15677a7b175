//! More than anybody wants to read, in either direction.

use assize::sandbox::{Ended, Input, RunLimits, RunRequest, RunStreams, Stdin, Stopped};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, collect, limits, request, run_with};
use crate::small_box::small_box;

/// More than a window of the protocol.
const MUCH: usize = 5 << 20;

fn room(bytes: usize) -> RunLimits {
    RunLimits {
        output_bytes: bytes as u64,
        ..limits()
    }
}

pub(crate) async fn output_that_nobody_reads_waits_and_is_not_lost(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let (sender, mut receiver) = mpsc::channel(1);
    let streams = RunStreams {
        input: Input::Empty,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let source = format!("import sys\nsys.stdout.write('x' * {MUCH})\nsys.stderr.write('all is written')");
    let request = request(&source, room(MUCH));
    // Nothing is read before the program has been held up by its full window for a while.
    let reading = async {
        let first: Bytes = receiver.recv().await.unwrap();
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        let mut all = first.len();
        while let Some(piece) = receiver.recv().await {
            all += piece.len();
        }
        all
    };
    let (facts, read) = tokio::join!(session.run(&request, streams), reading);
    let facts = facts.unwrap();
    assert_eq!((facts.ended, facts.stopped), (Ended::Exit(0), None));
    assert_eq!(read, MUCH);
    session.destroy().await;
}

/// In packets, too, of which a reader without room for a whole one loses the rest (`O_DIRECT` of `pipe(2)`).
pub(crate) async fn output_of_any_shape_arrives_byte_by_byte(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let expected: Vec<u8> = (0..=250).cycle().take(MUCH).collect();
    for packets_from in [0, MUCH] {
        let source = format!(
            "import fcntl, os\ndata, at, step = bytes(range(251)) * 30000, 0, 0\nwhile at < {MUCH}:\n    step += 1\n    \
             size = (262144, 1, 4095, 4096, 4097, 65536)[step % 6]\n    if at >= {packets_from}:\n        \
             fcntl.fcntl(1, fcntl.F_SETFL, os.O_WRONLY | os.O_DIRECT)\n    \
             at += os.write(1, data[at:min(at + size, {MUCH})])\n"
        );
        let ran = run_with(&mut session, &source, Input::Empty, room(MUCH)).await.unwrap();
        let (ended, stopped) = (ran.facts.ended, ran.facts.stopped);
        assert_eq!((ended, stopped), (Ended::Exit(0), None), "{packets_from}");
        let differs = ran.output.iter().zip(&expected).position(|(found, byte)| found != byte);
        assert_eq!((ran.output.len(), differs), (MUCH, None), "{packets_from}");
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

pub(crate) async fn a_flood_on_either_stream_ends_at_the_limit(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for stream in ["stdout", "stderr"] {
        let source = format!("import sys\nwhile True: sys.{stream}.write('x' * 65536)");
        let ran = run_with(&mut session, &source, Input::Empty, room(1 << 20))
            .await
            .unwrap();
        assert!(
            matches!(ran.facts.stopped, Some(Stopped::Output(_))),
            "{stream}: {:?}",
            ran.facts
        );
        assert!(ran.output.len() <= 1 << 20, "{stream}: {} bytes", ran.output.len());
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

/// Also where the program has ended before all of it was read.
pub(crate) async fn output_is_held_against_its_limit_to_the_byte(boxes: &TestBoxes) {
    const LIMIT: usize = 200_000;
    let mut session = boxes.session(&small_box()).await;
    for (written, stopped) in [
        (LIMIT, None),
        (LIMIT + 1, Some(Stopped::Output(assize::sandbox::Stream::Stdout))),
    ] {
        let source = format!("import os\nassert os.write(1, b'x' * {written}) == {written}\nos._exit(3)");
        let ran = run_with(&mut session, &source, Input::Empty, room(LIMIT))
            .await
            .unwrap();
        assert_eq!(ran.facts.stopped, stopped, "{:?}", ran.facts);
        assert_eq!((ran.output.len(), ran.facts.stdout_bytes), (LIMIT, written as u64));
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

pub(crate) async fn input_that_is_never_read_holds_nobody_up(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let input = || Input::Bytes(Bytes::from(vec![b'x'; MUCH]));
    let ran = run_with(&mut session, "print('done')", input(), limits())
        .await
        .unwrap();
    assert_eq!((ran.facts.ended, &ran.output[..]), (Ended::Exit(0), &b"done\n"[..]));
    // The next program reads its own input from the start.
    let source = "import sys\nprint(len(sys.stdin.read()))";
    let ran = run_with(&mut session, source, input(), limits()).await.unwrap();
    assert_eq!(ran.output, Bytes::from(format!("{MUCH}\n")));
    session.destroy().await;
}

/// Each run has its own file, read from the start; who asks for a pipe gets one.
pub(crate) async fn input_that_comes_ahead_is_a_file_of_its_own_in_every_run(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let source = "import os, stat\nprint(stat.S_ISREG(os.fstat(0).st_mode), len(os.read(0, 10 ** 8)), os.read(0, 1))";
    for (stdin, bytes, expected) in [
        (Stdin::File, MUCH, "True 5242880 b''\n"),
        (Stdin::File, 3, "True 3 b''\n"),
        (Stdin::File, 0, "True 0 b''\n"),
        (Stdin::Pipe, 3, "False 3 b''\n"),
    ] {
        let (output, receiver) = mpsc::channel(4);
        let streams = RunStreams {
            input: Input::Bytes(Bytes::from(vec![b'x'; bytes])),
            output: Some(output),
            kill: CancellationToken::new(),
        };
        let request = RunRequest {
            stdin,
            ..request(source, limits())
        };
        let (facts, said) = tokio::join!(session.run(&request, streams), collect(receiver));
        assert_eq!((facts.unwrap().ended, &said[..]), (Ended::Exit(0), expected.as_bytes()));
        session.reset().await.unwrap();
    }
    session.destroy().await;
}
