//! Tests with an output validator of the package, on each backend: passes, who decides, what a document may hold.

use std::fs;
use std::path::Path;

use assize::config::Settings;
use assize::contract::{Judgement, LimitKind, ProblemRef, SecurityKind, SubmissionCaps, Target, Verdict, parse};
use assize::judge::{Attempt, JudgeError, JudgeFailure};
use assize::problem::{Package, ProblemStore};
use assize::sandbox::Isolation;
use serde_json::json;
use tempfile::TempDir;

use crate::fixture::TestBoxes;
use crate::judging::{JudgeFixture, python, submission};

/// A judge of one problem whose validator is given as text.
struct Judging {
    fixture: JudgeFixture,
    caps: SubmissionCaps,
    _directory: TempDir,
}

impl Judging {
    fn of(boxes: &TestBoxes, kind: &str, validator: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let root = directory.path().join("problem");
        write_package(&root, kind, validator);
        let problems = ProblemStore::single(Package::load(&root).unwrap());
        Self {
            _directory: directory,
            ..Self::with(boxes, problems, |_settings| {})
        }
    }

    fn with(boxes: &TestBoxes, problems: ProblemStore, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = boxes.settings.clone();
        change(&mut settings);
        Self {
            fixture: JudgeFixture::of(&settings, boxes.pool(1, 0), problems),
            caps: settings.submission.caps(),
            _directory: TempDir::new().unwrap(),
        }
    }

    fn inline(boxes: &TestBoxes, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = boxes.settings.clone();
        settings.problems.directory = "examples".into();
        Self::with(boxes, ProblemStore::open(&settings.problems).unwrap(), change)
    }

    async fn judge(&self, source: &str) -> Result<Judgement, JudgeFailure> {
        let mut of_problem = submission(source, &[]);
        of_problem.target = Target::Problem(ProblemRef {
            id: "problem".to_owned(),
            revision: None,
        });
        self.fixture.try_to_judge(&of_problem).await
    }

    async fn verdict(&self, source: &str) -> Verdict {
        self.judge(source).await.unwrap().verdict
    }
}

fn write_package(root: &Path, kind: &str, validator: &str) {
    let write = |path: &str, content: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    let passes = if kind.contains("multi-pass") {
        "  validation_passes: 3\n"
    } else {
        ""
    };
    let yaml = format!(
        "problem_format_version: 2025-09\nname: Problem\nuuid: 5f0c2a4e-7a55-4f9f-8f0b-0a4b64a5d3d1\nlicense: cc0\n\
         rights_owner: nobody\ntype: {kind}\nlimits:\n  time_limit: 2\n  memory: 256\n{passes}"
    );
    write("problem.yaml", &yaml);
    write("output_validator/validate.py", validator);
    write("data/secret/1.in", "first\n");
    write("data/secret/1.ans", "answer\n");
    write("submissions/accepted/main.py", "print(1)\n");
}

/// Accepts an output that repeats the input, and asks for passes with "second" and "third" as their input. It leaves the
/// directory in which it is started, as many `run` scripts do.
const RELAY: &str = "\
import os, sys
os.chdir('/')
given = open(sys.argv[1]).read().strip()
if sys.stdin.read().strip() != given or open(sys.argv[2]).read() != 'answer\\n':
    sys.exit(43)
following = {'first': 'second', 'second': 'third'}
open(sys.argv[3] + 'judgemessage.txt', 'a').write(given)
if given in following:
    open(sys.argv[3] + 'nextpass.in', 'w').write(following[given])
sys.exit(42)
";

pub(crate) async fn what_a_validator_writes_to_nextpass_is_its_own_input_and_that_of_the_submission(boxes: &TestBoxes) {
    let judging = Judging::of(boxes, "[pass-fail, multi-pass]", RELAY);
    assert_eq!(judging.verdict("print(input())").await, Verdict::Ac);
    assert_eq!(judging.verdict("print('first')").await, Verdict::Wa);
    let fails_later = "word = input()\nprint(word)\nif word == 'third': raise SystemExit(1)";
    assert_eq!(judging.verdict(fails_later).await, Verdict::Rte);
    let remembers = "\
import os
first = not os.path.exists('/tmp/seen') and not os.path.exists('seen')
for place in ('/tmp/seen', 'seen'):
    open(place, 'w').close()
print(input() if first else 'a pass sees the one before')";
    if boxes.facts().isolation != Isolation::None {
        assert_eq!(judging.verdict(remembers).await, Verdict::Ac);
    }
    judging.fixture.close().await;
}

/// Rejects every number but 7 as soon as it is written; says "no" first.
const GUESS: &str = "\
import sys
line = sys.stdin.readline().strip()
if line != '7':
    print('no', flush=True)
    sys.exit(43)
print('yes', flush=True)
sys.exit(42)
";

