//! Programs that are only run, in boxes of each backend.

use assize::contract::{
    FetchFile, LimitKind, Metadata, RequestedLimits, RunInput, RunReport, RunResult, RunStatus, RunTarget, SourceFile,
    Submission, Target,
};
use assize::judge::{Attempt, Judge, JudgeOptions};
use assize::problem::ProblemStore;
use uuid::Uuid;

use crate::fixture::TestBoxes;

fn input(stdin: &[u8]) -> RunInput {
    RunInput {
        name: String::from_utf8_lossy(stdin).into_owned(),
        stdin: stdin.to_vec(),
        ..RunInput::default()
    }
}

fn file(name: &str, content: &str) -> SourceFile {
    SourceFile {
        name: name.to_owned(),
        content: content.as_bytes().to_vec(),
    }
}

/// Runs a program with limits that only loops reach; the settings can be changed before.
async fn run(
    boxes: &TestBoxes,
    source: &str,
    target: RunTarget,
    change: fn(&mut assize::config::Settings),
) -> RunResult {
    let mut settings = boxes.settings.clone();
    change(&mut settings);
    let pool = boxes.pool(1, 0);
    let judge = Judge::new(
        JudgeOptions::from(settings.judging()),
        pool.clone(),
        ProblemStore::empty(),
    );
    let submission = Submission {
        id: Uuid::new_v4(),
        language: settings.judge.default_language.clone(),
        files: vec![file("main.py", source)],
        entry_point: None,
        target: Target::Run(target),
        limits: RequestedLimits {
            cpu_ms: Some(1000),
            wall_ms: Some(2500),
            memory_bytes: Some(128 << 20),
            output_bytes: Some(256 << 10),
            processes: Some(32),
        },
        stop_on_first_failure: None,
        rejudge: None,
        metadata: Metadata::new(),
    };
    let answer = judge.answer(&submission, &Attempt::now(), &|_progress| {}).await;
    pool.close().await;
    answer.unwrap().into_result().unwrap()
}

async fn run_once(boxes: &TestBoxes, source: &str) -> RunResult {
    let target = RunTarget {
        inputs: vec![input(b"")],
        ..RunTarget::default()
    };
    run(boxes, source, target, |_settings| {}).await
}

fn only(result: &RunResult) -> &RunReport {
    assert_eq!(result.runs.len(), 1, "{result:#?}");
    &result.runs[0]
}

pub(crate) async fn what_a_program_prints_comes_back_whole_for_every_input(boxes: &TestBoxes) {
    let source = "\
import sys
data = sys.stdin.buffer.read()
sys.stdout.buffer.write(data * 100000)
sys.stderr.write('e' * 100000)
sys.exit(len(data) - 1)";
    let target = RunTarget {
        inputs: vec![input(b"x"), input(b"\xff\xfe"), input(b"")],
        ..RunTarget::default()
    };
    let result = run(boxes, source, target, |_settings| {}).await;
    let seen: Vec<_> = result.runs.iter().map(|run| (run.status, run.exit_code)).collect();
    assert_eq!(
        seen,
        [
            (RunStatus::Ok, Some(0)),
            (RunStatus::Rte, Some(1)),
            (RunStatus::Rte, Some(255)),
        ]
    );
    assert_eq!(result.status, RunStatus::Rte);
    assert_eq!(
        result.runs[0].stdout.text.as_deref(),
        Some("x".repeat(100_000).as_str())
    );
    assert_eq!(result.runs[1].stdout.content().unwrap(), b"\xff\xfe".repeat(100_000));
    assert!(result.runs[1].stdout.base64.is_some());
    for run in &result.runs {
        assert_eq!(run.stderr.text.as_deref(), Some("e".repeat(100_000).as_str()));
        assert!(!run.stdout.truncated && !run.stderr.truncated);
    }
}

