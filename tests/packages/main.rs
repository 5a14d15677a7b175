//! Problem packages judged with the program that their authors use.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/cheapest_wall.rs"]
mod cheapest_wall;
mod data;
mod functions;
mod graders;
#[path = "../common/jailer.rs"]
mod jailer;
mod java;
mod laid;
mod languages;
mod libraries;
#[path = "../common/runs_everything.rs"]
mod runs_everything;
mod scores;
#[path = "../common/skipped.rs"]
mod skipped;
mod timing;
mod unit_tests;
#[path = "../common/wall_settings.rs"]
mod wall_settings;
#[path = "../common/whole_run.rs"]
mod whole_run;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use serde_json::Value;

use crate::jailer::jailer;
use crate::wall_settings::{Settings, cheapest_wall, settings_for};
use crate::whole_run::is_left_to_the_whole_run;

/// A line of JSON for each package.
fn verify(packages: &[String]) -> (Output, Vec<Value>) {
    verify_with(&[], packages)
}

fn verify_with(options: &[&str], packages: &[String]) -> (Output, Vec<Value>) {
    reports_of(
        assize()
            .args(["verify", "--json"])
            .args(options)
            .args(packages)
            .envs(cheapest_wall()),
    )
}

/// The program, for which no host is too busy: how busy this one is, is another test's subject.
fn assize() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.env("ASSIZE__LIMITS__STARVATION_FACTOR", "1000");
    command
}

/// What the command, which verifies packages, reports of them.
fn reports_of(command: &mut Command) -> (Output, Vec<Value>) {
    let output = command.output().unwrap();
    let lines = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let reports = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    (output, reports)
}

fn packages_below(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut packages: Vec<String> = entries
        .filter(|path| path.join("problem.yaml").is_file() || path.extension().is_some_and(|found| found == "zip"))
        .map(|path| path.display().to_string())
        .collect();
    packages.sort();
    packages
}

fn submissions(reports: &[Value]) -> impl Iterator<Item = (&str, &Value)> {
    reports.iter().flat_map(|package| {
        let name = package["package"].as_str().unwrap();
        package["submissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(move |submission| (name, submission))
    })
}

/// The command judges one submission after the other, so so many run at once.
const AT_ONCE: usize = 3;

/// Judges every example behind a wall. Returns the verdicts, by package and submission.
fn verdicts_of_examples(wall: &Settings) -> BTreeMap<String, Value> {
    let packages = packages_below("examples");
    let share = |first| {
        packages
            .iter()
            .skip(first)
            .step_by(AT_ONCE)
            .cloned()
            .collect::<Vec<_>>()
    };
    let shares: Vec<_> = (0..AT_ONCE).map(share).collect();
    thread::scope(|scope| {
        let begun = shares.iter().map(|share| scope.spawn(|| verdicts_of(share, wall)));
        let judging: Vec<_> = begun.collect();
        judging.into_iter().flat_map(|share| share.join().unwrap()).collect()
    })
}

/// The same of these packages.
fn verdicts_of(packages: &[String], wall: &Settings) -> BTreeMap<String, Value> {
    let mut command = assize();
    command.args(["verify", "--json"]).args(packages);
    let (output, report) = reports_of(command.envs(wall.clone()));
    let wrong: Vec<_> = submissions(&report)
        .filter(|(_, submission)| submission["ok"] == false)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let judged = submissions(&report).filter(|(_, submission)| submission["ok"] == true);
    judged
        .map(|(package, submission)| {
            (
                format!("{package} {}", submission["path"]),
                submission["verdict"].clone(),
            )
        })
        .collect()
}

#[test]
fn every_example_gets_the_verdict_that_its_author_expects() {
    let verdicts = verdicts_of_examples(&cheapest_wall());
    assert!(verdicts.len() > 180, "only {} submissions were judged", verdicts.len());
    if is_left_to_the_whole_run("the same behind another wall") {
        return;
    }
    let Some(socket) = jailer() else { return };
    assert_eq!(
        verdicts_of_examples(&settings_for(Some(socket))),
        verdicts,
        "behind another wall"
    );
}

#[test]
fn submissions_in_other_languages_are_skipped_with_the_reason_and_never_counted_as_passed() {
    let directory = tempfile::tempdir().unwrap();
    let files = [("submissions/accepted/Sum.kt", "fun main() {}\n")];
    let (_, report) = verify(&[laid::sum(directory.path(), "other", files)]);
    let (_, skipped) = submissions(&report)
        .find(|(_, submission)| submission["path"].as_str().unwrap().ends_with(".kt"))
        .unwrap();
    assert_eq!((&skipped["ok"], &skipped["verdict"]), (&Value::Null, &Value::Null));
    assert_eq!(
        skipped["skipped_reason"],
        "Kotlin is not supported: the settings have no [languages.kotlin]"
    );
}

#[test]
fn a_validator_or_a_grader_that_fails_is_a_judge_error_that_names_it_and_never_a_wrong_answer() {
    for corpus in ["tests/corpus/broken-validators", "tests/corpus/broken-graders"] {
        let packages = packages_below(corpus);
        assert!(packages.len() >= 5, "{packages:?}");
        let (output, report) = verify(&packages);
        assert_eq!(output.status.code(), Some(3));
        for (package, submission) in submissions(&report) {
            assert_eq!(submission["verdict"], "JE", "{package}: {submission}");
            let reason = submission["reason"].as_str().unwrap();
            let expected = fs::read_to_string(Path::new(corpus).join(package).join("expected")).unwrap();
            assert!(reason.contains(expected.trim()), "{package}: {reason}");
        }
    }
}

#[test]
fn a_test_behind_the_first_failure_that_does_not_fit_a_legacy_folder_is_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    let later = "a = input()\nassert a == '1 2'\nprint(0)\n";
    let files = [("submissions/wrong_answer/later.py", later)];
    let package = laid::sum(directory.path(), "later", files);
    for (options, code) in [(&[][..], 0), (&["--strict"], 1)] {
        let (output, reports) = verify_with(options, std::slice::from_ref(&package));
        assert_eq!(output.status.code(), Some(code), "{reports:#?}");
        let (_, submission) = submissions(&reports)
            .find(|(_, it)| it["path"] == "submissions/wrong_answer/later.py")
            .unwrap();
        assert_eq!(
            (&submission["verdict"], &submission["ok"]),
            (&"WA".into(), &true.into())
        );
        let warnings = reports[0]["warnings"].as_array().unwrap();
        let told = "submissions/wrong_answer/later.py: secret/1 is RTE, permitted: AC, WA; the verdict is WA";
        assert!(
            warnings.iter().any(|it| it.as_str().unwrap().starts_with(told)),
            "{warnings:#?}"
        );
    }
}

