//! The files of the packages that are written.

use clap::ValueEnum;

/// A file: its path in the package, and what is in it.
type Layout = [(&'static str, &'static str)];

/// What the tests of a package are.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum NewType {
    /// Inputs of a program, and what it has to print.
    PassFail,
    /// Calls of functions.
    Functions,
    /// Modules for pytest.
    UnitTests,
}

impl NewType {
    pub(super) fn files(self) -> &'static Layout {
        match self {
            Self::PassFail => &PASS_FAIL,
            Self::Functions => &FUNCTIONS,
            Self::UnitTests => &UNIT_TESTS,
        }
    }
}

const PASS_FAIL: [(&str, &str); 10] = [
    ("problem.yaml", include_str!("package/problem.yaml")),
    (
        "statement/problem.en.md",
        include_str!("package/statement/problem.en.md"),
    ),
    ("data/sample/1.in", include_str!("package/data/sample/1.in")),
    ("data/sample/1.ans", include_str!("package/data/sample/1.ans")),
    (
        "data/secret/01-largest.in",
        include_str!("package/data/secret/01-largest.in"),
    ),
    (
        "data/secret/01-largest.ans",
        include_str!("package/data/secret/01-largest.ans"),
    ),
    (
        "data/invalid_input/three_numbers.in",
        include_str!("package/data/invalid_input/three_numbers.in"),
    ),
    (
        "input_validators/validate.py",
        include_str!("package/input_validators/validate.py"),
    ),
    (
        "submissions/accepted/sum.py",
        include_str!("package/submissions/accepted/sum.py"),
    ),
    (
        "submissions/wrong_answer/wraps_around.py",
        include_str!("package/submissions/wrong_answer/wraps_around.py"),
    ),
];

const FUNCTIONS: [(&str, &str); 6] = [
    ("problem.yaml", include_str!("functions/problem.yaml")),
    (
        "statement/problem.en.md",
        include_str!("functions/statement/problem.en.md"),
    ),
    ("data/sample/1.jsonl", include_str!("functions/data/sample/1.jsonl")),
    (
        "data/secret/01-sums.jsonl",
        include_str!("functions/data/secret/01-sums.jsonl"),
    ),
    (
        "submissions/accepted/sum.py",
        include_str!("functions/submissions/accepted/sum.py"),
    ),
    (
        "submissions/wrong_answer/wraps_around.py",
        include_str!("functions/submissions/wrong_answer/wraps_around.py"),
    ),
];

const UNIT_TESTS: [(&str, &str); 6] = [
    ("problem.yaml", include_str!("unit_tests/problem.yaml")),
    (
        "statement/problem.en.md",
        include_str!("unit_tests/statement/problem.en.md"),
    ),
    (
        "data/sample/test_example.py",
        include_str!("unit_tests/data/sample/test_example.py"),
    ),
    (
        "data/secret/test_counter.py",
        include_str!("unit_tests/data/secret/test_counter.py"),
    ),
    (
        "submissions/accepted/counter.py",
        include_str!("unit_tests/submissions/accepted/counter.py"),
    ),
    (
        "submissions/wrong_answer/shared.py",
        include_str!("unit_tests/submissions/wrong_answer/shared.py"),
    ),
];
