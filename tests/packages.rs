//! Problem packages judged with the program that their authors use.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn verify(packages: &[String]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .arg("verify")
        .arg("--json")
        .args(packages)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output, report)
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

fn submissions(report: &Value) -> impl Iterator<Item = (&str, &Value)> {
    report["packages"].as_array().unwrap().iter().flat_map(|package| {
        let name = package["package"].as_str().unwrap();
        package["submissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(move |submission| (name, submission))
    })
}

#[test]
fn every_example_gets_the_verdict_that_its_author_expects() {
    let (output, report) = verify(&packages_below("examples"));
    let wrong: Vec<_> = submissions(&report)
        .filter(|(_, submission)| submission["ok"] == false)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let judged = submissions(&report)
        .filter(|(_, submission)| submission["ok"] == true)
        .count();
    assert!(judged > 100, "only {judged} submissions were judged");
}

#[test]
fn submissions_in_other_languages_are_skipped_with_the_reason_and_never_counted_as_passed() {
    let (_, report) = verify(&["examples/permutation".to_owned()]);
    let (_, skipped) = submissions(&report)
        .find(|(_, submission)| submission["path"].as_str().unwrap().ends_with(".cpp"))
        .unwrap();
    assert_eq!((&skipped["ok"], &skipped["verdict"]), (&Value::Null, &Value::Null));
    assert_eq!(skipped["skipped_reason"], "C++ is not supported");
}

#[test]
fn a_validator_that_fails_is_a_judge_error_that_names_it_and_never_a_wrong_answer() {
    let packages = packages_below("tests/corpus/broken-validators");
    assert!(packages.len() >= 5, "{packages:?}");
    let (output, report) = verify(&packages);
    assert_eq!(output.status.code(), Some(3));
    for (package, submission) in submissions(&report) {
        assert_eq!(submission["verdict"], "JE", "{package}: {submission}");
        let reason = submission["reason"].as_str().unwrap();
        let expected = fs::read_to_string(
            Path::new("tests/corpus/broken-validators")
                .join(package)
                .join("expected"),
        );
        assert!(reason.contains(expected.unwrap().trim()), "{package}: {reason}");
    }
}
