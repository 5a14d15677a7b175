//! Errors and warnings that authors read.

use std::fs;

use assize::config::{PackageCeiling, Settings};
use assize::problem::{Format, Package};

use crate::problem_packages::{CHECKER, load, loaded, package, warnings};

#[test]
fn what_is_wrong_is_told_with_file_line_and_what_is_expected() {
    let rows: &[(&str, &str, &str)] = &[
        (
            "problem.yaml",
            "name: Sum\nlimits:\n  time_limit: 2 s\n",
            "problem.yaml:3: limits.time_limit is \"2 s\", expected a number of seconds above 0, such as 2 or 0.5",
        ),
        (
            "problem.yaml",
            "name: Sum\r\nlimits:\r\n  memory: 0\r\n",
            "problem.yaml:3: limits.memory is \"0\", expected a number of MiB above 0, such as 256",
        ),
        (
            "problem.yaml",
            "name: Sum\nlimits: {code: .inf}\n",
            "problem.yaml:2: limits.code is \".inf\", expected a number of KiB above 0, such as 128",
        ),
        (
            "problem.yaml",
            "name: Sum\nlimits:\n  time_limit: 0.0004\n",
            "problem.yaml:3: limits.time_limit is \"0.0004\", expected at least 0.001 seconds, below which it rounds to nothing",
        ),
        (
            "problem.yaml",
            "limits:\n  validation_time: 0.0001\n",
            "problem.yaml:2: limits.validation_time is \"0.0001\", expected at least 0.001 seconds, below which it rounds to \
             nothing",
        ),
        (
            "problem.yaml",
            "limits:\n  output: 1e-9\n",
            "problem.yaml:2: limits.output is \"1e-9\", expected at least one byte: a number of MiB above 0, such as 256",
        ),
        (
            ".timelimit",
            "0.0001",
            ".timelimit: the time limit is \"0.0001\", expected seconds from 0.001 on such as 2 or 0.5",
        ),
        (
            "problem.yaml",
            "name: Sum\nlimits: 2\n",
            "problem.yaml:2: limits is \"2\", expected a map of keys and values",
        ),
        (
            "problem.yaml",
            "limits:\n\tmemory: 3\n",
            "problem.yaml:2: is no valid YAML: tabs disallowed within this context (block indentation); \
             use spaces instead of tabs",
        ),
        (
            "problem.yaml",
            "name: [Sum\n",
            "problem.yaml:1: is no valid YAML: unclosed bracket '['",
        ),
        (
            "problem.yaml",
            "- name\n",
            "problem.yaml:1: expected keys and values such as \"name: Sum\"",
        ),
        (
            "problem.yaml",
            "name: a\n---\nname: b\n",
            "problem.yaml:3: expected one YAML document, found a second one behind \"---\"",
        ),
        (
            "problem.yaml",
            "name: Sum\ntype: pass-fial\n",
            "problem.yaml:2: the type \"pass-fial\" is unknown, expected pass-fail, scoring, interactive, \
             multi-pass, submit-answer, functions or unit-tests",
        ),
        (
            "problem.yaml",
            "problem_format_version: 2025-09\ntype: [submit-answer, multi-pass]\n",
            "problem.yaml:2: there is no program to talk with or to run again in a problem of type submit-answer",
        ),
        (
            "problem.yaml",
            "problem_format_version: 2031-01\n",
            "problem.yaml:1: problem_format_version is \"2031-01\", expected legacy, legacy-icpc, 2023-07-draft or 2025-09",
        ),
        (
            "problem.yaml",
            "validation: costum\n",
            "problem.yaml:1: the word \"costum\" is unknown, expected default, or custom with score and interactive behind \
             it as needed",
        ),
        (
            "problem.yaml",
            "validation: custom\n",
            "output_validators: custom validation is asked for, but there is no output validator: expected a program here",
        ),
        (
            "problem.yaml",
            "problem_format_version: 2025-09\ntype: [interactive]\n",
            "problem.yaml:2: an interactive or multi-pass problem needs an output validator of its own: expected a program \
             in output_validator/",
        ),
        (
            "data/secret/2.in",
            "",
            "data/secret/2.in: the judge's answer 2.ans is missing",
        ),
        (
            "data/secret/testdata.yaml",
            "on_reject: stop\n",
            "data/secret/testdata.yaml:1: on_reject is \"stop\", expected break or continue",
        ),
        (
            "data/testdata.yaml",
            "range: 100 0\n",
            "data/testdata.yaml:1: range is \"100 0\", expected two numbers, the lower one first, such as \"0 100\"",
        ),
        (
            "data/testdata.yaml",
            "accept_score: 1\ngrader_flags: sum best\n",
            "data/testdata.yaml:2: the grader flag \"best\" is unknown",
        ),
        (
            ".timelimit",
            "fast\n",
            ".timelimit: the time limit is \"fast\", expected seconds from 0.001 on such as 2 or 0.5",
        ),
        (
            "domjudge-problem.ini",
            "name = A\ntimelimit = -1\n",
            "domjudge-problem.ini:2: the time limit is \"-1\", expected seconds from 0.001 on such as 2 or 0.5",
        ),
    ];
    for (file, content, expected) in rows {
        let error = load(&[(file, content)]).unwrap_err();
        assert_eq!(error.to_string(), *expected, "{file}: {content:?}");
    }
}