#[test]
fn a_package_is_told_with_its_times_its_tests_and_what_each_of_them_said() {
    let options = ["--submission", "{accepted,wrong_answer}", "--test", "sample", "-t", "3"];
    let (output, reports) = verify_with(&options, &["examples/sum".to_owned()]);
    assert_eq!(output.status.code(), Some(0));
    let [report] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!((&report["path"], &report["ok"]), (&"examples/sum".into(), &true.into()));
    assert_eq!(report["time_limit"]["cpu_ms"], 3000);
    assert_eq!(report["time_limit"]["origin"], "command_line");
    for (_, submission) in submissions(&reports) {
        assert!(submission["max_wall_ms"].is_u64(), "{submission}");
        let tests = submission["tests"].as_array().unwrap();
        assert!(
            !tests.is_empty()
                && tests
                    .iter()
                    .all(|test| test["name"].as_str().unwrap().starts_with("sample/"))
        );
    }
}

#[test]
fn tests_and_submissions_may_be_called_like_options_of_programs() {
    let directory = tempfile::tempdir().unwrap();
    let of_positive = "a, b = map(int, input().split())\nprint(abs(a) + b)\n";
    let files = [
        ("data/secret/-1.in", "-4 2\n"),
        ("data/secret/-1.ans", "-2\n"),
        ("submissions/accepted/-c.py", "print(sum(map(int, input().split())))\n"),
        ("submissions/wrong_answer/-1.py", of_positive),
    ];
    let (output, reports) = verify(&[laid::sum(directory.path(), "options", files)]);
    let judged: Vec<_> = submissions(&reports)
        .map(|(_, it)| (it["path"].as_str().unwrap(), it["verdict"].as_str().unwrap()))
        .collect();
    let expected = [
        ("submissions/accepted/-c.py", "AC"),
        ("submissions/accepted/sum.py", "AC"),
        ("submissions/wrong_answer/-1.py", "WA"),
    ];
    assert_eq!(judged, expected, "{reports:#?}");
    assert_eq!(output.status.code(), Some(0), "{reports:#?}");
}

#[test]
fn a_folder_that_is_misspelt_and_submissions_that_nobody_can_judge_are_errors() {
    let directory = tempfile::tempdir().unwrap();
    let package = |name: &str, submissions: &[&str]| {
        let files: Vec<_> = submissions
            .iter()
            .map(|path| (format!("submissions/{path}"), "print(3)\n"))
            .collect();
        laid::files(
            directory.path(),
            name,
            files.iter().map(|(path, content)| (path.as_str(), *content)),
        )
    };
    let rows = [
        (
            "misspelt",
            vec!["accepted/a.py", "wrong-answer/b.py"],
            1,
            "wrong_answer/ is meant",
        ),
        (
            "foreign",
            vec!["accepted/a.kt"],
            1,
            "none of its submissions could be judged",
        ),
        ("empty", vec![], 1, "so nothing is verified"),
        (
            "no-accepted",
            vec!["rejected/a.py"],
            1,
            "submissions/accepted: is empty",
        ),
        (
            "misspelt-input-validators",
            vec!["accepted/a.py", "../input_validator/check.py"],
            1,
            "input_validator: is a folder that the formats do not know, so that nothing in it is read; call it input_validators/",
        ),
        (
            "misspelt-output-validators",
            vec!["accepted/a.py", "../Output-validater/check.py"],
            1,
            "Output-validater: is a folder that the formats do not know, so that nothing in it is read; call it output_validator/",
        ),
        (
            "misspelt-tests",
            vec!["accepted/a.py", "../data/secrets/2.in"],
            1,
            "data/secrets: is a folder that the formats do not know, so that nothing in it is read; call it secret/",
        ),
        (
            "of-other-tools",
            vec![
                "accepted/a.py",
                "../answer_validators/check.py",
                "../data_old/1.in",
                "../validators/check.py",
            ],
            0,
            "\"errors\":[]",
        ),
        (
            "broken-expectations",
            vec!["accepted/a.py", "submissions.yaml"],
            1,
            "submissions/submissions.yaml:1: expected keys and values",
        ),
        ("good", vec!["accepted/a.py"], 0, "\"ok\":true"),
    ];
    for (name, submissions, code, said) in rows {
        let (output, reports) = verify(&[package(name, &submissions)]);
        assert_eq!(output.status.code(), Some(code), "{reports:?}");
        assert!(
            String::from_utf8_lossy(&output.stdout).contains(said),
            "{name}: {reports:?}"
        );
    }
}
