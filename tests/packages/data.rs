//! The data of packages is checked: by input validators, and by the output validator on outputs of the author's.

use serde_json::{Value, json};

use crate::{assize, laid, verify, verify_with};

const TWO_NUMBERS: &str = "import re, sys\nsys.exit(42 if re.fullmatch(r'\\d+ \\d+\\n', sys.stdin.read()) else 43)\n";

/// Accepts what has at most as many characters as its argument says, which all inputs of the tests have.
const SHORT_C: &str = r#"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    int length = 0;
    while (getchar() != EOF) length++;
    if (argc < 2 || length > atoi(argv[1])) { fprintf(stderr, "%d characters\n", length); return 43; }
    return 42;
}
"#;

/// Accepts every even number.
const EVEN: &str = "import sys\nsys.exit(42 if int(sys.stdin.read()) % 2 == 0 else 43)\n";

fn said(report: &Value) -> Vec<&str> {
    let of = |key: &str| {
        report[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap())
    };
    of("errors").chain(of("warnings")).collect()
}

#[test]
fn inputs_are_held_against_the_input_validators_and_outputs_against_the_output_validator() {
    let directory = tempfile::tempdir().unwrap();
    let validate = ("input_validators/validate.py", TWO_NUMBERS);
    type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, Result<[u64; 3], &'a str>);
    let rows: [Row<'_>; 12] = [
        (
            "good",
            vec![
                validate,
                ("data/invalid_input/1.in", "1 x\n"),
                ("data/valid_output/1.in", "1 2\n"),
                ("data/valid_output/1.ans", "3\n"),
                ("data/valid_output/1.out", " 3\n"),
                ("data/invalid_output/1.in", "1 2\n"),
                ("data/invalid_output/1.ans", "3\n"),
                ("data/invalid_output/1.out", "4\n"),
            ],
            Ok([4, 1, 2]),
        ),
        (
            "wrong-input",
            vec![validate, ("data/secret/2.in", "4  2\n"), ("data/secret/2.ans", "6\n")],
            Err("data/secret/2.in: the input validator validate rejects it: exit code 43"),
        ),
        (
            "invalid-input-accepted",
            vec![validate, ("data/invalid_input/deep/1.in", "1 2\n")],
            Err("data/invalid_input/deep/1.in: no input validator rejects it"),
        ),
        (
            "in-c-with-flags",
            vec![
                validate,
                ("input_validators/short/short.c", SHORT_C),
                (
                    "data/testdata.yaml",
                    "input_validator_flags: {name: short, flags: '4'}\n",
                ),
                ("data/invalid_input/1.in", "10 20\n"),
            ],
            Ok([2, 1, 0]),
        ),
        (
            "crashes",
            vec![(
                "input_validators/a.py",
                "assert input() == '1 2', 'two numbers'\nexit(42)\n",
            )],
            Err("AssertionError: two numbers"),
        ),
        (
            "never-ends",
            vec![
                ("input_validators/a.py", "while True: pass\n"),
                (
                    "problem.yaml",
                    "name: Sum\nlimits: {time_limit: 2, validation_time: 1}\n",
                ),
            ],
            Err("does not decide: it took longer than it may"),
        ),
        (
            "does-not-compile",
            vec![("input_validators/a.cpp", "int main() { return }\n")],
            Err("cannot be built"),
        ),
        (
            "a-script-among-files",
            vec![
                (
                    "input_validators/a/run",
                    "#!/bin/sh\ntest -f words.txt && test -f given && exit 42\n",
                ),
                ("input_validators/a/words.txt", "a"),
                ("data/sample/1.files/given", "b"),
                ("data/secret/1.files/given", "b"),
            ],
            Ok([2, 0, 0]),
        ),
        (
            "for-another-tool",
            vec![("input_validators/a.ctd", "INT(1, 2)")],
            Err("Checktestdata is not supported"),
        ),
        (
            "wrong-output-accepted",
            vec![
                validate,
                ("data/invalid_output/1.in", "1 2\n"),
                ("data/invalid_output/1.ans", "3\n"),
                ("data/invalid_output/1.out", "3 \n"),
            ],
            Err("data/invalid_output/1.out: has to be rejected by the output validator, and is AC"),
        ),
        (
            "answer-rejected",
            vec![
                validate,
                (
                    "problem.yaml",
                    "name: Sum\nvalidation: custom\nlimits: {time_limit: 2}\n",
                ),
                ("output_validators/even.py", EVEN),
                ("data/valid_output/1.in", "1 2\n"),
                ("data/valid_output/1.ans", "3\n"),
                ("data/valid_output/1.out", "5\n"),
            ],
            Err("data/valid_output/1.out: has to be accepted by the output validator, and is WA"),
        ),
        (
            "unknown-folder",
            vec![validate, ("data/bad/1.in", "1 x\n")],
            Err("data/bad: is a folder that the formats do not"),
        ),
    ];
    let packages: Vec<String> = rows
        .iter()
        .map(|(name, files, _)| laid::sum(directory.path(), name, files.iter().copied()))
        .collect();
    let (_, reports) = verify(&packages);
    assert_eq!(reports.len(), rows.len());
    for ((name, _, expected), report) in rows.iter().zip(&reports) {
        let said = said(report);
        match expected {
            Ok(checked) => {
                let data = &report["data"];
                let counts = ["valid_inputs", "invalid_inputs", "outputs"].map(|key| data[key].as_u64().unwrap());
                // The sample of a package with a validator of its own is an output too.
                assert_eq!((counts, said), (*checked, Vec::new()), "{name}: {report:#}");
            }
            Err(part) => assert!(said.iter().any(|it| it.contains(part)), "{name}: {said:#?}"),
        }
    }
}

