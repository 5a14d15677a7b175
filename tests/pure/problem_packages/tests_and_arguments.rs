//! Test cases, and the arguments for programs and validators.

use assize::problem::Package;

use crate::problem_packages::{CHECKER, NEW, load, loaded, package, warnings};

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

#[test]
fn a_draft_may_have_the_arguments_of_a_test_in_a_file_of_their_own() {
    let draft = "problem_format_version: 2023-07-draft\nname: Sum\n";
    let args = ("data/secret/1.args", "--fast\t3\n 'a b' \n");
    let own = ("data/secret/1.yaml", "args: [x]\n");
    let of_group = ("data/secret/test_group.yaml", "args: [y]\n");
    let unread = "data/secret/1.args: means nothing in the format, and is not read; arguments are the key args of the \
                  test's .yaml";
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], &'a [&'a str]);
    let rows: [Row<'_>; 7] = [
        (draft, &[args], &["--fast", "3", "'a", "b'"], &[]),
        (draft, &[args, of_group], &["--fast", "3", "'a", "b'"], &[]),
        (draft, &[args, own], &["x"], &[]),
        (draft, &[("data/secret/1.args", "")], &[], &[]),
        (draft, &[of_group], &["y"], &[]),
        (NEW, &[args, own], &["x"], &[unread]),
        ("name: Sum\n", &[args], &[], &[unread]),
    ];
    for (yaml, files, expected, told) in rows {
        let package = loaded(&[&[("problem.yaml", yaml)], files].concat());
        assert_eq!(package.tests[0].args, expected, "{yaml} {files:?}");
        assert_eq!(warnings(&package), told, "{yaml} {files:?}");
    }
    let nul = load(&[("problem.yaml", draft), ("data/secret/1.args", "a\0b")]).unwrap_err();
    let expected = "data/secret/1.args: holds a NUL, which no argument of a program can";
    assert_eq!(nul.to_string(), expected);
}

#[test]
fn files_of_a_test_that_mean_nothing_are_told_by_their_extension() {
    let known = [
        "out",
        "hint",
        "desc",
        "png",
        "svg",
        "interaction",
        "in.statement",
        "ans.download",
    ];
    let mut files: Vec<String> = known
        .iter()
        .map(|extension| format!("data/secret/1.{extension}"))
        .collect();
    files.extend(["1.txt", "2.x.txt", "1.in.orig", "notes.txt", "README"].map(|name| format!("data/secret/{name}")));
    files.extend(["2.x.in", "2.x.ans", "1.files/1.txt"].map(|name| format!("data/secret/{name}")));
    let files: Vec<(&str, &str)> = files.iter().map(|name| (name.as_str(), "")).collect();
    for yaml in ["name: Sum\n", NEW] {
        let package = loaded(&[&[("problem.yaml", yaml)], &files[..]].concat());
        let expected = [
            "data/secret/1.in.orig: means nothing in the format, and is not read",
            "data/secret/1.txt: means nothing in the format, and so does 1 other file of a test, and is not read",
        ];
        assert_eq!(warnings(&package), expected, "{yaml}");
        assert_eq!(package.tests.len(), 2);
    }
}