pub(crate) async fn a_run_has_arguments_and_files_of_its_own_and_leaves_files_behind(boxes: &TestBoxes) {
    let source = "\
import os, sys
print(sys.argv[1:], sorted(os.listdir('.')))
os.makedirs('made', exist_ok=True)
open('made/large', 'wb').write(bytes(range(256)) * 1000)
open('long', 'w').write('abcdef')
os.symlink('/etc/passwd', 'link')
os.mkfifo('fifo')";
    let wanted = |path: &str, max_bytes| FetchFile {
        path: path.to_owned(),
        max_bytes,
    };
    let first = RunInput {
        args: vec!["-v".to_owned(), "a b".to_owned()],
        files: vec![file("table.csv", "1,2"), file("sub/x.txt", "")],
        ..input(b"1")
    };
    let target = RunTarget {
        inputs: vec![first, input(b"2")],
        fetch: vec![
            wanted("made/large", None),
            wanted("long", Some(3)),
            wanted("missing", None),
            wanted("link", None),
            wanted("fifo", None),
            wanted("made", None),
        ],
        ..RunTarget::default()
    };
    let result = run(boxes, source, target, |_settings| {}).await;
    assert_eq!(result.status, RunStatus::Ok, "{result:#?}");
    let printed: Vec<_> = result.runs.iter().map(|run| run.stdout.text.clone().unwrap()).collect();
    assert_eq!(
        printed,
        ["['-v', 'a b'] ['main.py', 'sub', 'table.csv']\n", "[] ['main.py']\n"],
        "what one run has or leaves is not there in the next"
    );
    for run in &result.runs {
        let content = |at: usize| run.files[at].content.as_ref();
        let large = content(0).unwrap();
        assert_eq!(large.content().unwrap(), (0..=255).collect::<Vec<u8>>().repeat(1000));
        let long = content(1).unwrap();
        assert_eq!((long.text.as_deref(), long.truncated), (Some("abc"), true));
        assert!((2..6).all(|at| content(at).is_none()), "{:#?}", &run.files[2..]);
    }
}

pub(crate) async fn a_run_that_does_not_end_well_says_how_and_why(boxes: &TestBoxes) {
    let rows = [
        (
            "while True: pass",
            RunStatus::Tle,
            Some(LimitKind::Cpu),
            "CPU time, the limit is 1.000 s",
        ),
        (
            "import time\nprint('before', flush=True)\ntime.sleep(60)",
            RunStatus::Tle,
            Some(LimitKind::Wall),
            "the limit on the wall is 2.500 s",
        ),
        (
            "while True: print('x' * 1000)",
            RunStatus::Ole,
            Some(LimitKind::Output),
            "standard output, the limit is 262144 bytes",
        ),
        (
            "x = bytearray(1 << 62)",
            RunStatus::Mle,
            Some(LimitKind::Memory),
            "the limit is 128.0 MiB",
        ),
        ("import os\nos.abort()", RunStatus::Rte, None, ""),
    ];
    for (source, status, limit, said) in rows {
        let result = run_once(boxes, source).await;
        let run = only(&result);
        assert_eq!((result.status, run.limit), (status, limit), "{source}: {result:#?}");
        assert!(run.message.as_deref().unwrap_or_default().ends_with(said), "{run:#?}");
        assert_eq!(result.message, run.message);
    }
    let flood = run_once(boxes, "while True: print('x' * 1023)").await;
    assert_eq!(
        only(&flood).stdout.content().unwrap().len(),
        256 << 10,
        "up to the limit"
    );
    let slow = run_once(boxes, "print('before', flush=True)\nwhile True: pass").await;
    assert_eq!(only(&slow).stdout.text.as_deref(), Some("before\n"));
    let wrong = run_once(boxes, "print(").await;
    assert_eq!((wrong.status, wrong.runs.len()), (RunStatus::Ce, 0));
    assert!(wrong.message.unwrap().contains("SyntaxError"));
}

pub(crate) async fn a_result_has_a_ceiling_that_all_its_runs_share(boxes: &TestBoxes) {
    let target = RunTarget {
        inputs: vec![input(b"1"), input(b"2"), input(b"3")],
        fetch: vec![FetchFile {
            path: "left".to_owned(),
            max_bytes: None,
        }],
        ..RunTarget::default()
    };
    let source = "print('x' * 99999)\nopen('left', 'w').write('y' * 50000)";
    let result = run(boxes, source, target, |settings| settings.run.result_bytes = 200_000).await;
    let kept: Vec<_> = result
        .runs
        .iter()
        .map(|run| {
            let file = run.files[0].content.as_ref();
            let lengths = [Some(&run.stdout), file].map(|it| it.map_or(0, |it| it.content().unwrap().len()));
            (lengths, run.stdout.truncated, file.is_none_or(|file| file.truncated))
        })
        .collect();
    assert_eq!(
        kept,
        [
            ([100_000, 50_000], false, false),
            ([50_000, 0], true, true),
            ([0, 0], true, true)
        ]
    );
    assert_eq!(result.runs[2].stdout.bytes, 100_000, "its length is known all the same");
    assert_eq!(result.status, RunStatus::Ok);
}