pub(crate) async fn a_wrong_answer_that_is_followed_by_a_failure_is_one_verdict_each_time(boxes: &TestBoxes) {
    let judging = Judging::of(boxes, "[pass-fail, interactive]", GUESS);
    let rows = [
        ("print(6)\nraise SystemExit(1)", Verdict::Wa),
        ("print(6, flush=True)\nraise SystemExit(1)", Verdict::Wa),
        ("print(6, flush=True)\nassert input() == 'yes'", Verdict::Wa),
        ("print(6, flush=True)", Verdict::Wa),
        ("raise SystemExit(1)", Verdict::Rte),
        ("print(7, flush=True)\nassert input() == 'yes'", Verdict::Ac),
    ];
    for (source, verdict) in rows {
        for _ in 0..4 {
            assert_eq!(judging.verdict(source).await, verdict, "{source}");
        }
    }
    judging.fixture.close().await;
}

pub(crate) async fn a_judge_error_names_the_problem_and_carries_the_limits(boxes: &TestBoxes) {
    let judging = Judging::of(
        boxes,
        "pass-fail",
        "import sys\nsys.stderr.write('a\\0b\\n')\nsys.exit(7)\n",
    );
    let failed = judging.judge("print(1)").await;
    let Err(JudgeFailure::Error(error @ JudgeError::Validator { .. })) = failed else {
        panic!("{failed:?}");
    };
    let message = error.to_string();
    assert!(
        message.contains("of the problem problem failed on secret/1"),
        "{message}"
    );
    assert!(message.ends_with("exit code 7, expected 42 or 43; a\\0b"), "{message}");
    let sent = submission("print(1)", &[]);
    let judgement = judging.fixture.judge.judge_error(&sent, &Attempt::now(), &error);
    assert_eq!((judgement.verdict, judgement.limits.cpu_ms), (Verdict::Je, 1000));
    judging.fixture.close().await;
}

pub(crate) async fn a_verdict_document_has_a_ceiling_whatever_is_printed(boxes: &TestBoxes) {
    let judging = Judging::inline(boxes, |settings| settings.judge.excerpt_bytes = 1 << 20);
    let tests = vec![("", "7"); 40];
    let mut flood = submission(
        "import sys\nfor out in (sys.stdout, sys.stderr): out.write('\\x1b' * 300000)",
        &tests,
    );
    flood.stop_on_first_failure = Some(false);
    let judged = judging.fixture.judge(&flood).await;
    assert_eq!((judged.verdict, judged.totals.skipped), (Verdict::Wa, 0));
    assert!(
        judged
            .tests
            .iter()
            .all(|test| test.stdout.truncated && !test.stdout.text.is_empty())
    );
    let bytes = serde_json::to_vec(&judged).unwrap().len();
    assert!(bytes < 5 << 20, "{bytes}");
    judging.fixture.close().await;
}

pub(crate) async fn a_test_that_ends_near_its_limit_is_run_once_more(boxes: &TestBoxes) {
    let judging = Judging::inline(boxes, |settings| settings.judge.near_limit = 2.0);
    let directory = tempfile::tempdir().unwrap();
    let is_first = is_first_run(boxes, &judging, directory.path()).await;
    // Only the first run takes longer than the limit, and is wrong; so it is the second one that decides.
    let slow_once = format!("import os, time\nif {is_first}:\n    time.sleep(2.1)\n    print(4)\nelse: print(5)");
    let mut near = submission(&slow_once, &[("", "5\n")]);
    near.limits.wall_ms = Some(2000);
    let judged = judging.fixture.judge(&near).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{judged:#?}");
    judging.fixture.close().await;
}

pub(crate) async fn a_call_that_ends_near_its_limit_in_a_process_of_several_is_made_once_more(boxes: &TestBoxes) {
    let judging = Judging::inline(boxes, |settings| settings.judge.near_limit = 2.0);
    let directory = tempfile::tempdir().unwrap();
    let is_first = is_first_run(boxes, &judging, directory.path()).await;
    let slow_once = format!(
        "import os, time\nSLOW = {is_first}\ndef five(of):\n    global SLOW\n    if SLOW and of == 'slow':\n        \
         time.sleep(2.1)\n        return 4\n    return 5"
    );
    let message = json!({
        "type": "assize.submission.v1", "id": uuid::Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "main.py", "content": slow_once }],
        "tests": [
            { "call": "five", "args": ["slow"], "expect": 5 },
            { "call": "five", "args": ["fast"], "expect": 5 },
        ],
        "call_options": { "processes": "one" },
        "limits": { "cpu_ms": 2000, "wall_ms": 2000 },
    });
    let near = parse(message.to_string().as_bytes(), &judging.caps).unwrap();
    let judged = judging.fixture.judge(&near).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{judged:#?}");
    judging.fixture.close().await;
}

/// Python for "no program has run before this one": a file of this host that can be made once, or where a box is between,
/// the number that a box gives to its next file.
async fn is_first_run(boxes: &TestBoxes, judging: &Judging, directory: &Path) -> String {
    if boxes.facts().name == "process" {
        let made = directory.join("made").display().to_string();
        return format!("not os.path.exists({made:?}) and not open({made:?}, 'x').close()");
    }
    let number = "(open('/tmp/x', 'w').close(), os.stat('/tmp/x').st_ino)[1]";
    let probe = format!("import os\nprint({number})");
    let judged = judging.fixture.judge(&submission(&probe, &[("", "-1\n")])).await;
    let first = judged.tests[0].stdout.text.trim().to_owned();
    assert!(first.parse::<u64>().is_ok(), "{judged:#?}");
    format!("{number} <= {first}")
}

