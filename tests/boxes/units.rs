//! Unit tests: what pytest says of a program in its own box.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use assize::contract::{Judgement, Submission, Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::read;
use crate::judge::JudgeFixture;
use crate::short_form::wanted;

/// What separates a program of the corpus from its tests.
const TESTS: &str = "# tests\n";

/// What separates a cheat from its honest twin.
const TWIN: &str = "# honest twin\n";

pub(crate) fn tested(source: &str, tests: &Value, options: &Value) -> Submission {
    read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "solution.py", "content": source }],
        "pytest": tests, "pytest_options": options,
        "limits": { "cpu_ms": 1000, "wall_ms": 5000, "memory_bytes": 134_217_728 },
    }))
}

fn module(source: &str, tests: &str) -> Submission {
    tested(source, &json!({ "test_it.py": tests }), &json!({}))
}

/// A cheat of the corpus and its honest twin, each with the tests that the cheat brings.
pub(crate) fn cheat_and_twin(name: &str) -> (Submission, Submission) {
    let text = std::fs::read_to_string(format!("tests/corpus/cheats/{name}.py")).unwrap();
    let (cheat, rest) = text.split_once(TWIN).unwrap();
    let (twin, tests) = rest.split_once(TESTS).unwrap();
    (module(cheat, tests), module(twin, tests))
}

/// Verdicts by the names of the tests.
fn verdicts(judgement: &Judgement) -> BTreeMap<&str, Verdict> {
    let name = |test: &str| test.find("::").map_or(0, |at| at + 2);
    let tests = judgement.tests.iter();
    tests
        .map(|test| (&test.name[name(&test.name)..], test.verdict))
        .collect()
}

fn files(directory: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    let only = std::env::var("ASSIZE_ONLY").unwrap_or_default();
    let named = paths.into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    });
    let named: Vec<_> = named.filter(|(name, _)| name.contains(&only)).collect();
    if only.is_empty() { wanted(named) } else { named }
}

/// What plain pytest says of each module, with the program beside it.
fn plainly(modules: &[(String, String)]) -> BTreeMap<String, BTreeMap<String, String>> {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in modules {
        let (program, tests) = text.split_once(TESTS).unwrap();
        let place = directory.path().join(name);
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("solution.py"), program).unwrap();
        std::fs::write(place.join("test_it.py"), tests).unwrap();
    }
    std::fs::write(directory.path().join("plain.py"), include_str!("plain_pytest.py")).unwrap();
    let volume = format!("{}:/modules:ro", directory.path().display());
    let ran = Command::new("docker")
        .args(["run", "--rm", "--network", "none", "--user", "0", "--tmpfs", "/tmp"])
        .args(["--label", "io.assize=1", "--volume", &volume])
        .args([
            "--entrypoint",
            "/usr/bin/python3",
            "assize/pytest:latest",
            "-I",
            "/modules/plain.py",
        ])
        .output()
        .unwrap();
    let outcomes = serde_json::from_slice(&ran.stdout);
    outcomes.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ran.stderr)))
}

#[tokio::test(flavor = "multi_thread")]
async fn unit_tests_come_to_what_plain_pytest_says() {
    let modules = files("tests/corpus/units");
    let plain = plainly(&modules);
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judging = fixture.none_is_wrong(&modules, async |fixture, (name, text)| {
        let (program, tests) = text.split_once(TESTS).unwrap();
        let judgement = fixture.try_to_judge(&module(program, tests)).await;
        let Ok(judgement) = judgement else {
            return Some(format!("{name}: {judgement:?}"));
        };
        let said = |verdict: Verdict| match verdict {
            Verdict::Ac => "passed",
            Verdict::Sk => "skipped",
            _ => "failed",
        };
        let said: BTreeMap<String, String> = verdicts(&judgement)
            .into_iter()
            .map(|(test, verdict)| (test.to_owned(), said(verdict).to_owned()))
            .collect();
        let differ = said != plain[name] || said.is_empty();
        differ.then(|| format!("{name}: {said:?}, plainly {:?}\n{:#?}", plain[name], judgement.tests))
    });
    judging.await;
}

const BANK: &str = "\
import os, sys
LIMIT = 3
def add(a, b):
    print('adding')
    return a + b
def hang():
    while True: pass
def sleep():
    import time; time.sleep(100)
def eat():
    return len(bytearray(1 << 30))
def flood():
    while True: os.write(2, b'x' * 65536)
def leave():
    os._exit(3)
def kill():
    os.kill(os.getpid(), 11)
def vandal():
    sys.stdout = sys.stdin = sys.__stdout__ = None
    sys.modules.clear()
    import builtins
    builtins.__import__ = builtins.len = None
    return 1
def half_a_character():
    raise ValueError('\\ud800')
def large():
    return 10**12
def deep():
    raise KeyError('k')
class Same:
    def __eq__(self, other): return True
