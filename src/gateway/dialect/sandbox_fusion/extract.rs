//! The program in the answer of a language model.

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

/// The first whole block of Python, else the first whole block, else what stands behind a fence that is not closed, else
/// everything.
pub(super) fn extract(completion: &str) -> Extracted<'_> {
    let (blocks, open) = blocks_of(completion);
    let python = blocks.iter().find(|block| PYTHON.contains(&block.info));
    let found = |code, kind| Extracted { code, kind };
    match (python.or(blocks.first()), open) {
        (Some(block), _) => found(block.code, "fenced"),
        (None, Some(block)) => found(block.code, "incomplete_fenced"),
        (None, None) if completion.trim().is_empty() => found("", "empty"),
        (None, None) => found(completion, UNFENCED),
    }
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
        if line.trim_start().starts_with(FENCE) {
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
            assert_eq!(extract(completion), Extracted { code, kind }, "{completion:?}");
        }
    }
}
