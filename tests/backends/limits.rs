//! Limits: each by its own name, and told truly where a backend has none.

use assize::sandbox::{BoxSpec, Ended, Input, RunLimits, Stopped, Stream};

use crate::fixture::{TestBoxes, limits, run, run_with};
use crate::small_box::small_box;

pub(crate) async fn each_limit_ends_a_program_by_its_own_name(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let short = RunLimits {
        cpu_us: 300_000,
        wall_us: 2_000_000,
        output_bytes: 10_000,
        ..limits()
    };
    for (source, stopped) in [
        ("while True: pass", Stopped::Cpu),
        ("import time\ntime.sleep(60)", Stopped::Wall),
        ("import os\nos.kill(os.getpid(), 19)", Stopped::Wall),
        ("while True: print('x' * 99)", Stopped::Output(Stream::Stdout)),
        (
            "import sys\nwhile True: sys.stderr.write('x' * 99)",
            Stopped::Output(Stream::Stderr),
        ),
    ] {
        let ran = run_with(&mut session, source, Input::Empty, short).await.unwrap();
        assert_eq!(
            (ran.facts.stopped, ran.facts.ended),
            (Some(stopped), Ended::Signal(9)),
            "{source}"
        );
        session.reset().await.unwrap();
    }
    let file = "open('large', 'wb').write(b'x' * (9 << 20))";
    let ran = run_with(&mut session, file, Input::Empty, limits()).await.unwrap();
    assert_ne!(ran.facts.ended, Ended::Exit(0), "a file was larger than its limit");
    session.destroy().await;
}

pub(crate) async fn more_memory_than_allowed_is_a_memory_kill_where_memory_is_limited(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let ran = run(&mut session, "x = bytearray(160 << 20)\nprint(len(x))").await;
    if boxes.facts().limits_memory {
        assert_eq!(ran.facts.ended, Ended::Signal(9));
        assert!(ran.facts.had_memory_kill());
        assert!(
            ran.facts.memory_peak.bytes >= small_box().memory_bytes,
            "{:?}",
            ran.facts
        );
    } else {
        assert_eq!((ran.facts.ended, ran.facts.memory_kills), (Ended::Exit(0), Some(0)));
        assert!(ran.facts.memory_peak.bytes >= 160 << 20, "{:?}", ran.facts);
    }
    session.destroy().await;
}

pub(crate) async fn more_processes_than_allowed_are_refused_where_they_are_limited(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let source = "import os, time
made = 0
try:
    for _ in range(40):
        if os.fork() == 0:
            time.sleep(30)
        made += 1
except OSError:
    pass
print(made)";
    let ran = run(&mut session, source).await;
    let made: u64 = String::from_utf8_lossy(&ran.output).trim().parse().unwrap();
    if boxes.facts().limits_processes {
        assert_eq!(made, small_box().processes - 1, "the program itself is a process too");
        assert!(ran.facts.refused_processes.unwrap() > 0);
    } else {
        assert_eq!(made, 40);
    }
    session.destroy().await;
}

pub(crate) async fn a_resized_box_has_its_new_limits_where_that_can_be_done(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let larger = BoxSpec {
        memory_bytes: 256 << 20,
        ..small_box()
    };
    let resized = session.resize(&larger).await;
    assert_eq!(resized.is_ok(), boxes.facts().resizes, "{resized:?}");
    if let Err(error) = resized {
        assert!(!error.remedy().is_empty());
    }
    let ran = run(&mut session, "x = bytearray(160 << 20)\nprint(len(x))").await;
    assert_eq!(ran.facts.ended, Ended::Exit(0), "{:?}", ran.facts);
    session.destroy().await;
}