pub(crate) async fn a_verdict_says_which_limit_a_test_exceeded(boxes: &TestBoxes) {
    let judging = Judging::inline(boxes, |_settings| {});
    let rows = [
        ("while True: pass", Some(LimitKind::Cpu)),
        ("import time\ntime.sleep(60)", Some(LimitKind::Wall)),
        ("x = bytearray(1 << 62)", Some(LimitKind::Memory)),
        ("while True: print('x' * 1000)", Some(LimitKind::Output)),
        ("print(5)", None),
    ];
    for (source, limit) in rows {
        let mut sent = submission(source, &[("", "5\n")]);
        // A busy host must not end the one that spins by its wall limit.
        sent.limits.wall_ms = Some(if limit == Some(LimitKind::Wall) { 1000 } else { 60_000 });
        let judged = judging.fixture.judge(&sent).await;
        assert_eq!(judged.tests[0].limit, limit, "{source}: {judged:#?}");
    }
    judging.fixture.close().await;
}

pub(crate) async fn the_table_of_a_language_says_which_exit_codes_are_compile_errors(boxes: &TestBoxes) {
    for (code, is_compile_error) in [(255, true), (3, false)] {
        let judging = Judging::inline(boxes, |settings| {
            let language = python(settings);
            language.startup = assize::config::Startup::Exec;
            let check = format!("import sys; print(sys.argv[1:], file=sys.stderr); sys.exit({code})");
            language.compile = ["/usr/bin/python3", "-c", &check, "{entry}", "{sources}"]
                .map(str::to_owned)
                .to_vec();
            language.compile_error_codes = vec![1, 255];
        });
        let sent = submission("print(5)", &[("", "5\n")]);
        let judged = judging.fixture.try_to_judge(&sent).await;
        match judged {
            Ok(judgement) => {
                assert!(is_compile_error, "{judgement:#?}");
                assert_eq!(judgement.verdict, Verdict::Ce);
                assert_eq!(judgement.message.unwrap(), "['main.py', 'main.py']");
            }
            Err(error) => assert!(
                !is_compile_error && error.to_string().contains("exit code 3"),
                "{error}"
            ),
        }
        judging.fixture.close().await;
    }
}

pub(crate) async fn children_that_spin_at_the_end_are_no_tampering(boxes: &TestBoxes) {
    let judging = Judging::inline(boxes, |_settings| {});
    let children = "\
import os
for _ in range(12):
    if os.fork() == 0:
        while True: pass
print(5)";
    let judged = judging.fixture.judge(&submission(children, &[("", "5\n")])).await;
    assert!(!matches!(judged.verdict, Verdict::Je | Verdict::Wa), "{judged:#?}");
    let tampering = judged
        .security
        .iter()
        .any(|finding| finding.kind == SecurityKind::Tampering);
    assert!(!tampering, "{:#?}", judged.security);
    judging.fixture.close().await;
}

/// Prints what was left by another run where a program can write, and the numbers that a box gives out next: of files and
/// of processes, of which it uses up 60.
const WITNESS: &str = "\
import os
print(*(os.path.exists(name) for name in ('/tmp/left', 'left')))
for name in ('/tmp/left', 'left'):
    open(name, 'w').close()
    print(os.stat(name).st_ino)
print(os.getpid())
for _ in range(60):
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0)";

pub(crate) async fn with_a_box_per_test_no_counter_tells_one_test_of_another(boxes: &TestBoxes) {
    if boxes.facts().isolation == Isolation::None {
        // Processes of the host share its counters.
        return;
    }
    for box_per_test in [true, false] {
        let judging = Judging::inline(boxes, |settings| settings.judge.box_per_test = box_per_test);
        let mut sent = submission(WITNESS, &[("", "7\n"), ("", "7\n"), ("", "7\n")]);
        sent.stop_on_first_failure = Some(false);
        // A machine without KVM takes seconds for so many processes.
        sent.limits.cpu_ms = Some(10_000);
        let judged = judging.fixture.judge(&sent).await;
        let witnesses: Vec<(&str, u32)> = judged.tests.iter().map(|test| witness(&test.stdout.text)).collect();
        // The counters of one box go on from test to test, which shows that the witness sees them.
        let same_files = witnesses.iter().all(|(files, _)| *files == witnesses[0].0);
        let few_processes = witnesses.iter().all(|(_, process)| *process < 60);
        assert!(
            witnesses.iter().all(|(files, _)| files.starts_with("False False\n")),
            "{witnesses:?}"
        );
        assert_eq!(
            (same_files, few_processes),
            (box_per_test, box_per_test),
            "{witnesses:?}"
        );
        judging.fixture.close().await;
    }
}

/// What it says of files, and the number of its process.
fn witness(printed: &str) -> (&str, u32) {
    let (files, process) = printed.trim_end().rsplit_once('\n').unwrap();
    (files, process.parse().unwrap())
}