#[test]
fn a_directory_without_problem_yaml_or_without_tests_is_no_package_and_one_of_samples_is_warned_of() {
    let directory = package(&[]);
    fs::remove_file(directory.path().join("problem.yaml")).unwrap();
    let error = Package::load(directory.path()).unwrap_err().to_string();
    assert_eq!(error, "problem.yaml: is missing, so this is no problem package");

    fs::write(
        directory.path().join("domjudge-problem.ini"),
        "name = 'Two'\ntimelimit = 2\n",
    )
    .unwrap();
    let of_domjudge = Package::load(directory.path()).unwrap();
    assert_eq!(
        (of_domjudge.title.as_str(), of_domjudge.format),
        ("Two", Format::Legacy)
    );
    let expected = "problem.yaml: is missing: domjudge-problem.ini holds";
    let told = warnings(&of_domjudge);
    assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");

    let expected = "data/secret: there is no secret test: expected data/secret/*.in with data/secret/*.ans";
    let directory = package(&[]);
    fs::remove_dir_all(directory.path().join("data/secret")).unwrap();
    let error = Package::load(directory.path()).unwrap_err().to_string();
    assert_eq!(error, expected);

    let directory = package(&[("data/sample/1.in", "1\n"), ("data/sample/1.ans", "1\n")]);
    fs::remove_dir_all(directory.path().join("data/secret")).unwrap();
    let samples_only = Package::load(directory.path()).unwrap();
    assert_eq!(samples_only.tests.len(), 1);
    assert_eq!(warnings(&samples_only), [expected]);
}

#[test]
fn unknown_keys_are_warned_of_with_their_line_and_change_nothing() {
    let yaml = "name: Sum\nvalidater_flags: case_sensitive\nlimits:\n  memory: 64\n  tiem_limit: 2\n";
    let package = loaded(&[
        ("problem.yaml", yaml),
        ("data/secret/testdata.yaml", "onreject: break\n"),
    ]);
    let expected = [
        "problem.yaml:2: the key validater_flags is unknown and has no effect (did you mean validator_flags?)",
        "data/secret/testdata.yaml:1: the key onreject is unknown and has no effect (did you mean on_reject?)",
        "problem.yaml:5: the key limits.tiem_limit is unknown and has no effect (did you mean time_limit?)",
    ];
    assert_eq!(warnings(&package), expected);
    assert_eq!(package.limits.memory_bytes, Some(64 << 20));
}

#[test]
fn files_without_their_test_are_warned_of() {
    let package = loaded(&[
        ("problem.yaml", "validation: custom\n"),
        CHECKER,
        ("data/secret/2.ans", ""),
        ("data/secret/3.in", ""),
    ]);
    let expected = [
        "data/secret/2.ans: belongs to no test: there is no file of this name that ends with .in",
        "data/secret/3.in: the judge's answer 3.ans is missing; the validator gets an empty one",
    ];
    assert_eq!(warnings(&package), expected);
    assert_eq!(package.tests[1].answer, None);
}

#[test]
fn memory_that_nothing_can_start_in_is_raised_with_a_warning() {
    let yaml = "name: Sum\nlimits:\n  memory: 1\n  validation_memory: 1\n";
    let package = loaded(&[("problem.yaml", yaml)]);
    assert_eq!(package.limits.memory_bytes, Some(16 << 20));
    assert_eq!(package.limits.validation_memory_bytes, Some(64 << 20));
    let expected = [
        "problem.yaml:3: limits.memory is 1 MiB, less than anything needs to start; 16 MiB are used",
        "problem.yaml:4: limits.validation_memory is 1 MiB, less than anything needs to start; 64 MiB are used",
    ];
    assert_eq!(warnings(&package), expected);
}

#[test]
fn what_a_worker_does_not_grant_is_named() {
    let mut settings = assize::config::load(None).unwrap();
    let granted = |settings: &Settings| PackageCeiling::of(&settings.limits, &settings.validators);
    for (limit, lowered) in [
        ("time_limit: 61", Some("time_limit of 61 s is lowered to 60 s")),
        ("memory: 2049", Some("memory of 2049 MiB is lowered to 2048 MiB")),
        ("output: 128.5", Some("output of 128.5 MiB is lowered to 128 MiB")),
        (
            "compilation_time: 90",
            Some("compilation_time of 90 s is lowered to 60 s"),
        ),
        (
            "compilation_memory: 4096",
            Some("compilation_memory of 4096 MiB is lowered"),
        ),
        (
            "validation_time: 90",
            Some("validation_time of 90 s is lowered to 60 s"),
        ),
        (
            "validation_memory: 4096",
            Some("validation_memory of 4096 MiB is lowered"),
        ),
        (
            "validation_output: 4096",
            Some("validation_output of 4096 MiB is lowered to 128 MiB"),
        ),
        ("time_limit: 60", None),
        ("validation_output: 128", None),
        ("code: 4096", None),
    ] {
        let limits = loaded(&[("problem.yaml", &format!("limits: {{{limit}}}\n"))]).limits;
        let told: Vec<String> = limits
            .above(&granted(&settings))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(told.len(), usize::from(lowered.is_some()), "{limit}: {told:?}");
        assert!(told.iter().all(|it| it.contains(lowered.unwrap())), "{limit}: {told:?}");
    }
    // The tools of a package are granted what they have where it says nothing.
    settings.validators.memory_bytes = 8 << 30;
    let limits = loaded(&[("problem.yaml", "limits: {validation_memory: 4096}\n")]).limits;
    assert_eq!(limits.above(&granted(&settings)), []);
}

#[test]
fn of_a_repeated_key_the_last_value_holds_with_a_warning() {
    let package = loaded(&[
        ("problem.yaml", "name: Sum\n\nname: Product\n"),
        ("data/secret/testdata.yaml", "on_reject: break\non_reject: break\n"),
    ]);
    assert_eq!(package.title, "Product");
    let expected = [
        "problem.yaml:3: the key \"name\" is there twice; the value on this line holds",
        "data/secret/testdata.yaml:2: the key \"on_reject\" is there twice; the value on this line holds",
    ];
    assert_eq!(warnings(&package), expected);
}
