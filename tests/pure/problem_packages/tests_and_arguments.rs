//! Test cases, and the arguments for programs and validators.

use assize::problem::Package;

use crate::problem_packages::{CHECKER, NEW, loaded, package, warnings};

#[test]
fn tests_come_in_the_order_of_their_base_names_samples_first() {
    let names = ["b", "a.1", "a", "a-1", "10", "9", "with space", "x.in"];
    let mut files = Vec::new();
    for name in names {
        files.push((format!("data/secret/{name}.in"), ""));
        files.push((format!("data/secret/{name}.ans"), ""));
    }
    files.push(("data/sample/z.in".to_owned(), ""));
    files.push(("data/sample/z.ans".to_owned(), ""));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    let package = loaded(&files);
    let found: Vec<&str> = package.tests.iter().map(|test| test.name.as_str()).collect();
    let expected = [
        "sample/z",
        "secret/1",
        "secret/10",
        "secret/9",
        "secret/a",
        "secret/a-1",
        "secret/a.1",
        "secret/b",
        "secret/with space",
        "secret/x.in",
    ];
    assert_eq!(found, expected);
    assert!(package.tests[0].sample && !package.tests[1].sample);
}

#[test]
fn arguments_of_problem_group_and_test_are_put_together_as_written() {
    let legacy = loaded(&[
        CHECKER,
        (
            "problem.yaml",
            "validation: custom\nvalidator_flags: float_tolerance 1e-6\n",
        ),
        ("data/testdata.yaml", "output_validator_flags: case_sensitive\n"),
        (
            "data/secret/g/testdata.yaml",
            "output_validator_flags: {name: check, flags: \"x 'two words' 007\"}\n",
        ),
        ("data/secret/g/1.in", ""),
        ("data/secret/g/1.ans", ""),
    ]);
    let args: Vec<&[String]> = legacy.tests.iter().map(|test| &test.validator_args[..]).collect();
    assert_eq!(args[0], ["float_tolerance", "1e-6", "case_sensitive"]);
    assert_eq!(args[1], ["float_tolerance", "1e-6", "x", "two words", "007"]);

    let open = loaded(&[
        CHECKER,
        ("problem.yaml", "validation: custom\nvalidator_flags: \"it's x\"\n"),
        ("data/testdata.yaml", "output_validator_flags: \"a 'b c\"\n"),
    ]);
    assert_eq!(open.tests[0].validator_args, ["it's", "x", "a", "'b", "c"]);
    let told = [
        "problem.yaml:2: validator_flags has a quote that is not closed, or ends with a backslash: it is split at white space",
        "data/testdata.yaml:1: output_validator_flags has a quote that is not closed, or ends with a backslash: it is split \
         at white space",
    ];
    assert_eq!(warnings(&open), told);

    let directory = package(&[
        ("problem.yaml", NEW),
        ("output_validator/check.py", "import sys\nsys.exit(42)\n"),
        (
            "data/secret/test_group.yaml",
            "args: [--fast, 1.50]\noutput_validator_args: [a]\n",
        ),
        (
            "data/secret/1.yaml",
            "output_validator_args: [yes, 1e-6]\nhint: Look twice.\n",
        ),
        ("data/secret/1.files/words.txt", "word\n"),
    ]);
    let new = Package::load(directory.path()).unwrap();
    let test = &new.tests[0];
    assert_eq!(test.args, ["--fast", "1.50"]);
    assert_eq!(test.validator_args, ["yes", "1e-6"]);
    assert_eq!(test.hint.as_deref(), Some("Look twice."));
    assert!(test.files.as_ref().unwrap().join("words.txt").is_file());
}
