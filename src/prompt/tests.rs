use super::*;

const PROMPT: &str = "import math\n\n\ndef poly(xs: list,\n         x: float):\n    \"\"\"\ndef poly: of x\n\"\"\"\n    \
                      return math.pow(x, len(xs))\n\n\n@cache\ndef used(x): return LIMIT  # )\n\nLIMIT = [\n1]\n\n\
                      def find_zero(xs: list):\n    \"\"\" find x such that poly(x) = 0\n    \"\"\"\n";

fn prompt(text: &str) -> Prompt {
    Prompt::new(text.to_owned(), "find_zero".to_owned()).unwrap()
}

#[test]
fn a_prompt_is_taken_apart_where_statements_begin() {
    let found: Vec<Kind<'_>> = statements(PROMPT).iter().map(|each| each.kind).collect();
    let [poly, used, limit, asked] = ["poly", "used", "LIMIT", "find_zero"];
    let functions = [poly, used].map(Kind::Function);
    assert_eq!(
        found,
        [
            Kind::Import,
            functions[0],
            functions[1],
            Kind::Constant(limit),
            Kind::Function(asked)
        ]
    );
    let head = statements("class A:\n    x = 1\ndef f(x):\n    # todo\n");
    assert_eq!([head[0].is_whole(), head[1].is_whole()], [true, false]);
}

#[test]
fn a_prompt_is_code_where_it_defines_what_is_asked_for_or_helpers_alone_and_a_description_is_none() {
    for (text, entry_point, is_code) in [
        (PROMPT, "find_zero", true),
        (
            "\n\ndef f(x):\n    \"\"\"\nWrite it.\n```\nf(1)\n```\n\"\"\"\n",
            "f",
            true,
        ),
        (
            "import sys\nsys.setrecursionlimit(9)\nif sys.argv:\n    pass\nx, y = 1, 2\ndef f(x):\n",
            "f",
            true,
        ),
        ("@cache\nasync def f(x):\n", "f", true),
        ("class Solution:\n    def f(self, x):\n", "Solution().f", true),
        (
            "import math\nfrom typing import *\ninf = float('inf')\nclass Node:\n    pass\n",
            "Solution().f",
            true,
        ),
        ("Write a function f.", "f", false),
        ("Complete:\n\ndef f(x):\n", "f", false),
        ("def f(x):\n    pass\nThe function is to add.", "f", false),
        ("```python\ndef f(x):\n```\n", "f", false),
        ("# Task\n\n```\ndef f(x):\n```", "f", false),
        ("from a list of numbers find the largest", "f", false),
        ("import math\nprint(math.pi)\n", "f", false),
        ("def g(x):\n    pass\nprint(g(1))", "f", false),
        ("\"\"\"Write f.\"\"\"\n", "f", false),
        ("", "f", false),
    ] {
        let prompt = Prompt::new(text.to_owned(), entry_point.to_owned());
        assert_eq!(prompt.is_some(), is_code, "{text}");
    }
}

#[test]
fn what_is_asked_for_is_the_last_definition_where_the_asserts_use_it() {
    let check = "def check(find_zero):\n    assert poly([1], find_zero([1])) == 0\n\ncheck(find_zero)\n";
    for (text, asserts, entry_point) in [
        (PROMPT, check, Some("find_zero")),
        (
            "class Stack:\n    \"\"\"A stack.\"\"\"\n",
            "assert Stack().pop() == 1",
            Some("Stack"),
        ),
        (PROMPT, "assert poly([1], 1) == 1", None),
        ("def f(x):\n    pass\nf(1)\n", "assert f(1)", None),
        ("Write f.\n", "assert f(1)", None),
    ] {
        let found = Prompt::of_asserts(text.to_owned(), asserts);
        assert_eq!(found.map(|prompt| prompt.entry_point).as_deref(), entry_point, "{text}");
    }
}

#[test]
fn a_line_of_python_is_told_from_prose() {
    for (text, is_code) in [
        ("return x", true),
        ("    # what follows\n", true),
        ("    \"\"\"Doc.\"\"\"", true),
        ("result[0] += 1", true),
        ("a, b = b, a", true),
        ("from math import pi", true),
        ("items.append(1)", true),
        ("else:", true),
        ("# Solution", false),
        (" Sure! Here is it:", false),
        ("Here is it (in Python):", false),
        ("Solution:", false),
        ("Given a, b = 1", false),
        ("The result. It is x", false),
        ("```", false),
        ("", false),
    ] {
        assert_eq!(looks_like_code(text), is_code, "{text:?}");
    }
}

#[test]
fn functions_that_asserts_call_are_theirs_unless_classes_stand_beside_them() {
    let asserts = "def check(candidate):\n    assert poly([1], candidate([1])) == 0\n";
    let whole = prompt(PROMPT).with_helpers(asserts.to_owned());
    let (helpers, rest) = whole.split_at(whole.len() - asserts.len());
    assert!(
        helpers.starts_with("import math\ndef poly(") && !helpers.contains("find_zero"),
        "{whole}"
    );
    assert_eq!(rest, asserts);
    let with_class = format!("class Node:\n    pass\n{PROMPT}");
    for (text, asserts) in [(with_class.as_str(), asserts), (PROMPT, "def check(candidate): pass")] {
        assert_eq!(prompt(text).with_helpers(asserts.to_owned()), asserts);
    }
}

#[test]
fn a_program_gets_the_definitions_that_it_lacks_and_uses() {
    let prompt = prompt(&format!("from a import (\n    b)\n{PROMPT}"));
    for (program, asserts, names) in [
        (
            "def find_zero(xs): return used(1)",
            "",
            &["from a", "@cache", "LIMIT"][..],
        ),
        ("def find_zero(xs): return 1", "poly(1)", &["from a", "def poly"]),
        ("LIMIT = 2\nfind_zero = used", "", &["from a", "@cache"]),
        ("def poly(xs, x): ...\npoly()", "poly(1)", &["from a"]),
    ] {
        let lacking = prompt.lacking(program, asserts);
        let found: Vec<&str> = statements(&lacking).iter().map(|each| each.text).collect();
        assert_eq!(found.len(), names.len(), "{program}: {lacking}");
        for (text, name) in found.iter().zip(names) {
            assert!(text.starts_with(name), "{program}: {text}");
        }
    }
}

#[test]
fn imports_of_a_prompt_are_those_that_are_statements_of_their_own() {
    let text = "import math  # (pi)\nfrom typing import *\nfrom __future__ import annotations\ndef helper():\n    import os\n\
                def find_zero():\n    \"\"\"\nimport this and that\nfrom x import y\n    \"\"\"\n";
    let program = "def find_zero(): pass";
    let whole = format!("import math; from typing import *\n{program}");
    assert_eq!(prompt(text).before(program, ""), whole);
    let own = prompt("def find_zero():\n").before(program, "");
    assert_eq!(own, program);
}

#[test]
fn the_function_of_a_reference_solution_is_the_last_one_that_the_asserts_use() {
    let reference = "def gcd(a, b): ...\r\ndef sum(a, b):\r\n    ...\ndef sums(): ...";
    assert_eq!(function_of(reference, "assert sum(1, 2) == 3").as_deref(), Some("sum"));
    assert_eq!(function_of(reference, "assert other()"), None);
    assert_eq!([called("Solution().f"), called("f")], ["Solution.f", "f"]);
}
