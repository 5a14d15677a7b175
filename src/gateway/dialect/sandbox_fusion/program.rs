//! The program that is judged: what was found in the answer, behind what graders of data sets put in front of it.

use crate::gateway::dialect::sandbox_fusion::extract::{Extracted, UNFENCED};
use crate::gateway::dialect::sandbox_fusion::tests::Tests;
use crate::imports::{imports_of_prompt, in_front, usual_imports};

/// The program, as the grader of its data set runs it: the prompt of HumanEval in front of what completes it, where there is
/// one and the answer is no whole program (`is_freeform`), and the imports that calls and HumanEval's candidates count on.
pub(super) fn program(extracted: Extracted<'_>, prompt: Option<&str>, is_freeform: bool, tests: &Tests) -> String {
    let code = extracted.code;
    match tests {
        Tests::Functional(_) => in_front(&usual_imports(code), code),
        Tests::Asserts(tests) if tests.iter().any(|test| test.call.is_some()) => {
            let prompt = prompt.unwrap_or_default();
            let whole = match extracted.kind {
                UNFENCED if !is_freeform && !prompt.is_empty() => completed(prompt, code),
                _ => code.to_owned(),
            };
            let mut imports = imports_of_prompt(prompt);
            imports.extend(usual_imports(&whole));
            in_front(&imports, &whole)
        }
        Tests::Asserts(_) | Tests::Programs(_) | Tests::Units(_) => code.to_owned(),
    }
}

/// A prompt with its completion. What is not indented is a whole program, for which the prompt has helpers at most.
fn completed(prompt: &str, code: &str) -> String {
    let first = code.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_body = first.starts_with([' ', '\t']);
    match (is_body, prompt.trim_end().ends_with(':')) {
        (true, _) => format!("{prompt}\n{}", body(code)),
        // A function that has no body would be a mistake of syntax.
        (false, true) => code.to_owned(),
        (false, false) => format!("{prompt}\n{code}"),
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
        for (prompt, answer, judged) in [
            (
                Some(PROMPT),
                "    return math.pi\n\nprint(f(1))\ndef g(",
                format!(
                    "from typing import List; from typing import List; from math import pi; import math\n{PROMPT}\n    \
                         return math.pi\n\n"
                ),
            ),
            (Some(HEAD), "    return x", format!("{HEAD}\n    return x")),
            (
                Some(HEAD),
                "def f(x):\n    return x",
                "def f(x):\n    return x".to_owned(),
            ),
            (
                Some(PROMPT),
                "def f(x):\n    return x",
                format!("from typing import List; from typing import List\n{PROMPT}\ndef f(x):\n    return x"),
            ),
            (
                Some(PROMPT),
                "```python\ndef f(x: List):\n    return x\n```",
                "from typing import List; from typing import List\ndef f(x: List):\n    return x".to_owned(),
            ),
            (None, "def f(x): return x", "def f(x): return x".to_owned()),
        ] {
            let found = program(extract(answer), prompt, false, &tests);
            assert_eq!(found, judged, "{prompt:?} {answer:?}");
        }
        let answer = extract("def f(x): return x");
        let whole = format!("from typing import List\n{}", answer.code);
        assert_eq!(program(answer, Some(PROMPT), true, &tests), whole);
        let printing = Tests::Programs(Vec::new());
        assert_eq!(program(extract("    List"), Some(PROMPT), false, &printing), "    List");
    }
}
