//! What a package lays into boxes has to fit there, and its author is told where it does not.

use std::fs;

use assize::problem::Package;

use crate::problem_packages::{CHECKER, load, loaded};

const FUNCTIONS: &str = "problem_format_version: 2025-09\nname: Add\ntype: functions\n";
const CUSTOM: &str = "name: Sum\nvalidation: custom\n";

#[test]
fn what_does_not_fit_into_a_box_is_an_error_of_the_package() {
    let mib = |size: usize| "x".repeat(size << 20);
    let (large, of_17, of_33) = (mib(9), mib(17), mib(33));
    let many: Vec<String> = (0..1001)
        .map(|number| format!("include/python3/{number}.txt"))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    let long: Vec<String> = (0..300)
        .map(|number| format!("include/python3/{number:0>240}.txt"))
        .collect();
    let long: Vec<(&str, &str)> = long.iter().map(|name| (name.as_str(), "")).collect();
    let constant = format!("name: Sum\nconstants: {{a: {}}}\n", "b".repeat(256));
    let uses = "{{a}}".repeat(100_000);
    let name = format!("data/secret/{}", "n".repeat(252));
    let input = format!("{name}.in");
    let rows: [(&[(&str, &str)], &str); 11] = [
        (
            &[("include/python3/table.txt", &of_17)],
            "include/python3: the files that are added to submissions do not fit",
        ),
        (
            &[("include/python3/a.txt", &large), ("include/python3/b/b.txt", &large)],
            "at most 1000 with 16777216 bytes",
        ),
        (&many, "do not fit into a box: 1001 with"),
        (&long, "have names of 73200 bytes"),
        (
            &[("problem.yaml", &constant), ("include/python3/a.py", &uses)],
            "at most 1000 with 16777216 bytes",
        ),
        (
            &[("data/secret/1.files/table.txt", &of_33)],
            "data/secret/1.files: the files for submissions do not fit",
        ),
        (
            &[
                ("problem.yaml", CUSTOM),
                ("output_validators/check/check.py", CHECKER.1),
                ("output_validators/check/table.txt", &of_33),
            ],
            "output_validators: the files of a program do not fit",
        ),
        (
            &[("data/secret/1.files/lib/a.txt", ""), ("include/python3/lib", "")],
            "cannot both be laid",
        ),
        (
            &[("data/secret/1.files/a", ""), ("include/python3/a/b", "")],
            "cannot both be laid",
        ),
        (&[(&input, "")], "more than 251 bytes"),
        (
            &[("data/secret/1.yaml", "args: [\"a\\0b\"]\n")],
            "data/secret/1.yaml:1: args holds a NUL",
        ),
    ];
    for (files, expected) in rows {
        let error = load(files).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn tests_of_functions_leave_names_to_the_judge_that_it_needs() {
    const CALL: &str = "{\"call\": \"add\", \"expect\": 3}\n";
    let named = format!(
        "{{\"name\": {:?}, \"call\": \"add\", \"expect\": 3}}\n",
        "c".repeat(201)
    );
    let rows: [(&[(&str, &str)], &str); 4] = [
        (&[("data/secret/1.jsonl", &named)], "more than 200 bytes"),
        (
            &[
                ("data/secret/1.jsonl", CALL),
                ("include/python3/assize_call.json/x", ""),
            ],
            "a name of the judge's own programs",
        ),
        (
            &[
                ("data/secret/1.jsonl", CALL),
                ("data/secret/1.files/assize_call.json", ""),
            ],
            "a name of the judge's own programs",
        ),
        (&[("data/secret/1.jsonl", CALL)], ""),
    ];
    for (files, expected) in rows {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in [("problem.yaml", FUNCTIONS)].iter().chain(files) {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let told = Package::load(directory.path()).map_or_else(|error| error.to_string(), |_package| String::new());
        assert!(
            told.contains(expected) && told.is_empty() == expected.is_empty(),
            "{expected}: {told}"
        );
    }
}

#[test]
fn arguments_that_no_program_can_be_started_with_are_an_error_wherever_they_stand() {
    let long = format!("output_validator_flags: {}\n", "a".repeat((64 << 10) + 1));
    let many = format!("output_validator_flags: {}\n", "a ".repeat(1025));
    let rows: [(&[(&str, &str)], &str); 6] = [
        (
            &[("problem.yaml", "name: Sum\nvalidator_flags: \"a\\0b\"\n")],
            "holds a NUL",
        ),
        (
            &[("data/testdata.yaml", "output_validator_flags: \"a\\0b\"\n")],
            "holds a NUL",
        ),
        (&[("data/testdata.yaml", "grader_flags: \"a\\0b\"\n")], "holds a NUL"),
        (
            &[(
                "data/secret/testdata.yaml",
                "output_validator_flags: {name: x, flags: [\"\\0\"]}\n",
            )],
            "holds a NUL",
        ),
        (&[("data/testdata.yaml", &long)], "1 word with 65537 bytes"),
        (&[("data/testdata.yaml", &many)], "1025 words"),
    ];
    for (files, expected) in rows {
        let error = load(files).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn a_package_knows_what_lies_beside_submissions_and_how_much_that_takes() {
    let package = loaded(&[
        ("data/secret/1.files/a/b.txt", "one"),
        ("data/secret/1.files/.hidden", "two"),
        ("include/python3/assize_of_mine.py", ""),
    ]);
    let names: Vec<&String> = package.beside.names().iter().collect();
    assert_eq!(names, [".hidden", "a/b.txt"]);
    assert!(package.beside.bytes() >= 6);
}