";

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_one_test_is_a_verdict_about_that_test() {
    let table = [
        ("fine()", "assert s.add(1, 2) == 3", Verdict::Ac),
        ("wrong()", "assert s.add(1, 2) == 4", Verdict::Wa),
        ("hangs()", "s.hang()", Verdict::Tle),
        ("fine_again()", "assert s.add(1, 2) == 3", Verdict::Ac),
        ("sleeps()", "s.sleep()", Verdict::Tle),
        ("eats()", "s.eat()", Verdict::Mle),
        ("floods()", "s.flood()", Verdict::Ole),
        ("leaves()", "s.leave()", Verdict::Rte),
        ("is_killed()", "s.kill()", Verdict::Rte),
        ("is_still_there()", "assert s.add(2, 2) == 4", Verdict::Ac),
        ("raises()", "s.deep()", Verdict::Rte),
        ("raises_half_a_character()", "s.half_a_character()", Verdict::Rte),
        ("takes_apart()", "assert s.vandal() == 1", Verdict::Ac),
        ("loops_over_an_answer()", "for _ in range(s.large()): pass", Verdict::Wa),
        (
            "computes_with_an_answer()",
            "10 ** (s.large() % 10**9 + 10**9)",
            Verdict::Wa,
        ),
        ("needs_memory_for_an_answer()", "bytearray(s.large())", Verdict::Wa),
        ("asks_nothing()", "assert 1 == 2", Verdict::Wa),
        ("is_skipped()", "pytest.skip('later')", Verdict::Sk),
        ("is_last()", "assert s.LIMIT == 3", Verdict::Ac),
    ];
    let tests: String = table
        .iter()
        .map(|(name, body, _)| format!("def test_{name}:\n    {body}\n"))
        .collect();
    let tests = format!("import pytest\nimport solution as s\n{tests}");
    let fixture = JudgeFixture::with(|settings| settings.validators.cpu_ms = 6000).await;
    let judgement = fixture.judge(&module(BANK, &tests)).await;
    let mut stopping = module(BANK, &tests);
    stopping.stop_on_first_failure = Some(true);
    let stopped = fixture.judge(&stopping).await;
    fixture.close().await;
    let wrong: Vec<_> = table
        .iter()
        .zip(&judgement.tests)
        .filter(|((_, _, verdict), test)| test.verdict != *verdict)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(judgement.tests.len(), table.len());
    let first = &judgement.tests[0];
    assert_eq!(
        (first.name.as_str(), first.stdout.text.as_str()),
        ("test_it.py::test_fine", "adding\n")
    );
    let message = judgement.tests[1].checker_message.clone().unwrap_or_default();
    assert!(message.starts_with("test_it.py:6: "), "{message}");
    let stopped: Vec<Verdict> = stopped.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(stopped[..3], [Verdict::Ac, Verdict::Wa, Verdict::Sk]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_are_wrong_are_a_judge_error_that_names_the_place() {
    let import = "import solution\n";
    let table = [
        ("test_it.py", "def test_a(:\n    pass\n", "test_it.py\", line 1"),
        ("test_it.py", "import nothing_like_it\n", "test_it.py:1"),
        (
            "test_it.py",
            "def test_a(missing):\n    pass\n",
            "fixture 'missing' not found",
        ),
        (
            "test_it.py",
            "def test_a():\n    undefined()\n",
            "test_it.py:2: NameError",
        ),
        (
            "test_it.py",
            "import pytest\n@pytest.fixture\ndef f():\n    return 1 / 0\ndef test_a(f):\n    pass\n",
            "test_it.py:4: ZeroDivisionError",
        ),
        (
            "test_it.py",
            "async def test_a():\n    assert False\n",
            "test_it.py::test_a is a coroutine function, which nothing awaits",
        ),
        (
            "test_it.py",
            "import unittest\nclass TestIt(unittest.TestCase):\n    def test_a(self):\n        yield 1\n",
            "test_it.py::TestIt::test_a is a generator, which nothing iterates over",
        ),
        ("test_it.py", "x = 1\n", "no test"),
        (
            "test_it.py",
            "from solution import *\ndef test_a():\n    assert sorted([2, 1]) == [1, 2]\n",
            "import by name what is meant (from solution import sorted)",
        ),
        ("conftest.py", "import nothing_like_it\n", "conftest.py"),
        (
            "test_it.py",
            "import os\ndef test_a():\n    os._exit(0)\n",
            "exit code 0",
        ),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let mut wrong = Vec::new();
    for (file, text, expected) in table {
        let mut files = json!({ "test_it.py": format!("{import}def test_a():\n    pass\n") });
        files[file] = json!(text);
        let judged = fixture.try_to_judge(&tested(BANK, &files, &json!({}))).await;
        let message = judged.map_or_else(
            |error| error.to_string(),
            |judgement| format!("{:?}", judgement.verdict),
        );
        if !message.contains(expected) {
            wrong.push(format!("{text:?}: {message}"));
        }
    }
    let awaited = "import solution, unittest\nclass TestIt(unittest.IsolatedAsyncioTestCase):\n    async def test_a(self):\n        \
                   self.assertEqual(solution.add(1, 2), 3)\n";
    let adds = "def add(a, b):\n    return a + b\n";
    let awaited = fixture
        .judge(&tested(adds, &json!({ "test_it.py": awaited }), &json!({})))
        .await;
    assert_eq!(awaited.verdict, Verdict::Ac, "{awaited:#?}");
    let own = json!({ "test_it.py": "import solution\ndef test_a(): pass\n", "solution.py": "" });
    let own = fixture.try_to_judge(&tested(BANK, &own, &json!({}))).await;
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let refusal = own.unwrap_err().to_string();
    assert!(refusal.contains("has the name of the program's module"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_have_files_of_their_own_and_say_how_they_see_the_program() {
    let files = json!({
        "test_a.py": "from program import Same, add\nfrom lib.help import three\n\
                      def test_file(data): assert add(1, 2) == int(data) == three()\n\
                      def test_same(): assert Same() == Same() and Same() == 3\n",
        "sub/test_b.py": "import program, pytest\ndef test_other(): assert program.LIMIT == 3\n",
        "conftest.py": "import pytest\n@pytest.fixture\ndef data(): return open('data.txt').read()\n",
        "lib/help.py": "def three(): return 3\n",
        "data.txt": "3\n",
    });
    let broken_program = "import nothing_like_it\ndef add(a, b): return a + b\n";
    let uses = "from solution import add\nimport pytest\n\
                @pytest.mark.parametrize('n', [add(1, 1)])\ndef test_a(n): assert n == 2\n";
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let options = |strict: bool| json!({ "module": "program", "strict": strict });
    let strict = fixture.judge(&tested(BANK, &files, &options(true))).await;
    let loose = fixture.judge(&tested(BANK, &files, &options(false))).await;
    let broken = fixture.judge(&module(broken_program, uses)).await;
    let no_python = fixture.judge(&module("def add(", uses)).await;
    fixture.close().await;
    let expected = |same: Verdict| {
        BTreeMap::from([
            ("test_file", Verdict::Ac),
            ("test_other", Verdict::Ac),
            ("test_same", same),
        ])
    };
    assert_eq!(verdicts(&strict), expected(Verdict::Wa), "{:#?}", strict.tests);
    assert_eq!(verdicts(&loose), expected(Verdict::Ac), "{:#?}", loose.tests);
    assert_eq!(broken.verdict, Verdict::Rte, "{:#?}", broken.tests);
    assert_eq!(no_python.verdict, Verdict::Ce);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tests_print_write_and_log_is_told_beside_what_the_program_writes() {
    let program = "import sys\ndef add(a, b):\n    print('adding', file=sys.stderr)\n    return a + b\n";
    let tests = "import logging, sys\nfrom solution import add\ndef test_a(caplog):\n    print('out')\n    \
                 print('err', file=sys.stderr)\n    logging.getLogger('sums').warning('odd')\n    \
                 assert add(1, 2) == 3 and 'odd' in caplog.text\n";
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture.judge(&module(program, tests)).await;
    fixture.close().await;
    let test = &judgement.tests[0];
    assert_eq!((test.verdict, test.stdout.text.as_str()), (Verdict::Ac, "out\n"));
    let lines: Vec<&str> = test.stderr.text.lines().collect();
    assert_eq!((lines[0], lines.len()), ("err", 3), "{lines:?}");
    assert!(
        lines[1].starts_with("WARNING") && lines[1].ends_with("odd"),
        "{lines:?}"
    );
    assert_eq!(lines[2], "adding");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pytest_collects_beside_functions_is_run_too() {
    let items = "import pytest\nclass Sum(pytest.Item):\n    def __init__(self, *, text, **given):\n        \
                 super().__init__(**given)\n        self.text = text\n    def runtest(self):\n        from solution import add\n        \
                 a, b, c = map(int, self.text.split())\n        assert add(a, b) == c\n\
                 class Sums(pytest.File):\n    def collect(self):\n        for text in self.path.read_text().splitlines():\n            \
                 yield Sum.from_parent(self, name=text.replace(' ', '_'), text=text)\n\
                 def pytest_collect_file(parent, file_path):\n    \
                 return Sums.from_parent(parent, path=file_path) if file_path.suffix == '.sums' else None\n";
    let files = json!({
        "pytest.ini": "[pytest]\naddopts = --doctest-modules\n",
        "conftest.py": items,
        "all.sums": "1 2 3\n1 2 4\n",
        "test_it.py": "'''\n>>> from solution import add\n>>> add(1, 2)\n3\n'''\n",
    });
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let adds = "def add(a, b):\n    return a + b\n";
    let judgement = fixture.judge(&tested(adds, &files, &json!({}))).await;
    fixture.close().await;
    let expected = BTreeMap::from([("1_2_3", Verdict::Ac), ("1_2_4", Verdict::Wa), ("test_it", Verdict::Ac)]);
    assert_eq!(verdicts(&judgement), expected, "{:#?}", judgement.tests);
}
