//! A program in dialogue with another one, as in an interactive problem.

use std::fmt::Write as _;

use assize::sandbox::{Ended, Input, RunLimits, RunStreams, Stopped};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, limits, request, run_with};
use crate::small_box::small_box;

const ROUNDS: usize = 1000;

/// Answers each number with its double, until there are no more.
const DOUBLES: &str = "import sys
for line in sys.stdin:
    print(2 * int(line), flush=True)";

struct Conversation {
    to: mpsc::Sender<Bytes>,
    from: mpsc::Receiver<Bytes>,
    streams: RunStreams,
}

fn conversation() -> Conversation {
    let (to, input) = mpsc::channel(1);
    let (output, from) = mpsc::channel(1);
    Conversation {
        to,
        from,
        streams: RunStreams {
            input: Input::Channel(input),
            output: Some(output),
            kill: CancellationToken::new(),
        },
    }
}

pub(crate) async fn a_conversation_of_many_rounds_loses_nothing(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let Conversation { to, mut from, streams } = conversation();
    let talking = async move {
        let (mut heard, mut expected) = (String::new(), String::new());
        for number in 0..ROUNDS {
            to.send(Bytes::from(format!("{number}\n"))).await.unwrap();
            let answer = from.recv().await.unwrap();
            heard.push_str(std::str::from_utf8(&answer).unwrap());
            writeln!(expected, "{}", 2 * number).unwrap();
        }
        assert_eq!(heard, expected);
    };
    let request = request(DOUBLES, limits());
    let (facts, ()) = tokio::join!(session.run(&request, streams), talking);
    let facts = facts.unwrap();
    assert_eq!((facts.ended, facts.stopped), (Ended::Exit(0), None));
    session.destroy().await;
}

/// Each answer is three packets (`O_DIRECT` of `pipe(2)`), and the program waits when it has written them.
pub(crate) async fn answers_in_packets_are_heard_to_the_last_one(boxes: &TestBoxes) {
    const IN_PACKETS: &str = "import fcntl, os
fcntl.fcntl(1, fcntl.F_SETFL, os.O_WRONLY | os.O_DIRECT)
while os.read(0, 100):
    for letter in (b'a', b'b', b'c'):
        os.write(1, letter)";
    let mut session = boxes.session(&small_box()).await;
    let Conversation { to, mut from, streams } = conversation();
    let talking = async move {
        for round in 0..100 {
            to.send(Bytes::from_static(b"go\n")).await.unwrap();
            let mut heard = Vec::new();
            while heard.len() < 3 {
                heard.extend_from_slice(&from.recv().await.unwrap());
            }
            assert_eq!(heard, b"abc", "{round}");
        }
    };
    let request = request(IN_PACKETS, limits());
    let (facts, ()) = tokio::join!(session.run(&request, streams), talking);
    let facts = facts.unwrap();
    assert_eq!((facts.ended, facts.stopped), (Ended::Exit(0), None));
    session.destroy().await;
}

/// The program may be another user than the maker of the pipes.
pub(crate) async fn streams_can_be_opened_by_their_names(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for (input, output) in [("/dev/stdin", "/dev/stdout"), ("/proc/self/fd/0", "/dev/fd/1")] {
        let source = format!("with open('{output}', 'w') as output: output.write(open('{input}').read())");
        let said = Input::Bytes(Bytes::from_static(b"said\n"));
        let ran = run_with(&mut session, &source, said, limits()).await.unwrap();
        assert_eq!(
            (ran.facts.ended, &ran.output[..]),
            (Ended::Exit(0), &b"said\n"[..]),
            "{output}"
        );
    }
    session.destroy().await;
}

/// A sender that answers more than it is asked, to a program that reads nothing, is not held up by its end.
pub(crate) async fn who_prints_and_never_reads_ends_at_the_limit(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for (source, reads, expected) in [
        (
            "while True: print('x' * 1000)",
            true,
            [Some(Stopped::Output(assize::sandbox::Stream::Stdout)), None],
        ),
        (
            "while True: print('x' * 1000)",
            false,
            [Some(Stopped::Wall), Some(Stopped::Cpu)],
        ),
        ("print('x')", true, [None, None]),
    ] {
        let Conversation { to, mut from, streams } = conversation();
        let answering = async move {
            let piece = Bytes::from(vec![b'y'; 64 << 10]);
            // It ends when the program does not listen any more, and not before.
            while to.send(piece.clone()).await.is_ok() {}
        };
        let hearing = async move {
            if reads {
                while from.recv().await.is_some() {}
            } else {
                from.recv().await.unwrap();
            }
            from
        };
        let short = RunLimits {
            wall_us: 1_500_000,
            ..limits()
        };
        let request = request(source, short);
        let running = session.run(&request, streams);
        let talking = async {
            let (from, ()) = tokio::join!(hearing, answering);
            // Only now the reader hangs up, where it did not read.
            drop(from);
        };
        let (facts, ()) = tokio::join!(running, talking);
        let facts = facts.unwrap();
        assert!(expected.contains(&facts.stopped), "{source}, heard: {reads}: {facts:?}");
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

/// The other side sees the end of output while the program still runs, and can close the input in answer.
pub(crate) async fn output_that_is_closed_has_its_end_before_the_program(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let says_and_closes = "import os, sys
print('so far', flush=True)
os.close(1)
sys.exit(len(sys.stdin.read()))";
    let Conversation { to, mut from, streams } = conversation();
    let listening = async move {
        let mut output = Vec::new();
        while let Some(piece) = from.recv().await {
            output.extend_from_slice(&piece);
        }
        drop(to);
        output
    };
    let request = request(says_and_closes, limits());
    let (facts, output) = tokio::join!(session.run(&request, streams), listening);
    let facts = facts.unwrap();
    assert_eq!((facts.ended, facts.stopped), (Ended::Exit(0), None));
    assert_eq!(output, b"so far\n");
    session.destroy().await;
}
