//! Verdicts, from programs in boxes of each backend.

use std::fs;
use std::path::Path;

use assize::contract::{Judgement, ProblemRef, SecuritySeverity, Target, Verdict};
use assize::problem::ProblemStore;
use assize::sandbox::Isolation;
use futures::future::join_all;

use crate::fixture::TestBoxes;
use crate::judging::{JudgeFixture, submission};

const SUM: &str = "print(sum(map(int, input().split())))";

fn judge_on(boxes: &TestBoxes, slots: usize) -> JudgeFixture {
    judge_of(boxes, slots, Path::new("examples"))
}

fn judge_of(boxes: &TestBoxes, slots: usize, problems: &Path) -> JudgeFixture {
    let mut settings = boxes.settings.clone();
    problems.clone_into(&mut settings.problems.directory);
    settings.judge.parallel_tests = slots;
    let problems = ProblemStore::open(&settings.problems).unwrap();
    JudgeFixture::of(&settings, boxes.pool(slots, 0), problems)
}

pub(crate) async fn each_verdict_comes_from_the_program_that_deserves_it(boxes: &TestBoxes) {
    let judge = judge_on(boxes, 1);
    for (source, verdict) in [
        (SUM, Verdict::Ac),
        ("print(4)", Verdict::Wa),
        ("while True: pass", Verdict::Tle),
        ("import time\ntime.sleep(60)", Verdict::Tle),
        ("while True: print('x' * 1000)", Verdict::Ole),
        ("x = bytearray(1 << 62)", Verdict::Mle),
        ("raise ValueError('no')", Verdict::Rte),
        ("import os\nos.abort()", Verdict::Rte),
        ("print(5)\nraise SystemExit(3)", Verdict::Rte),
        ("print(", Verdict::Ce),
        ("import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)", Verdict::Sv),
    ] {
        let judged = judge.judge(&submission(source, &[("2 3\n", "5\n")])).await;
        assert_eq!(judged.verdict, verdict, "{source}: {judged:#?}");
    }
    judge.close().await;
}

/// Where a box has walls, its work directory cannot be taken away.
const CANNOT_BE_CLEARED: &str = "
import os
work = os.getcwd()
try:
    os.rename(work, work + '.away')
    os.symlink('/', work)
except OSError:
    pass
print(sum(map(int, input().split())))
";

