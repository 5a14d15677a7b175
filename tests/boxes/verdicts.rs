//! Each verdict, from a real program.

use assize::contract::{InlineTest, ProblemRef, SourceFile, Target, Verdict};
use futures::StreamExt as _;
use futures::stream;

use crate::judge::{JudgeFixture, submission};

const SUM: &str = "a, b = map(int, input().split())\nprint(a + b)\n";

/// What it is, the program, the verdict, the exit code or signal.
const PROGRAMS: [(&str, &str, Verdict, &str); 26] = [
    ("right answer", SUM, Verdict::Ac, "0"),
    (
        "right answer with numpy",
        "import numpy as np\nprint(int(np.sum(list(map(int, input().split())))))",
        Verdict::Ac,
        "0",
    ),
    ("wrong answer", "print(4)", Verdict::Wa, "0"),
    ("no answer", "pass", Verdict::Wa, "0"),
    ("busy loop", "while True: pass", Verdict::Tle, "SIGKILL"),
    ("sleeper", "import time\ntime.sleep(60)", Verdict::Tle, "SIGKILL"),
    (
        "stopped by itself",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        Verdict::Tle,
        "SIGKILL",
    ),
    (
        "busy threads",
        "import threading\nfor _ in range(4):\n    threading.Thread(target=lambda: exec('while True: pass')).start()",
        Verdict::Tle,
        "SIGKILL",
    ),
    (
        "busy child",
        "import os\nif os.fork() == 0:\n    while True: pass\nos.wait()",
        Verdict::Tle,
        "SIGKILL",
    ),
    (
        "allocation until the kernel kills",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        Verdict::Mle,
        "SIGKILL",
    ),
    ("one huge allocation", "x = bytearray(1 << 62)", Verdict::Mle, "1"),
    (
        "memory in a child",
        "import os\nif os.fork() == 0:\n    x = []\n    while True: x.append(bytearray(1 << 20))\nos.wait()\nprint(5)",
        Verdict::Mle,
        "0",
    ),
    (
        "flood on standard output",
        "while True: print('x' * 1000)",
        Verdict::Ole,
        "SIGKILL",
    ),
    (
        "flood on standard error",
        "import sys\nwhile True: sys.stderr.write('x' * 1000)",
        Verdict::Ole,
        "SIGKILL",
    ),
    (
        "flood in one-byte writes",
        "import os\nwhile True: os.write(1, b'xxxxxxxxxxxxxxxx' * 64)",
        Verdict::Ole,
        "SIGKILL",
    ),
    ("exception", "raise ValueError('no')", Verdict::Rte, "1"),
    (
        "exit code after the right answer",
        "print(5)\nraise SystemExit(3)",
        Verdict::Rte,
        "3",
    ),
    (
        "segmentation fault",
        "import ctypes\nctypes.string_at(0)",
        Verdict::Rte,
        "SIGSEGV",
    ),
    ("abort", "import os\nos.abort()", Verdict::Rte, "SIGABRT"),
    (
        "kills itself",
        "import os\nos.kill(os.getpid(), 9)",
        Verdict::Rte,
        "SIGKILL",
    ),
    ("input at end of file", "input()\ninput()", Verdict::Rte, "1"),
    ("syntax error", "print(", Verdict::Ce, ""),
    ("does not decode", "# coding: ascii\nprint('\u{e9}')", Verdict::Ce, ""),
    (
        "forbidden system call",
        "import ctypes\nctypes.CDLL(None).unshare(0x10000000)",
        Verdict::Sv,
        "SIGSYS",
    ),
    (
        "right answer by a child that outlives it",
        "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nprint(5)",
        Verdict::Ac,
        "0",
    ),
    ("unread input", "print(5)", Verdict::Ac, "0"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_verdict_comes_from_the_program_that_deserves_it() {
    let fixture = JudgeFixture::open().await;
    let judged = stream::iter(PROGRAMS).map(async |(what, source, verdict, end)| {
        let judgement = fixture.judge(&submission(source, "2 3\n", "5\n")).await;
        let test = &judgement.tests[0];
        let ended = test
            .signal
            .clone()
            .or(test.exit_code.map(|code| code.to_string()))
            .unwrap_or_default();
        let right = judgement.verdict == verdict && ended == end;
        (!right).then(|| {
            format!(
                "{what}: {} instead of {verdict}, ended {ended:?}: {judgement:#?}",
                judgement.verdict
            )
        })
    });
    let wrong: Vec<String> = judged
        .buffer_unordered(3)
        .filter_map(std::future::ready)
        .collect()
        .await;
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compile_error_speaks_with_the_words_of_python() {
    let fixture = JudgeFixture::open().await;
    let judgement = fixture.judge(&submission("x = 1\nprint(x\n", "", "")).await;
    fixture.close().await;
    let message = judgement.message.unwrap();
    assert!(message.contains("File \"main.py\", line 2"), "{message}");
    assert!(message.contains("SyntaxError: '(' was never closed"), "{message}");
    assert_eq!(judgement.tests[0].verdict, Verdict::Sk);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_test_is_seen_by_the_next() {
    let source = "\
import os, pathlib, sys
places = ['/work/left', '/tmp/left', '/dev/shm/left']
print(input(), [os.path.exists(place) for place in places], pathlib.Path('other.py').read_text())
for place in places:
    pathlib.Path(place).write_text('secret')
pathlib.Path('other.py').write_text('changed')
pathlib.Path(sys.argv[0]).write_text('print(666)')
os.makedirs('/tmp/' + '/'.join('d' * 200))
os.chmod('/tmp/d', 0)
";
    let mut two_tests = submission(source, "", "");
    two_tests.files.push(SourceFile {
        name: "other.py".to_owned(),
        content: b"pristine".to_vec(),
    });
    let test = |input: &str| InlineTest {
        input: Some(format!("{input}\n")),
        answer: Some(format!("{input} [False, False, False] pristine\n")),

        ..InlineTest::default()
    };
    two_tests.target = Target::Inline {
        tests: vec![test("1"), test("2"), test("3")],
        validator_flags: Vec::new(),
    };
    let fixture = JudgeFixture::open().await;
    let judgement = fixture.judge(&two_tests).await;
    fixture.close().await;
    assert_eq!(judgement.verdict, Verdict::Ac, "{judgement:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn binary_output_survives_and_is_shown_with_replacement_characters() {
    let source = "import sys\nsys.stdout.buffer.write(bytes(range(256)))";
    let fixture = JudgeFixture::open().await;
    let judgement = fixture.judge(&submission(source, "", "")).await;
    fixture.close().await;
    let test = &judgement.tests[0];
    assert_eq!((test.verdict, test.stdout.bytes), (Verdict::Wa, 256));
    assert!(
        test.stdout.text.contains('\u{fffd}') && test.stdout.text.contains("abc"),
        "{test:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_failing_test_ends_it_unless_asked_otherwise() {
    let tests = || {
        ["1", "2", "1"]
            .map(|input| InlineTest {
                input: Some(input.to_owned()),
                answer: Some("1".to_owned()),

                ..InlineTest::default()
            })
            .to_vec()
    };
    let mut stopping = submission("print(input())", "", "");
    stopping.target = Target::Inline {
        tests: tests(),
        validator_flags: Vec::new(),
    };
    let mut going_on = stopping.clone();
    going_on.stop_on_first_failure = Some(false);
    let fixture = JudgeFixture::open().await;
    let codes =
        |judgement: assize::contract::Judgement| judgement.tests.iter().map(|test| test.verdict).collect::<Vec<_>>();
    let stopped = codes(fixture.judge(&stopping).await);
    let all = codes(fixture.judge(&going_on).await);
    fixture.close().await;
    assert_eq!(stopped, [Verdict::Ac, Verdict::Wa, Verdict::Sk]);
    assert_eq!(all, [Verdict::Ac, Verdict::Wa, Verdict::Ac]);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_input_and_output_pass_through() {
    let line = "0123456789abcdef\n";
    let big = line.repeat(1 << 19);
    let mut echo = submission("import sys\nsys.stdout.write(sys.stdin.read())", &big, &big);
    echo.limits.output_bytes = Some(64 << 20);
    let fixture = JudgeFixture::open().await;
    let judgement = fixture.judge(&echo).await;
    fixture.close().await;
    assert_eq!(
        judgement.verdict,
        Verdict::Ac,
        "{:?}",
        judgement.tests[0].checker_message
    );
    assert_eq!(judgement.tests[0].stdout.bytes, big.len() as u64);
}

/// 50 MB of input, and ways to read it that a pipe does not have: forked, executed since it asks for `gc`, and by PyPy.
#[tokio::test(flavor = "multi_thread")]
async fn an_input_is_a_file_and_not_the_memory_of_the_program() {
    let input = "0123456789abcdef\n".repeat(3 << 20);
    let mapped = "import mmap, os\ndata = mmap.mmap(0, 0, access=mmap.ACCESS_READ)\nassert data[-2:] == b'f\\n'\n\
        print(os.fstat(0).st_size, len(data), data.find(b'X'))";
    let hungry = format!("{mapped}\nwhole = bytearray(os.fstat(0).st_size * 4)");
    // As much as the limit, gone before memory is looked at, and with the input within what the box has.
    let burst = format!("{mapped}\ndata.close()\nblock = bytearray(64 << 20)\ndel block");
    let answer = format!("{0} {0} -1\n", input.len());
    let fixture = JudgeFixture::open().await;
    for (program, language, verdict) in [
        (mapped, "python3", Verdict::Ac),
        (&format!("import gc\ngc.collect()\n{mapped}"), "python3", Verdict::Ac),
        (mapped, "pypy3", Verdict::Ac),
        (&hungry, "python3", Verdict::Mle),
        (&burst, "python3", Verdict::Mle),
        (&format!("import gc\n{burst}"), "python3", Verdict::Mle),
    ] {
        let mut submission = submission(program, &input, &answer);
        submission.language = language.to_owned();
        submission.limits.memory_bytes = Some(if language == "pypy3" { 128 } else { 64 } << 20);
        let judgement = fixture.judge(&submission).await;
        assert_eq!(judgement.verdict, verdict, "{program}: {judgement:#?}");
    }
    fixture.close().await;
}

/// The box has room for the largest input. Children that are gone before memory is looked at are each below the limit.
#[tokio::test(flavor = "multi_thread")]
async fn room_for_a_large_input_is_no_memory_for_a_program_with_a_small_one() {
    let children = "import os, sys\nif len(sys.stdin.buffer.read(10)) < 10:\n    for child in range(3):\n        if os.fork() == 0:\n            \
        block = bytearray(30 << 20)\n            os._exit(0)\n    for child in range(3): os.wait()\nprint('end')";
    let large = "0123456789abcdef\n".repeat(2 << 20);
    let one_child = children.replace("range(3)", "range(1)");
    let fixture = JudgeFixture::open().await;
    for (program, expected) in [
        (&one_child[..], [Verdict::Ac, Verdict::Ac, Verdict::Ac]),
        (children, [Verdict::Ac, Verdict::Mle, Verdict::Ac]),
    ] {
        let tests = [(&large[..], "end\n"), ("1\n", "end\n"), (&large[..], "end\n")];
        let mut submission = crate::judging::submission(program, &tests);
        submission.limits.memory_bytes = Some(64 << 20);
        submission.stop_on_first_failure = Some(false);
        let judgement = fixture.judge(&submission).await;
        let verdicts: Vec<_> = judgement.tests.iter().map(|test| test.verdict).collect();
        assert_eq!(verdicts, expected, "{program}: {judgement:#?}");
    }
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_a_table_of_the_settings() {
    let program = "import sys\nprint(sys.implementation.name, sum(map(int, input().split())))";
    let mut for_pypy = submission(program, "2 3\n", "pypy 5\n");
    for_pypy.language = "pypy3".to_owned();
    let fixture = JudgeFixture::open().await;
    let judgement = fixture.judge(&for_pypy).await;
    fixture.close().await;
    assert_eq!(judgement.verdict, Verdict::Ac, "{judgement:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_show_of_samples_what_packages_show() {
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let of_problem = |id: &str| {
        let mut asked = submission("pass", "", "");
        asked.target = Target::Problem(ProblemRef {
            id: id.to_owned(),
            revision: None,
        });
        asked
    };
    // The number to guess is the input of the sample, and the package shows a conversation in its place.
    let guessed = fixture.judge(&of_problem("guess")).await;
    let added = fixture.judge(&of_problem("sum")).await;
    fixture.close().await;
    for (judgement, is_shown) in [(guessed, false), (added, true)] {
        let sample = &judgement.tests[0];
        assert!(sample.sample, "{sample:?}");
        assert_eq!(
            (sample.input.is_some(), sample.answer.is_some()),
            (is_shown, is_shown),
            "{sample:?}"
        );
    }
}
