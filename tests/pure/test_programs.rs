//! Rules of the tests themselves: every program of them is run by `make test`, they wait for events, and one that does not
//! run says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::paths::{source_roots, sources, words_in};

#[test]
fn every_test_program_is_one_that_make_test_runs() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--no-deps", "--format-version=1"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let targets = packages.flat_map(|package| package["targets"].as_array().unwrap());
    let tests = targets.filter(|target| target["kind"][0] == "test");
    let there: BTreeSet<_> = tests.map(|test| test["name"].as_str().unwrap()).collect();
    let script = fs::read_to_string("docker/test.sh").unwrap();
    let words: Vec<_> = script.split_whitespace().collect();
    let run = words.windows(2).filter(|pair| pair[0] == "--test").map(|pair| pair[1]);
    assert_eq!(run.collect::<BTreeSet<_>>(), there);
}

/// Where tests may let time pass: the functions that poll, what goes wrong at random moments of a soak or a cluster, and what
/// must not happen for a while.
const SLEEPING: [&str; 8] = [
    "jailer/tests/jails/fixture.rs",
    "tests/common/jailer.rs",
    "tests/common/waiting.rs",
    "tests/services/chaos.rs",
    "tests/services/cluster/faults.rs",
    "tests/services/cluster/received.rs",
    "tests/services/cluster/senders.rs",
    "tests/services/faults.rs",
];

/// Calls by which time passes.
const SLEEPS: [&str; 6] = [
    "interval",
    "park_timeout",
    "recv_timeout",
    "sleep",
    "sleep_until",
    "wait_timeout",
];

#[test]
fn tests_wait_for_events_and_sleep_in_named_places() {
    let mut sleeping = BTreeSet::new();
    for (file, text) in test_sources() {
        let words = words_in(text.parse().unwrap());
        let pauses = ["chaos", "pause"].iter().all(|word| words.contains(*word));
        if pauses || SLEEPS.iter().any(|word| words.contains(*word)) {
            sleeping.insert(file);
        }
    }
    assert_eq!(sleeping, SLEEPING.map(str::to_owned).into());
}

/// The sources of all tests of all crates, by their paths.
fn test_sources() -> BTreeMap<String, String> {
    let of_crates = source_roots().into_iter().map(|root| root.with_file_name("tests"));
    let all = of_crates
        .filter(|tests| tests.is_dir())
        .flat_map(|tests| sources(&tests));
    all.map(|(file, text)| (file.strip_prefix(".").unwrap_or(&file).display().to_string(), text))
        .collect()
}

#[test]
fn tests_that_do_not_run_say_so_in_one_place_for_each_reason() {
    // Words that would be found here too are put together.
    let of_ci = format!("var_os(\"{}\")", "CI");
    let silent = format!("!runs_everything() {{ {} }}", "return;");
    let mut asking = BTreeSet::new();
    for (file, text) in test_sources() {
        if text.contains(&of_ci) {
            asking.insert(file.clone());
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!words.contains(&silent), "{file}: whole_run.rs says what is left out");
    }
    assert_eq!(asking, BTreeSet::from(["tests/common/skipped.rs".to_owned()]));
}
