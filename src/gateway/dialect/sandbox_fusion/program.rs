//! The program that is judged: what was found in the answer, behind what graders of data sets put in front of it.

use crate::gateway::dialect::sandbox_fusion::extract::{Extracted, UNFENCED, is_body};
use crate::gateway::dialect::sandbox_fusion::tests::Tests;
use crate::imports::{in_front, usual_imports};
use crate::prompt::Prompt;

/// The program, as the grader of its data set runs it: the prompt of HumanEval in front of what completes it, where there is
/// one and the answer is no whole program (`is_freeform`), what a whole program counts on of it, and the imports that calls
/// and HumanEval's candidates count on.
pub(super) fn program(extracted: Extracted<'_>, prompt: Option<&Prompt>, is_freeform: bool, tests: &Tests) -> String {
    let code = extracted.code;
    match tests {
        Tests::Functional(_) => in_front(&usual_imports(code), code),
        Tests::Asserts(tests) if prompt.is_some() || tests.iter().any(|test| test.call.is_some()) => {
            let is_completion = extracted.kind == UNFENCED && !is_freeform;
            let completed = prompt
                .filter(|_prompt| is_completion)
                .and_then(|prompt| completed(prompt, code));
            if let Some(whole) = completed {
                return in_front(&usual_imports(&whole), &whole);
            }
            let asserts = tests
                .iter()
                .find_map(|test| test.asserts.as_deref())
                .unwrap_or_default();
            let whole = prompt.map(|prompt| prompt.before(code, asserts));
            in_front(&usual_imports(code), whole.as_deref().unwrap_or(code))
        }
        Tests::Asserts(_) | Tests::Listed(_) | Tests::Programs(_) | Tests::Units(_) => code.to_owned(),
    }
}

/// A prompt with its completion. A head without a body is completed by what is indented only: all else is a whole program.
fn completed(prompt: &Prompt, code: &str) -> Option<String> {
    let text = prompt.text();
    match (is_body(code), text.trim_end().ends_with(':')) {
        (true, _) => Some(format!("{text}\n{}", body(code))),
        (false, true) => None,
        (false, false) => Some(format!("{text}\n{code}")),
    }
}

/// What belongs to the function: models go on behind it, up to where they are cut off.
fn body(code: &str) -> &str {
    let is_behind = |line: &&str| line.starts_with(|first: char| !first.is_whitespace());
    let lines = code.split_inclusive('\n').take_while(|line| !is_behind(line));
    &code[..lines.map(str::len).sum()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::InlineTest;
    use crate::gateway::dialect::sandbox_fusion::extract::extract;

    #[test]
    fn a_completion_gets_its_prompt_and_every_candidate_its_imports() {
        const PROMPT: &str = "from typing import List\n\ndef f(x: List[int]):\n    \"\"\"Doc.\"\"\"\n";
        const HEAD: &str = "def f(x):\n";
        let test = InlineTest {
            call: Some("f".to_owned()),
            ..InlineTest::default()
        };
        let tests = Tests::Asserts(vec![test]);
        let list = "from typing import List";
        for (prompt, answer, judged) in [
            (
                Some(PROMPT),
                "    return math.pi\n\nprint(f(1))\ndef g(",
                format!("{list}; from math import pi; import math\n{PROMPT}\n    return math.pi\n\n"),
            ),
            (Some(HEAD), "    return x", format!("{HEAD}\n    return x")),
            (
                Some(HEAD),
                "    return x\n```\nDone.",
                format!("{HEAD}\n    return x\n"),
            ),
            (
                Some(HEAD),
                "    return x\n\nAn example:\n```python\nf(1)\n```",
                format!("{HEAD}\n    return x\n\n"),
            ),
            (
                Some(HEAD),
                "def f(x):\n    return x",
                "def f(x):\n    return x".to_owned(),
            ),
            (
                Some(HEAD),
                "def f(x):\n    return x\n```",
                "def f(x):\n    return x".to_owned(),
            ),
            (
                Some(PROMPT),
                "def f(x):\n    return x",
                format!("{list}\n{PROMPT}\ndef f(x):\n    return x"),
            ),
            (
                Some(PROMPT),
                "```python\ndef f(x: List):\n    return x\n```",
                format!("{list}\n{list}\ndef f(x: List):\n    return x"),
            ),
            (
                Some("def g(x):\n    return x\n\ndef f(x):\n"),
                "```python\ndef f(x):\n    return g(x)\n```",
                "def g(x):\n    return x\ndef f(x):\n    return g(x)".to_owned(),
            ),
            (
                Some("Write a function f."),
                "def f(x): return x",
                "def f(x): return x".to_owned(),
            ),
            (None, "def f(x): return x", "def f(x): return x".to_owned()),
        ] {
            let prompt = prompt.and_then(|text| Prompt::new(text.to_owned(), "f".to_owned()));
            let found = program(extract(answer, prompt.is_some()), prompt.as_ref(), false, &tests);
            assert_eq!(found, judged, "{prompt:?} {answer:?}");
        }
        let prompt = Prompt::new(PROMPT.to_owned(), "f".to_owned());
        let answer = extract("def f(x): return x", false);
        let whole = format!("{list}\n{}", answer.code);
        assert_eq!(program(answer, prompt.as_ref(), true, &tests), whole);
        for tests in [Tests::Programs(Vec::new()), Tests::Listed(Vec::new())] {
            assert_eq!(program(extract("    List", false), None, false, &tests), "    List");
        }
    }
}
