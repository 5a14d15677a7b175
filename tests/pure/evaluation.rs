//! Data sets: which forms are understood, and what is said of those that are not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use assize::contract::RequestedLimits;
use assize::evaluation::{Program, ProgramKind, SubmissionOptions, Task};
use serde_json::{Value, json};

fn options() -> SubmissionOptions {
    SubmissionOptions {
        language: "python3".to_owned(),
        limits: RequestedLimits::default(),
        validator_flags: vec!["case_sensitive".to_owned()],
        all_tests: false,
        ignore_checkers: false,
    }
}

/// A completion for a task, as it is sent to be judged; else why it cannot be.
fn sent(row: &Value) -> Result<Value, String> {
    let program = Program {
        kind: ProgramKind::Completion,
        text: "rest".to_owned(),
    };
    sent_with(row, &program, &options())
}

fn sent_with(row: &Value, program: &Program, options: &SubmissionOptions) -> Result<Value, String> {
    let task = Task::read(row.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let read = task.submission(program, options).map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(read.message).unwrap())
}

#[test]
fn every_form_of_a_data_set_becomes_tests_of_a_submission() {
    let check = "def check(candidate):\n    assert candidate(1) == 1";
    // `base64(zlib(pickle.dumps('[{"input": "2", "output": "3", "testtype": "stdin"}]')))`
    let packed = "eJxrYJlqwQABPSbR1UqZeQWlJUpWCkpGSjoKSvmlJVCuMYhbklpcUlJZkAoSKC5JycxTqo2dogcAOk4SrA==";
    let table = [
        (
            "HumanEval",
            json!({ "prompt": "def f(x):\n", "entry_point": "f", "test": check }),
            json!({ "tests": [{ "asserts": check, "call": "f" }] }),
            "def f(x):\nrest",
        ),
        (
            "MBPP",
            json!({ "text": "Write f.", "test_list": ["assert f(1) == 1", "assert f(2) == 2"], "test_setup_code": "import math" }),
            json!({ "tests": [{ "asserts": "import math\nassert f(1) == 1\nassert f(2) == 2" }] }),
            "rest",
        ),
        (
            "sanitized MBPP",
            json!({ "prompt": "Write f.", "test_list": ["assert f(1) == 1"], "test_imports": ["import math"] }),
            json!({ "tests": [{ "asserts": "import math\nassert f(1) == 1" }] }),
            "rest",
        ),
        (
            "MBPP with a function that is called like one of Python's",
            json!({ "test_list": ["assert sum(10, 15) == 6"],
                    "code": "def gcd(a, b): ...\ndef sum(a, b):\n    ...\ndef sums(): ..." }),
            json!({ "tests": [{ "asserts": "assert sum(10, 15) == 6", "call": "sum" }] }),
            "rest",
        ),
        (
            "HumanEval with a function that its check calls",
            json!({ "prompt": "import math\n\n\ndef poly(x):\n    return x\n\n\ndef f(x):\n", "entry_point": "f",
                    "test": "def check(candidate):\n    assert poly(candidate(1)) == 1" }),
            json!({ "tests": [{ "asserts": "import math\ndef poly(x):\n    return x\n\
                                            def check(candidate):\n    assert poly(candidate(1)) == 1", "call": "f" }] }),
            "import math\n\n\ndef poly(x):\n    return x\n\n\ndef f(x):\nrest",
        ),
        (
            "HumanEval-X, whose check is called and has helpers",
            json!({ "prompt": "import math\n\n\ndef poly(x):\n    return x\n\n\ndef f(x):\n",
                    "test": "def check(f):\n    assert poly(f(1)) == 1\n\ncheck(f)\n" }),
            json!({ "tests": [{ "asserts": "import math\ndef poly(x):\n    return x\n\
                                            def check(f):\n    assert poly(f(1)) == 1\n\ncheck(f)\n" }] }),
            "import math\n\n\ndef poly(x):\n    return x\n\n\ndef f(x):\nrest",
        ),
        (
            "HumanEval with a description in the place of code",
            json!({ "prompt": "Write f.", "entry_point": "f", "test": check }),
            json!({ "tests": [{ "asserts": check, "call": "f" }] }),
            "rest",
        ),
        (
            "MBPP in a table of texts",
            json!({ "test_list": "[\"assert f(1) == 1\"]", "test_imports": " [\"import math\"]", "test_setup_code": null }),
            json!({ "tests": [{ "asserts": "import math\nassert f(1) == 1" }] }),
            "rest",
        ),
        (
            "MBPP+",
            json!({ "prompt": "Write sum.", "test_list": ["assert sum(10, 15) == 6"], "code": "def sum(a, b):\n    ...",
                    "test": "for a, b, x in [(10, 15, 6)]:\n    assert sum(a, b) == x" }),
            json!({ "tests": [{ "asserts": "for a, b, x in [(10, 15, 6)]:\n    assert sum(a, b) == x", "call": "sum" }] }),
            "rest",
        ),
        (
            "LeetCodeDataset",
            json!({ "prompt": "import math\n", "entry_point": "Solution().f", "test": check,
                    "input_output": [{ "input": "x = 1", "output": "1" }] }),
            json!({ "tests": [{ "asserts": check, "call": "Solution.f" }] }),
            "import math\nrest",
        ),
        (
            "APPS with programs that print",
            json!({ "input_output": "{\"inputs\": [\"1\\n\", [\"1\", \"2\"]], \"outputs\": [\"2\\n\", [\"3\"]]}" }),
            json!({ "tests": [{ "input": "1\n", "answer": "2\n" }, { "input": "1\n2", "answer": "3" }],
                    "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "TACO with a function",
            json!({ "input_output": { "fn_name": "f", "inputs": [[1, [2]]], "outputs": [3] } }),
            json!({ "functional": { "fn_name": "f", "inputs": [[1, [2]]], "outputs": [3] } }),
            "rest",
        ),
        (
            "LiveCodeBench with programs that print, and packed cases",
            json!({ "public_test_cases": "[{\"input\": \"1\", \"output\": \"2\", \"testtype\": \"stdin\"}]",
                    "private_test_cases": packed, "metadata": "{}" }),
            json!({ "tests": [{ "input": "1", "answer": "2" }, { "input": "2", "answer": "3" }],
                    "validator_flags": ["case_sensitive"] }),
            "sys.setrecursionlimit(50000)\nrest",
        ),
        (
            "LiveCodeBench with a function",
            json!({ "public_test_cases": [{ "input": "[1]\n2", "output": "3", "testtype": "functional" }],
                    "metadata": "{\"func_name\": \"f\"}" }),
            json!({ "functional": { "fn_name": "f", "inputs": ["[1]\n2"], "outputs": ["3"] } }),
            "globals().pop(\"f\", None)\nrest",
        ),
        (
            "CodeContests",
            json!({ "name": "1_A. Sums", "public_tests": { "input": ["1\n"], "output": ["2\n"] },
                    "private_tests": { "input": [], "output": [] },
                    "generated_tests": { "input": ["3\n"], "output": ["4\n"] } }),
            json!({ "tests": [{ "input": "1\n", "answer": "2\n" }, { "input": "3\n", "answer": "4\n" }],
                    "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "cases of PRIME",
            json!({ "test_cases": [{ "type": "stdin_stdout", "input": "1", "output": "2" }] }),
            json!({ "tests": [{ "input": "1", "answer": "2" }], "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "APPS beside fields that other forms have for their tests",
            json!({ "input_output": { "inputs": ["1"], "outputs": ["2"] }, "functional": true, "inputs": "A number.",
                    "generated_tests": 35, "test": { "a": 1 }, "test_list": "none", "entry_point": 7, "asserts": 3 }),
            json!({ "tests": [{ "input": "1", "answer": "2" }], "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "cases as a table",
            json!({ "test_cases": { "input": ["1", "2"], "output": ["2", "3"] } }),
            json!({ "tests": [{ "input": "1", "answer": "2" }, { "input": "2", "answer": "3" }],
                    "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "asserts of AceCode",
            json!({ "test_cases": ["assert f(1) == 2", "assert f(2) == 3"] }),
            json!({ "tests": [{ "asserts": "assert f(1) == 2" }, { "asserts": "assert f(2) == 3" }] }),
            "rest",
        ),
        (
            "inputs beside outputs, as text",
            json!({ "inputs": "[\"1\"]", "outputs": "[\"2\"]", "fn_name": null, "func_name": "" }),
            json!({ "tests": [{ "input": "1", "answer": "2" }], "validator_flags": ["case_sensitive"] }),
            "rest",
        ),
        (
            "calls of rStar-Coder",
            json!({ "inputs": "[[\"abc\"]]", "outputs": "[\"cba\"]", "func_name": "f" }),
            json!({ "functional": { "fn_name": "f", "inputs": [["abc"]], "outputs": ["cba"] } }),
            "rest",
        ),
        (
            "what Python's json writes",
            json!({ "input_output": "{\"fn_name\": \"f\", \"inputs\": [[NaN, \"\\ud800\"]], \"outputs\": [-Infinity]}" }),
            json!({ "functional": { "fn_name": "f", "inputs": [[{ "$float": "nan" }, "\u{fffd}"]],
                                    "outputs": [{ "$float": "-inf" }] } }),
            "rest",
        ),
        (
            "tests of a submission",
            json!({ "tests": [{ "call": "f", "args": [1], "expect": 1 }] }),
            json!({ "tests": [{ "call": "f", "args": [1], "expect": 1 }] }),
            "rest",
        ),
        (
            "asserts of a submission",
            json!({ "asserts": ["assert f(1) == 1", "assert f(2) == 2"] }),
            json!({ "tests": [{ "asserts": "assert f(1) == 1" }, { "asserts": "assert f(2) == 2" }] }),
            "rest",
        ),
        (
            "calls of a submission, as text",
            json!({ "functional": "{\"fn_name\": \"f\", \"inputs\": [[1]], \"outputs\": [1]}", "asserts": null }),
            json!({ "functional": { "fn_name": "f", "inputs": [[1]], "outputs": [1] } }),
            "rest",
        ),
    ];
    for (form, row, target, source) in table {
        let message = sent(&row).unwrap_or_else(|reason| panic!("{form}: {reason}"));
        for field in ["tests", "functional", "validator_flags"] {
            assert_eq!(message.get(field), target.get(field), "{form}: {message:#}");
        }
        let content = message["files"][0]["content"].as_str().unwrap();
        let expected = match form.starts_with("LiveCodeBench") {
            // All that its grader imports stands in front.
            true => content.starts_with("from string import *; ") && content.ends_with(source),
            false => content == source,
        };
        assert!(expected, "{form}: {content}");
        assert_eq!(message["stop_on_first_failure"], true, "{form}");
    }
}

#[test]
fn a_whole_program_gets_the_imports_of_its_data_sets_grader() {
    let program = Program {
        kind: ProgramKind::Solution,
        text: "x: List[int] = []".to_owned(),
    };
    let imported = "from typing import List\nx: List[int] = []";
    let printing = json!({ "input_output": { "inputs": ["1"], "outputs": ["1"] } });
    let cases = json!([{ "input": "1", "output": "1", "testtype": "functional", "fn_name": "f" }]);
    let printed = json!([{ "input": "1", "output": "1" }]);
    let humaneval = json!({ "prompt": "from typing import List\ndef f(x):\n", "entry_point": "f",
                            "test": "def check(candidate):\n    assert candidate(1) == 1" });
    let with_helpers = json!({ "prompt": "import math\nLIMIT = 1\nclass List:\n    pass\n\ndef f(x):\n", "entry_point": "f",
                               "test": "def check(candidate):\n    assert candidate(1) == 1" });
    let own = json!({ "functional": { "fn_name": "f", "inputs": [[1]], "outputs": [1] } });
    let humaneval_x = json!({ "prompt": "from typing import List\ndef f(x):\n",
                              "test": "def check(f):\n    assert f(1) == 1\ncheck(f)" });
    let described = json!({ "prompt": "from typing import List\nWrite it so:\n```\ndef f(x):\n```\n", "entry_point": "f",
                            "test": "def check(candidate):\n    assert candidate(1) == 1" });
    for (row, language, source) in [
        (json!({ "tests": cases }), "python3", imported),
        (printing.clone(), "pypy3", imported),
        (printing, "cpp20", program.text.as_str()),
        (json!({ "public_test_cases": printed }), "cpp20", program.text.as_str()),
        (humaneval, "python3", imported),
        (humaneval_x, "python3", imported),
        (described, "python3", program.text.as_str()),
        (
            with_helpers,
            "python3",
            "import math\nclass List:\n    pass\nx: List[int] = []",
        ),
        (own, "python3", program.text.as_str()),
        (
            json!({ "test_list": ["assert f(1)"] }),
            "python3",
            program.text.as_str(),
        ),
    ] {
        let options = SubmissionOptions {
            language: language.to_owned(),
            ..options()
        };
        let message = sent_with(&row, &program, &options).unwrap();
        assert_eq!(message["files"][0]["content"], source, "{row}");
    }
}

#[test]
fn a_row_that_would_accept_every_program_or_cannot_be_run_is_refused_with_the_field() {
    let table = [
        (json!({ "prompt": "nothing" }), "has no tests"),
        (json!({ "tests": [] }), "tests: has no inputs"),
        (json!({ "test_list": [] }), "test_list: holds no asserts"),
        (
            json!({ "test_list": ["assert 1 + 1 == 2"] }),
            "tests[0].asserts: the test \"1\" asks the program for nothing",
        ),
        (
            json!({ "test": "def check(candidate):\n    assert candidate(1) == 1" }),
            "nothing calls the function check",
        ),
        (
            json!({ "entry_point": "f", "test": "def check(candidate):\n    assert True" }),
            "tests[0].asserts: the test \"1\" asks the program for nothing",
        ),
        (
            json!({ "entry_point": "f", "test": "class Tests(unittest.TestCase):\n    pass" }),
            "test: defines no function check",
        ),
        (
            json!({ "test": "import unittest  # assert" }),
            "test: is made for unittest, as in ClassEval, which is not judged",
        ),
        (json!({ "test": "f(1) == 1" }), "test: holds no asserts"),
        (json!({ "test": [{ "input": "1", "output": "1" }] }), "test: is no text"),
        (json!({ "asserts": "f(1) == 1" }), "asserts: is no list of asserts"),
        (
            json!({ "official_tests": [{ "input": "1", "output": "1" }], "generated_tests": 35, "functional": true }),
            "has no tests",
        ),
        (
            json!({ "tests": [{ "input": "3", "answer": "9" }, { "input": "3" }] }),
            "tests: test 2: has no answer, so that every program would pass it",
        ),
        (json!({ "tests": "[{}]" }), "tests: test 1: has no answer"),
        (
            json!({ "tests": [{ "input": "3", "output": null }] }),
            "tests: test 1: ",
        ),
        (json!({ "test_cases": [7] }), "test_cases: test 1: "),
        (
            json!({ "test_cases": ["assert f(1) == 1", "1 2"] }),
            "test_cases: is a list of texts that assert nothing",
        ),
        (
            json!({ "test_cases": { "input": ["1"], "output": [] } }),
            "test_cases: has 1 inputs and 0 outputs",
        ),
        (
            json!({ "inputs": ["1"], "outputs": ["1"], "generated_checker": "import sys" }),
            "generated_checker: decides about outputs, and is not run; --ignore-checkers",
        ),
        (
            json!({ "input_output": "{\"inputs\": [\"1\"], \"outputs\": []}" }),
            "input_output: has 1 inputs and 0 outputs",
        ),
        (json!({ "input_output": "{" }), "input_output: EOF"),
        (
            json!({ "input_output": "" }),
            "input_output: is empty, so the task has no tests",
        ),
        (
            json!({ "public_tests": { "input": ["1"], "output": [] } }),
            "public_tests: has 1 inputs and 0 outputs",
        ),
        (
            json!({ "prompt": "def f(x):\n", "entry_point": "f", "base_input": [[1]] }),
            "evalplus/humanevalplus",
        ),
        (
            json!({ "tests": "def test_f():\n    assert f(1) == 1" }),
            "tests: is code, as in MultiPL-E",
        ),
        (
            json!({ "input_output": { "inputs": [1], "outputs": ["1"] } }),
            "input_output: an input or output of a program is neither a text nor a list of lines",
        ),
        (
            json!({ "public_test_cases": [{ "input": "1", "output": "1", "testtype": "functional" }] }),
            "public_test_cases: calls a function that nothing names",
        ),
        (
            json!({ "private_test_cases": "gASVBA==" }),
            "private_test_cases: cannot be decompressed",
        ),
        (
            json!({ "tests": [{ "call": "f", "expect": { "$set": 1 } }] }),
            "tests[0].expect",
        ),
        (json!([]), "expected"),
    ];
    for (row, reason) in table {
        let refused = sent(&row).unwrap_err();
        assert!(refused.contains(reason), "{row}: {refused}");
    }
}

#[test]
fn outputs_are_compared_where_a_checker_is_none_or_is_not_to_count() {
    let printing = json!({ "inputs": ["1"], "outputs": ["1"] });
    let calls = json!({ "functional": { "fn_name": "f", "inputs": [[1]], "outputs": [1] } });
    let asserts = json!({ "asserts": ["assert f(1) == 1"] });
    for (row, checker, is_compared) in [
        (&printing, json!("print(1)"), false),
        (&printing, json!({ "code": "print(1)" }), false),
        (&calls, json!("print(1)"), false),
        (&asserts, json!("print(1)"), true),
        (&printing, json!(null), true),
        (&printing, json!(" "), true),
        (&printing, json!(false), true),
        (&printing, json!({}), true),
    ] {
        for field in ["checker", "generated_checker"] {
            let mut row = row.clone();
            row[field] = checker.clone();
            assert_eq!(sent(&row).is_ok(), is_compared, "{row}");
            let (kind, text) = (ProgramKind::Solution, String::new());
            let program = Program { kind, text };
            let options = SubmissionOptions {
                ignore_checkers: true,
                ..options()
            };
            sent_with(&row, &program, &options).unwrap();
        }
    }
}
