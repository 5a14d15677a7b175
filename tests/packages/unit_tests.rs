//! Packages whose tests are modules for pytest.

use std::path::Path;

use serde_json::{Value, json};

use crate::wall_settings::cheapest_wall;
use crate::{assize, laid, verify, verify_with};

const YAML: &str = "problem_format_version: 2025-09\nname: Sum\ntype: [unit-tests, scoring]\n";

const RIGHT: &str = "from solution import add\ndef test_add(): assert add(1, 2) == 3\n";

const ADD: (&str, &str) = ("submissions/accepted/add.py", "def add(a, b):\n    return a + b\n");

fn package(root: &Path, name: &str, files: &[(&str, &str)]) -> String {
    laid::only(
        root,
        name,
        [("problem.yaml", YAML), ADD].into_iter().chain(files.iter().copied()),
    )
}

/// The verdict on a program, and what was said if there is none.
fn judged(package: &str, program: &str) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("main.py");
    std::fs::write(&path, program).unwrap();
    let mut command = assize();
    command.args(["judge", "--json", "--problem", package]).arg(&path);
    let output = command.envs(cheapest_wall()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
fn what_is_wrong_in_a_package_of_unit_tests_is_told_with_its_place_and_is_its_own_fault() {
    let directory = tempfile::tempdir().unwrap();
    let module = ("data/secret/test_add.py", RIGHT);
    let options = |options: &str| format!("{YAML}unit_tests: {options}\n");
    let (unknown_module, unknown_strict) = (options("{module: a-b}"), options("{strict: perhaps}"));
    type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str);
    let rows: [Row<'_>; 8] = [
        (
            "no-module",
            vec![("data/secret/1.in", "1 2\n")],
            "data/secret: there is no secret test: expected data/secret/test_*.py",
        ),
        (
            "validator",
            vec![module, ("output_validator/check.py", "")],
            "problem.yaml:3: a problem of type unit-tests has no output validator",
        ),
        (
            "both-types",
            vec![
                module,
                (
                    "problem.yaml",
                    "problem_format_version: 2025-09\ntype: [functions, unit-tests]\n",
                ),
            ],
            "problem.yaml:2: a problem is of type functions or unit-tests, not both",
        ),
        (
            "option",
            vec![module, ("problem.yaml", &unknown_module)],
            "problem.yaml:4: unit_tests.module is \"a-b\", expected a name of a module",
        ),
        (
            "strict",
            vec![module, ("problem.yaml", &unknown_strict)],
            "problem.yaml:4: unit_tests.strict is \"perhaps\", expected true or false",
        ),
        (
            "options-of-others",
            vec![
                (
                    "problem.yaml",
                    "problem_format_version: 2025-09\nunit_tests: {strict: false}\n",
                ),
                ("data/secret/1.in", "1 2\n"),
                ("data/secret/1.ans", "3\n"),
            ],
            "problem.yaml:2: belongs to a problem of the type unit-tests",
        ),
        (
            "shadows",
            vec![module, ("data/secret/solution.py", "")],
            "data/secret/solution.py: has the name of the submission's module",
        ),
        (
            "twice",
            vec![module, ("data/sample/test_add.py", RIGHT)],
            "data/secret/test_add.py: has the name of sample/test_add.py too",
        ),
    ];
    for (name, files, expected) in rows {
        let (output, reports) = verify(&[package(directory.path(), name, &files)]);
        let error = reports[0]["error"].as_str().unwrap_or_default();
        assert!(error.contains(expected), "{name}: {error}");
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
}

const TESTS: [(&str, &str); 9] = [
    (
        "data/conftest.py",
        "import pytest\n@pytest.fixture\ndef three(): return 3\n",
    ),
    (
        "data/sample/test_shown.py",
        "from solution import add\ndef test_sum(three): assert add(1, 2) == three\n",
    ),
    (
        "data/secret/each/test_each.py",
        "import pytest\nfrom solution import add\n\
         @pytest.mark.parametrize('total', [3, 4, 5, 6])\n\
         def test_sum(total): assert add(1, total - 1) == total\n\
         @pytest.mark.skip\ndef test_later(): pass\n",
    ),
    (
        "data/secret/each/test_group.yaml",
        "max_score: 60\nscore_aggregation: sum\n",
    ),
    (
        "data/secret/whole/test_whole.py",
        "from helpers.of_tests import pairs\nfrom solution import add\n\
         def test_small():\n    for a, b in pairs(): assert add(a, b) == a + b\n\
         def test_large(): assert add(10**30, 1) == 10**30 + 1\n",
    ),
    (
        "data/secret/whole/helpers/of_tests.py",
        "import os\nPLACE = os.path.dirname(__file__)\ndef pairs():\n    return [map(int, line.split()) for line in open(os.path.join(PLACE, 'pairs.txt'))]\n",
    ),
    ("data/secret/whole/helpers/pairs.txt", "1 2\n-1 1\n"),
    (
        "data/secret/whole/test_group.yaml",
        "max_score: 40\nscore_aggregation: min\n",
    ),
    (
        "data/secret/test_group.yaml",
        "max_score: 100\nscore_aggregation: sum\n",
    ),
];

#[test]
fn points_are_given_for_tests_and_for_whole_modules_and_secret_tests_stay_secret() {
    let directory = tempfile::tempdir().unwrap();
    let package = package(directory.path(), "points", &TESTS);
    // 5 and whatever is large come out wrong.
    let verdict = judged(
        &package,
        "def add(a, b):\n    return 0 if a + b == 5 else (a + b) % 2**64\n",
    );
    let tests = verdict["tests"].as_array().unwrap();
    let told: Vec<Value> = tests
        .iter()
        .map(|test| {
            json!([
                test["name"],
                test["verdict"],
                test["sample"],
                test["checker_message"].is_null()
            ])
        })
        .collect();
    let each =
        |name: &str, verdict: &str| json!([format!("secret/each/test_each.py::test_{name}"), verdict, false, true]);
    let whole =
        |name: &str, verdict: &str| json!([format!("secret/whole/test_whole.py::test_{name}"), verdict, false, true]);
    let expected = [
        json!(["sample/test_shown.py::test_sum", "AC", true, true]),
        each("sum[1]", "AC"),
        each("sum[2]", "AC"),
        each("sum[3]", "WA"),
        each("sum[4]", "AC"),
        each("later", "SK"),
        whole("small", "AC"),
        whole("large", "WA"),
    ];
    assert_eq!(told, expected, "{verdict:#}");
    let groups = verdict["groups"].as_array().unwrap().iter();
    let scores: Vec<Value> = groups.map(|group| json!([group["name"], group["score"]])).collect();
    let expected = json!([
        ["sample", 0.0],
        ["secret", 45.0],
        ["secret/each", 45.0],
        ["secret/whole", 0.0]
    ]);
    assert_eq!((json!(scores), &verdict["score"]), (expected, &json!(45.0)));
    assert!(
        !verdict.to_string().contains("10**30"),
        "a secret test is shown: {verdict:#}"
    );
    let right = judged(&package, ADD.1);
    assert_eq!(
        (&right["verdict"], &right["score"]),
        (&json!("AC"), &json!(100.0)),
        "{right:#}"
    );
    let broken = judged(&package, "def add(a, b)\n");
    assert_eq!(
        (&broken["verdict"], &broken["score"]),
        (&json!("CE"), &json!(0.0)),
        "{broken:#}"
    );
}

#[test]
fn every_module_of_a_package_counts_also_where_the_program_keeps_its_tests_from_being_collected() {
    let directory = tempfile::tempdir().unwrap();
    let made =
        "import pytest, solution\n@pytest.mark.parametrize('n', solution.numbers())\ndef test_n(n): assert n > 0\n";
    let files = [
        ("data/secret/a/test_made.py", made),
        ("data/secret/b/test_add.py", RIGHT),
        (
            "data/secret/a/test_group.yaml",
            "max_score: 50\nscore_aggregation: min\n",
        ),
        (
            "data/secret/b/test_group.yaml",
            "max_score: 50\nscore_aggregation: min\n",
        ),
    ];
    let package = package(directory.path(), "made", &files);
    let program = |numbers: &str| format!("def add(a, b): return a + b\ndef numbers():\n    {numbers}\n");
    let rows = [
        ("return [1, 2]", "AC", 100.0),
        ("raise ValueError", "RTE", 50.0),
        ("import os; os._exit(0)", "RTE", 50.0),
        ("return 3", "RTE", 50.0),
        ("return list(range(1, 2000))", "WA", 0.0),
    ];
    for (numbers, expected, score) in rows {
        let verdict = judged(&package, &program(numbers));
        assert_eq!(
            (&verdict["verdict"], &verdict["score"]),
            (&json!(expected), &json!(score)),
            "{numbers}: {verdict:#}"
        );
    }
}

#[test]
fn a_module_without_tests_is_the_fault_of_the_package_and_a_test_can_be_chosen_by_its_module() {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        ("data/secret/test_add.py", RIGHT),
        ("data/secret/test_none.py", "LATER = True\n"),
    ];
    let package = package(directory.path(), "none", &files);
    let (output, reports) = verify(std::slice::from_ref(&package));
    assert_eq!(output.status.code(), Some(3), "{reports:#?}");
    let submission = &reports[0]["submissions"][0];
    assert_eq!(submission["verdict"], "JE", "{submission:#}");
    let reason = submission["reason"].as_str().unwrap();
    assert!(
        reason.contains("pytest found no test in secret/test_none.py"),
        "{reason}"
    );
    let (output, reports) = verify_with(&["--test", "test_add.py"], &[package]);
    assert_eq!(output.status.code(), Some(0), "{reports:#?}");
    assert_eq!(
        reports[0]["submissions"][0]["tests"][0]["name"],
        "secret/test_add.py::test_add"
    );
}