#[test]
fn a_new_package_of_each_type_verifies_without_a_warning_and_never_takes_the_place_of_another() {
    let directory = tempfile::tempdir().unwrap();
    let new = |kind: &str, package: &str| {
        let mut command = assize();
        command.args(["new", "--type", kind, package]).output().unwrap()
    };
    let rows = [
        ("pass-fail", "twosum", json!([2, 1])),
        ("functions", "functions", json!([0, 0])),
        ("unit-tests", "counter", json!([0, 0])),
    ];
    let path = |name: &str| directory.path().join(name).display().to_string();
    for (kind, name, _) in &rows {
        assert_eq!(new(kind, &path(name)).status.code(), Some(0), "{kind}");
    }
    let (output, reports) = verify_with(&["--strict"], &rows.each_ref().map(|(_, name, _)| path(name)));
    assert_eq!(output.status.code(), Some(0), "{reports:#?}");
    for ((kind, _, inputs), report) in rows.iter().zip(&reports) {
        let checked = ["valid_inputs", "invalid_inputs"].map(|field| report["data"][field].clone());
        assert_eq!(json!(checked), *inputs, "{kind}");
        let submissions = report["submissions"].as_array().unwrap();
        let judged: Vec<_> = submissions.iter().map(|it| (&it["verdict"], &it["ok"])).collect();
        assert_eq!(
            judged,
            [(&"AC".into(), &true.into()), (&"WA".into(), &true.into())],
            "{kind}"
        );
    }
    let again = new("functions", &path("counter"));
    let said = String::from_utf8_lossy(&again.stderr);
    assert_eq!(again.status.code(), Some(2), "{said}");
}

#[test]
fn checks_of_inputs_in_a_package_whose_tests_have_none_are_told_to_be_idle() {
    let directory = tempfile::tempdir().unwrap();
    let yaml = |kind: &str| format!("problem_format_version: 2025-09\nname: Sum\ntype: {kind}\n");
    let rows = [
        (
            "functions",
            "data/secret/t.jsonl",
            "{\"call\": \"add\", \"args\": [1, 2], \"expect\": 3}\n",
        ),
        (
            "unit-tests",
            "data/secret/test_add.py",
            "from solution import add\ndef test_add(): assert add(1, 2) == 3\n",
        ),
    ];
    for (kind, test, content) in rows {
        let yaml = yaml(kind);
        let files = [
            ("problem.yaml", yaml.as_str()),
            (test, content),
            ("data/invalid_input/1.in", "1\n"),
            ("input_validators/check.py", "import sys\nsys.exit(42)\n"),
            ("submissions/accepted/add.py", "def add(a, b):\n    return a + b\n"),
        ];
        let package = laid::only(directory.path(), kind, files);
        let (output, reports) = verify(std::slice::from_ref(&package));
        assert_eq!(output.status.code(), Some(0), "{reports:#?}");
        let warnings = reports[0]["warnings"].to_string();
        for told in [
            "input_validators: check is not run: the tests of this problem have no inputs",
            "data/invalid_input: holds inputs or outputs of programs",
        ] {
            assert!(warnings.contains(told), "{kind}: {warnings}");
        }
    }
}
