//! What a program leaves behind does not live on.

use std::time::Duration;

use assize::sandbox::{Ended, Input, RunLimits, RunStreams, Stopped};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, limits, request, run, run_with};
use crate::small_box::small_box;

/// A child and a grandchild that want to live on, in sessions of their own.
const ORPHANS: &str = "import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    time.sleep(60)
print('left', flush=True)";

/// Every process that a program sees, by its command, but itself.
const LOOK: &str = "import os
me = os.getpid()
for pid in filter(str.isdigit, os.listdir('/proc')):
    try:
        line = open(f'/proc/{pid}/cmdline').read()
    except OSError:
        continue
    if 'time.sleep(60)' in line and int(pid) != me:
        print('found', pid)";

pub(crate) async fn orphans_end_with_their_program(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let marked = format!("{ORPHANS}\n# {}", boxes.settings.worker.id);
    let look = LOOK.replace(
        "'time.sleep(60)' in line",
        &format!("{:?} in line", boxes.settings.worker.id.as_str()),
    );
    let look = format!("{look}\n").replace("!= me", "not in (me, os.getppid())");
    let ran = run(&mut session, &marked).await;
    assert_eq!((ran.facts.ended, &ran.output[..]), (Ended::Exit(0), &b"left\n"[..]));
    assert!(ran.facts.leftovers > 0, "{:?}", ran.facts);
    let found = run(&mut session, &look).await;
    assert_eq!(&found.output[..], b"", "{}", String::from_utf8_lossy(&found.output));
    session.destroy().await;
}

/// A pair of sockets with the standard output and themselves in flight: no process has them when the program has ended.
const SENT_OVER_ITSELF: &str = "import array, socket
ours, theirs = socket.socketpair()
sent = array.array('i', [1, ours.fileno(), theirs.fileno()])
ours.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, sent)])
print('sent')";

pub(crate) async fn output_that_nobody_holds_and_that_is_open_has_an_end(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for _ in 0..2 {
        let running = timeout(Duration::from_secs(20), run(&mut session, SENT_OVER_ITSELF));
        let ran = running.await.expect("a run that ends");
        assert_eq!((ran.facts.ended, ran.facts.stopped), (Ended::Exit(0), None));
        assert_eq!(&ran.output[..], b"sent\n");
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

pub(crate) async fn a_program_that_is_killed_takes_its_children_along(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let waiting = format!("{ORPHANS}\ntime.sleep(60)");
    let short = RunLimits {
        wall_us: 1_500_000,
        ..limits()
    };
    let ran = run_with(&mut session, &waiting, Input::Empty, short).await.unwrap();
    assert_eq!(ran.facts.stopped, Some(Stopped::Wall));
    // The same when the worker asks for it.
    let (sender, mut receiver) = mpsc::channel(1);
    let kill = CancellationToken::new();
    let streams = RunStreams {
        input: Input::Empty,
        output: Some(sender),
        kill: kill.clone(),
    };
    let request = request(&waiting, limits());
    let killing = async {
        receiver.recv().await.unwrap();
        kill.cancel();
    };
    let (facts, ()) = tokio::join!(session.run(&request, streams), killing);
    assert_eq!(facts.unwrap().stopped, Some(Stopped::Asked));
    session.destroy().await;
}
