//! Unit tests: what pytest says of a program in its own box, and that no program passes without being right.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use assize::contract::{Judgement, Submission, Verdict};
use futures::StreamExt as _;
use futures::stream;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::read;
use crate::judge::JudgeFixture;

/// What separates a program of the corpus from its tests.
const TESTS: &str = "# tests\n";

/// What separates a cheat from its honest twin.
const TWIN: &str = "# honest twin\n";

/// The tests of cheats that bring none.
const SUM: &str = "\
from solution import add

def test_small():
    assert add(1, 2) == 3

def test_by_name():
    assert add(40, b=2) == 42

def test_kind():
    assert isinstance(add(-1, 2), int) and add(-1, 2) == 1
";

/// Submissions that are judged at once.
const AT_ONCE: usize = 2;

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
    let wanted = std::env::var("ASSIZE_ONLY").unwrap_or_default();
    let named = paths.into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    });
    named.filter(|(name, _)| name.contains(&wanted)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cheat_passes_a_unit_test_and_every_honest_twin_passes_all() {
    let fixture = JudgeFixture::open().await;
    let mut programs = Vec::new();
    for (name, text) in files("tests/corpus/cheats") {
        // Those that name calls have no function that these tests know.
        if text.contains("# call: ") {
            continue;
        }
        let (cheat, rest) = text.split_once(TWIN).unwrap();
        let (twin, tests) = rest.split_once(TESTS).unwrap_or((rest, SUM));
        programs.push((format!("the cheat {name}"), module(cheat, tests), false));
        programs.push((format!("the honest twin of {name}"), module(twin, tests), true));
    }
    let judged = stream::iter(&programs).map(async |(what, program, is_honest)| {
        let judgement = fixture.judge(program).await;
        let is_right = match is_honest {
            true => judgement.verdict == Verdict::Ac,
            false => {
                let not_passed = |verdict: &Verdict| !matches!(verdict, Verdict::Ac | Verdict::Je | Verdict::Sk);
                !judgement.tests.is_empty() && verdicts(&judgement).values().all(not_passed)
            }
        };
        (!is_right).then(|| format!("{what}: {:?} {:#?}", verdicts(&judgement), judgement.tests))
    });
    let wrong: Vec<String> = judged
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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
    let fixture = JudgeFixture::open().await;
    let judged = stream::iter(&modules).map(async |(name, text)| {
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
    let wrong: Vec<String> = judged
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
