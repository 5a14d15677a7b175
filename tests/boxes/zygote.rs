//! Tests that are forked, by programs that would like to reach the process they come from, or the tests after them.

use assize::config::Startup;
use assize::contract::{InlineTest, Judgement, SourceFile, Submission, Target, Verdict};

use crate::judge::{JudgeFixture, python, submission};

/// Finds the zygote: the process that is neither the first nor this one. A zygote that has ended of one signal is no
/// longer there for the next, and that is no error of the program.
const FIND: &str = "\
import os, signal
others = [pid for pid in map(int, filter(str.isdigit, os.listdir('/proc'))) if pid not in (1, os.getpid())]
def send(number):
    for pid in others:
        try: os.kill(pid, number)
        except ProcessLookupError: pass
";

/// What a program does in each of its tests, before it prints what is expected of it.
const HOSTILE: [(&str, &str); 9] = [
    ("kills the zygote", "send(signal.SIGKILL)"),
    (
        "kills all that it may",
        "try: os.kill(-1, signal.SIGKILL)\nexcept OSError: pass",
    ),
    ("stops the zygote", "send(signal.SIGSTOP)"),
    (
        "sends every signal to the zygote",
        "for number in signal.valid_signals(): send(number)",
    ),
    (
        "sends signals that one can catch",
        "for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}: send(number)",
    ),
    (
        "slows the zygote down",
        "for pid in others:\n    for slow in (lambda: os.setpriority(os.PRIO_PROCESS, pid, 19), lambda: os.sched_setaffinity(pid, {0})):\n        try: slow()\n        except OSError: pass",
    ),
    (
        "leaves a daemon",
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        for number in range(1, 32):\n            try: signal.signal(number, signal.SIG_IGN)\n            except OSError: pass\n        while True: signal.pause()\n    os._exit(0)\nos.wait()",
    ),
    (
        "leaves a daemon that forks on",
        "if os.fork() == 0:\n    os.setsid()\n    while True:\n        try:\n            if os.fork(): os._exit(0)\n        except OSError: pass",
    ),
    (
        "changes the interpreter",
        "import builtins, random, sys\nassert not hasattr(builtins, 'mine') and 'MINE' not in os.environ and 'mine' not in sys.modules\nbuiltins.mine = print\nbuiltins.print = None\nos.environ['MINE'] = '1'\nsys.modules['mine'] = sys\nrandom.random = lambda: 0\nos.fork = None\nos.register_at_fork(after_in_child=lambda: os._exit(7))\nprint = builtins.mine",
    ),
];

fn three_tests(source: &str) -> Submission {
    let mut submission = submission(source, "", "");
    let test = |number: usize| InlineTest {
        input: Some(format!("{number}\n")),
        answer: Some(format!("{number}\n")),

        ..InlineTest::default()
    };
    submission.target = Target::Inline {
        tests: (0..3).map(test).collect(),
        validator_flags: Vec::new(),
    };
    submission.stop_on_first_failure = Some(false);
    submission
}

fn verdicts(judgement: &Judgement) -> Vec<Verdict> {
    judgement.tests.iter().map(|test| test.verdict).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_attacks_its_zygote_harms_no_test_and_is_no_fault_of_ours() {
    let fixture = JudgeFixture::open().await;
    for (what, how) in HOSTILE {
        let judgement = fixture
            .judge(&three_tests(&format!("{FIND}{how}\nprint(input())")))
            .await;
        assert_eq!(verdicts(&judgement), [Verdict::Ac; 3], "{what}: {judgement:?}");
    }
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_are_the_same_however_a_test_is_started() {
    let programs = [
        ("print(input())", Verdict::Ac),
        ("print(7)", Verdict::Wa),
        ("raise SystemExit(input())", Verdict::Rte),
        ("while True: pass", Verdict::Tle),
        ("import time\ntime.sleep(60)", Verdict::Tle),
        ("x = []\nwhile True: x.append(bytearray(1 << 20))", Verdict::Mle),
        ("while True: print('x' * 1000)", Verdict::Ole),
        ("import os\nos.abort()", Verdict::Rte),
        ("import gc, random\nprint(input())", Verdict::Ac),
        ("import numpy\nprint(input())", Verdict::Ac),
        ("def f(n): f(n + 1)\nf(0)", Verdict::Rte),
    ];
    for startup in [Startup::Exec, Startup::Fork] {
        let fixture = JudgeFixture::with(|settings| {
            python(settings).startup = startup;
        })
        .await;
        for (source, expected) in programs {
            let judgement = fixture.judge(&three_tests(source)).await;
            let seen = &verdicts(&judgement)[..1];
            assert_eq!(seen, [expected], "{startup:?} of {source}: {judgement:?}");
        }
        fixture.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_in_a_directory_imports_what_lies_beside_it_however_it_is_started() {
    let files = [
        ("src/app/main.py", "import beside, json\nprint(beside.read())"),
        ("src/app/beside.py", "def read(): return input()"),
        ("src/app/json.py", ""),
        ("beside.py", "raise SystemExit('the wrong one')"),
    ];
    for startup in [Startup::Exec, Startup::Fork] {
        let fixture = JudgeFixture::behind_the_cheapest_wall_with(|settings| python(settings).startup = startup).await;
        let mut asked = three_tests("");
        asked.entry_point = Some("src/app/main.py".to_owned());
        let file = |(name, content): (&str, &str)| SourceFile {
            name: name.to_owned(),
            content: content.into(),
        };
        asked.files = files.map(file).into();
        let judgement = fixture.judge(&asked).await;
        fixture.close().await;
        assert_eq!(verdicts(&judgement), [Verdict::Ac; 3], "{startup:?}: {judgement:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_are_spread_over_slots_have_the_verdicts_of_tests_one_by_one() {
    let source = "\
import time
number = int(input())
time.sleep(0.1 if number % 3 == 0 else 0)
print(number if number != 6 else 'wrong')
if number == 8: raise SystemExit(1)
";
    let mut judgements = Vec::new();
    for (parallel, all) in [(1, false), (2, false), (1, true), (2, true)] {
        let fixture = JudgeFixture::with(|settings| settings.judge.parallel_tests = parallel).await;
        let mut asked = three_tests(source);
        let Target::Inline { tests, .. } = &mut asked.target else {
            unreachable!("made so")
        };
        let model = tests[0].clone();
        *tests = (0..10)
            .map(|number| InlineTest {
                input: Some(format!("{number}\n")),
                answer: Some(format!("{number}\n")),
                ..model.clone()
            })
            .collect();
        asked.stop_on_first_failure = Some(!all);
        judgements.push(verdicts(&fixture.judge(&asked).await));
        fixture.close().await;
    }
    assert_eq!(judgements[0], judgements[1]);
    assert_eq!(judgements[2], judgements[3]);
    assert_eq!(
        judgements[0].iter().filter(|verdict| **verdict == Verdict::Sk).count(),
        3
    );
    assert_eq!(judgements[2][8], Verdict::Rte);
}
