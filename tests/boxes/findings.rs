//! What is noticed about a submission, besides its verdict.

use assize::config::Startup;
use assize::contract::{Judgement, SecurityKind, SecuritySource, Verdict};

use crate::judge::{JudgeFixture, python, submission};

const PTRACE: &str = "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)";

fn kinds(judgement: &Judgement) -> Vec<SecurityKind> {
    judgement.security.iter().map(|finding| finding.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_kernel_stops_is_noticed_whatever_starts_the_program() {
    use SecurityKind as Kind;
    let programs = [
        ("an honest program", "print(sum(range(1000)))", &[][..]),
        ("a forbidden call", PTRACE, &[Kind::ForbiddenCall]),
        ("a flood", "while True: print('x' * 65536)", &[Kind::OutputFlood]),
        (
            "a process that stays",
            "import os, time\nif os.fork() == 0: time.sleep(60)",
            &[Kind::LeftProcesses],
        ),
        ("a loop", "while True: pass", &[Kind::CpuLimit]),
    ];
    for startup in [Startup::Exec, Startup::Fork] {
        let fixture = JudgeFixture::with(|settings| {
            python(settings).startup = startup;
        })
        .await;
        for (what, source, expected) in programs {
            let mut submission = submission(source, "", "");
            // A loop shall end by what it uses, also on a busy machine.
            submission.limits.wall_ms = Some(30_000);
            let judgement = fixture.judge(&submission).await;
            assert_eq!(
                kinds(&judgement),
                expected,
                "{what}, {startup:?}: {:?}",
                judgement.security
            );
        }
        let bomb = "import os\ntry:\n    while True: os.fork()\nexcept OSError: os._exit(0)";
        let judgement = fixture.judge(&submission(bomb, "", "")).await;
        assert!(
            kinds(&judgement).contains(&Kind::ProcessLimit),
            "{:?}",
            judgement.security
        );
        fixture.close().await;
    }
}

/// In as little memory as the settings allow, where an interpreter, its zygote and the runner take half of it. A program
/// may offer the zygote to the kernel in its own place, and leave files that no kill gives back.
#[tokio::test(flavor = "multi_thread")]
async fn a_memory_kill_in_the_smallest_box_is_mle_each_time_and_no_tampering() {
    const LEAST: u64 = 16 << 20;
    const TESTS: usize = 10;
    let grows = "whole = [bytearray(1 << 20) for _ in range(99)]";
    let instead = "open('/proc/self/oom_score_adj', 'w').write('0')";
    let files = "import os\nwith open('/dev/shm/full', 'wb', 0) as file:\n    while True: file.write(bytes(65536))";
    let fixture = JudgeFixture::open().await;
    for program in [
        grows.to_owned(),
        format!("{instead}\n{grows}"),
        format!("{instead}\n{files}"),
        format!("import os\nfor _ in range(6):\n    if os.fork() == 0: break\n{instead}\n{grows}"),
    ] {
        // Who asks for `gc` is executed, and not forked.
        for program in [program.clone(), format!("import gc\ngc.collect()\n{program}")] {
            let mut submission = crate::judging::submission(&program, &[("", ""); TESTS]);
            submission.limits.memory_bytes = Some(LEAST);
            submission.stop_on_first_failure = Some(false);
            let judgement = fixture.judge(&submission).await;
            let killed = judgement
                .tests
                .iter()
                .filter(|test| test.verdict == Verdict::Mle)
                .count();
            assert_eq!(killed, TESTS, "{program}: {judgement:#?}");
            let alleged = kinds(&judgement).contains(&SecurityKind::Tampering);
            assert!(!alleged, "{program}: {:?}", judgement.security);
        }
    }
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_events_advise_and_neither_their_absence_nor_their_forgery_changes_a_verdict() {
    let attempts = r"
import os, socket
for attempt in (
    lambda: socket.create_connection(('10.0.0.1', 80)),
    lambda: open('/etc/shadow'),
    lambda: os.posix_spawn('/bin/sh', ['sh'], {}),
):
    try:
        attempt()
    except OSError:
        pass
";
    // Scribbles over everything that is shared and can be written, which is the page of the audit.
    let scribbler = r"
import ctypes
for line in open('/proc/self/maps'):
    where, rights, *_ = line.split()
    if rights == 'rw-s':
        start, end = (int(part, 16) for part in where.split('-'))
        ctypes.memset(start, 0xFF, end - start)
print(7)
";
    let fixture = JudgeFixture::open().await;
    let told = fixture.judge(&submission(attempts, "", "")).await;
    assert_eq!(told.verdict, Verdict::Ac);
    assert_eq!(
        kinds(&told),
        [
            SecurityKind::NetworkAttempt,
            SecurityKind::FileAttempt,
            SecurityKind::ProgramAttempt
        ],
        "{:?}",
        told.security
    );
    assert!(
        told.security
            .iter()
            .all(|finding| finding.source == SecuritySource::Audit)
    );
    assert!(told.security[1].detail.contains("/etc/shadow"), "{:?}", told.security);

    let forged = fixture.judge(&submission(scribbler, "", "7")).await;
    assert_eq!(forged.verdict, Verdict::Ac, "{forged:#?}");
    assert!(serde_json::to_vec(&forged.security).unwrap().len() < 16 << 10);

    let killed = fixture.judge(&submission(PTRACE, "", "")).await;
    let last = &killed.security[0].last_audit_events;
    assert!(last.iter().any(|event| event.contains("ptrace")), "{last:?}");
    fixture.close().await;

    let fixture = JudgeFixture::with(|settings| settings.security.audit = false).await;
    let silent = fixture.judge(&submission(attempts, "", "")).await;
    fixture.close().await;
    assert_eq!((silent.verdict, kinds(&silent)), (Verdict::Ac, vec![]));
}
