//! Every test program of the workspace is run by `make test`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

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
