//! The program in the answer of a language model.

use crate::prompt::looks_like_code;

/// What ends and begins a block of code.
const FENCE: &str = "```";

/// Info strings of blocks that hold Python.
const PYTHON: [&str; 6] = ["python", "Python", "py", "Python3", "python3", "PY"];

/// How a program was found that no fence stands around.
pub(super) const UNFENCED: &str = "heuristic";

/// A program, and how it was found, in SandboxFusion's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extracted<'a> {
    pub(super) code: &'a str,
    pub(super) kind: &'static str,
}

/// What goes on with a prompt; else what stands before a fence that closes a block of the prompt, else the first whole block
/// of Python, else the first whole block, else what stands behind a fence that is not closed, else everything.
pub(super) fn extract(completion: &str, has_prompt: bool) -> Extracted<'_> {
    let found = |code, kind| Extracted { code, kind };
    // What stands behind the body of a function, such as an example in a block, is no part of it.
    if has_prompt && is_body(completion) {
        return found(completion, UNFENCED);
    }
    if let Some(code) = before_closing_fence(completion) {
        return found(code, UNFENCED);
    }
    let (blocks, open) = blocks_of(completion);
    let python = blocks.iter().find(|block| PYTHON.contains(&block.info));
    match (python.or(blocks.first()), open) {
        (Some(block), _) => found(block.code, "fenced"),
        (None, Some(block)) => found(block.code, "incomplete_fenced"),
        (None, None) if completion.trim().is_empty() => found("", "empty"),
        (None, None) => found(completion, UNFENCED),
    }
}

/// Whether it begins with an indented line of Python, which belongs to a function whose head stands before it.
pub(super) fn is_body(completion: &str) -> bool {
    let first = first_line(completion);
    first.starts_with([' ', '\t']) && looks_like_code(first)
}

/// The program of an answer that was begun with a fence, which the answer has only the end of.
fn before_closing_fence(completion: &str) -> Option<&str> {
    let (before, fence) = completion.split_at(completion.find(FENCE)?);
    let (info, behind) = fence[FENCE.len()..]
        .split_once('\n')
        .unwrap_or((&fence[FENCE.len()..], ""));
    let is_on_its_own = before.ends_with('\n') && info.trim().is_empty();
    // Whole blocks behind it have two fences each.
    let is_odd = completion.lines().filter(|line| is_fence(line)).count() % 2 == 1;
    let is_closing = is_odd && looks_like_code(first_line(before)) && !looks_like_code(behind_comments(behind));
    (is_on_its_own && is_closing).then(|| before.trim_end_matches('\n'))
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with(FENCE)
}

/// The first line that is no comment of Python. A heading of Markdown looks like one.
fn behind_comments(text: &str) -> &str {
    let is_said = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    text.lines().find(is_said).unwrap_or_default()
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

#[derive(Debug, Clone, Copy)]
struct Block<'a> {
    info: &'a str,
    code: &'a str,
}

/// The whole blocks, and the last one if it is not closed. A fence that closes stands at the beginning of its line.
fn blocks_of(text: &str) -> (Vec<Block<'_>>, Option<Block<'_>>) {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(FENCE) {
        let (info, body) = rest[at + FENCE.len()..]
            .split_once('\n')
            .unwrap_or((&rest[at + FENCE.len()..], ""));
        let info = info.trim();
        let Some((code, behind)) = closed(body) else {
            return (blocks, Some(Block { info, code: body }));
        };
        blocks.push(Block { info, code });
        rest = behind;
    }
    (blocks, None)
}

/// What stands before the fence that closes a block, and behind it.
fn closed(body: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if is_fence(line) {
            let behind = at + line.find(FENCE)? + FENCE.len();
            return Some((body[..at].trim_end_matches('\n'), &body[behind..]));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_of_python_is_the_program() {
        for (completion, code, kind) in [
            ("x\n```python\nprint(1)\n```\ny", "print(1)", "fenced"),
            ("```\nprint(1)\n```", "print(1)", "fenced"),
            (
                "```sh\nls\n```\n```py\nprint(2)\n\n\nprint(3)\n  ```",
                "print(2)\n\n\nprint(3)",
                "fenced",
            ),
            ("```cpp\nint x;\n```", "int x;", "fenced"),
            (
                "```python\nprint('```')\nprint(2)",
                "print('```')\nprint(2)",
                "incomplete_fenced",
            ),
            ("```python\n```", "", "fenced"),
            ("print(1)", "print(1)", "heuristic"),
            ("```", "", "incomplete_fenced"),
            (" \n", "", "empty"),
        ] {
            let found = Extracted { code, kind };
            assert_eq!(extract(completion, false), found, "{completion:?}");
            assert_eq!(extract(completion, true), found, "{completion:?}");
        }
    }

    #[test]
    fn what_completes_a_prompt_and_what_a_fence_closes_stands_before_the_fence() {
        let body = "    return x % 1.0";
        let whole = "def f(x):\n    return x";
        for (behind, is_body_alone) in [
            ("\n```", false),
            ("\n```\n\nThis function is short.", false),
            ("\n```\n\nExample:\n```python\nprint(f(1))\n```", false),
            ("\n\nAn example:\n```python\nprint(f(1))\n```", true),
        ] {
            for code in [body, whole] {
                let completion = format!("{code}{behind}");
                let closed = Extracted { code, kind: UNFENCED };
                if !is_body_alone {
                    assert_eq!(extract(&completion, false), closed, "{completion:?}");
                }
                // The body is cut off where the prompt is put in front of it.
                let code = if code == body { completion.as_str() } else { closed.code };
                if code == completion || !is_body_alone {
                    assert_eq!(
                        extract(&completion, true),
                        Extracted { code, ..closed },
                        "{completion:?}"
                    );
                }
            }
        }
        for (completion, code) in [
            (" Sure! Here it is:\n```python\ndef f(x): ...\n```", "def f(x): ..."),
            ("Here it is:\n```\ndef f(x): ...", "def f(x): ..."),
            ("Answer: f = g\n```\ndef f(x): ...\n```", "def f(x): ..."),
            ("    ```python\ndef f(x): ...\n```", "def f(x): ..."),
            ("def f(x): ...\n```python\nprint(f(1))\n```", "print(f(1))"),
            (
                "add(a, b) can be written so:\n```\n# Adds both.\ndef f(x): ...\n```",
                "# Adds both.\ndef f(x): ...",
            ),
            (
                "f(x) is\n```\n# It is cut off.\ndef f(x): ...",
                "# It is cut off.\ndef f(x): ...",
            ),
        ] {
            assert_eq!(extract(completion, true).code, code, "{completion:?}");
        }
    }
}