pub(crate) async fn a_box_that_cannot_be_cleared_is_replaced_and_that_is_no_judge_error(boxes: &TestBoxes) {
    let judge = judge_on(boxes, 1);
    let tests = [("1 1\n", "2\n"); 6];
    let judged = judge.judge(&submission(CANNOT_BE_CLEARED, &tests)).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{judged:#?}");
    judge.close().await;
}

pub(crate) async fn tests_that_are_spread_over_slots_have_the_same_verdict(boxes: &TestBoxes) {
    let tests = [("1 1\n", "2\n"), ("2 3\n", "5\n"), ("9 9\n", "0\n"), ("4 4\n", "8\n")];
    let mut seen = Vec::new();
    for slots in [1, 3] {
        let judge = judge_on(boxes, slots);
        let submissions: Vec<_> = (0..2).map(|_| submission(SUM, &tests)).collect();
        for judged in join_all(submissions.iter().map(|submission| judge.judge(submission))).await {
            let verdicts: Vec<_> = judged.tests.iter().map(|test| test.verdict).collect();
            seen.push((judged.verdict, verdicts));
        }
        judge.close().await;
    }
    let expected = (Verdict::Wa, vec![Verdict::Ac, Verdict::Ac, Verdict::Wa, Verdict::Sk]);
    assert!(seen.iter().all(|found| *found == expected), "{seen:#?}");
}

const TELL_VERSIONS: &str = "
import platform, numpy, pandas
print(platform.python_version(), *(it.__version__.split('+')[0] for it in (numpy, pandas)))
";

pub(crate) async fn a_verdict_says_in_what_it_was_judged(boxes: &TestBoxes) {
    boxes.backend().connect().await.unwrap();
    let facts = boxes.facts();
    let judge = judge_on(boxes, 1);
    let sandbox = judge.judge(&submission(SUM, &[("2 3\n", "5\n")])).await.sandbox;
    assert_eq!(
        (sandbox.backend.as_str(), &sandbox.runtime),
        (facts.name, &facts.runtime)
    );
    assert_eq!(sandbox.filter, facts.filter.map(|digest| format!("sha256:{digest}")));
    let environment = sandbox.environment.unwrap();
    assert_eq!(environment.name, "python3");
    assert!(!environment.digest.is_empty());
    assert!(sandbox.figures.is_some());
    if facts.isolation == Isolation::None {
        assert!(
            environment.versions.is_empty(),
            "this host has no image that says what is in it"
        );
    } else {
        let versions = ["python", "numpy", "pandas"].map(|name| environment.versions[name].as_str());
        let mut told = submission(TELL_VERSIONS, &[("", &format!("{}\n", versions.join(" ")))]);
        (told.limits.cpu_ms, told.limits.wall_ms) = (Some(20_000), Some(60_000));
        told.limits.memory_bytes = Some(512 << 20);
        let judged = judge.judge(&told).await;
        assert_eq!(judged.verdict, Verdict::Ac, "{versions:?}: {judged:#?}");
    }
    judge.close().await;
}

pub(crate) async fn tries_at_one_submission_at_once_each_say_in_what_they_were_judged(boxes: &TestBoxes) {
    let judge = judge_on(boxes, 2);
    let sent = submission(SUM, &[("2 3\n", "5\n")]);
    for judged in join_all([judge.judge(&sent), judge.judge(&sent)]).await {
        assert_eq!(
            (judged.verdict, judged.limits.cpu_ms),
            (Verdict::Ac, 1000),
            "{judged:#?}"
        );
        assert!(
            judged.started_at.is_some() && judged.sandbox.environment.is_some(),
            "{judged:#?}"
        );
    }
    judge.close().await;
}

/// An interactive problem with this validator.
fn interactive(directory: &Path, validator: &str) {
    let files = [
        (
            "problem.yaml",
            "name: talk\nvalidation: custom interactive\nlimits:\n  validation_time: 20\n",
        ),
        (".timelimit", "1\n"),
        ("data/secret/1.in", "1\n"),
        ("data/secret/1.ans", "1\n"),
        ("output_validators/talk.py", validator),
    ];
    for (name, content) in files {
        let path = directory.join("talk").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

async fn talk(boxes: &TestBoxes, validator: &str, source: &str) -> Judgement {
    let directory = tempfile::tempdir().unwrap();
    interactive(directory.path(), validator);
    let judge = judge_of(boxes, 1, directory.path());
    let mut talking = submission(source, &[]);
    talking.target = Target::Problem(ProblemRef {
        id: "talk".to_owned(),
        revision: None,
    });
    let judged = judge.judge(&talking).await;
    judge.close().await;
    judged
}

pub(crate) async fn a_submission_that_never_reads_ends_at_its_limit_and_nobody_else_is_blamed(boxes: &TestBoxes) {
    let chatty = "import sys
for line in sys.stdin:
    print('y' * 100000, flush=True)
sys.exit(43)";
    let judged = talk(boxes, chatty, "while True: print(1)").await;
    let fair = [Verdict::Tle, Verdict::Ole, Verdict::Wa];
    assert!(fair.contains(&judged.verdict), "{judged:#?}");
    let alert = judged
        .security
        .iter()
        .find(|finding| finding.severity == SecuritySeverity::Alert);
    assert!(alert.is_none(), "{alert:?}");
}

pub(crate) async fn time_that_a_submission_waits_for_answers_does_not_count(boxes: &TestBoxes) {
    // In all it waits longer than its wall limit of 2.5 seconds. Few rounds: what a busy host takes on their way counts.
    let slow = "import sys, time
for line in sys.stdin:
    time.sleep(0.05)
    print(line, end='', flush=True)
sys.exit(42)";
    let patient = "for number in range(80):
    print(number, flush=True)
    assert int(input()) == number";
    let judged = talk(boxes, slow, patient).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{judged:#?}");
    let idle = "import time\nprint(1, flush=True)\ninput()\ntime.sleep(60)";
    let judged = talk(boxes, slow, idle).await;
    assert_eq!(judged.verdict, Verdict::Tle, "{judged:#?}");
    let deaf_for_ever = "input()";
    let judged = talk(boxes, slow, deaf_for_ever).await;
    assert_eq!(judged.verdict, Verdict::Tle, "{judged:#?}");
}
